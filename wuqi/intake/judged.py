"""A table given, and what has been found wrong with its cells so far: one cell is one fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import numpy as np

from wuqi.intake.given import Given
from wuqi.intake.spelling import bare
from wuqi.problems import Problem

LISTED = 10_000  # faults of one kind in one column that are named one by one; the others are counted
_TOTAL = re.compile(r"[合总共小]\s*计\b")


class Judged:
    """The rows of a ``Given`` table under judgement, by position (0, 1, …).

    ``frame`` is without the rows that only add up the others (``totals`` holds those). ``bad[column]``
    marks the cells at fault, ``personal`` are the columns whose values nobody is told.
    """

    def __init__(self, given: Given, resource: dict):
        self.given, self.resource, self.schema = given, resource, resource["schema"]
        self.fields: list[dict] = self.schema["fields"]
        self.key: list[str] = list(self.schema.get("primaryKey", []))
        self.personal = {f["name"] for f in self.fields if f.get("personal")}
        self._codes: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        self.frame = given.frame
        adding = self._adding_up()
        self.totals = self.frame[adding] if adding.any() else self.frame.iloc[:0]
        if adding.any():
            self.frame = self.frame[~adding]
            self._codes.clear()
        self.bad = {f["name"]: np.zeros(len(self.frame), dtype=bool) for f in self.fields}
        self.numbers: dict[str, np.ndarray] = {}  # integer columns as int64, 0 where there is none

    @property
    def name(self) -> str:
        return self.given.name

    @property
    def title(self) -> str:
        """What readers know the table by: its Chinese title and its name."""
        return f"“{self.resource['title']}”（{self.name}）"

    def heading(self, column: str) -> str:
        return self.given.headers.get(column, column)

    def unit(self, column: str) -> str:
        """The unit that money of a column is in; its own below a heading that is the schema's own name."""
        by_name = bare(self.heading(column)).startswith(bare(column))
        return self.given.units.get(column) or ("分" if by_name else "元")

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

    def spare(self, said: Iterable[Problem]) -> None:
        """Mark the cells of which it has been said already what is wrong."""
        columns = {self.heading(c): c for c in self.bad}
        at = {(p.row, columns[p.column]) for p in said
              if (p.file, p.sheet) == (self.given.file, self.given.sheet) and p.column in columns}
        for row, column in at:
            self.bad[column] |= self.frame.index == row

    def _adding_up(self) -> np.ndarray:
        """The rows in which a cell says that they add up others （合计）."""
        found = np.zeros(len(self.frame), dtype=bool)
        for field in self.fields:
            if field["type"] == "string":
                codes, texts = self.factorized(field["name"])
                says = [text[:1] in "合总共小" and _TOTAL.match(text) is not None for text in texts]
                if any(says):
                    found |= np.array([*says, False])[codes]
        return found

    def rows(self, mask: np.ndarray) -> list[int]:
        """The rows in the file of the rows marked."""
        return self.frame.index[mask].tolist()

    def faults(self, rule: str, message: str | Callable[[int], str], mask: np.ndarray,
               *columns: str) -> list[Problem]:
        """Mark the cells of ``columns`` in the rows of ``mask`` as at fault, and say so.

        A message may depend on the position. Values of personal columns are never told.
        """
        for column in columns:
            self.bad[column] |= mask
        places = np.flatnonzero(mask)
        say = message if callable(message) else lambda _: message
        found = [self._problem(rule, say(i), int(self.frame.index[i]), columns) for i in places[:LISTED]]
        if len(places) > LISTED:
            more = f"同样的问题共 {len(places):,} 处，只逐个列出前 {LISTED:,} 处。请先改好这些再检查。"
            found.append(Problem(self.given.file, rule, more, self.given.sheet, None, self._called(columns)))
        return found

    def fault(self, rule: str, message: str, *columns: str, row: int | None = None) -> Problem:
        """A fault of the table, of whole columns, or of one row of the file; no value is told."""
        return Problem(self.given.file, rule, message, self.given.sheet, row, self._called(columns))

    def _called(self, columns: tuple[str, ...]) -> str | None:
        return "、".join(self.heading(c) for c in columns) or None

    def _problem(self, rule: str, message: str, row: int, columns: tuple[str, ...]) -> Problem:
        shown = None if self.personal & set(columns) else "、".join(
            self.given.as_written(row, c) for c in columns)
        return Problem(self.given.file, rule, message, self.given.sheet, row, self._called(columns), shown)


def _factorized(cells: list[str | None]) -> tuple[np.ndarray, np.ndarray]:
    """As ``pandas.factorize``, which takes longer for a short column than reading it did."""
    places = dict.fromkeys(cells)
    places.pop(None, None)
    texts = np.empty(len(places), dtype=object)
    texts[:] = list(places)
    places = dict(zip(places, range(len(places)), strict=True)) | {None: -1}
    return np.fromiter(map(places.__getitem__, cells), dtype=np.intp, count=len(cells)), texts
