"""Make an office's tables from rows, without a file, for steps after reading."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from figurebook.datapackage.problems import Problem
from figurebook.datapackage.tables import read_package
from figurebook.office.check.cells import check
from figurebook.office.office_tables import Intake, OfficeTable
from support.project import DATA
from support.tables import Rows, read_rows

PACKAGE = read_package(DATA)
RESOURCES = {r["name"]: r for r in PACKAGE["resources"] if "schema" in r}


def frame(rows: Rows, first: int = 2) -> pd.DataFrame:
    """Rows, header first, as a frame of texts; its index counts from ``first``.

    Empty cells are missing values.
    """
    header, *body = rows
    cells = [[cell if cell != "" else None for cell in row] for row in body]
    return pd.DataFrame(cells, columns=header, dtype=object, index=range(first, first + len(body)))


def given(name: str, rows: Rows, first: int = 2, **more) -> OfficeTable:
    made = frame(rows, first)
    return OfficeTable(name, Path(f"{name}.csv"), None, made, {c: c for c in made}, **more)


def ours(name: str) -> pd.DataFrame:
    """A committed table as canonical text; read without the code under test."""
    return frame(read_rows(DATA / RESOURCES[name]["path"]))


def problems_of(own: Callable = ours, said: tuple[Problem, ...] = (), **tables: Rows) -> list[Problem]:
    """The problems of these tables, given as rows with a header."""
    return check(Intake({n: given(n, rows) for n, rows in tables.items()}, problems=said), PACKAGE, own)


def said(problems: list[Problem]) -> list[tuple]:
    """Row, column and rule of each problem."""
    return [(p.row, p.column, p.rule) for p in problems]
