"""Find the numerals of a Chinese text, in Arabic digits or Chinese characters.

Known are the digits 0 to 9, half-width and full-width, with 十 to 亿 behind them. Known are also the
characters 零 to 九, 〇, ○, 两, 双, 半, 十, 百, 千, 万 and 亿. Other ways to write a number are not seen:
壹, 廿, 俩, ③, Ⅷ, VIII.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

DIGITS = {**{c: i for i, c in enumerate("零一二三四五六七八九")}, "〇": 0, "○": 0, "两": 2, "双": 2}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "亿": 10**8}
_CHINESE = "".join({**DIGITS, **SMALL, **LARGE}) + "半"
_D = "0-9\uff10-\uff19"
_NUMERAL = re.compile(
    rf"[{_D}]+(?:[,\uff0c][{_D}]{{3}}(?![{_D}]))*(?:[.\uff0e][{_D}]+)?[{''.join({**SMALL, **LARGE})}]*"
    rf"|[{_CHINESE}]+"
)
_ARABIC = re.compile(r"[\d.]+")


@dataclass(frozen=True)
class Numeral:
    """A numeral as written; ``value`` is None if its characters spell no number."""

    start: int
    text: str
    value: Decimal | None
    chinese: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def find_numerals(text: str) -> list[Numeral]:
    """All numerals of a text, in order.

    Together they cover every digit and character that the module knows.
    """
    return [_numeral(m.start(), m.group()) for m in _NUMERAL.finditer(text)]


def chinese_value(word: str) -> Decimal | None:
    """The number that a run of Chinese numerals spells.

    三百四十六 → 346, 二〇一六 → 2016, 半 → None.
    """
    if all(c in DIGITS for c in word):
        return Decimal("".join(str(DIGITS[c]) for c in word))
    total = section = digit = 0
    for c in word:
        if c in DIGITS:
            digit = DIGITS[c]
        elif c in SMALL:
            section += (digit or 1) * SMALL[c]
            digit = 0
        elif c == "万":
            total += (section + digit or 1) * LARGE[c]
            section = digit = 0
        elif c == "亿":
            total = (total + section + digit or 1) * LARGE[c]
            section = digit = 0
        else:
            return None
    return Decimal(total + section + digit)


def _numeral(start: int, word: str) -> Numeral:
    plain = unicodedata.normalize("NFKC", word).replace(",", "")
    if not (match := _ARABIC.match(plain)):
        return Numeral(start, word, chinese_value(word), True)
    value = Decimal(match.group())
    for c in plain[match.end() :]:
        value *= {**SMALL, **LARGE}[c]
    return Numeral(start, word, value, False)
