"""Find identity numbers (GB 11643) and mobile numbers, which name a person anywhere.

An identity number counts only with a possible date of birth and the right check digit. Any region counts,
since regions have been renumbered. In what is published both are found grouped as people group them (6-8-4,
3-4-4), with at most one blank or hyphen between. They are never found inside a longer number or word, such
as a digest or a coordinate.

In a cell that somebody typed there are no digests. There the search is ``loose``: letters may stand directly
beside the number, and a blank, hyphen or dot between any two digits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

IDENTITY, MOBILE = "身份证号", "手机号"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_BEFORE, _AFTER = r"(?<![0-9A-Za-z])(?<!\d[.])(?<!-[.])", r"(?![0-9A-Za-z]|[.]\d)"
_DATE = r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PREFIX = r"(?:13\d|14[5-9]|15[0-35-9]|16[2567]|17[0-8]|18\d|19\d)"
_IDENTITY = re.compile(rf"{_BEFORE}\d{{6}}[ -]?{_DATE}[ -]?\d{{3}}[\dXx]{_AFTER}", re.ASCII)
_MOBILE = re.compile(rf"{_BEFORE}(?:[+]?86[ -]?)?{_PREFIX}[ -]?\d{{4}}[ -]?\d{{4}}{_AFTER}", re.ASCII)

# The loose ones look ahead, so that a number is also found behind digits that belong to something else.
_LOOSE_IDENTITY = re.compile(r"(?<!\d)(?=(\d(?:[ .-]?\d){16}[ .-]?[\dXx])(?!\d))", re.ASCII)
_LOOSE_MOBILE = re.compile(
    r"(?<!\d)(?<!\d[.])(?<!-[.])(?:(?:00)?86[ .-]?)?(?=(1(?:[ .-]?\d){10})(?![.]?\d))", re.ASCII
)
_SHORTEST = {IDENTITY: 18, MOBILE: 11}  # characters
_WHOLE_IDENTITY = re.compile(rf"\d{{6}}{_DATE}\d{{3}}[\dXx]", re.ASCII)
_WHOLE_MOBILE = re.compile(rf"{_PREFIX}\d{{8}}", re.ASCII)
# What has eleven digits and is none: a decimal, a number in groups of thousands, a code before a number.
_AMOUNT = re.compile(r"\d+[.]\d+|\d{1,2}(?: \d{3}){3}|\d{8,10}[ .-].*", re.ASCII)
_SEPARATORS = str.maketrans("", "", " .-")


def check_digit(first17: str) -> str:
    """The eighteenth digit that belongs to the first seventeen.

    Source: GB 11643-1999, ISO 7064 MOD 11-2.
    """
    return "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, first17, strict=True)) % 11]


def may_be_identity(written: Collection[str]) -> bool:
    """Whether a text is long enough to hold an identity number.

    The texts are as written, not folded.
    """
    return max(map(len, written), default=0) >= _SHORTEST[IDENTITY] or not all(
        map(str.isascii, written)
    )  # Unescaped ASCII has no more digits than it had characters.


def identity_numbers(text: str, *, loose: bool = False) -> Iterator[str]:
    """Give every identity number in a text of half-width characters, as it stands."""
    for match in (_LOOSE_IDENTITY if loose else _IDENTITY).finditer(text):
        number = match[1] if loose else match[0]
        digits = number.translate(_SEPARATORS).upper()
        if _WHOLE_IDENTITY.fullmatch(digits) and check_digit(digits[:17]) == digits[17]:
            yield number


def mobile_numbers(text: str, *, loose: bool = False) -> Iterator[str]:
    """Give every mobile number of mainland China in a text, as it stands.

    The text has half-width characters.
    """
    if not loose:
        return (match[0] for match in _MOBILE.finditer(text))
    return (
        match[1]
        for match in _LOOSE_MOBILE.finditer(text)
        if _WHOLE_MOBILE.fullmatch(match[1].translate(_SEPARATORS)) and not _AMOUNT.fullmatch(match[1])
    )


def kinds(text: str, *, loose: bool = False) -> list[str]:
    """The kinds of number that a text holds.

    ``loose`` is for what somebody typed, not for what is published.
    """
    searches = {IDENTITY: identity_numbers, MOBILE: mobile_numbers}
    return [
        kind
        for kind, search in searches.items()
        if len(text) >= _SHORTEST[kind] and next(search(text, loose=loose), None) is not None
    ]
