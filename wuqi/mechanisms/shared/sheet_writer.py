"""Writes a workbook: drop-downs, colours, protected formulas; the same rows give the same bytes.

Row by row (openpyxl's write-only mode), so that a hundred thousand rows need little memory.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date
from itertools import chain

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from wuqi.mechanisms.shared.sheets import Column, Sheet

CHOICES = "选项"  # a list of choices longer than 255 characters does not fit into a validation
_STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can say
_WHEN = b"2000-01-01T00:00:00Z"
_DATE = "yyyy-mm-dd"


def write(contents: Iterable[tuple[Sheet, Iterable[Mapping]]]) -> bytes:
    """An XLSX file with these sheets and their rows (mappings by column name; None for empty)."""
    contents = list(contents)
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
    page.freeze_panes = "A2"
    page.protection.sheet = True  # without a password: against slips, not against people
    page.protection.formatColumns = page.protection.sort = page.protection.autoFilter = False
    for i, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(i)].width = column.width
    page.append([_header(page, c) for c in sheet.columns])
    styles = [_style(page, c, sheet.open) for c in sheet.columns]
    last = 2
    for last, row in enumerate(chain(rows, [{}] * sheet.spare), 2):
        page.append([_cell(page, c, s, row.get(c.name), last)
                     for c, s in zip(sheet.columns, styles, strict=True)])
    for i, column in enumerate(sheet.columns, 1):
        where = f"{get_column_letter(i)}2:{get_column_letter(i)}{last}"
        if rule := _validation(column, ranges.get((sheet.title, column.name))):
            rule.add(where)
            page.data_validations.append(rule)
    whole = f"A2:{get_column_letter(len(sheet.columns))}{last}"
    for mark in sheet.highlights:
        fill = PatternFill(bgColor=mark.colour, fill_type="solid")
        page.conditional_formatting.add(whole, FormulaRule(formula=[mark.formula], fill=fill))


def _header(page, column: Column) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=column.title)
    cell.font = Font(bold=True)
    cell.fill = PatternFill(fgColor="DDE6F0", fill_type="solid")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _style(page, column: Column, is_open: bool) -> WriteOnlyCell:
    """A cell that has a column's style; the others copy it, which is much cheaper than setting it."""
    cell = WriteOnlyCell(page)
    cell.protection = Protection(locked=not is_open or column.kind == "formula")
    cell.alignment = Alignment(wrap_text=column.kind == "text", vertical="top")
    if column.kind == "date":
        cell.number_format = _DATE
    elif column.kind in ("id", "choice", "text"):
        cell.number_format = "@"  # else Excel makes a date of 3-5 and drops the zero of 01
    return cell


def _cell(page, column: Column, style: WriteOnlyCell, value, row: int) -> WriteOnlyCell:
    if column.kind == "formula":
        value = "=" + column.formula.format(row=row)
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str) and column.kind != "formula":
        cell.data_type = "s"  # what people type may begin with an equals sign and is no formula
    cell._style = copy(style._style)
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
        low = -10**9 if column.minimum is None else column.minimum
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
    with zipfile.ZipFile(io.BytesIO(content)) as given, \
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            data = given.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>" + _WHEN, data)
            made.writestr(zipfile.ZipInfo(name, _STAMP), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
