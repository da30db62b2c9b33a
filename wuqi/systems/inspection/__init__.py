"""S06 inspection: the visits and scores, and their calendar and workbook."""
