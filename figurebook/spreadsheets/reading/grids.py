"""Read all cells of an office's files as they are written.

``read_grids`` never raises on what it finds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from figurebook.datapackage.problems import Problem
from figurebook.progress import Progress, silent
from figurebook.spreadsheets.reading.admission import FileRefusedError, files, opened, shown
from figurebook.spreadsheets.reading.csv_file import read_csv
from figurebook.spreadsheets.reading.grid import Grid, Note


def read_grids(path: Path, progress: Progress = silent) -> tuple[list[Grid], list[Note], list[Problem]]:
    """The tables at ``path``, a folder of CSV and XLSX files or one such file.

    The files come by name. A file with a problem gives no Grid, or those of its sheets that could be read.
    It was in any case not understood in full, and nothing may be published from it.
    """
    path = Path(path)
    grids: list[Grid] = []
    entries, notes, problems = files(path)
    for entry in entries:
        try:
            with opened(entry) as file:
                read = _reader(entry)(entry, file, partial(progress, f"读 {shown(entry.name)}"))
        except FileRefusedError as refused:
            problems.append(refused.problem(entry))
        else:
            grids += read[0]
            notes += read[1]
            problems += read[2]
    return grids, notes, problems


def _reader(path: Path) -> Callable[..., tuple[list[Grid], list[Note], list[Problem]]]:
    if path.suffix.lower() == ".csv":
        return read_csv
    from figurebook.spreadsheets.reading.xlsx_workbook import (
        read_xlsx,  # openpyxl takes a quarter of a second to import
    )

    return read_xlsx
