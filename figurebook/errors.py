"""The one base of all that the program raises on purpose."""


class FigurebookError(Exception):
    """Something that cannot be done for a reason that the message says; never a fault of the program."""
