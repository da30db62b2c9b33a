"""Numbers that name a person wherever they stand: identity numbers (GB 11643) and mobile numbers.

An identity number counts only with a possible date of birth and the right check digit; any region, since
regions have been renumbered. Both are found grouped as people group them (6-8-4, 3-4-4), with at most one
blank or hyphen between, and never inside a longer number or word, such as a digest or a coordinate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

IDENTITY, MOBILE = "身份证号", "手机号"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_BEFORE, _AFTER = r"(?<![0-9A-Za-z])(?<!\d[.])(?<!-[.])", r"(?![0-9A-Za-z]|[.]\d)"
_DATE = r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = re.compile(rf"{_BEFORE}\d{{6}}[ -]?{_DATE}[ -]?\d{{3}}[\dXx]{_AFTER}", re.ASCII)
_MOBILE = re.compile(
    rf"{_BEFORE}(?:[+]?86[ -]?)?(?:13\d|14[5-9]|15[0-35-9]|16[2567]|17[0-8]|18\d|19\d)"
    rf"[ -]?\d{{4}}[ -]?\d{{4}}{_AFTER}", re.ASCII)


def check_digit(first17: str) -> str:
    """The eighteenth digit that belongs to the first seventeen (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, first17, strict=True)) % 11]


def identity_numbers(text: str) -> Iterator[str]:
    """Every identity number in a text of half-width characters, as it stands."""
    for match in _IDENTITY.finditer(text):
        digits = re.sub("[ -]", "", match.group()).upper()
        if check_digit(digits[:17]) == digits[17]:
            yield match.group()


def mobile_numbers(text: str) -> Iterator[str]:
    """Every mobile number of mainland China in a text of half-width characters, as it stands."""
    return (match.group() for match in _MOBILE.finditer(text))


def kinds(text: str) -> list[str]:
    """Which of the two a text holds."""
    found = [(IDENTITY, identity_numbers), (MOBILE, mobile_numbers)]
    return [kind for kind, search in found if next(search(text), None) is not None]
