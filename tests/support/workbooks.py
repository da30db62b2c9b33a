"""Make workbooks as bytes, sound ones and ones that were tampered with."""

from __future__ import annotations

import functools
import io
import zipfile
from collections.abc import Callable, Iterable

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def workbook(
    *sheets: Iterable[Iterable],
    names: Iterable[str] = (),
    change: Callable[[openpyxl.Workbook], None] | None = None,
) -> bytes:
    """A workbook of these rows, one sheet each; ``change`` may change it before saving."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    titles = list(names) or [f"表{i}" for i in range(1, len(sheets) + 1)]
    for title, rows in zip(titles, sheets, strict=True):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@functools.cache
def plain() -> bytes:
    """A workbook with two columns and one row."""
    return workbook([["编号", "人口"], ["H1", 3]])


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def tampered(change: dict[str, bytes | None], data: bytes | None = None) -> bytes:
    """A workbook with some parts replaced, added, or (None) left out."""
    members = {**parts(data or plain()), **change}
    return packed({name: content for name, content in members.items() if content is not None})


def sheet_xml(cells: str, before: str = "", after: str = "") -> bytes:
    """A sheet with rows given as XML."""
    return (f'<worksheet xmlns="{MAIN}">{before}<sheetData>{cells}</sheetData>{after}</worksheet>').encode()


def sheet(cells: str, before: str = "", after: str = "") -> bytes:
    """A workbook whose only sheet has these rows, given as XML."""
    return tampered({SHEET: sheet_xml(cells, before, after)})


def cell(xml: str) -> bytes:
    """A workbook with a heading in A1 and this cell, written ``<c r="A2"…>``, below it."""
    return sheet(f'<row r="1"><c r="A1" t="inlineStr"><is><t>编号</t></is></c></row><row r="2">{xml}</row>')


def shared(strings: str, cells: str, head: str = "") -> bytes:
    """A workbook as Excel writes it, cells pointing at shared strings; both given as XML."""
    links = parts(plain())["xl/_rels/workbook.xml.rels"].decode()
    link = '<Relationship Id="strings" Type="x/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    return tampered(
        {
            SHEET: sheet_xml(cells),
            "xl/sharedStrings.xml": f'{head}<sst xmlns="{MAIN}">{strings}</sst>'.encode(),
            "xl/_rels/workbook.xml.rels": links.replace(
                "</Relationships>", f"{link}</Relationships>"
            ).encode(),
        }
    )
