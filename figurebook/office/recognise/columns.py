"""Read a column's cells into the schema's notation, each different cell once.

A column that is in that notation already is recognised by one search over all of it. In any other, every
distinct text is read once (``figurebook.office.recognise.cell_values``). Its reading is then spread over the
rows.
"""

from __future__ import annotations

import re
from collections.abc import ItemsView, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from figurebook.office.recognise.cell_values import reader

# What a column in the schema's notation does not contain, over all of its cells, each between line ends.
# The patterns are searched one by one. A pattern that begins with a certain character is found several times
# as fast as a choice.
_UNREAD = {
    "integer": (r"[^0-9\n]", r"\n0[0-9]"),
    "number": (r"[^0-9\n.]", r"\n0[0-9]", r"\n\.", r"\.\n", r"\.[0-9]*\."),
    "date": (r"[^0-9\n-]", r"\n(?![0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])\n|\Z)"),
    "string": (r"[^!-~\u4e00-\u9fff\n]", r"\n(?:-|--|/|\u65e0|\u7a7a|N/A|n/a)\n", r"\.0+\n"),
}


@dataclass(frozen=True)
class Column:
    """A column as read: ``values``, and where they differ from what is written.

    ``changed`` marks the cells that differ; ``kinds`` marks them by kind of difference.
    """

    values: np.ndarray
    changed: np.ndarray
    kinds: dict[str, np.ndarray]


class WrittenCells(Mapping):
    """``OfficeTable.written``, held by column.

    Each column is a series of what stood in the cells that were read otherwise. A million rows given in yuan
    would make two million entries of a dict; this holds references only.
    """

    def __init__(self, columns: dict[str, pd.Series]):
        self.columns = columns

    def __getitem__(self, cell: tuple[int, str]) -> str:
        row, column = cell
        return self.columns[column].at[row]

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return ((row, column) for column, texts in self.columns.items() for row in texts.index)

    def __len__(self) -> int:
        return sum(len(texts) for texts in self.columns.values())

    def items(self) -> ItemsView:
        return _Items(self)


class _Items(ItemsView):
    """The items column by column.

    Looking up two million cells one by one would take ten seconds.
    """

    def __init__(self, written: WrittenCells):
        super().__init__(written)
        self._columns = written.columns

    def __iter__(self) -> Iterator[tuple[tuple[int, str], str]]:
        return (
            ((row, column), text) for column, texts in self._columns.items() for row, text in texts.items()
        )


def read_column(cells: np.ndarray, field: dict, *, is_code: bool, heading_unit: str | None = None) -> Column:
    """Read the texts of a column for a field of the schema.

    An empty cell is ``""``.
    """
    cells = np.asarray(cells, dtype=object)
    empty = cells == ""
    if heading_unit is None and _is_canonical(cells[~empty], field):
        values = cells.copy()
        values[empty] = None
        return Column(values, np.zeros(len(cells), dtype=bool), {})
    places, texts = pd.factorize(cells)
    read = reader(field, is_code=is_code, heading_unit=heading_unit)
    readings = [read(text) if text else (None, ()) for text in texts]
    values = _of_texts([value for value, _ in readings])[places]
    changed = np.array([bool(kinds) for _, kinds in readings], dtype=bool)[places]
    kinds = {
        kind: np.array([kind in kinds for _, kinds in readings], dtype=bool)[places]
        for kind in dict.fromkeys(k for _, kinds in readings for k in kinds)
    }
    return Column(values, changed, kinds)


def codes(schema: dict) -> set[str]:
    """The columns whose text is a code.

    They are keys, references, and columns that are unique or have a pattern.
    """
    keys = {*schema.get("primaryKey", ()), *(f for k in schema.get("foreignKeys", ()) for f in k["fields"])}
    return keys | {
        f["name"] for f in schema["fields"] if {"pattern", "unique"} & set(f.get("constraints", ()))
    }


def _of_texts(values: list) -> np.ndarray:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _is_canonical(cells: np.ndarray, field: dict) -> bool:
    unread = None if "enum" in field.get("constraints", ()) else _UNREAD.get(field["type"])
    if unread is None:
        return len(cells) == 0
    text = "\n".join(("", *cells, ""))
    return text.count("\n") == len(cells) + 1 and not any(re.search(pattern, text) for pattern in unread)
