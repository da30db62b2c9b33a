"""Every fault of the tables given: their cells, their keys, and what the tables say together.

A cell is judged by the notation that ``wuqi.tables.typed`` reads, and more strictly: what a reader of
numbers would let pass without a word (``1e5``, ``1_000``, ``NaN``, 16 digits) is refused here. Each distinct
text is judged once, so that a million rows cost little more than reading them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from wuqi.intake import agreements, keys, units
from wuqi.intake import cells as columns
from wuqi.intake.given import Intake
from wuqi.intake.judged import Judged
from wuqi.problems import Problem
from wuqi.progress import Progress, silent, steps
from wuqi.wanted import asked, demanded

DIGITS = 15  # a spreadsheet keeps no more: the digits behind them are not what was typed
_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "1": True,
            "false": False, "False": False, "FALSE": False, "0": False}
_MERGED = "这一格在合并的单元格里，值只在左上角的一格。请取消合并，每行都填。"
_EXPONENT = re.compile(r"[+-]?[0-9](\.[0-9]+)?[Ee]\+[0-9]{2,3}")  # as a spreadsheet writes a long number
_ROUNDED = "Excel 把它写成了科学记数，末几位已经丢失。请把这一列设为文本，从原始登记重新填。"
_LONG = f"{DIGITS + 1} 位以上的数，表格软件记不准末几位。请核对原始记录，再填正确的数。"


def check(intake: Intake, package: dict, ours: Callable[[str], pd.DataFrame],
          progress: Progress = silent) -> list[Problem]:
    """Every fault of ``intake.given``, table by table and then of tables together.

    ``ours(name)`` is the book's own table of canonical text; it is asked only for what a table given
    points at or is pointed at by. What ``intake.problems`` has said already is not said again.
    """
    resources = {r["name"]: r for r in package["resources"] if "schema" in r}
    tables = {name: Judged(given, resources[name]) for name, given in intake.given.items()}
    problems: list[Problem] = []
    for table in tables.values():
        table.spare(intake.problems)
        problems += cells(table, progress)
        problems += keys.duplicates(table)
    problems += keys.foreign(tables, intake.problems, resources, ours)
    problems += agreements.disagreements(tables, resources, ours)
    # Where the unit is not known, nothing can be said of the size of the numbers.
    unknown = [p for p in intake.problems if p.rule == "unit"]
    problems += [p for p in units.suspicious(tables, resources, ours) if not any(
        (p.file, p.sheet, p.column) == (u.file, u.sheet, u.column) for u in unknown)]
    return problems


def cells(table: Judged, progress: Progress = silent) -> list[Problem]:
    """Cells of another type than their column's, or beyond its constraints."""
    found, coded = [], columns.codes(table.schema)
    for spec in steps(table.fields, f"检查{table.title}", progress):
        name, rules = spec["name"], spec.get("constraints", {})
        codes, texts = table.factorized(name)
        known = table.bad[name].copy()
        read = _READERS[spec["type"]]
        values = texts.tolist() if read is str else [read(text) for text in texts]
        unread = np.array([value is None for value in values], dtype=bool)
        beyond = _beyond(spec, read, values, texts) & ~unread
        long = spec["type"] in {"integer", "number"}
        say = f"这里应填{asked(spec, table.unit(name))}。"
        if name in coded:
            rounded = _at(np.array(["+" in text and _EXPONENT.fullmatch(text) is not None for text in texts],
                                   dtype=bool), codes) & ~known
            found += table.faults("type", _ROUNDED, rounded, name)
            known |= rounded
        found += table.faults("type", lambda i, t=texts, c=codes, s=say, n=long:
                              _LONG if n and _too_long(t[c[i]]) else s, _at(unread, codes) & ~known, name)
        wrong = _at(beyond, codes)
        if rules.get("required") or name in table.key:
            wrong = wrong | (codes == -1)
        wrong &= ~known
        demand, rows = f"要求：{demanded(spec) or '不能为空'}。", table.frame.index
        found += table.faults("constraint", lambda i, c=codes, d=demand, n=name, r=rows: (
            d + _MERGED if c[i] == -1 and table.given.is_merged(int(r[i]), n) else d), wrong, name)
        if not rules.get("required") and name not in table.key and table.given.merged.get(name):
            found += table.faults("constraint", _MERGED, _emptied(table, name) & ~known, name)
        if spec["type"] == "integer":
            numbers = np.array([value if value is not None else 0 for value in values], dtype="int64")
            table.numbers[name] = np.append(numbers, 0)[codes]
    return found


def _emptied(table: Judged, column: str) -> np.ndarray:
    """The empty cells of a column in ranges that were made one cell."""
    inside = np.zeros(len(table.frame), dtype=bool)
    rows = table.frame.index.to_numpy()
    for first, last in table.given.merged[column]:
        inside[slice(*np.searchsorted(rows, (first, last + 1)))] = True
    return inside & table.empty(column)


def _at(marks: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """The marks of distinct texts, spread over the rows; an empty cell (code -1) has none."""
    return np.append(marks, False)[codes]


def _too_long(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and _digits(text) > DIGITS


def _integer(text: str) -> int | None:
    if len(text) <= DIGITS and text.isascii() and text.isdecimal():
        return int(text)  # most cells; the rest costs three times as much
    return int(text) if _INTEGER.fullmatch(text) and _digits(text) <= DIGITS else None


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) and _digits(text) <= DIGITS else None


def _digits(text: str) -> int:
    """How many digits stand before the point."""
    return len(text.split(".")[0].lstrip("+-"))


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
    "integer": _integer, "number": _number, "boolean": _BOOLEAN.get, "string": str,
    "date": _date, "year": _year, "yearmonth": _yearmonth}


def _beyond(spec: dict, read: Callable[[str], object], values: list, texts: np.ndarray) -> np.ndarray:
    """Which of the values, written as ``texts``, are not within the constraints; None is within them all."""
    rules = spec.get("constraints", {})
    marks: list[list[bool]] = [[False] * len(values)]
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
    return np.array(marks, dtype=bool).any(axis=0)


def _bound(value, read: Callable[[str], object]):
    """A bound of a schema, which may write it as a text or as a value."""
    return read(value) if isinstance(value, str) else value
