"""S15 performance assessment: the model, and its workbook."""
