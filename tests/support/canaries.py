"""Make personal values for tests, all computed: no number here belongs to anyone."""

from figurebook.privacy.id_numbers import check_digit

CANARY = "CANARY-7Q2X-0001"
LIMITS = {"small-count": 10, "interval": 5, "scan-han": 3, "scan-digits": 8, "scan-other": 6}


def identity(sequence: int = 0, right: bool = True) -> str:
    """An identity number of no region; with a wrong check digit if asked for."""
    first = f"{0:06}{19000101}{sequence:03}"
    digits = "0123456789X"
    right_digit = check_digit(first)
    return first + (right_digit if right else digits[(digits.index(right_digit) + 1) % 11])


def mobile(prefix: int = 138) -> str:
    """A number with a mobile prefix and nothing but zeros."""
    return f"{prefix}{0:08}"
