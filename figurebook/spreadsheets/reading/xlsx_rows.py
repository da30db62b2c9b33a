"""Give the rows of a sheet one by one, each cell with its kind.

It is for a sheet whose columns are known. A Grid knows text alone, and of a formula its last result. Where
people fill in what we prepared, a date in a column of names is a fault. A formula in place of a value is a
fault too, and one fault must not hide the sheet's others.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from figurebook.spreadsheets.reading.admission import FileRefusedError
from figurebook.spreadsheets.reading.xlsx_archive import BROKEN, DAMAGED, parsing
from figurebook.spreadsheets.reading.xlsx_formats import Format
from figurebook.spreadsheets.reading.xlsx_sheet import MAX_MERGED, REFERENCE, Sheet


class CellFault(NamedTuple):
    """The reason why a cell cannot be used.

    It has the rule, what to do, and the value that may be shown.
    """

    rule: str
    message: str
    value: str | None


class Cell(NamedTuple):
    """A cell that is not empty.

    ``text`` is as in a Grid, but a formula as it is written. ``kind`` is what the file stores: text, number,
    date (also a time), boolean or formula. With a ``fault`` the text is not what the cell says.
    """

    text: str
    kind: str
    fault: CellFault | None = None


class Rows(Sheet):
    """Give ``(number, cells)`` of each row that has any cell.

    An empty cell in between is None. Rows come while the sheet is parsed, so that a caller who has seen
    enough reads no further. After the last one ``ranges`` are the merged cells: first and last row from 1,
    first and last column from 0, and as written. Raises FileRefusedError, with the sheet's name, for what is
    damaged or too large.
    """

    def __init__(
        self,
        archive: zipfile.ZipFile,
        part: str,
        file: str,
        name: str,
        strings: list[str],
        formats: list[Format],
        spoilt: Mapping[int, str],
    ):
        super().__init__(file, name, strings, formats, spoilt)
        self.ranges: list[tuple[int, int, int, int, str]] = []
        self._archive, self._part = archive, part
        self._waiting: list[tuple[int, list[Cell | None]]] = []
        self._row_cells: list[Cell | None] = []
        self._fault: CellFault | None = None

    def __iter__(self) -> Iterator[tuple[int, list[Cell | None]]]:
        try:
            for _ in parsing(self._archive, self._part, self.start, self.end, self.pieces.append):
                ready, self._waiting = self._waiting, []
                yield from ready
        except FileRefusedError as refused:
            refused.sheet = self.name
            raise
        except BROKEN:
            raise FileRefusedError("unreadable", DAMAGED, self.name) from None

    def _begin_row(self, attributes: dict[str, str]) -> None:
        super()._begin_row(attributes)
        self._row_cells = []

    def _end_row(self) -> None:
        if self._row_cells:
            self._waiting.append((self._row, self._row_cells))
        self._row_cells = []

    def _end_cell(self) -> None:
        super()._end_cell()
        self._fault = None

    def _text(self) -> str:
        return super()._text() if self._formula is None else self._formula

    def _refuse(self, rule: str, message: str, value: str | None) -> None:
        self._fault = CellFault(rule, message, value)

    def _keep(self, text: str) -> None:
        self._row_cells += [None] * (self._column - 1 - len(self._row_cells))
        self._row_cells.append(Cell(text, self._kind(), self._fault))

    def _kind(self) -> str:
        kind = self._cell.get("t", "n")
        if self._formula is not None:
            return "formula"
        if kind == "n":
            return "date" if self._format().is_moment else "number"
        return {"b": "boolean", "d": "date"}.get(kind, "text")

    def _merged(self, reference: str) -> None:
        if len(self.ranges) == MAX_MERGED:
            raise FileRefusedError("too-large", f"合并的单元格超过 {MAX_MERGED} 处。请取消合并。")
        start, end = map(REFERENCE.fullmatch, reference.partition(":")[::2])
        if start and end:
            first, last = self._index(start[1]) - 1, self._index(end[1]) - 1
            self.ranges.append((int(start[2]), int(end[2]), first, last, reference))
