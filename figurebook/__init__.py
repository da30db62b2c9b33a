"""The program that makes a book of recomputed figures; it knows no county."""

__version__ = "2026.11.0"
