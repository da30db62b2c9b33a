"""Rules for the text of a table: its files, its cells and its keys."""
