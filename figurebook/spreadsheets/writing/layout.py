"""Describe a system's workbook: sheets with typed columns, one description for both ways.

``writer.write`` makes the file from it and ``filled_sheets.read`` reads the file back by it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

KINDS = ("text", "id", "integer", "date", "choice", "formula")


@dataclass(frozen=True)
class Column:
    """One column. ``name`` is the key of a row, ``title`` the header people see.

    ``id`` is a text that others refer to: full-width letters and digits are made half-width. A
    ``formula`` is written with ``{row}`` filled in, is protected, and is never read. ``note`` is shown
    when a cell is entered.
    """

    name: str
    title: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    formula: str = ""
    minimum: int | None = None
    maximum: int | None = None
    width: int = 14
    note: str = ""


@dataclass(frozen=True)
class Highlight:
    """A colour for the cells of a row while ``formula`` is true.

    The formula is written for the first row below the header.
    """

    formula: str
    colour: str = "F8CBAD"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its first row is the header. ``spare`` empty rows are prepared for typing.

    A sheet that is not ``open`` is protected throughout and is not read back: a command reports in it. It
    may have a ``heading``, a line above the header that says what the reader must know before any row.
    """

    title: str
    columns: tuple[Column, ...]
    spare: int = 0
    highlights: tuple[Highlight, ...] = ()
    open: bool = True
    heading: str = ""

    @property
    def first(self) -> int:
        """The number of the first row below the header."""
        return 3 if self.heading else 2


@dataclass(frozen=True)
class Row:
    """A row that was read: ``values`` by column name (text, int, ``datetime.date`` or None)."""

    file: str
    sheet: Sheet = field(repr=False)
    number: int
    values: dict

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def letter(sheet: Sheet, name: str) -> str:
    """The letter of a column, for formulas: A, B … Z, AA."""
    from openpyxl.utils import get_column_letter

    return get_column_letter([c.name for c in sheet.columns].index(name) + 1)
