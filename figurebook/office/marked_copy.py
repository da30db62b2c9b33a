"""Copy an office's files into one workbook with the faulty cells marked.

It is to be looked at beside the files themselves. Every cell stands where it stands in the file, as text:
nothing in the copy is a live formula. The first sheet lists all problems. The copy holds all that the files
hold, personal columns too. So it is the office's own and goes nowhere else.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from figurebook.datapackage.problems import RULES_ZH, Problem
from figurebook.spreadsheets.reading.grid import Grid

LISTED = "问题"
_HEADINGS = ("文件", "工作表", "行", "列", "值", "规则", "怎么办")
_FILL = PatternFill(fgColor="F8CBAD", fill_type="solid")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # not allowed in a workbook's XML
_LONGEST, _LAST_ROW = 32_767, 1_048_576  # The limits of a cell's text, and of a sheet.


def marked_workbook(grids: Iterable[Grid], problems: list[Problem]) -> bytes:
    """The XLSX file."""
    book = Workbook(write_only=True)
    listed = book.create_sheet(LISTED)
    listed.append([_cell(listed, h, Font(bold=True)) for h in _HEADINGS])
    for p in problems:
        cells = (p.file, p.sheet, p.row, p.column, p.value, RULES_ZH[p.rule], p.message)
        listed.append([_cell(listed, "" if t is None else t) for t in cells])
    names: set[str] = {LISTED}
    for grid in grids:
        own = [p for p in problems if (p.file, p.sheet) == (grid.file, grid.sheet)]
        _copy(book.create_sheet(_name(grid, names)), grid, own)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _copy(page: WriteOnlyWorksheet, grid: Grid, problems: list[Problem]) -> None:
    wrong: dict[tuple[int, int], list[str]] = {}
    for p in problems:
        for row, column in _places(grid, p):
            wrong.setdefault((row, column), []).append(f"{RULES_ZH[p.rule]}：{p.message}")
    last = 0
    for row in grid.frame.itertuples():
        for _ in range(last + 1, min(row[0], _LAST_ROW + 1)):
            page.append([])
        last = row[0]
        if last > _LAST_ROW:
            return
        page.append([_marked(page, v, wrong.get((last, i))) for i, v in enumerate(row[1:])])


def _places(grid: Grid, problem: Problem) -> list[tuple[int, int]]:
    """The cells to mark for a problem.

    They are its row below the heading it names, or the whole row, or the heading.
    """
    heads = (
        [
            (i, c)
            for c in grid.frame
            for i in grid.frame.index[grid.frame[c].str.strip() == problem.column]
            if problem.row is None or i <= problem.row
        ]
        if problem.column
        else []
    )
    if problem.row is None:
        return heads[:1]
    if problem.row not in grid.frame.index:
        return []
    return [(problem.row, heads[0][1])] if heads else [(problem.row, c) for c in grid.frame]


def _marked(page: WriteOnlyWorksheet, value: str, faults: list[str] | None) -> Cell:
    cell = _cell(page, value)
    if faults:
        cell.fill = _FILL
        cell.comment = Comment("\n".join(faults)[:1000], LISTED)
    return cell


def _cell(page: WriteOnlyWorksheet, value: str | int | None, font: Font | None = None) -> Cell:
    if isinstance(value, str):
        value = _CONTROL.sub("\ufffd", value)[:_LONGEST]
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str) and value:
        cell.data_type = "s"  # what begins with an equals sign stays text
    if font:
        cell.font = font
    return cell


def _name(grid: Grid, taken: set[str]) -> str:
    base = _NOT_IN_NAMES.sub("_", grid.sheet or grid.path.stem).strip("'")[:25] or "表"
    name = next(
        n
        for n in (base, *(f"{base} {i}" for i in range(2, len(taken) + 3)))
        if n.lower() not in {t.lower() for t in taken}
    )
    taken.add(name)
    return name
