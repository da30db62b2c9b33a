"""Read a CSV file as a Grid.

Its encoding is found, and its rows are counted as a spreadsheet shows them.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from figurebook.datapackage.problems import Problem
from figurebook.spreadsheets.reading.admission import SAVE_AS, FileRefusedError, seems
from figurebook.spreadsheets.reading.columns import MAX_CELL, MAX_COLUMNS, Columns
from figurebook.spreadsheets.reading.faults import ProblemCollector
from figurebook.spreadsheets.reading.grid import SHOWN, Grid, Note

MAX_RECORD = 1 << 20  # characters of one row: a row that goes on and on lacks a quote or a line end
_CHUNK = 1 << 20
_BLOCK = 200_000  # cells taken over at a time
_SAMPLE = 1000  # rows that decide how many cells a row has
_SURELY_UTF8 = 12  # so many Chinese characters never are valid UTF-8 by chance (about 1 in 10^9)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_KEPT = re.compile(r'="([^"]*)"\Z')
# Han and its punctuation, full-width forms, dashes, quotes and marks; of Latin-1 what people calculate with.
# It is no pattern: to compile one of characters beyond the BMP takes longer than to read a table.
_OURS = (
    ("\u2000", "\u2bff"),
    ("\u2e80", "\ua4cf"),
    ("\uf900", "\ufaff"),
    ("\ufe30", "\ufe4f"),
    ("\ufeff", "\uffef"),
    ("\U00020000", "\U0003ffff"),
    ("\xb0", "\xb1"),
    ("\xd7", "\xd7"),
    ("\xf7", "\xf7"),
)
_DELIMITERS = {"\t": "制表符", ";": "分号", "|": "竖线", "\uff0c": "中文逗号"}


def read_csv(
    path: Path, file: BinaryIO, done: Callable[[float], None]
) -> tuple[list[Grid], list[Note], list[Problem]]:
    """The one Grid of a CSV file.

    Raises FileRefusedError for what cannot be read as one. ``done`` is called with the share that has been
    read, now and then.
    """
    encoding, notes = _encoding(path, file)
    size = file.seek(0, io.SEEK_END)
    rows = _Rows(io.TextIOWrapper(file, encoding, newline=""))
    try:
        grids, more, problems = _read(path, rows, lambda: done(file.tell() / size))
        return grids, [*notes, *more], problems
    finally:
        rows.text.detach()  # the file stays its opener's


def _encoding(path: Path, file: BinaryIO) -> tuple[str, list[Note]]:
    """Decide on ``utf-8`` or ``gb18030``, on all bytes of the file.

    There is a note where both were possible.
    """
    file.seek(0)
    head = file.read(_CHUNK)
    if head.startswith(_UTF16):
        raise FileRefusedError(
            "encoding", "文件是 UTF-16 编码。请另存为 UTF-8 或 GB18030 的 CSV（Excel 里选“CSV UTF-8”）。"
        )
    kind = seems(head)
    if kind:
        raise FileRefusedError(
            "unreadable", f"扩展名是 .csv，内容却像{kind}。请从原来的系统里导出 CSV 或 XLSX。"
        )
    foreign: set[str] = set()
    row = _undecodable(file, "utf-8", foreign)
    if row is None:
        if not foreign or head.startswith(codecs.BOM_UTF8) or any(map(_is_ours, foreign)):
            return "utf-8", []
        if _undecodable(file, "gb2312") is None:  # 路 in GB 2312 is \xb7 in UTF-8, 茅 is \xe9
            return "gb18030", [
                Note(
                    path.name,
                    "encoding",
                    "文件既可以是 UTF-8 也可以是 GB18030；按 UTF-8 读"
                    "没有一个汉字，所以按 GB18030 读。请核对读到的文字。",
                )
            ]
        return "utf-8", []
    if head.startswith(codecs.BOM_UTF8) or _characters_before(file, row[1]) >= _SURELY_UTF8:
        raise FileRefusedError(
            "encoding", "文件是 UTF-8 编码，这一行里却有坏掉的字节。请重新导出这张表。", row=row[0]
        )
    row = _undecodable(file, "gb18030")
    if row is not None:
        raise FileRefusedError("encoding", "既不是 UTF-8 也不是 GB18030，请另存为其中之一。", row=row[0])
    return "gb18030", []


def _is_ours(character: str) -> bool:
    return any(first <= character <= last for first, last in _OURS)


def _undecodable(file: BinaryIO, encoding: str, foreign: set[str] | None = None) -> tuple[int, int] | None:
    """The place of the first byte that ``encoding`` does not allow, or None.

    It is line (from 1) and offset in bytes. ``foreign`` gets the characters outside ASCII, of each chunk,
    until one is found that a table in Chinese would hold.
    """
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    line, done = 1, 0
    while True:
        block = file.read(_CHUNK)
        if b"\0" in block:
            raise FileRefusedError(
                "unreadable",
                "文件里有 NUL 字节，不是文字的 CSV（也可能是 UTF-16）。请另存为 UTF-8 的 CSV 或 XLSX。",
                row=line + block[: block.index(b"\0")].count(b"\n"),
            )
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            start = max(error.start - pending, 0)
            return line + block[:start].count(b"\n"), done + start
        if foreign is not None and not any(map(_is_ours, foreign)):
            foreign.update(c for c in set(text) if not c.isascii())
        if not block:
            return None
        line, done = line + block.count(b"\n"), done + len(block)


def _characters_before(file: BinaryIO, offset: int) -> int:
    """Count the characters outside ASCII, as UTF-8, before ``offset``.

    It counts up to a chunk.
    """
    file.seek(0)
    text = file.read(min(offset, _CHUNK)).decode("utf-8", errors="ignore")
    return sum(not c.isascii() for c in text)


class _Rows:
    """The records of a CSV text.

    ``number`` is the number of the last one, as a spreadsheet counts.
    """

    def __init__(self, text: io.TextIOWrapper):
        self.text = text
        text.seek(0)
        self.number = 0
        self._pending = 0

    def __iter__(self) -> Iterator[list[str]]:
        reader = csv.reader(self._lines(), strict=True)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                # The module's words name neither the row nor what a clerk can do about it.
                raise FileRefusedError(
                    "row-shape",
                    "从这一行起引号没有成对。"
                    '请在这一行里找多出或缺少的英文双引号（"），'
                    f"改好再来；或{SAVE_AS}",
                    row=self.number + 1,
                ) from None
            self.number += 1
            self._pending = 0
            if len(row) > MAX_COLUMNS:
                raise FileRefusedError(
                    "too-large",
                    f"这一行有 {len(row)} 个单元格，至多 {MAX_COLUMNS} 列。请只留要用的列。",
                    row=self.number,
                )
            yield row

    def _lines(self) -> Iterator[str]:
        first = True
        while line := self.text.readline(MAX_RECORD):
            self._pending += len(line)
            if self._pending > MAX_RECORD or len(line) == MAX_RECORD:
                raise FileRefusedError(
                    "too-large",
                    f"这一行超过 {MAX_RECORD} 个字符：换行或引号可能丢了。请核对这一行。",
                    row=self.number + 1,
                )
            yield line.removeprefix("\ufeff") if first else line
            first = False


def _read(path: Path, rows: _Rows, taken: Callable[[], None]) -> tuple[list[Grid], list[Note], list[Problem]]:
    columns = Columns()
    shape = _Shape(path.name)
    kept: list[int] = []  # rows in which Excel's way of keeping text was undone
    width = None
    numbers: list[int] = []
    block: list[list[str]] = []
    for row in chain(rows, [None]):  # None: the end
        if row is not None and (text := "".join(row)).strip():
            if '="' in text and any(cell.startswith('="') for cell in row):
                plain = [_KEPT.sub(r"\1", cell) for cell in row]
                kept += [rows.number] * (plain != row)
                row = plain
            numbers.append(rows.number)
            block.append(row)
        if row is None or len(block) * len(row) >= _BLOCK or (width is None and len(block) == _SAMPLE):
            width = width or _width(block)
            shape.begin(block, width)
            _check_cells(block, numbers)
            if set(map(len, block)) - {width}:
                block = [shape.mended(n, r, width) for n, r in zip(numbers, block, strict=True)]
            columns.add(numbers, block, width)
            numbers, block = [], []
            shape.titles = False
            taken()
    frame = columns.frame()
    if frame.empty:
        raise FileRefusedError("unreadable", "文件里没有内容，第一行应是列名。请重新导出这张表。")
    notes = (
        [
            Note(
                path.name,
                "kept-text",
                '用 ="…" 写的格（Excel 保住文字的办法）按引号里的文字读。',
                count=len(kept),
                examples=tuple((row, "", "") for row in kept[:SHOWN]),
            )
        ]
        if kept
        else []
    )
    return [Grid(path, None, frame)], notes, shape.faults.problems()


def _width(sample: list[list[str]]) -> int:
    """The number of cells that most rows have.

    Raises FileRefusedError when the cells are divided by something else.
    """
    widths = Counter(map(len, sample))
    # Of widths equally frequent the first counts, but a title of one cell may stand above a table.
    width = max(widths, key=lambda w: (widths[w], w > 1), default=0)
    for delimiter, name in _DELIMITERS.items():
        if width > 1 and (delimiter != "\t" or len(widths) <= 2):
            continue  # the commas divide it well enough
        counts = Counter(sum(cell.count(delimiter) for cell in row) for row in sample)
        usual, often = counts.most_common(1)[0] if counts else (0, 0)
        if usual and often * 2 > len(sample):
            raise FileRefusedError(
                "row-shape", f"各列像是用{name}分开的。CSV 要用英文逗号分开，{SAVE_AS}", row=1
            )
    return width


def _check_cells(rows: list[list[str]], numbers: list[int]) -> None:
    if max(map(len, chain.from_iterable(rows)), default=0) > MAX_CELL:
        row = next(n for n, r in zip(numbers, rows, strict=True) if max(map(len, r)) > MAX_CELL)
        raise FileRefusedError(
            "row-shape",
            f"这一行里有超过 {MAX_CELL} 个字符的单元格（Excel 至多这么多）：引号可能没有成对。请核对这一行。",
            row=row,
        )


class _Shape:
    """Bring rows to the width of the table; report too many or too few cells."""

    def __init__(self, file: str):
        self.faults = ProblemCollector(file)
        self.titles = True  # whether the table has not begun yet
        self._needed: int | None = None  # cells up to the last heading

    def begin(self, rows: list[list[str]], width: int) -> None:
        """Learn from the first rows which cells a row may lack.

        These are the cells behind the last heading.
        """
        if self._needed is None:
            headings = next(
                (r for r in rows if len(r) == width and 2 * sum(map(bool, r)) >= width > 1), ["x"] * width
            )
            self._needed = max((i for i, cell in enumerate(headings, 1) if cell.strip()), default=0)

    def mended(self, number: int, row: list[str], width: int) -> list[str]:
        """A row of ``width`` cells.

        It is reported unless only empty cells were left out.
        """
        title = self.titles and sum(map(bool, row)) == 1
        self.titles = self.titles and len(row) != width
        if (len(row) < (self._needed or 0) and not title) or any(row[width:]):
            self.faults.add(
                "row-shape",
                f"这一行有 {len(row)} 个单元格，别的行有 {width} 个："
                f"可能多了或少了逗号，或有逗号的内容没有加引号。请改这一行；或{SAVE_AS}",
                number,
            )
        return (row + [""] * (width - len(row)))[:width]
