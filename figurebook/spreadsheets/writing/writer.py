"""Write a workbook: drop-downs, colours, protected formulas.

The same rows give the same bytes. It is written row by row (openpyxl's write-only mode), so that a hundred
thousand rows need little memory.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date
from itertools import chain
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from figurebook.spreadsheets.writing.layout import Column, Sheet

CHOICES = "选项"  # a list of choices longer than 255 characters does not fit into a validation
_STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can say
_WHEN = b"2000-01-01T00:00:00Z"
_DATE = "yyyy-mm-dd"
_LIKE_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Office programs read _x0041_ as A.
_LINE = 15  # Height of a line of a header, in points.
ROWS = 1_048_576  # Rows of a sheet.
FORM = 24  # Rows that are printed of a sheet that has fewer: one page.
NOTES = Sheet("说明", (Column("note", "说明", width=110),), open=False)
PRINTED = [f"每张填写的表只印到已填的行，至少印到第 {FORM} 行；后来填得更多的，打印前请取消打印区域。"]


def write(contents: Iterable[tuple[Sheet, Iterable[Mapping]]], notes: Iterable[str] = ()) -> bytes:
    """The bytes of an XLSX file with these sheets and their rows.

    A row is a mapping by column name; None is for an empty cell. ``notes``, one for each line, stand on a
    first sheet 说明： what to fill in, and what the numbers are. The rows prepared for typing are not printed
    beyond the first page, and the notes say so.
    """
    contents = list(contents)
    if lines := list(notes):
        print_notes = PRINTED if any(s.spare for s, _ in contents) else []
        contents.insert(0, (NOTES, [{"note": line} for line in (*lines, *print_notes)]))
    book = Workbook(write_only=True)
    listed = [(s, c) for s, _ in contents for c in s.columns if c.choices]
    ranges = {(s.title, c.name): _range(i, c) for i, (s, c) in enumerate(listed, 1)}
    for sheet, rows in contents:
        _sheet(book, sheet, rows, ranges)
    if listed:
        _choices(book, [c for _, c in listed])
    out = io.BytesIO()
    book.save(out)
    return _same_bytes(out.getvalue())


def _sheet(book: Workbook, sheet: Sheet, rows: Iterable[Mapping], ranges: Mapping) -> None:
    page = book.create_sheet(sheet.title)
    _print(page, sheet)
    page.freeze_panes = f"A{sheet.first}"
    page.protection.sheet = True  # without a password: against slips, not against people
    page.protection.formatColumns = page.protection.sort = page.protection.autoFilter = False
    page.protection.insertRows = page.protection.deleteRows = False  # allowed, that is
    styles = [_style(page, c, sheet.open) for c in sheet.columns]
    for i, (column, style) in enumerate(zip(sheet.columns, styles, strict=True), 1):
        dimension = page.column_dimensions[get_column_letter(i)]
        dimension.width = column.width
        # For all rows, also those that nobody prepared: thousands may be pasted in.
        dimension.protection, dimension.number_format = copy(style.protection), style.number_format
    if sheet.heading:
        page.append([_heading(page, sheet.heading)])
    page.row_dimensions[sheet.first - 1].height = _LINE * max(_lines(c) for c in sheet.columns)
    page.append([_header(page, c) for c in sheet.columns])
    last = sheet.first
    for last, row in enumerate(chain(rows, [{}] * sheet.spare), sheet.first):
        page.append(
            [_cell(page, c, s, row.get(c.name), last) for c, s in zip(sheet.columns, styles, strict=True)]
        )
    for i, column in enumerate(sheet.columns, 1):
        where = f"{get_column_letter(i)}{sheet.first}:{get_column_letter(i)}{ROWS if sheet.open else last}"
        if rule := _validation(column, ranges.get((sheet.title, column.name))):
            rule.add(where)
            page.data_validations.append(rule)
    if sheet.spare:  # the rows prepared for typing would be pages of nothing
        shown = min(last, max(last - sheet.spare, FORM))
        page.print_area = f"A1:{get_column_letter(len(sheet.columns))}{shown}"
    whole = f"A{sheet.first}:{get_column_letter(len(sheet.columns))}{last}"
    for mark in sheet.highlights:
        fill = PatternFill(bgColor=mark.colour, fill_type="solid")
        page.conditional_formatting.add(whole, FormulaRule(formula=[mark.formula], fill=fill))


def _print(page: Any, sheet: Sheet) -> None:
    """Print as wide as A4 on its side, with the header on each page."""
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.print_title_rows = f"{sheet.first - 1}:{sheet.first - 1}"


def _heading(page: WriteOnlyWorksheet, text: str) -> Cell:
    cell = WriteOnlyCell(page, value=text)
    cell.font = Font(bold=True, color="9C0006")
    return cell


def _lines(column: Column) -> int:
    """The number of lines of a column's header; a Chinese character is two wide."""
    wide = sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in column.title)
    return -(-wide // max(1, column.width - 1))


def _header(page: WriteOnlyWorksheet, column: Column) -> Cell:
    cell = WriteOnlyCell(page, value=column.title)
    cell.font = Font(bold=True)
    cell.fill = PatternFill(fgColor="DDE6F0", fill_type="solid")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _style(page: WriteOnlyWorksheet, column: Column, is_open: bool) -> Cell:
    """A cell that has a column's style.

    The other cells copy it, which is much cheaper than setting it.
    """
    cell = WriteOnlyCell(page)
    cell.protection = Protection(locked=not is_open or column.kind == "formula")
    cell.alignment = Alignment(
        wrap_text=column.kind == "text", vertical="top", horizontal="left" if column.kind == "date" else None
    )  # not onto the next
    if column.kind == "date":
        cell.number_format = _DATE
    elif column.kind in ("id", "choice", "text"):
        cell.number_format = "@"  # else Excel makes a date of 3-5 and drops the zero of 01
    return cell


def _cell(page: WriteOnlyWorksheet, column: Column, style: Cell, value: Any, row: int) -> Cell:
    if column.kind == "formula":
        value = "=" + column.formula.format(row=row)
    elif isinstance(value, str):
        value = _LIKE_ESCAPED.sub("_x005F_", value)
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str) and column.kind != "formula":
        cell.data_type = "s"  # what people type may begin with an equals sign and is no formula
    cell._style = copy(style._style)  # type: ignore[attr-defined]  # the stubs lack it
    if isinstance(value, date):
        cell.number_format = _DATE
    return cell


def _validation(column: Column, choices: str | None) -> DataValidation | None:
    if choices:
        rule = DataValidation(type="list", formula1=choices, allow_blank=not column.required)
        rule.error = "请从下拉表里选一项"
    elif column.kind == "date":
        rule = DataValidation(type="date", operator="greaterThan", formula1="36526")  # 2000-01-01
        rule.error = "请填日期，如 2016-03-05"
    elif column.kind == "integer":
        low = -(10**9) if column.minimum is None else column.minimum
        high = 10**9 if column.maximum is None else column.maximum
        rule = DataValidation(type="whole", operator="between", formula1=str(low), formula2=str(high))
        rule.error = "请填整数"
    elif column.note and column.kind != "formula":
        rule = DataValidation(type=None)
    else:
        return None
    rule.showErrorMessage = rule.type is not None
    if column.note:
        rule.promptTitle, rule.prompt, rule.showInputMessage = column.title[:32], column.note[:255], True
    return rule


def _choices(book: Workbook, columns: list[Column]) -> None:
    page = book.create_sheet(CHOICES)
    page.sheet_state = "hidden"
    page.protection.sheet = True
    for i in range(max(len(c.choices) for c in columns)):
        page.append([c.choices[i] if i < len(c.choices) else None for c in columns])


def _range(position: int, column: Column) -> str:
    at = get_column_letter(position)
    return f"'{CHOICES}'!${at}$1:${at}${len(column.choices)}"


def _same_bytes(content: bytes) -> bytes:
    """The file without the moment it was made."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as original,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in original.namelist():
            data = original.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>" + _WHEN, data)
            made.writestr(zipfile.ZipInfo(name, _STAMP), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
