"""Find personal information in columns that should have none.

A person's own number may stand in a remark, or a mobile number behind a village's name. Nothing later
replaces such a cell, so it is a problem of the input. It is reported before anything is built, by place and
kind and never by value.
"""

from __future__ import annotations

from dataclasses import replace

from figurebook.datapackage.problems import Problem
from figurebook.office.office_tables import Intake, OfficeTable
from figurebook.office.running_numbers import personal_columns, personal_values
from figurebook.privacy.folding import folded, searchable
from figurebook.privacy.id_numbers import IDENTITY, kinds, may_be_identity
from figurebook.progress import Progress, silent, steps
from figurebook.spreadsheets.reading.grid import Note

TODO = "个人信息只应在登记表的个人列里：请从这一格删去，或改用不指向个人的编号。"


def personal_elsewhere(
    intake: Intake, package: dict, limits: dict[str, int], progress: Progress = silent
) -> list[Problem]:
    """Report every cell outside the personal columns with personal information.

    It is a whole cell of text equal to a value of a personal column, an identity number anywhere, or a
    mobile number in text. (A sum of money has eleven digits too.) The personal columns are those of all
    office tables. Values that may occur by chance are left out, see ``searchable``.
    """
    fields = {
        (r["name"], f["name"]): f
        for r in package["resources"]
        if "schema" in r
        for f in r["schema"]["fields"]
    }
    personal = personal_columns(package)
    kind_of = {
        folded(v): kind for kind, values in personal_values(intake.tables, package).items() for v in values
    }
    columns = [
        (name, table, column)
        for name, table in intake.tables.items()
        for column in table.frame
        if (name, column) not in personal
    ]
    return [
        problem
        for name, table, column in steps(columns, "查找个人信息", progress)
        for problem in _column(table, column, kind_of, limits, fields[name, column]["type"] == "string")
    ]


def without_personal_values(
    intake: Intake, problems: list[Problem], personal: list[Problem]
) -> tuple[Intake, list[Problem]]:
    """All notes and problems, without the values of the ``personal`` cells.

    A number in the wrong column is also no village that exists: that may be reported, but not with the
    number.
    """
    cells = {(p.file, p.sheet, p.row, p.column) for p in personal}

    def hidden(item: Problem | Note, row: int | None) -> bool:
        return any(
            (item.file, item.sheet, row, column) in cells for column in (item.column or "").split("、")
        )

    notes = tuple(
        replace(n, examples=tuple((e[0], "", "") if hidden(n, e[0]) else e for e in n.examples))
        for n in intake.notes
    )
    kept = [replace(p, value=None) if hidden(p, p.row) else p for p in problems]
    return replace(intake, notes=notes), kept + personal


def _column(
    table: OfficeTable, column: str, kind_of: dict[str, str], limits: dict[str, int], is_text: bool
) -> list[Problem]:
    cells = table.frame[column].tolist()
    values = set(cells) - {None}
    if not is_text and not may_be_identity(values):
        return []  # a column of numbers, which may be a million different ones
    kinds_of = {
        value: kinds_held for value in values if (kinds_held := _held(value, kind_of, limits, is_text))
    }
    return (
        [
            _problem(table, row, column, "、".join(kinds_of[value]))
            for row, value in zip(table.frame.index, cells, strict=True)
            if value in kinds_of
        ]
        if kinds_of
        else []
    )


def _held(value: str, kind_of: dict[str, str], limits: dict[str, int], is_text: bool) -> list[str]:
    text = folded(value)
    held = [k for k in kinds(text, loose=True) if is_text or k == IDENTITY]
    if is_text and text in kind_of and searchable(text, limits):
        held.append(f"与个人列 {kind_of[text]} 的值相同")
    return held


def _problem(table: OfficeTable, row: int, column: str, what: str) -> Problem:
    return Problem(
        table.file,
        "personal",
        f"这一格含有{what}（值不显示）。{TODO}",
        table.sheet,
        int(row),
        table.headers.get(column, column),
    )
