"""Put an office's tables in place of ours, personal values as running numbers."""

from __future__ import annotations

from pathlib import Path

from figurebook.datapackage.tables import Tables
from figurebook.office.accept import accept
from figurebook.office.office_tables import Intake
from figurebook.office.running_numbers import pseudonymised
from figurebook.progress import Progress, silent


def load_with(path: Path | str, root: Path | str | None = None, progress: Progress = silent) -> Tables:
    """The package with the office's files at ``path`` laid over it.

    It is the package at ``root``, or the project's. Raises TablesError with every problem of the package, or
    of the files.
    """
    tables = Tables.load(root)
    return with_office_tables(tables, accept(Path(path), tables.package, tables.text, progress))


def with_office_tables(tables: Tables, intake: Intake) -> Tables:
    """``tables`` with an office's accepted tables in their places."""
    hidden = pseudonymised(intake.tables, tables.package)
    return tables.with_recorded(
        {name: office_table.frame for name, office_table in hidden.items()}, intake.about
    )
