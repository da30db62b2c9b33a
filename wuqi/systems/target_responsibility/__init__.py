"""S15 target responsibility: the assessment, and its workbook."""
