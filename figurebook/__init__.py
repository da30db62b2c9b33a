"""The program that makes a book of recomputed figures; it knows no county."""
