"""An office's own tables: read as written, checked, handed on in one form."""
