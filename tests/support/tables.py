"""Write real files for tests: registers as CSV or XLSX in overlay folders."""

import csv
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest

from figurebook.datapackage.problems import Problem
from figurebook.datapackage.tables import Tables, TablesError
from figurebook.figures.verdicts import Verdict, verify
from figurebook.office.lay_over import load_with
from support.project import DATA

Rows = list[list[str]]


def read_rows(path: Path) -> Rows:
    """A CSV file as lists of strings, header first; read without the code under test."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def figure_ids() -> list[str]:
    """The ids of the figures, as the file lists them."""
    head, *rows = read_rows(DATA / "interview" / "figures.csv")
    return [row[head.index("id")] for row in rows]


def register(name: str) -> Rows:
    """A committed register, header first."""
    return read_rows(DATA / "registers" / f"{name}.csv")


def own_register(name: str) -> Rows:
    """An office's own register: as ours, but with another key in the first row."""
    rows = register(name)
    rows[1][0] = "X" + rows[1][0]
    return rows


def write_csv(path: Path, rows: Iterable[Iterable], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path


def write_xlsx(path: Path, rows: Iterable[Iterable], sheet: str = "Sheet1") -> Path:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append([None if cell == "" else cell for cell in row])
    book.save(path)
    return path


def problems_of(folder: Path) -> list[Problem]:
    """The problems of an overlay that must not load."""
    with pytest.raises(TablesError) as caught:
        load_with(folder)
    return caught.value.problems


def verdicts_of(tables: Tables) -> dict[str, Verdict]:
    return {v.figure.id: v for v in verify(tables)}
