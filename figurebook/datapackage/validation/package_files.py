"""Validate the CSV files of a data package against their Table Schemas.

Files come first, then headers, then cells (``cell_rules``) and keys (``key_rules``). Every fault is reported
in Chinese with file, row, column and value. ``figurebook.office`` checks an office's tables by the same
rules.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from figurebook.datapackage.files import encoding_of, read_strings
from figurebook.datapackage.problems import Problem
from figurebook.datapackage.validation.cell_rules import column_marks, is_whole
from figurebook.datapackage.validation.field_wording import TYPES_ZH, constraints
from figurebook.datapackage.validation.key_rules import dangling_rows, repeated
from figurebook.datapackage.validation.table_rows import TableRows, filled

LISTED = 100_000  # problems of one table that are reported
_QUOTES = "引号没有成对，或有一格太长。"
_TOO_GREAT = f"这个整数太大，记不下：绝对值不能超过 {2**63 - 1:,}。请核对。"


def validate(package: dict, files: dict[str, Path], names: list[str]) -> list[Problem]:
    """Report every fault of the tables ``names``.

    The files and headers of all come first, then the rows of each table. ``files`` has the path of every
    table by name. Only what ``names`` lists is checked; the tables that their keys point at are read.
    """
    schemas = {r["name"]: r["schema"] for r in package["resources"] if "schema" in r}
    problems: list[Problem] = []
    sound: dict[str, _Lines] = {}
    for name in sorted({*names, *chain.from_iterable(_targets(schemas[n]) for n in names)}):
        lines, faults = _read(files[name], schemas[name])
        problems += faults if name in names else []
        if lines:
            sound[name] = lines
    for name in [n for n in names if n in sound]:
        in_rows = [*sound[name].faults(), *_foreign(name, sound)]
        in_rows = sorted(in_rows, key=lambda p: p.row or 0) or _read_otherwise(sound[name])
        problems += in_rows[:LISTED]
    return problems


def _targets(schema: dict) -> set[str]:
    return {key["reference"]["resource"] for key in schema.get("foreignKeys", [])} - {""}


def _read(path: Path, schema: dict) -> tuple[_Lines | None, list[Problem]]:
    """The lines of a file, or None and why it cannot be used.

    The reason is in the file or in its header.
    """
    if faults := _file(path):
        return None, faults
    try:
        with path.open(encoding=encoding_of(path), newline="") as file:
            labels, *lines = [*csv.reader(file)] or [[]]
    except csv.Error:
        return None, [Problem(path.name, "unreadable", f"{_QUOTES}请重新导出这张表。")]
    faults = _header(path.name, labels, schema)
    return (None, faults) if faults else (_Lines(path, labels, lines, schema), [])


def _file(path: Path) -> list[Problem]:
    if not path.is_file():
        return [Problem(path.name, "missing-file", "表的文件不在，请补上。")]
    if path.stat().st_size == 0:
        return [Problem(path.name, "unreadable", "文件是空的，第一行应是列名。")]
    if encoding_of(path) is None:
        return [Problem(path.name, "encoding", "既不是 UTF-8 也不是 GB18030，请另存为其中之一。")]
    return []


def _header(file: str, labels: list[str], schema: dict) -> list[Problem]:
    expected = [f["name"] for f in schema["fields"]]
    listed = "、".join(expected)
    problems = [
        Problem(file, "missing-column", f"请补上这一列；应有的列：{listed}。", row=1, column=c)
        for c in expected
        if c not in labels
    ]
    problems += [
        Problem(
            file,
            "extra-column",
            f"表的定义里没有这一列，请删去；应有的列：{listed}。",
            row=1,
            column=c or "（空列名）",
        )
        for c in dict.fromkeys(labels)
        if c not in expected
    ]
    problems += [
        Problem(file, "duplicate-column", "同名的列只能有一个，请删去或改名。", row=1, column=c)
        for c in expected
        if labels.count(c) > 1
    ]
    return problems


class _Lines:
    """The lines below a header that can be used.

    A line with no cell filled is no row. A cell that its row lacks counts as at fault: that the row is too
    short is reported once.
    """

    def __init__(self, path: Path, labels: list[str], lines: list[list[str]], schema: dict):
        self.path, self._width = path, len(labels)
        self._misshapen = [i for i, line in enumerate(lines, 2) if len(line) != len(labels) or not any(line)]
        kept = [(i, line) for i, line in enumerate(lines, 2) if any(line)]
        cells = [
            [*(cell or None for cell in line[: len(labels)]), *[None] * (len(labels) - len(line))]
            for _, line in kept
        ]
        frame = pd.DataFrame(cells, [i for i, _ in kept], labels, dtype=object)
        self.rows = TableRows(frame[[f["name"] for f in schema["fields"]]], schema)
        for place, label in enumerate(labels):
            self.rows.mark(np.array([len(line) <= place for _, line in kept], dtype=bool), label)

    def faults(self) -> list[Problem]:
        """Report cells, rows and keys at fault.

        A cell is of another type or beyond its constraints, a row of another length, a key there twice.
        """
        problems = []
        for field in self.rows.fields:
            name = field["name"]
            marks, already_bad = column_marks(self.rows, field), self.rows.bad[name].copy()
            say = f"这里应填{TYPES_ZH[field['type']]}。"

            def wrong(cell: str, field: dict = field, say: str = say) -> str:
                return _TOO_GREAT if field["type"] == "integer" and is_whole(cell) else say

            problems += self.mark_problems("type", wrong, marks.unread & ~already_bad, name)
            problems += self.mark_problems(
                "constraint", f"要求：{constraints(field) or '不能为空'}。", marks.beyond & ~already_bad, name
            )
        shape = f"每行应有 {self._width} 个单元格，空行请删去。"
        problems += [Problem(self.path.name, "row-shape", shape, row=row) for row in self._misshapen]
        for columns, twice, _ in repeated(self.rows):
            message = "这个值在前面的行里已经出现，每行要不同。"
            problems += self.mark_problems("duplicate-key", message, twice, *columns)
        return problems

    def mark_problems(
        self, rule: str, message: str | Callable[[str], str], mask: np.ndarray, *columns: str
    ) -> list[Problem]:
        """Mark the cells of ``columns`` in the rows of ``mask``, and report them.

        A message may depend on what stands in the cells.
        """
        say = message if callable(message) else lambda _: message
        cells = [filled(self.rows.frame[column]) for column in columns]
        problems = []
        for i in self.rows.mark(mask, *columns).tolist():
            value = "、".join(column[i] for column in cells)
            problems.append(
                Problem(
                    self.path.name,
                    rule,
                    say(value),
                    row=int(self.rows.frame.index[i]),
                    column="、".join(columns),
                    value=value,
                )
            )
        return problems


def _foreign(name: str, sound: dict[str, _Lines]) -> list[Problem]:
    """Report rows that point at nothing.

    A table that is itself unsound is not looked into: that has been reported.
    """
    lines, problems = sound[name], []
    for key in lines.rows.schema.get("foreignKeys", []):
        target, target_columns = key["reference"]["resource"] or name, tuple(key["reference"]["fields"])
        if target in sound:
            columns = tuple(key["fields"])
            lost = dangling_rows(lines.rows, columns, sound[target].rows.frame, target_columns)
            problems += lines.mark_problems(
                "foreign-key",
                f"在表 {target} 的列 {'、'.join(target_columns)} 里找不到这个值，请改正或先把它加到那张表。",
                lost,
                *columns,
            )
    return problems


def _read_otherwise(lines: _Lines) -> list[Problem]:
    """Report a table that would be read otherwise than it was checked.

    A quotation mark that is never closed runs to the end of the file: whether that is a cell is not agreed.
    """
    checked = lines.rows.frame
    try:
        frame = read_strings(lines.path)
    except ValueError:
        frame = checked.iloc[:0]
    if len(frame) == len(checked) and all(filled(frame[c]) == filled(checked[c]) for c in checked):
        return []
    return [Problem(lines.path.name, "unreadable", f"{_QUOTES}请重新导出这张表。")]
