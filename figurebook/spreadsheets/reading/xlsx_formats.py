"""Read a workbook's cells as text: plain numbers, and dates as ISO 8601.

Numbers have no exponents and no binary noise. openpyxl knows which number formats are dates and how serial
numbers count. It is imported only where there is a workbook.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from figurebook.errors import FigurebookError

# The dates that Excel and WPS in Chinese have built in and so never write down (ECMA-376, 18.8.30).
CHINESE_DATES = {
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((*range(32, 36), 55, 56), "h:mm:ss"),
}
DIGITS = 15  # Excel keeps so many of a number; the sixteenth and later ones have become zeros.
_INTEGER = re.compile(r"-?\d{1,15}", re.A)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.A)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# What makes a cell look other than what it holds: percent, scaled by thousands, words for a unit.
_LOOKS_OTHERWISE = re.compile(r"%|[十百千万亿元角分]|0,+(?=[^#0,]|$)|0!\.0")
# Text put between the digits, other than blanks and the signs that people write numbers with.
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)')
_HARMLESS = re.compile(r"[\s()+,:/-]*")
_LEAP_1900 = 60  # 1900-02-29, a day that Excel believes in


class CellError(FigurebookError):
    """A cell that holds no usable value; the message says what to do."""


class DigitsLostError(CellError):
    """A number with more digits than a workbook keeps."""


def format_of(number: int, own: dict[int, str]) -> str:
    """The code of a number format: the workbook's own, or one that is built in."""
    return own.get(number) or CHINESE_DATES.get(number) or BUILTIN_FORMATS.get(number, "General")


class Format:
    """The way to read the cells with one number format."""

    def __init__(self, code: str, mac: bool):
        self.code = code
        self._epoch = MAC_EPOCH if mac else WINDOWS_EPOCH
        self._date = bool(is_date_format(code))
        self._span = bool(is_timedelta_format(code))
        self._zeros = len(code) if re.fullmatch("0{2,}", code) else 0
        self.looks_otherwise = not self._date and bool(
            _LOOKS_OTHERWISE.search(code)
            or any(not _HARMLESS.fullmatch(m[1] or m[2] or "") for m in _LITERAL.finditer(code))
        )

    @property
    def is_moment(self) -> bool:
        """Whether the numbers are shown as dates or times."""
        return self._date or self._span

    def text(self, raw: str) -> str:
        """The text of a number as XML has it; raises CellError."""
        if not _NUMBER.fullmatch(raw):
            raise CellError("这里应是一个数，文件里却不是。请重新填写这一格。")
        if self.is_moment:
            return self._moment(float(raw))
        text = number(raw)
        return text.zfill(self._zeros) if self._zeros and text.isdigit() else text

    def _moment(self, serial: float) -> str:
        try:
            leap = int(serial) == _LEAP_1900 and self._epoch == WINDOWS_EPOCH
            if not self._span and (leap or serial < 0):
                raise ValueError(serial)
            return moment(from_excel(serial, self._epoch, timedelta=self._span))
        except (ValueError, OverflowError):
            raise CellError("这一格设成了日期，里面的数却不是任何一天。请重新填写日期。") from None


def number(raw: str) -> str:
    """A number as Excel shows it at full length: 15 digits, no exponent.

    Raises CellError.
    """
    if _INTEGER.fullmatch(raw):
        return str(int(raw))
    value = float(raw)
    if abs(value) >= 10**DIGITS:
        raise DigitsLostError(
            f"这是超过 {DIGITS} 位的数，Excel 已把后面的位数变成 0，原来的值找不回来了。"
            "请把这一列设成“文本”格式，再从原始资料重新填写。"
        )
    text = format(Decimal(f"{value:.{DIGITS}g}"), "f")
    return "0" if text == "-0" else text


def moment(value: dt.datetime | dt.time | dt.timedelta) -> str:
    """A date, a time of day, or a span of hours, minutes and seconds.

    A date comes with the time of day unless that is midnight.
    """
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(abs(round(value.total_seconds())), 60)
        return f"{'-' * (value < dt.timedelta())}{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, dt.time):
        return value.isoformat("seconds")
    return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")


def iso_date(raw: str) -> str:
    """A date that is written out in XML (``t="d"``); raises CellError."""
    try:
        return moment(dt.datetime.fromisoformat(raw).replace(tzinfo=None))
    except ValueError:
        raise CellError("这里应是一个日期，文件里却不是。请重新填写日期。") from None


def unescaped(text: str) -> str:
    """Undo the escapes (``_x000D_``) of characters that XML cannot carry."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: _character(int(match[1], 16)) or match[0], text)


def _character(code: int) -> str:
    usable = code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE
    return chr(code) if usable else ""
