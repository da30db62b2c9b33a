"""Read the cells of one sheet from the events of its XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from figurebook.spreadsheets.reading.admission import FileRefusedError
from figurebook.spreadsheets.reading.columns import MAX_CELL, MAX_COLUMNS, Columns
from figurebook.spreadsheets.reading.faults import ProblemCollector
from figurebook.spreadsheets.reading.grid import SHOWN, Note
from figurebook.spreadsheets.reading.xlsx_archive import DAMAGED
from figurebook.spreadsheets.reading.xlsx_formats import (
    CellError,
    DigitsLostError,
    Format,
    iso_date,
    unescaped,
)
from figurebook.spreadsheets.reading.xlsx_rich_text import Runs

_EXCEL_ROWS, _EXCEL_COLUMNS = 1_048_576, 16_384
MAX_MERGED = 10_000  # ranges that are kept; the rest are only counted
_BLOCK = 5_000  # rows taken over at a time
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.A)
_WORDS = {
    "formula": "公式没有计算，读的是上次保存时的结果。",
    "number-format": "数字格式使这些格看起来与所存的数不同（如百分数、以万为单位）：读的是所存的数。",
    "hidden": "隐藏的行或列也读了。",
    "merged": "合并的单元格只有左上角有值，其余读作空。",
}


@dataclass
class _Noted:
    count: int
    examples: list[tuple[int, str, str]]


class Sheet:
    """Take the events of one sheet; ``frame`` then has its cells.

    ``faults`` and ``notes`` have the rest. The size that a sheet says it has is not looked at: only the
    cells that are there count.
    """

    def __init__(
        self, file: str, name: str, strings: list[str], formats: list[Format], spoilt: Mapping[int, str]
    ):
        self.faults = ProblemCollector(file, name)
        self.merged: list[tuple[int, int, int, int]] = []  # rows from 1, columns from 0, both ends
        self.pieces: list[str] = []  # text since the last element began
        self._file, self.name, self._strings, self._formats = file, name, strings, formats
        self._spoilt = spoilt  # the faults of some strings, by their number
        self._noted: dict[str, _Noted] = {}
        self._columns = Columns()
        self._numbers: list[int] = []
        self._block: list[list[str]] = []
        self._inside = False
        self._row = self._column = 0
        self._cells: list[str] = []
        self._indices: dict[str, int] = {}
        self._cell: dict[str, str] = {}
        self._value: str | None = None
        self._formula: str | None = None
        self._runs = Runs()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        self.pieces.clear()
        if tag == "sheetData":
            self._inside = True
        elif tag == "mergeCell":
            self._merged(attributes.get("ref", ""))
        elif tag == "col" and attributes.get("hidden") in {"1", "true"}:
            self._note("hidden", 0, f"第 {attributes.get('min')} 至 {attributes.get('max')} 列")
        elif not self._inside:
            return
        elif tag == "c":
            self._cell, self._value, self._formula = attributes, None, None
            self._place(attributes.get("r"))
        elif tag == "row":
            self._begin_row(attributes)
        elif tag == "is":
            self._runs.begin()
        elif tag != "v":
            self._runs.start(tag, attributes)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if not self._inside:
            return
        if tag == "v":
            self._value = "".join(self.pieces)
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            self._end_row()
        elif tag == "f":
            self._formula = "=" + "".join(self.pieces)
        elif tag == "is":
            self._value = self._runs.text
            self._run_together(self._runs.fault, unescaped(self._value))
        elif tag == "sheetData":
            self._inside = False
        else:
            self._runs.end(tag, self.pieces)
        self.pieces.clear()

    def frame(self) -> pd.DataFrame:
        """All cells, once the sheet has ended."""
        self._flush()
        return self._columns.frame()

    def notes(self) -> list[Note]:
        """Notes on what was read otherwise than it looks, one for each kind."""
        return [
            Note(self._file, kind, _WORDS[kind], self.name, count=noted.count, examples=tuple(noted.examples))
            for kind, noted in self._noted.items()
        ]

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self._row + 1))
        if not self._row < number <= _EXCEL_ROWS:
            raise FileRefusedError("unreadable", f"行的次序乱了。{DAMAGED}", row=number)
        self._row, self._column, self._cells = number, 0, []
        if attributes.get("hidden") in {"1", "true"}:
            self._note("hidden", number, f"第 {number} 行")

    def _end_row(self) -> None:
        if "".join(self._cells).strip():
            self._numbers.append(self._row)
            self._block.append(self._cells)
            if len(self._block) == _BLOCK:
                self._flush()
        self._cells = []

    def _flush(self) -> None:
        width = max(map(len, self._block), default=0)
        for cells in self._block:
            cells += [""] * (width - len(cells))
        self._columns.add(self._numbers, self._block, width)
        self._numbers, self._block = [], []

    def _place(self, reference: str | None) -> None:
        column = self._column + 1
        if reference is not None:
            column = self._index(reference.rstrip("0123456789"))
            if not reference.endswith(str(self._row)):
                column = 0
        if not self._column < column <= _EXCEL_COLUMNS:
            raise FileRefusedError("unreadable", f"单元格的次序乱了。{DAMAGED}", row=self._row)
        self._column = column

    def _index(self, letters: str) -> int:
        if letters not in self._indices:
            number = 0
            for letter in letters if re.fullmatch("[A-Z]{1,3}", letters) else "":
                number = number * 26 + ord(letter) - 64
            self._indices[letters] = number
        return self._indices[letters]

    def _end_cell(self) -> None:
        try:
            text = self._text()
        except CellError as error:
            text = self._value or ""
            # A number too long for Excel may be an identity number: its place is reported, not its digits.
            value = None if isinstance(error, DigitsLostError) else text or None
            self._refuse("type", str(error), value)
        if self._formula is not None:
            self._note("formula", self._row, self._here)  # formula and result may hold somebody's name
        if not text:
            return
        if self._column > MAX_COLUMNS:
            raise FileRefusedError(
                "too-large",
                f"右边很远的地方也有内容：至多读 {MAX_COLUMNS} 列。请删去它，只留要用的列。",
                row=self._row,
                column=letters(self._column),
            )
        if len(text) > MAX_CELL:
            self._refuse("row-shape", f"这一格超过 {MAX_CELL} 个字符（Excel 至多这么多）。请改短。", text)
        self._keep(text)

    def _refuse(self, rule: str, message: str, value: str | None) -> None:
        """Report what is wrong with this cell."""
        self.faults.add(rule, message, self._row, letters(self._column), value)

    def _keep(self, text: str) -> None:
        """Take this cell over."""
        self._cells += [""] * (self._column - 1 - len(self._cells))
        self._cells.append(text)

    def _text(self) -> str:
        kind, value = self._cell.get("t", "n"), self._value
        if kind == "inlineStr" or (kind == "str" and value is not None):
            return unescaped(value or "")
        if not value:
            if self._formula is not None:
                raise CellError("公式没有存下结果。请用 Excel 或 WPS 打开、保存一次；或改成值。")
            return ""
        if kind == "s":
            if not value.isdecimal() or int(value) >= len(self._strings):
                raise FileRefusedError("unreadable", f"单元格指向没有的文字。{DAMAGED}", row=self._row)
            text = self._strings[int(value)]
            self._run_together(self._spoilt.get(int(value)), text)
            return text
        if kind == "b":
            return "true" if value.strip() in {"1", "true"} else "false"
        if kind == "e":
            raise CellError("这是公式出错的结果，请改成值。")
        if kind == "d":
            return iso_date(value)
        return self._number(value)

    def _run_together(self, fault: str | None, text: str) -> None:
        if fault:
            self._refuse("type", fault, text)

    def _format(self) -> Format:
        style = int(self._cell.get("s", 0))
        return self._formats[style] if 0 <= style < len(self._formats) else _GENERAL

    def _number(self, value: str) -> str:
        form = self._format()
        text = form.text(value)
        if form.looks_otherwise:
            self._note("number-format", self._row, f"{self._here}（格式 {form.code}）")
        return text

    def _merged(self, reference: str) -> None:
        start, end = map(REFERENCE.fullmatch, reference.partition(":")[::2])
        if start and end and start[2] != end[2]:
            self._note("merged", int(start[2]), reference)
            if len(self.merged) < MAX_MERGED:
                first, last = self._index(start[1]) - 1, self._index(end[1]) - 1
                self.merged.append((int(start[2]), int(end[2]), first, last))

    @property
    def _here(self) -> str:
        return f"{letters(self._column)}{self._row}"

    def _note(self, kind: str, row: int, place: str) -> None:
        """Count what is read otherwise.

        Places are kept and no content: nobody knows yet whose it is.
        """
        noted = self._noted.setdefault(kind, _Noted(0, []))
        noted.count += 1
        if len(noted.examples) < SHOWN:
            noted.examples.append((row, place, ""))


_GENERAL = Format("General", mac=False)


def letters(column: int) -> str:
    """The name of a column in a spreadsheet: 1 is ``A``, 27 is ``AA``."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
