"""Normalise spellings: blanks, invisible characters, full-width forms."""

from __future__ import annotations

import re
import unicodedata

# Zero-width, direction-changing and other format characters: those of Unicode's category Cf in the BMP.
_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
INVISIBLE = re.compile(f"[{_INVISIBLE}]")
BLANK = re.compile(rf"[\s{_INVISIBLE}]*")
_WIDE = {c: chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2212: "-", 0xFFE5: "\xa5"}
_WIDE_IN_CODES = {c: n for c, n in _WIDE.items() if n.isalnum() or n in "-_./"}


def is_blank(text: str) -> bool:
    return BLANK.fullmatch(text) is not None


def narrow(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones."""
    return text.translate(_WIDE)


def narrow_code(text: str) -> str:
    """Full-width digits, letters and code signs as half-width ones.

    Brackets and commas in a code belong to its words and stay as they are.
    """
    return text.translate(_WIDE_IN_CODES)


def bare(text: str) -> str:
    """Letters and digits alone, lower-case and half-width: what two spellings of a name share."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def shown(text: str, limit: int = 60) -> str:
    """A name on one line of a message."""
    line = " ".join(INVISIBLE.sub("", text).split())
    line = "".join(c if c.isprintable() else "\ufffd" for c in line)
    return line if len(line) <= limit else line[:limit] + "…"
