"""Hold a file or sheet as text, with notes on how it was read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

SHOWN = 20  # examples kept of each kind of note
_CHOICES = "选项"  # the hidden sheet of a template with the choices of its drop-downs


@dataclass(frozen=True)
class Note:
    """Something read otherwise than it is written, or left aside.

    It is reported, and is no reason to refuse. ``examples`` are (row, as written, as read), at most SHOWN of
    the ``count`` there were.
    """

    file: str
    kind: str
    message: str
    sheet: str | None = None
    column: str | None = None
    count: int = 1
    examples: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True)
class Grid:
    """The cells of a CSV file or of one sheet, as text, nothing interpreted.

    ``frame`` has columns 0, 1, … and as its index the row numbers that a spreadsheet shows (from 1, empty
    rows left out). An empty cell is ``""``. ``merged`` are the ranges of several rows that are one cell:
    first and last row, first and last column. ``hidden`` is a sheet that nobody sees on opening.
    """

    path: Path
    sheet: str | None
    frame: pd.DataFrame
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False

    @property
    def file(self) -> str:
        return self.path.name

    @property
    def is_choices(self) -> bool:
        """Whether this is the sheet of choices of our template.

        It holds no rows of any table.
        """
        return self.hidden and self.sheet == _CHOICES
