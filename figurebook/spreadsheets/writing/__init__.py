"""Write workbooks: their layout, what their cells can store, and the file."""
