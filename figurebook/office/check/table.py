"""Hold one office table under check: its rows, total rows, stray rows and problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import numpy as np

from figurebook.datapackage.problems import Problem
from figurebook.datapackage.validation.table_rows import TableRows
from figurebook.office.office_tables import OfficeTable
from figurebook.text_forms import bare

LISTED = 10_000  # Problems of one kind in one column that are reported one by one; the others are counted.
TOTAL = re.compile(r"[合总共小]\s*计\b")
_TOTAL_OF = re.compile(r"[合总小]\s*计[\s:\uff1a]*\Z")  # 某村小计
_ENDS = frozenset(("计", ":", "\uff1a", " "))  # Last characters of such a cell, for a quick look.
# The beginning of an example, a remark below the table or a signature. The first group is surely an example.
_STRAY = re.compile(
    r"([示样]\s*例)|例\s*[:\uff1a]|备\s*注|注\s*[:\uff1a]|说\s*明\s*[:\uff1a]"
    r"|(?:填\s*表|制\s*表|审\s*核|填\s*报|单\s*位\s*负\s*责)\s*人"
)
_STRAY_BEGINS = frozenset("示样例备注说填制审单")


class CheckedTable(TableRows):
    """The rows of an ``OfficeTable`` under check, by position (0, 1, …).

    ``frame`` is without the rows that only add up the others (``totals`` holds those). It is also without
    examples, remarks and signatures (``strays``). ``personal`` are the columns whose values are never shown.
    """

    def __init__(self, office_table: OfficeTable, resource: dict):
        super().__init__(office_table.frame, resource["schema"])
        self.office_table, self.resource = office_table, resource
        self.personal = {f["name"] for f in self.fields if f.get("personal")}
        self.required = [f["name"] for f in self.fields if f.get("constraints", {}).get("required")]
        adding = self._adding_up()
        strays = self._straying() & ~adding
        self.totals, self.strays = (
            self.frame[rows] if rows.any() else self.frame.iloc[:0] for rows in (adding, strays)
        )
        if len(self.totals) or len(self.strays):
            self.take(self.frame[~(adding | strays)])

    @property
    def name(self) -> str:
        return self.office_table.name

    @property
    def title(self) -> str:
        """The table's name for readers: its Chinese title and its name."""
        return f"“{self.resource['title']}”（{self.name}）"

    def heading(self, column: str) -> str:
        return self.office_table.headers.get(column, column)

    def unit(self, column: str) -> str:
        """The unit of a column of money.

        It is fen below a heading that is the schema's own name, unless the file says another.
        """
        by_name = bare(self.heading(column)).startswith(bare(column))
        return self.office_table.units.get(column) or ("分" if by_name else "元")

    def spare(self, problems: Iterable[Problem]) -> None:
        """Mark the cells whose faults are among the ``problems`` reported already."""
        columns = {self.heading(c): c for c in self.bad}
        at = {
            (p.row, columns[p.column])
            for p in problems
            if (p.file, p.sheet) == (self.office_table.file, self.office_table.sheet) and p.column in columns
        }
        for row, column in at:
            self.bad[column] |= self.frame.index == row

    def _adding_up(self) -> np.ndarray:
        """Mark the rows in which a cell says that they add up others （合计，某村小计）."""
        marks = np.zeros(len(self.frame), dtype=bool)
        pointers = {*self.key, *(c for key in self.schema.get("foreignKeys", []) for c in key["fields"])}
        for field in self.fields:
            if field["type"] == "string":
                codes, texts = self.factorized(field["name"])
                if all(map(str.isascii, texts)):
                    continue  # codes: a quick look, as there may be a million
                says = [text[:1] in "合总共小" and TOTAL.match(text) is not None for text in texts]
                ends = [text[-1:] in _ENDS and _TOTAL_OF.search(text) is not None for text in texts]
                if any(says):
                    marks |= np.array([*says, False])[codes]
                if any(ends):  # words of a rule may end so: its row is filled
                    ending = np.array([*ends, False])[codes]
                    marks |= ending if field["name"] in pointers else ending & ~self._filled()
        return marks

    def _straying(self) -> np.ndarray:
        """Mark the rows that are no records by their first cell in the file （示例，备注，填表人）."""
        marks = np.zeros(len(self.frame), dtype=bool)
        first = ~marks
        for column in [c for c in self.office_table.headers if c in self.frame]:
            codes, texts = self.factorized(column)
            says = (
                []
                if all(map(str.isascii, texts))
                else [text[:1] in _STRAY_BEGINS and _STRAY.match(text) for text in texts]
            )
            if any(says):
                at = first & np.array([*map(bool, says), False])[codes]
                example = np.array([*(bool(match and match[1]) for match in says), False])[codes]
                # A code may begin with such a word: then the rest of its row is filled.
                marks |= at & (example | ~self._filled(but=column))
            first &= codes == -1
            if not first.any():
                break
        return marks

    def _filled(self, but: str | None = None) -> np.ndarray:
        """Mark the rows in which every column is filled that has to be."""
        empty = [self.empty(column) for column in self.required if column != but]
        return ~np.logical_or.reduce(empty, axis=0) if empty else np.ones(len(self.frame), dtype=bool)

    def rows(self, mask: np.ndarray) -> list[int]:
        """The rows in the file of the rows marked."""
        return self.frame.index[mask].tolist()

    def faults(
        self, rule: str, message: str | Callable[[int], str], mask: np.ndarray, *columns: str
    ) -> list[Problem]:
        """Mark the cells of ``columns`` in the rows of ``mask``, and report them.

        A message may depend on the position. Values of personal columns are never shown.
        """
        places = self.mark(mask, *columns)
        say = message if callable(message) else lambda _: message
        problems = [self._problem(rule, say(i), int(self.frame.index[i]), columns) for i in places[:LISTED]]
        if len(places) > LISTED:
            more = f"同样的问题共 {len(places):,} 处，只逐个列出前 {LISTED:,} 处。请先改好这些再检查。"
            problems.append(
                Problem(
                    self.office_table.file, rule, more, self.office_table.sheet, None, self._called(columns)
                )
            )
        return problems

    def fault(self, rule: str, message: str, *columns: str, row: int | None = None) -> Problem:
        """A problem of the table, of whole columns, or of one row; without values."""
        return Problem(
            self.office_table.file, rule, message, self.office_table.sheet, row, self._called(columns)
        )

    def _called(self, columns: tuple[str, ...]) -> str | None:
        return "、".join(self.heading(c) for c in columns) or None

    def _problem(self, rule: str, message: str, row: int, columns: tuple[str, ...]) -> Problem:
        shown = (
            None
            if self.personal & set(columns)
            else "、".join(self.office_table.as_written(row, c) for c in columns)
        )
        return Problem(
            self.office_table.file, rule, message, self.office_table.sheet, row, self._called(columns), shown
        )
