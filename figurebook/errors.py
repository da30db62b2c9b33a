"""The one base of all that the program raises on purpose."""


class FigurebookError(Exception):
    """Something cannot be done, for a reason that the message gives.

    It is never a fault of the program.
    """
