"""Gather rows of text into columns, within bounds, for a Grid's frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from figurebook.spreadsheets.reading.admission import FileRefusedError

MAX_COLUMNS = 1000  # the widest register has some twenty; Excel has 16,384, a spoilt file a million
MAX_CELLS = 20_000_000  # 1,000,000 rows of twenty columns: some 1.5 GB when every cell differs
MAX_CELL = 32_767  # characters that Excel holds in one cell; more is a fault of quoting


class Columns:
    """Columns that grow by blocks of rows; all cells are text.

    Cells that a row lacks are empty.
    """

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._columns: list[list[str]] = []
        self._strings: list[dict[str, str]] = []

    def add(self, numbers: Sequence[int], rows: Sequence[Sequence[str]], width: int) -> None:
        """Append rows of ``width`` cells each.

        ``numbers`` are their numbers in the file, counted from 1.
        """
        if not rows:
            return
        while len(self._columns) < width:
            self._columns.append([""] * len(self._numbers))
            self._strings.append({})
        if (len(self._numbers) + len(rows)) * len(self._columns) > MAX_CELLS:
            raise FileRefusedError(
                "too-large", f"单元格超过 {MAX_CELLS} 个。请删去用不着的列，或分成几张表。"
            )
        self._numbers += numbers
        blocks = list(zip(*rows, strict=True)) + [("",) * len(rows)] * (len(self._columns) - width)
        for column, strings, cells in zip(self._columns, self._strings, blocks, strict=True):
            # One string for each value of a column that repeats itself, not one for each cell.
            repeats = len(set(cells)) * 2 < len(cells)
            column += [strings.setdefault(c, c) for c in cells] if repeats else cells

    def frame(self) -> pd.DataFrame:
        """All rows, without empty columns at the right; to be asked for once."""
        columns = list(self._columns)
        while columns and not any(columns[-1]):
            columns.pop()
        arrays = {}
        for j, column in enumerate(columns):
            arrays[j] = np.empty(len(column), dtype=object)
            arrays[j][:] = column
            self._columns[j] = columns[j] = []  # not twice in memory
        return pd.DataFrame(arrays, index=pd.Index(self._numbers, dtype="int64"), dtype=object)
