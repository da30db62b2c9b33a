"""S04 three lists: the ledger, and its workbook both ways."""
