"""Spreadsheets: the one guarded reader, and the writer, of XLSX and CSV."""
