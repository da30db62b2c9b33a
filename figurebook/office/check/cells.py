"""Report every fault of an office's tables: in cells, keys, and between tables.

Type, constraints and keys are checked by the rules that hold for the package's own tables (``cell_rules``,
``key_rules``). Added is what only an office's file needs: merged cells, numbers that a spreadsheet cut, and
a clerk's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from figurebook.datapackage.problems import Problem
from figurebook.datapackage.validation.cell_rules import NUMBER, column_marks, spread
from figurebook.datapackage.validation.field_wording import entry_constraints, entry_hint
from figurebook.office.check import agreements, keys, magnitudes
from figurebook.office.check.table import CheckedTable
from figurebook.office.office_tables import Intake
from figurebook.office.recognise import columns
from figurebook.progress import Progress, silent, steps

DIGITS = 15  # a spreadsheet keeps no more: the digits behind them are not what was typed
_MERGED = "这一格在合并的单元格里，值只在左上角的一格。请取消合并，每行都填。"
_EXPONENT = re.compile(r"[+-]?[0-9](\.[0-9]+)?[Ee]\+[0-9]{2,3}")  # as a spreadsheet writes a long number
_ROUNDED = "Excel 把它写成了科学记数，末几位已经丢失。请把这一列设为文本，从原始登记重新填。"
_LONG = f"{DIGITS + 1} 位以上的数，表格软件记不准末几位。请核对原始记录，再填正确的数。"


def check(
    intake: Intake, package: dict, ours: Callable[[str], pd.DataFrame], progress: Progress = silent
) -> list[Problem]:
    """Report every fault of ``intake.tables``, first by table and then between tables.

    ``ours(name)`` is the book's own table of canonical text. It is asked only for what an office's table
    points at or is pointed at by. What ``intake.problems`` has reported already is not reported again.
    """
    resources = {r["name"]: r for r in package["resources"] if "schema" in r}
    tables = {
        name: CheckedTable(office_table, resources[name]) for name, office_table in intake.tables.items()
    }
    problems: list[Problem] = []
    for table in tables.values():
        table.spare(intake.problems)
        problems += cells(table, progress)
        problems += keys.duplicates(table)
    problems += keys.foreign_key_problems(tables, intake.problems, resources, ours)
    problems += agreements.disagreements(tables, resources, ours)
    # Where the unit is not known, nothing can be said of the size of the numbers.
    unknown = [p for p in intake.problems if p.rule == "unit"]
    problems += [
        p
        for p in magnitudes.unit_problems(tables, resources, ours)
        if not any((p.file, p.sheet, p.column) == (u.file, u.sheet, u.column) for u in unknown)
    ]
    return problems


def cells(table: CheckedTable, progress: Progress = silent) -> list[Problem]:
    """Report cells of another type than their column's, or beyond its constraints."""
    problems, coded = [], columns.codes(table.schema)
    for field in steps(table.fields, f"检查{table.title}", progress):
        name = field["name"]
        marks, bad = column_marks(table, field), table.bad[name].copy()
        if name in coded:
            rounded = _written(table, name, "+", _EXPONENT.fullmatch) & ~bad
            problems += table.faults("type", _ROUNDED, rounded, name)
            bad |= rounded
        long = np.zeros(len(bad), dtype=bool)
        if field["type"] in {"integer", "number"}:
            long = _written(table, name, "", _too_long)
        say = f"这里应填{entry_hint(field, table.unit(name))}。"

        def unread(i: int, long: np.ndarray = long, say: str = say) -> str:
            return _LONG if long[i] else say

        problems += table.faults("type", unread, (marks.unread | long) & ~bad, name)
        demand, empty = f"要求：{entry_constraints(field) or '不能为空'}。", table.empty(name)

        def beyond(i: int, demand: str = demand, name: str = name, empty: np.ndarray = empty) -> str:
            is_merged = empty[i] and table.office_table.is_merged(int(table.frame.index[i]), name)
            return demand + _MERGED if is_merged else demand

        problems += table.faults("constraint", beyond, marks.beyond & ~long & ~bad, name)
        if not _must_be_filled(table, field) and table.office_table.merged.get(name):
            problems += table.faults("constraint", _MERGED, _emptied(table, name) & ~bad, name)
    return problems


def _must_be_filled(table: CheckedTable, field: dict) -> bool:
    return bool(field.get("constraints", {}).get("required")) or field["name"] in table.key


def _written(table: CheckedTable, column: str, part: str, is_so: Callable[[str], object]) -> np.ndarray:
    """Mark the cells of a column with ``part`` in their text for which ``is_so``."""
    codes, texts = table.factorized(column)
    return spread(np.array([part in text and bool(is_so(text)) for text in texts], dtype=bool), codes)


def _emptied(table: CheckedTable, column: str) -> np.ndarray:
    """Mark the empty cells of a column in ranges that were made one cell."""
    inside = np.zeros(len(table.frame), dtype=bool)
    rows = table.frame.index.to_numpy()
    for first, last in table.office_table.merged[column]:
        inside[slice(*np.searchsorted(rows, (first, last + 1)))] = True
    return inside & table.empty(column)


def _too_long(text: str) -> bool:
    """Whether more digits stand before the point than a spreadsheet keeps."""
    return (
        len(text) > DIGITS
        and NUMBER.fullmatch(text) is not None
        and len(text.split(".")[0].lstrip("+-")) > DIGITS
    )
