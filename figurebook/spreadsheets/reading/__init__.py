"""Read CSV and XLSX files from outside, within fixed limits."""
