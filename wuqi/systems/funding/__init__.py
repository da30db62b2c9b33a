"""S09 funding: the budget, and its workbook."""
