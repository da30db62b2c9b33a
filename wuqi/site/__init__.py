"""Sphinx extensions of the book, one small file each."""
