"""Say which values a workbook cell can store and return unchanged.

This is a limit of the files, and no rule of any system.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import TypeGuard

EARLIEST = date(2000, 1, 1)  # the first day that a date column allows
LONGEST = 32767  # characters, a limit of XLSX


def holds_day(value: object) -> TypeGuard[date]:
    """Whether it is a day, without a time, that a date cell takes."""
    return type(value) is date and value >= EARLIEST


def holds_name(value: object) -> TypeGuard[str]:
    """Whether an ``id`` cell gives the text back unchanged.

    It does for one line, no blanks around, no full-width letters.
    """
    return holds_text(value) and value.isprintable() and unicodedata.is_normalized("NFKC", value)


def has_text(value: object) -> bool:
    """Whether it is a text with a character in it that can be seen."""
    return isinstance(value, str) and any(
        not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf") for c in value
    )


def holds_text(value: object) -> TypeGuard[str]:
    """Whether a ``text`` cell gives the text back unchanged.

    It does for something to see in it and no blanks around.
    """
    if not isinstance(value, str) or value != value.strip() or not 0 < len(value) <= LONGEST:
        return False
    kinds = {unicodedata.category(c) for c in value if c != "\n"}
    return not kinds & {"Cc", "Cs", "Cn"} and not kinds <= {"Cf", "Zs"}
