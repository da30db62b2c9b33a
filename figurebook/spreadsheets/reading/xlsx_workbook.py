"""Read a workbook as Grids: each sheet once, values and formulas together.

openpyxl's own reader holds a row, the styles and the shared strings as trees. It gives either the formulas
or their values. What a hostile file can make of that has no bound. So the XML is read here as a stream of
events. openpyxl is asked only what a number format and a serial number mean.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from figurebook.datapackage.problems import Problem
from figurebook.spreadsheets.reading.admission import FileRefusedError, is_invisible, shown
from figurebook.spreadsheets.reading.grid import Grid, Note
from figurebook.spreadsheets.reading.xlsx_archive import BROKEN, DAMAGED, opened_zip, parse, relations
from figurebook.spreadsheets.reading.xlsx_formats import Format, format_of, unescaped
from figurebook.spreadsheets.reading.xlsx_rich_text import Runs
from figurebook.spreadsheets.reading.xlsx_rows import Rows
from figurebook.spreadsheets.reading.xlsx_sheet import Sheet

MAX_STRINGS = 10_000_000  # shared strings: no workbook has more different texts than cells

_ASIDE = {  # parts that are never opened
    r"xl/vbaProject|xl/macrosheets/|xl/vbaData": ("macro", "宏，没有运行"),
    r"xl/externalLinks/externalLink": ("external-link", "指向别的工作簿的链接，没有打开"),
    r"xl/connections|xl/queryTables/": ("connection", "数据连接，没有打开"),
    r"xl/embeddings/|xl/activeX/|xl/ctrlProps/": ("embedded", "嵌入的对象或控件，没有打开"),
    r"xl/comments|xl/threadedComments/": ("comment", "批注，没有读"),
    r"xl/media/|xl/charts/chart": ("picture", "图片或图表，没有读"),
    r"xl/pivotTables/|xl/pivotCache/pivotCacheDefinition": ("pivot", "数据透视表的设置，没有读"),
}


@dataclass
class _Book:
    mac: bool = False
    sheets: list[tuple[str, str, str]] = field(default_factory=list)  # (name, relation, state)
    related: dict[str, tuple[str, str]] = field(default_factory=dict)  # (kind, part) by relation
    strings: list[str] = field(default_factory=list)
    spoilt: dict[int, str] = field(default_factory=dict)  # the faults of some strings, by their number
    formats: list[Format] = field(default_factory=list)


def read_xlsx(
    path: Path, file: BinaryIO, done: Callable[[float], None]
) -> tuple[list[Grid], list[Note], list[Problem]]:
    """The Grids of a workbook's sheets that are not empty.

    FileRefusedError for what is not a workbook. ``done`` is called with the share of the sheets' XML that
    has been read, now and then.
    """
    try:
        with opened_zip(file) as archive:
            return _read(path, archive, done)
    except BROKEN:
        raise FileRefusedError("unreadable", DAMAGED) from None


class Workbook:
    """A workbook whose sheets are read by name, only as far as is asked.

    ``problems`` are sheets whose names are too much alike, or hide something.
    """

    def __init__(self, path: Path, archive: zipfile.ZipFile):
        self._path, self._archive, self._book = path, archive, _book(archive)
        self._parts = {
            name: self._book.related[relation][1]
            for name, relation, _ in self._book.sheets
            if self._book.related.get(relation, ("",))[0] == "worksheet"
        }
        self.problems = _names(path, self._book)

    @property
    def titles(self) -> list[str]:
        """The names of the sheets that have cells, in order.

        A sheet of a chart has none.
        """
        return list(self._parts)

    def rows(self, title: str) -> Rows:
        """The rows of one of these sheets, parsed while they are asked for."""
        book = self._book
        return Rows(
            self._archive, self._parts[title], self._path.name, title, book.strings, book.formats, book.spoilt
        )


@contextmanager
def opened_workbook(path: Path, file: BinaryIO) -> Iterator[Workbook]:
    """The workbook in a file; raises FileRefusedError for what is not a workbook."""
    with ExitStack() as stack:
        try:
            book = Workbook(path, stack.enter_context(opened_zip(file)))
        except BROKEN:
            raise FileRefusedError("unreadable", DAMAGED) from None
        yield book


def _read(
    path: Path, archive: zipfile.ZipFile, done: Callable[[float], None]
) -> tuple[list[Grid], list[Note], list[Problem]]:
    book = _book(archive)
    grids, notes, problems = [], _aside(path, archive), _names(path, book)
    if problems:
        return [], notes, problems
    sizes = {part.filename: part.file_size for part in archive.infolist()}
    whole = sum(sizes.get(part, 0) for _, part in book.related.values())
    before = 0
    for name, relation, state in book.sheets:
        kind, part = book.related.get(relation, ("", ""))
        if kind != "worksheet":
            notes.append(Note(path.name, "not-a-table", "这不是放单元格的工作表，没有读。", name))
            continue
        sheet = Sheet(path.name, name, book.strings, book.formats, book.spoilt)

        def read(at: int, before: int = before) -> None:
            done(min((before + at) / whole, 1))

        try:
            parse(archive, part, sheet.start, sheet.end, sheet.pieces.append, read)
            before += sizes[part]
            frame = sheet.frame()
        except FileRefusedError as refused:
            refused.sheet = name
            raise
        except BROKEN:
            raise FileRefusedError("unreadable", DAMAGED, name) from None
        problems += sheet.faults.problems()
        notes += sheet.notes()
        if not frame.empty:
            grids.append(Grid(path, name, frame, tuple(sheet.merged), state != "visible"))
            if grids[-1].hidden and not grids[-1].is_choices:
                notes.append(Note(path.name, "hidden-sheet", "这个工作表是隐藏的，也读了。", name))
    if not grids and not problems:
        raise FileRefusedError("unreadable", "工作簿里没有内容，第一行应是列名。请重新导出这张表。")
    return grids, notes, problems


def _book(archive: zipfile.ZipFile) -> _Book:
    main = next((part for kind, part in relations(archive, "").values() if kind == "officeDocument"), None)
    if main is None:
        raise FileRefusedError("unreadable", f"里面没有工作簿。{DAMAGED}")
    book = _Book(related=relations(archive, main))
    kinds = dict(book.related.values())

    def start(tag: str, attributes: dict) -> None:
        if tag == "workbookPr":
            book.mac = attributes.get("date1904", "0") in {"1", "true"}
        elif tag == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(" id")), "")
            book.sheets.append((attributes["name"], relation, attributes.get("state", "visible")))

    parse(archive, main, start)
    if not book.sheets:
        raise FileRefusedError("unreadable", f"里面没有工作表。{DAMAGED}")
    if "sharedStrings" in kinds:
        book.strings, book.spoilt = _strings(archive, kinds["sharedStrings"])
    if "styles" in kinds:
        book.formats = _formats(archive, kinds["styles"], book.mac)
    return book


def _strings(archive: zipfile.ZipFile, part: str) -> tuple[list[str], dict[int, str]]:
    """The texts that cells point at, and the faults of some of them.

    Such a text has runs that do not belong together.
    """
    strings: list[str] = []
    spoilt: dict[int, str] = {}
    pieces: list[str] = []
    runs = Runs()

    def start(tag: str, attributes: dict) -> None:
        pieces.clear()
        if tag == "si":
            runs.begin()
            if len(strings) >= MAX_STRINGS:
                raise FileRefusedError("too-large", f"不同的文字超过 {MAX_STRINGS} 个。请只留要用的表另存。")
        elif tag != "t":
            runs.start(tag, attributes)

    def end(tag: str) -> None:
        if tag == "si":
            if runs.fault:
                spoilt[len(strings)] = runs.fault
            strings.append(unescaped(runs.text))
        else:
            runs.end(tag, pieces)

    parse(archive, part, start, end, pieces.append)
    return strings, spoilt


def _formats(archive: zipfile.ZipFile, part: str, mac: bool) -> list[Format]:
    own: dict[int, str] = {}
    numbers: list[int] = []
    within = False

    def start(tag: str, attributes: dict) -> None:
        nonlocal within
        if tag == "numFmt":
            own[int(attributes["numFmtId"])] = attributes.get("formatCode", "General")
        elif tag == "cellXfs":
            within = True
        elif tag == "xf" and within:
            numbers.append(int(attributes.get("numFmtId", 0)))

    def end(tag: str) -> None:
        nonlocal within
        within = within and tag != "cellXfs"

    parse(archive, part, start, end)
    formats = {number: Format(format_of(number, own), mac) for number in set(numbers)}
    return [formats[number] for number in numbers]


def _names(path: Path, book: _Book) -> list[Problem]:
    """Report sheets whose names are too much alike, or hide something."""
    problems = []
    seen: dict[str, str] = {}
    for name, _, _ in book.sheets:
        if any(map(is_invisible, name)):
            problems.append(
                Problem(
                    path.name, "name", "工作表名里有看不见的字符（写成 \\u 加编号），请改名。", shown(name)
                )
            )
            continue
        folded = unicodedata.normalize("NFKC", name).casefold().strip()
        if folded in seen:
            message = f"与工作表“{seen[folded]}”只差大小写、全角半角或空格，请改名。"
            problems.append(Problem(path.name, "duplicate-sheet", message, name))
        seen[folded] = name
    return problems


def _aside(path: Path, archive: zipfile.ZipFile) -> list[Note]:
    notes = []
    for pattern, (kind, words) in _ASIDE.items():
        parts = [name for name in archive.namelist() if re.match(pattern, name)]
        if parts:
            notes.append(Note(path.name, kind, f"工作簿里有{words}。", count=len(parts)))
    return notes
