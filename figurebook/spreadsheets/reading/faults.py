"""The faults of one file or sheet, told one by one up to a number, of the rest how many there are."""

from __future__ import annotations

from collections import Counter

from figurebook.datapackage.problems import Problem

MAX_TOLD = 1000  # of each rule: nobody reads more, and a million would fill the memory


class ProblemCollector:
    """Collects problems of one file (and sheet)."""

    def __init__(self, file: str, sheet: str | None = None):
        self._file, self._sheet = file, sheet
        self._problems: list[Problem] = []
        self._told: Counter[str] = Counter()
        self._more: Counter[tuple[str, str | None]] = Counter()

    def add(
        self, rule: str, message: str, row: int, column: str | None = None, value: str | None = None
    ) -> None:
        """Note one fault."""
        self._told[rule] += 1
        if self._told[rule] > MAX_TOLD:
            self._more[rule, column] += 1
        else:
            self._problems.append(Problem(self._file, rule, message, self._sheet, row, column, value))

    def problems(self) -> list[Problem]:
        """The problems in their order, and one for the rest of each rule and column that has too many."""
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
