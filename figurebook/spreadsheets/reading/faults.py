"""Collect the problems of one file or sheet; after 1,000 of a kind, only count."""

from __future__ import annotations

from collections import Counter

from figurebook.datapackage.problems import Problem

MAX_LISTED = 1000  # of each rule: nobody reads more, and a million would fill the memory


class ProblemCollector:
    """Collect the problems of one file (and sheet)."""

    def __init__(self, file: str, sheet: str | None = None):
        self._file, self._sheet = file, sheet
        self._problems: list[Problem] = []
        self._counts: Counter[str] = Counter()
        self._more: Counter[tuple[str, str | None]] = Counter()

    def add(
        self, rule: str, message: str, row: int, column: str | None = None, value: str | None = None
    ) -> None:
        """Note one fault."""
        self._counts[rule] += 1
        if self._counts[rule] > MAX_LISTED:
            self._more[rule, column] += 1
        else:
            self._problems.append(Problem(self._file, rule, message, self._sheet, row, column, value))

    def problems(self) -> list[Problem]:
        """The problems in their order, then one that counts the rest.

        There is one such for each rule and column that has too many.
        """
        return self._problems + [
            Problem(
                self._file,
                rule,
                f"这样的问题还有 {count} 处，没有一一列出。请先改上面的。",
                self._sheet,
                None,
                column,
            )
            for (rule, column), count in self._more.items()
        ]
