"""Check a column's cells against their Table Schema field: type and constraints.

A cell is checked by the notation that ``typed_frame`` in ``tables`` reads, and more strictly. What a reader
of numbers would let pass without a word (``1e5``, ``1_000``, ``NaN``) is refused. Each distinct text is
checked once, so that a million rows cost little more than reading them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from figurebook.datapackage.exact_numbers import unfit
from figurebook.datapackage.validation.table_rows import TableRows

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_INTEGER = re.compile(r"([+-]?)0*([0-9]+)")
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1  # What an integer column can hold.
_SHORT = 18  # Numbers of so many digits always fit in.
_BOOLEAN = {
    "true": True,
    "True": True,
    "TRUE": True,
    "1": True,
    "false": False,
    "False": False,
    "FALSE": False,
    "0": False,
}


@dataclass(frozen=True)
class Marks:
    """Marks for the cells of another type, and for those beyond the constraints.

    Each has one mark for each row. An empty cell is beyond the constraints where it must be filled; no cell
    is both.
    """

    unread: np.ndarray
    beyond: np.ndarray


def column_marks(rows: TableRows, field: dict) -> Marks:
    """Check every cell of a column, one already at fault too.

    For integers ``rows.numbers`` is filled in.
    """
    name, rules = field["name"], field.get("constraints", {})
    codes, texts = rows.factorized(name)
    read = _READERS[field["type"]]
    values = texts.tolist() if read is str else [read(text) for text in texts]
    unread = np.array([value is None for value in values], dtype=bool)
    beyond = spread(_beyond(field, read, values, texts) & ~unread, codes)
    if rules.get("required") or name in rows.key:
        beyond |= codes == -1
    if field["type"] == "integer":
        numbers = np.array([value if value is not None else 0 for value in values], dtype="int64")
        rows.numbers[name] = np.append(numbers, 0)[codes]
    return Marks(spread(unread, codes), beyond)


def spread(marks: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Spread the marks of distinct texts over the rows.

    An empty cell (code -1) has none.
    """
    return np.append(marks, False)[codes]


def is_whole(text: str) -> bool:
    """Whether a text is written as an integer is, however great it may be."""
    return _INTEGER.fullmatch(text) is not None


def _integer(text: str) -> int | None:
    if len(text) <= _SHORT and text.isascii() and text.isdecimal():
        return int(text)  # most cells; the rest costs three times as much
    match = _INTEGER.fullmatch(text)
    if match is None or len(match[2]) > _SHORT + 1:
        return None
    value = int(match[1] + match[2])
    return value if _LOWEST <= value <= _HIGHEST else None


def _number(text: str) -> float | None:
    value = float(text) if NUMBER.fullmatch(text) else math.inf
    return value if math.isfinite(value) else None


def _date(text: str) -> str | None:
    return text if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) and _is_day(text) else None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _year(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{4}", text) else None


def _yearmonth(text: str) -> str | None:
    return text if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) else None


_READERS: dict[str, Callable[[str], object]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _BOOLEAN.get,
    "string": str,
    "date": _date,
    "year": _year,
    "yearmonth": _yearmonth,
}


def _beyond(field: dict, read: Callable[[str], object], values: list, texts: np.ndarray) -> np.ndarray:
    """Mark the values, written as ``texts``, that are not within the constraints.

    None is within them all.
    """
    rules = field.get("constraints", {})
    marks: list[list[bool]] = [[False] * len(values)]
    if "decimals" in field:
        marks.append(
            [
                value is not None and unfit(text, field) != ""
                for value, text in zip(values, texts, strict=True)
            ]
        )
    if "minimum" in rules:
        low = _bound(rules["minimum"], read)
        marks.append([value is not None and value < low for value in values])
    if "maximum" in rules:
        high = _bound(rules["maximum"], read)
        marks.append([value is not None and value > high for value in values])
    if "enum" in rules:
        members = {_bound(member, read) for member in rules["enum"]}
        marks.append([value is not None and value not in members for value in values])
    if "pattern" in rules:
        matches = re.compile(rules["pattern"]).fullmatch
        marks.append([matches(text) is None for text in texts])
    if "minLength" in rules:
        marks.append([len(text) < rules["minLength"] for text in texts])
    if "maxLength" in rules:
        marks.append([len(text) > rules["maxLength"] for text in texts])
    return np.logical_or.reduce(np.array(marks, dtype=bool), axis=0)


def _bound(value: Any, read: Callable[[str], Any]) -> Any:
    """A bound of a schema, written there as a text or as a value."""
    return read(value) if isinstance(value, str) else value
