"""The interview's text: its numerals, and the account of every one."""
