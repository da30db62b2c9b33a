"""Read and check an office's files; refuse them whole if anything is wrong.

Accepted tables take the place of ours. Personal values in them are replaced later (``running_numbers``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from figurebook.datapackage.problems import Problem, TablesError
from figurebook.datapackage.validation.table_rows import filled
from figurebook.office.check.cells import check
from figurebook.office.check.magnitudes import outlier_notes
from figurebook.office.office_tables import Intake, OfficeTable
from figurebook.office.personal_data import personal_elsewhere, without_personal_values
from figurebook.office.recognise.tables import read
from figurebook.privacy.limits import LIMITS, limits_of, schema_of
from figurebook.progress import Progress, silent
from figurebook.spreadsheets.reading.grid import Note

Ours = Callable[[str], pd.DataFrame]  # our own table of that name, as text


def check_office_files(
    path: Path, package: dict, ours: Ours, progress: Progress = silent
) -> tuple[Intake, list[Problem]]:
    """Read an office's files; give what was read and every problem."""
    intake = read(path, package, progress)
    problems = [*intake.problems, *check(intake, package, ours, progress)]
    intake = replace(intake, notes=(*intake.notes, *outlier_notes(intake, package, ours)))
    schema = schema_of(package)
    limits = limits_of(ours(LIMITS), schema)
    own = intake.tables.get(LIMITS)
    if own and not any((p.file, p.sheet) == (own.file, own.sheet) for p in problems):
        try:
            book, limits = limits, limits_of(own.frame, schema, own.file)
            intake = replace(intake, notes=(*intake.notes, *_weaker(own, limits, book)))
        except TablesError as error:
            problems += error.problems
    personal = personal_elsewhere(intake, package, limits, progress)
    return without_personal_values(intake, problems, personal)


def _weaker(own: OfficeTable, limits: dict[str, int], book: dict[str, int]) -> Iterator[Note]:
    """Note that an office's own limits let through what the book's would not."""
    # More is looked for below a small length, and more is hidden below a great count.
    weaker = [
        f"{name} 是 {limits[name]}（本书 {value}）"
        for name, value in book.items()
        if (limits[name] > value if name.startswith("scan-") else limits[name] < value)
    ]
    if weaker:
        yield Note(
            own.file,
            "weaker-limits",
            f"您的界限比本书的松：{'、'.join(weaker)}。按您的办；如不是有意，请改回。",
            own.sheet,
            count=len(weaker),
        )


def accept(path: Path, package: dict, ours: Ours, progress: Progress = silent) -> Intake:
    """Read an office's files; TablesError with every problem if there is any.

    Tables that only repeat our own rows, in whatever order or format, are left out: they stay what they are.
    """
    intake, problems = check_office_files(path, package, ours, progress)
    if problems:
        raise TablesError(problems)
    office_tables = {n: g for n, g in intake.tables.items() if not _repeats(g, ours(n))}
    return Intake(office_tables, intake.notes, (), intake.about)


def _repeats(office_table: OfficeTable, ours: pd.DataFrame) -> bool:
    return len(office_table.frame) == len(ours) and _rows(office_table.frame, ours) == _rows(ours, ours)


def _rows(frame: pd.DataFrame, columns: Iterable[str]) -> list[tuple[str, ...]]:
    """The rows in one order."""
    return sorted(zip(*(filled(frame[column]) for column in columns), strict=True))
