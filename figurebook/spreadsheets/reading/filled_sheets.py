"""Read a workbook that people filled in, and name every cell it refuses.

Any program may have saved it. The module stands on the guarded reader of the intake: nothing here opens a
file or its XML.

Read are full-width digits and letters, blanks around a value, numbers and dates typed as text, and empty
rows. Refused by file, sheet, row, column and value are formulas where a value belongs, half dates and merged
cells. Refused are also a copy of a sheet beside it, and anything else.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from figurebook.datapackage.problems import Problem, TablesError
from figurebook.errors import FigurebookError
from figurebook.spreadsheets.reading.admission import FileRefusedError, files, opened, shown
from figurebook.spreadsheets.reading.xlsx_rows import Cell, Rows
from figurebook.spreadsheets.reading.xlsx_sheet import letters
from figurebook.spreadsheets.reading.xlsx_workbook import Workbook, opened_workbook
from figurebook.spreadsheets.writing.layout import Column, Row, Sheet
from figurebook.text_forms import INVISIBLE, is_blank, narrow

MAX_PROBLEMS = 100  # a wrong column must not print a hundred thousand lines
_WORKBOOKS = {".xlsx", ".xlsm"}
_DATE = re.compile(
    r"([0-9]{4})\s*(?:([-/.])\s*([0-9]{1,2})\s*\2\s*([0-9]{1,2})"
    r"|年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日|([0-9]{2})([0-9]{2}))"
)
_INTEGER = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+|[-+]?[0-9]+")
_LONGEST = 30  # characters of a number; beyond some thousands of digits Python reads none


class _RejectedError(FigurebookError):
    """The reason why one cell cannot be read: the rule and what to do."""


def read(path: Path, sheets: Iterable[Sheet]) -> dict[str, list[Row]]:
    """``{sheet title: rows}`` of the sheets that are open.

    Raises TablesError with every problem.
    """
    sheets = [s for s in sheets if s.open]
    problems = _unusable(path)
    if not problems:
        try:
            with opened(path) as file, opened_workbook(path, file) as book:
                rows = _sheets(shown(path.name), book, sheets, problems)
        except FileRefusedError as refused:
            problems = [refused.problem(path)]
    if problems:
        raise TablesError(problems[:MAX_PROBLEMS])
    return rows


def problem(row: Row, column: str, rule: str, message: str) -> Problem:
    """A problem in one cell of a row that was read; ``column`` by name."""
    at, spec = next((i, c) for i, c in enumerate(row.sheet.columns, 1) if c.name == column)
    return Problem(
        row.file,
        rule,
        message,
        row.sheet.title,
        row.number,
        _place(at, spec),
        "" if row[column] is None else str(row[column]),
    )


def _unusable(path: Path) -> list[Problem]:
    """Report why this is no file to open as a workbook, if it is none."""
    if path.is_dir():
        return [Problem(shown(path.name), "unknown-file", "这是文件夹。请指明其中一个 .xlsx 文件。")]
    if path.suffix.lower() not in _WORKBOOKS and path.exists():
        message = "只读 .xlsx 工作簿。请在 Excel 或 WPS 里另存为 .xlsx 再试。"
        return [Problem(shown(path.name), "unknown-file", message)]
    return files(path)[2]


def _sheets(
    file: str, book: Workbook, sheets: Sequence[Sheet], problems: list[Problem]
) -> dict[str, list[Row]]:
    problems += book.problems
    titles = book.titles
    problems += [
        Problem(file, "missing-column", f"缺工作表“{s.title}”。请从空白的工作簿复制它。")
        for s in sheets
        if s.title not in titles
    ]
    if problems:
        return {}
    problems += _copies(file, book, sheets)
    return {s.title: _rows(file, book.rows(s.title), s, problems) for s in sheets}


def _copies(file: str, book: Workbook, sheets: Sequence[Sheet]) -> list[Problem]:
    """Report sheets with the header of one that is filled in, under another name.

    Their rows would be lost.
    """
    headers = {tuple(_plain(c.title) for c in s.columns): s.title for s in sheets}
    problems = []
    for title in (t for t in book.titles if t not in headers.values()):
        number, cells = next(iter(book.rows(title)), (0, []))
        header_found = tuple(_title(c) for c in cells) if number == 1 else ()
        for header, of in headers.items():
            if header_found[: len(header)] == header:
                message = f"表头与“{of}”的相同，但只读“{of}”。请把这里的行移到那里，再删去这个工作表。"
                problems.append(Problem(file, "duplicate-sheet", message, title))
    return problems


def _rows(file: str, rows: Rows, sheet: Sheet, problems: list[Problem]) -> list[Row]:
    width = len(sheet.columns)
    inputs = [(i, c) for i, c in enumerate(sheet.columns) if c.kind != "formula"]
    rows_read: list[Row] = []
    before = len(problems)
    is_header_due = True
    for number, cells in rows:
        if is_header_due:
            is_header_due = False
            if not _header_fits(file, sheet, cells if number == 1 else (), problems):
                return []
            if number == 1:
                continue
        cells += [None] * (width - len(cells))
        if all(_is_empty(cells[i]) for i, _ in inputs):
            continue
        values = {}
        for i, column in inputs:
            cell = cells[i]
            try:
                values[column.name] = _value(column, cell)
            except _RejectedError as rejected:
                rule, message = rejected.args
                problems.append(
                    Problem(file, rule, message, sheet.title, number, _place(i + 1, column), _shown(cell))
                )
        for i, cell in enumerate(cells[width:], width + 1):
            if not _is_empty(cell):
                message = "表头以外的列里有内容，请移到备注里。"
                problems.append(
                    Problem(file, "row-shape", message, sheet.title, number, letters(i), _shown(cell))
                )
        rows_read.append(Row(file, sheet, number, values))
        if len(problems) >= MAX_PROBLEMS:
            return rows_read
    if is_header_due:
        _header_fits(file, sheet, (), problems)
    named = {(p.row, p.column) for p in problems[before:]}
    problems += [
        p for p in _merged(rows, [i for i, _ in inputs], rows_read) if (p.row, p.column) not in named
    ]
    return rows_read


def _merged(rows: Rows, inputs: list[int], rows_read: list[Row]) -> list[Problem]:
    """Report each merged range that took a value away from a row.

    It names the first such cell of the range in a row that was read.
    """
    numbers = [row.number for row in rows_read]
    problems = []
    for top, bottom, left, right, written in rows.ranges:
        covered = [i for i in inputs if left <= i <= right]
        at = bisect.bisect_left(numbers, top)
        for row in rows_read[at : at + 2]:
            column = next((i for i in covered if (row.number, i) != (top, left)), None)
            if row.number <= bottom and column is not None:
                message = f"这一格并入了 {written}，只有左上角的格有值。请取消合并，逐格填写。"
                problems.append(
                    Problem(
                        row.file,
                        "constraint",
                        message,
                        row.sheet.title,
                        row.number,
                        _place(column + 1, row.sheet.columns[column]),
                    )
                )
                break
    return problems


def _header_fits(file: str, sheet: Sheet, cells: Iterable[Cell | None], problems: list[Problem]) -> bool:
    titles = [_title(c) for c in cells]
    before = len(problems)
    for i, column in enumerate(sheet.columns):
        title = titles[i] if i < len(titles) else None
        if title != _plain(column.title):
            cause = "这里是空的；若合并了单元格，请取消合并。" if title is None else "请恢复原来的表头。"
            problems.append(
                Problem(
                    file,
                    "missing-column",
                    f"表头应为“{column.title}”。{cause}",
                    sheet.title,
                    1,
                    letters(i + 1),
                    title,
                )
            )
    for i, title in enumerate(titles[len(sheet.columns) :], len(sheet.columns) + 1):
        if title is not None:
            problems.append(
                Problem(file, "extra-column", "多出的列，请移到备注里。", sheet.title, 1, letters(i), title)
            )
    return len(problems) == before


def _title(cell: Cell | None) -> str | None:
    return None if cell is None or _is_empty(cell) else _plain(cell.text)


def _value(column: Column, cell: Cell | None) -> Any:
    if cell is None or _is_empty(cell):
        if column.required:
            raise _RejectedError("constraint", "不能空着；若合并了单元格，请取消合并并逐格填写。")
        return None
    if cell.kind == "formula":
        raise _RejectedError("type", "这里要填值，不是公式。请复制后“选择性粘贴”为数值。")
    if cell.fault:
        raise _RejectedError(cell.fault.rule, cell.fault.message)
    return {"date": _date, "integer": _integer}.get(column.kind, _text)(column, cell)


def _text(column: Column, cell: Cell) -> str:
    if cell.kind in {"boolean", "date"}:
        raise _RejectedError("type", "这里要填文字，程序把它认成了别的东西。请把单元格设为文本再填。")
    text = cell.text.strip() if column.kind == "text" else _plain(cell.text)
    if column.choices and text not in column.choices:
        raise _RejectedError("constraint", f"只能是：{'、'.join(column.choices)}。")
    return text


def _integer(column: Column, cell: Cell) -> int:
    plain = _plain(cell.text) if len(cell.text) <= _LONGEST else ""
    if cell.kind not in {"text", "number"} or not _INTEGER.fullmatch(plain):
        raise _RejectedError("type", "请填整数，如 12。")
    value = int(plain.replace(",", ""))
    low, high = column.minimum, column.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        limits = f"{'' if low is None else low}–{'' if high is None else high}"
        raise _RejectedError("constraint", f"应在 {limits} 之内。")
    return value


def _date(_column: Column, cell: Cell) -> date:
    text = _plain(cell.text)
    if cell.kind == "date" and " " in text:
        raise _RejectedError("type", "日期后面带了钟点。请只填日期，如 2016-03-05。")
    match = _DATE.fullmatch(text)
    if not match:
        raise _RejectedError("type", "不是日期。请填年、月、日，如 2016-03-05。")
    year, *rest = (int(x) for x in match.groups() if x and x.isdigit())
    try:
        return date(year, *rest)
    except ValueError:
        raise _RejectedError("type", "没有这一天。请填年、月、日，如 2016-03-05。") from None


def _plain(text: str) -> str:
    """Half-width letters and digits, without invisible characters and outer blanks."""
    return narrow(INVISIBLE.sub("", text)).strip()


def _is_empty(cell: Cell | None) -> bool:
    return cell is None or (cell.fault is None and is_blank(cell.text))


def _shown(cell: Cell | None) -> str | None:
    """The value of a cell that a message may show."""
    if cell is None or _is_empty(cell):
        return None
    return cell.fault.value if cell.fault else cell.text


def _place(at: int, column: Column) -> str:
    return f"{letters(at)}（{column.title}）"
