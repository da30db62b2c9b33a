"""Reads a workbook that people filled in, whatever program saved it, and names every cell it refuses.

Read: full-width digits and letters, blanks around a value, numbers and dates typed as text, empty rows.
Refused by file, sheet, row, column and value: formulas where a value belongs, half dates, anything else.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from wuqi.mechanisms.shared.sheets import Column, Row, Sheet
from wuqi.problems import Problem, TablesError

MAX_PROBLEMS = 100  # a wrong column must not print a hundred thousand lines
_DATE = re.compile(r"(\d{4})\s*(?:([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})|年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"
                   r"|(\d{2})(\d{2}))")
_INTEGER = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+|[-+]?\d+")
_LONGEST = 30  # characters of a number; beyond some thousands of digits Python reads none
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")


class _RejectedError(Exception):
    """Why one cell cannot be read: the rule and what to do."""


def read(path: Path, sheets: Iterable[Sheet]) -> dict[str, list[Row]]:
    """``{sheet title: rows}`` of the sheets that are open; raises TablesError with every problem."""
    sheets = [s for s in sheets if s.open]
    try:
        book = load_workbook(path, read_only=True)
    except FileNotFoundError:
        raise _unusable(path, "missing-file", "没有这个文件。请检查路径。") from None
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError, OSError):
        raise _unusable(path, "unreadable", "不是可用的 XLSX 文件（或设了密码）。"
                                            "请在 Excel 或 WPS 里另存为 .xlsx 再试。") from None
    problems: list[Problem] = []
    try:
        with warnings.catch_warnings():
            # A number that cannot be the date its format says becomes an error, refused by its cell.
            warnings.filterwarnings("ignore", message="Cell .* is marked as a date")
            found = {s.title: _rows(path.name, book, s, problems) for s in sheets}
    except (ParseError, zipfile.BadZipFile, KeyError, ValueError):
        raise _unusable(path, "unreadable", "文件内部损坏。请在 Excel 或 WPS 里打开并另存。") from None
    finally:
        book.close()
    if problems:
        raise TablesError(problems[:MAX_PROBLEMS])
    return found


def problem(row: Row, column: str, rule: str, message: str) -> Problem:
    """A problem in one cell of a row that was read; ``column`` by name."""
    at, found = next((i, c) for i, c in enumerate(row.sheet.columns, 1) if c.name == column)
    return Problem(row.file, rule, message, row.sheet.title, row.number, _place(at, found),
                   "" if row[column] is None else str(row[column]))


def _rows(file: str, book, sheet: Sheet, problems: list[Problem]) -> list[Row]:
    page = next((p for p in book.worksheets if p.title == sheet.title), None)  # a chart sheet is none
    if page is None:
        problems.append(Problem(file, "missing-column", f"缺工作表“{sheet.title}”。请从空白的工作簿复制它。"))
        return []
    page.reset_dimensions()  # some programs record a size that is not the sheet's
    rows = page.iter_rows()
    if not _header_fits(file, sheet, next(rows, ()), problems):
        return []
    found = []
    for number, cells in enumerate(rows, 2):
        values = {}
        cells = list(cells) + [None] * (len(sheet.columns) - len(cells))
        inputs = [(i, c, x) for i, (c, x) in enumerate(zip(sheet.columns, cells, strict=False), 1)
                  if c.kind != "formula"]
        if all(_is_empty(x) for _, _, x in inputs):
            continue
        for i, column, cell in inputs:
            try:
                values[column.name] = _value(column, cell)
            except _RejectedError as rejected:
                rule, message = rejected.args
                problems.append(Problem(file, rule, message, sheet.title, number, _place(i, column),
                                        None if _is_empty(cell) else str(cell.value)))
        for i, cell in enumerate(cells[len(sheet.columns):], len(sheet.columns) + 1):
            if not _is_empty(cell):
                message = "表头以外的列里有内容，请移到备注里。"
                problems.append(Problem(file, "row-shape", message, sheet.title, number,
                                        get_column_letter(i), str(cell.value)))
        found.append(Row(file, sheet, number, values))
        if len(problems) >= MAX_PROBLEMS:
            break
    return found


def _header_fits(file: str, sheet: Sheet, cells: Iterable, problems: list[Problem]) -> bool:
    titles = [None if _is_empty(c) else _plain(str(c.value)) for c in cells]
    before = len(problems)
    for i, column in enumerate(sheet.columns):
        title = titles[i] if i < len(titles) else None
        if title != _plain(column.title):
            cause = "这里是空的；若合并了单元格，请取消合并。" if title is None else "请恢复原来的表头。"
            problems.append(Problem(file, "missing-column", f"表头应为“{column.title}”。{cause}",
                                    sheet.title, 1, get_column_letter(i + 1), title))
    for i, title in enumerate(titles[len(sheet.columns):], len(sheet.columns) + 1):
        if title is not None:
            problems.append(Problem(file, "extra-column", "多出的列，请移到备注里。", sheet.title, 1,
                                    get_column_letter(i), title))
    return len(problems) == before


def _value(column: Column, cell) -> Any:
    if _is_empty(cell):
        if column.required:
            raise _RejectedError("constraint", "不能空着；若合并了单元格，请取消合并并逐格填写。")
        return None
    if cell.data_type == "f":
        raise _RejectedError("type", "这里要填值，不是公式。请复制后“选择性粘贴”为数值。")
    if cell.data_type == "e":
        raise _RejectedError("type", "单元格显示为错误（如 #REF 或 ####）。请改成值；日期写作 2016-03-05。")
    return {"date": _date, "integer": _integer}.get(column.kind, _text)(column, cell.value)


def _text(column: Column, value) -> str:
    if isinstance(value, (bool, datetime, date, time)):
        raise _RejectedError("type", "这里要填文字，程序把它认成了别的东西。请把单元格设为文本再填。")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip() if column.kind == "text" else _plain(str(value))
    if column.choices and text not in column.choices:
        raise _RejectedError("constraint", f"只能是：{'、'.join(column.choices)}。")
    return text


def _integer(column: Column, value) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and len(value) <= _LONGEST and _INTEGER.fullmatch(_plain(value)):
        value = int(_plain(value).replace(",", ""))
    if isinstance(value, bool) or not isinstance(value, int):
        raise _RejectedError("type", "请填整数，如 12。")
    low, high = column.minimum, column.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        limits = f"{'' if low is None else low}–{'' if high is None else high}"
        raise _RejectedError("constraint", f"应在 {limits} 之内。")
    return value


def _date(_column: Column, value) -> date:
    if isinstance(value, datetime):
        if value.time() != time():
            raise _RejectedError("type", "日期后面带了钟点。请只填日期，如 2016-03-05。")
        return value.date()
    if isinstance(value, date):
        return value
    found = _DATE.fullmatch(_plain(str(value))) if not isinstance(value, (bool, float)) else None
    if not found:
        raise _RejectedError("type", "不是日期。请填年、月、日，如 2016-03-05。")
    year, *rest = (int(x) for x in found.groups() if x and x.isdigit())
    try:
        return date(year, *rest)
    except ValueError:
        raise _RejectedError("type", "没有这一天。请填年、月、日，如 2016-03-05。") from None


def _plain(text: str) -> str:
    """Full-width letters and digits as half-width, without blanks around and invisible characters."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()


def _is_empty(cell) -> bool:
    value = getattr(cell, "value", None)
    return value is None or (isinstance(value, str) and not _INVISIBLE.sub("", value).strip())


def _place(at: int, column: Column) -> str:
    return f"{get_column_letter(at)}（{column.title}）"


def _unusable(path: Path, rule: str, message: str) -> TablesError:
    return TablesError([Problem(path.name, rule, message)])
