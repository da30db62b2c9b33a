"""Recognise an office's tables: which sheet, which column, which value."""
