"""Keep personal data out of the book: checks of input, counts and output."""
