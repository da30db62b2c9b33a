"""Bring all spellings of a value into one form, so that it is found."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from figurebook.text_forms import INVISIBLE

_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrtbf/\"']))")
# A decimal fraction is one token, lest a coordinate be taken for a number. Other tokens are runs of letters
# and digits, single other letters, and the marks that part a value. Blanks, hyphens and dots do not part it.
_TOKEN = re.compile(
    r"(?<![0-9a-z])[0-9]+[.][0-9]+(?![0-9a-z])|[0-9a-z]+|[^\W\d_a-z]"
    r"|[^\s\w./·'%&\\\u2010-\u2015\u2212-]"
)


def folded(text: str) -> str:
    """A text with escapes undone and half-width, small letters.

    Two writings of one value have this form in common.
    """
    if "&" in text or "\\" in text or "%" in text:
        text = _undone(_undone(text))  # JSON within HTML is escaped twice
    if not text.isascii():
        text = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
    return text.casefold()


def tokens(text: str) -> list[str]:
    """The tokens of a folded text: runs of letters and digits, single Han characters, marks."""
    return _TOKEN.findall(text)


def searchable(text: str, limits: dict[str, int]) -> bool:
    """Whether a folded value is too long to occur by chance.

    ``limits`` is as in ``privacy``.
    """
    size = sum(len(t) for t in tokens(text) if t[0].isalnum())
    if any("\u3400" <= c <= "\u9fff" or "\U00020000" <= c <= "\U0003ffff" for c in text):  # Han
        return size >= limits["scan-han"]
    return size >= limits["scan-digits" if not re.search("[a-z]", text) else "scan-other"]


def _undone(text: str) -> str:
    if "&" in text:
        import html  # its list of entities takes time, and cells hardly ever need it

        text = html.unescape(text)
    if "\\" in text:
        text = _ESCAPE.sub(_unescaped, text)
    return unquote(text, errors="replace") if "%" in text else text


def _unescaped(match: re.Match) -> str:
    code = match[1] or match[2] or match[3]
    if code is None:
        return match[4] if match[4] in "/\"'" else " "
    return chr(int(code, 16)) if int(code, 16) < 0x110000 else " "
