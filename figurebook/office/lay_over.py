"""An office's tables in the places of the package's, with running numbers for their personal values."""

from __future__ import annotations

from pathlib import Path

from figurebook.datapackage.tables import Tables
from figurebook.office.accept import accept
from figurebook.office.office_tables import Intake
from figurebook.office.running_numbers import pseudonymised
from figurebook.progress import Progress, silent


def load_with(path: Path | str, root: Path | str | None = None, progress: Progress = silent) -> Tables:
    """The package at ``root``, or the project's, with the office's files at ``path`` laid over it.

    Raises TablesError with every problem of the package, or of the files.
    """
    tables = Tables.load(root)
    return with_office_tables(tables, accept(Path(path), tables.package, tables.text, progress))


def with_office_tables(tables: Tables, intake: Intake) -> Tables:
    """``tables`` with those that were read from an office's files, and accepted, in their places."""
    hidden = pseudonymised(intake.tables, tables.package)
    return tables.with_recorded({name: given.frame for name, given in hidden.items()}, intake.about)
