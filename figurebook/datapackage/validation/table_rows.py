"""Hold a table's rows as text and mark the cells that are at fault.

One cell is one fault.
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def filled(cells: pd.Series) -> list[str]:
    """The texts of a column, with a missing one as ``""``."""
    return ["" if cell is None or cell is pd.NA else cell for cell in cells.tolist()]


def records(frame: pd.DataFrame) -> list[dict[str, str]]:
    """The rows of a table by column, a missing cell as ``""``."""
    return [
        dict(zip(frame, row, strict=True))
        for row in zip(*(filled(frame[column]) for column in frame), strict=True)
    ]


class TableRows:
    """The rows of a table under check, by position (0, 1, …).

    ``frame`` has the schema's columns, every cell text and an empty one missing (``None``). Its index gives
    the rows in the file. ``bad[column]`` marks the cells at fault. ``numbers`` has the integer columns that
    have been checked, as int64, with 0 where there is none.
    """

    def __init__(self, frame: pd.DataFrame, schema: dict):
        self.schema = schema
        self.fields: list[dict] = schema["fields"]
        self.key: list[str] = list(schema.get("primaryKey", []))
        self.numbers: dict[str, np.ndarray] = {}
        self.take(frame)

    def take(self, frame: pd.DataFrame) -> None:
        """Take the rows of ``frame`` under check; none of its cells is at fault yet."""
        self.frame = frame
        self._codes: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self.bad = {f["name"]: np.zeros(len(frame), dtype=bool) for f in self.fields}

    def factorized(self, column: str) -> tuple[np.ndarray, np.ndarray]:
        """(codes, texts): each cell's text is ``texts[code]``, an empty cell's code -1."""
        if column not in self._codes:
            self._codes[column] = _factorized(self.frame[column].tolist())
        return self._codes[column]

    def empty(self, column: str) -> np.ndarray:
        return self.factorized(column)[0] == -1

    def sound(self, column: str) -> np.ndarray:
        """Cells that are filled and not at fault."""
        return ~(self.empty(column) | self.bad[column])

    def mark(self, mask: np.ndarray, *columns: str) -> np.ndarray:
        """Mark the cells of ``columns`` in the rows of ``mask``; give their positions."""
        for column in columns:
            self.bad[column] |= mask
        return np.flatnonzero(mask)


def _factorized(cells: list[str | None]) -> tuple[np.ndarray, np.ndarray]:
    """The same as ``pandas.factorize``, but quicker for a short column.

    Pandas takes longer for it than reading it did.
    """
    places = dict.fromkeys(cells)
    places.pop(None, None)
    texts = np.empty(len(places), dtype=object)
    texts[:] = list(places)
    numbers: dict[str | None, int] = {text: i for i, text in enumerate(places)} | {None: -1}
    return np.fromiter(map(numbers.__getitem__, cells), dtype=np.intp, count=len(cells)), texts
