"""Recognise a table by its column headings when its name tells nothing."""

from __future__ import annotations

from figurebook.office.recognise.headings import ROWS, HeadingSpellings, find
from figurebook.spreadsheets.reading.grid import Grid
from figurebook.text_forms import bare

_LEAST = 2  # columns that a table must demand: one heading such as 名称 says nothing
_LONGEST = 100  # characters of a heading that are looked at


class HeadingIndex:
    """The tables by the beginnings of their headings.

    So hardly any table needs a closer look.
    """

    def __init__(self, resources: dict[str, dict]):
        self._schemas = {name: r["schema"] for name, r in resources.items()}
        self._begin: dict[str, list[tuple[str, ...]]] = {}
        for name, schema in self._schemas.items():
            heading_spellings = HeadingSpellings(schema)
            if len(heading_spellings.required) >= _LEAST:
                self._begin[name] = [
                    heading_spellings.spellings(field) for field in heading_spellings.required
                ]

    def tables(self, grid: Grid) -> list[str]:
        """The tables that have all their required columns here.

        Only those with the most columns are given. There must be something below the headings: an empty form
        loses nobody a row.
        """
        rows = [
            {bare(cell[:_LONGEST]) for cell in row if cell}
            for row in grid.frame.iloc[:ROWS].to_numpy(dtype=object)
        ]
        sizes: dict[str, int] = {}
        for name, begin in self._begin.items():
            if any(all(any(cell.startswith(b) for cell in row) for b in begin) for row in rows):
                head, _ = find(grid, self._schemas[name])
                if head and len(grid.frame) > head.position + 1:
                    sizes[name] = len(head.columns)
        return [name for name, columns in sizes.items() if columns == max(sizes.values())]
