"""What keeps people out of the book: running numbers for names, checks of what comes in and what goes out,
and counts too small to be shown."""
