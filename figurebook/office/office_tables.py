"""Define what passes between the steps: one office table, and all of them."""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from figurebook.datapackage.about import About
from figurebook.datapackage.problems import Problem
from figurebook.spreadsheets.reading.grid import Note


@dataclass(frozen=True)
class OfficeTable:
    """One table of an office, its columns recognised and its cells in the schema's notation.

    ``frame`` has the schema's columns in the schema's order, and the rows in the file as its index. Every
    cell is text and an empty one missing (``None``). A cell that cannot be read is left as it is written:
    ``check.cells`` checks it.

    - ``written``: what stood in the cells that were read otherwise
    - ``headers``: the heading over each column in the file
    - ``aside``: the headings that the schema has not
    - ``totals``: the rows at the end that add up the others, read as ``frame`` is.
      They are no rows of the register, and what they say must be its sum.
    - ``units``: the unit of a column's numbers, from its heading or a title above it
    - ``merged``: the first and last rows of a column's ranges that are one cell and
      hold something, in order
    """

    name: str
    path: Path
    sheet: str | None
    frame: pd.DataFrame
    headers: dict[str, str]
    written: Mapping[tuple[int, str], str] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    totals: pd.DataFrame = field(default_factory=pd.DataFrame)
    units: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, list[tuple[int, int]]] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return self.path.name

    def is_merged(self, row: int, column: str) -> bool:
        """Whether a cell lies in a range that was made one cell."""
        ranges = self.merged.get(column, [])
        before = bisect.bisect(ranges, (row, row))
        return any(first <= row <= last for first, last in ranges[max(before - 1, 0) : before + 1])

    def as_written(self, row: int, column: str) -> str:
        """The text of a cell in the file."""
        value = self.frame.at[row, column]
        return self.written.get((row, column), "" if value is None else str(value))

    def problem(
        self,
        rule: str,
        message: str,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> Problem:
        """A problem of this table; the column has the file's name for it."""
        if value is None and row is not None and column is not None and column in self.frame:
            value = self.as_written(row, column)
        return Problem(
            self.file, rule, message, self.sheet, row, column and self.headers.get(column, column), value
        )


@dataclass(frozen=True)
class Intake:
    """All that was read: the tables by name, with notes and problems.

    ``about`` is the office and the date of the tables.
    """

    tables: dict[str, OfficeTable]
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    about: About = field(default_factory=About)
