"""The copy with marks: every cell where it was, as text, the faulty ones coloured and explained."""

import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from figurebook.datapackage.problems import Problem
from figurebook.office.marked_copy import marked_workbook
from figurebook.spreadsheets.reading.grid import Grid

ROWS = [
    ["农村党支部登记表", "", ""],
    ["编号", "党员数", "备注"],
    ["B1", "x", "=1+1"],
    ["B2", "7", "@SUM(A1)"],
]
GRID = Grid(Path("表.xlsx"), "支部", pd.DataFrame(ROWS, index=[1, 3, 4, 6], columns=range(3)))


def book(problems: list[Problem], *grids: Grid) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(marked_workbook(grids or (GRID,), problems)))


def problem(row: int | None = 4, column: str | None = "党员数") -> Problem:
    return Problem("表.xlsx", "type", "这里应填整数。", "支部", row, column, "x")


def filled(sheet) -> set[str]:
    return {c.coordinate for row in sheet.iter_rows() for c in row if c.fill.fill_type == "solid"}


def test_every_cell_stands_where_it_stood():
    sheet = book([])["支部"]
    found = {(c.row, c.column): c.value for row in sheet.iter_rows() for c in row if c.value}
    assert found == {
        (n, i + 1): v for n, row in zip(GRID.frame.index, ROWS, strict=True) for i, v in enumerate(row) if v
    }


def test_nothing_in_the_copy_is_a_live_formula():
    made = book([Problem("表.xlsx", "type", "m", "支部", 4, "备注", "=1+1")])
    assert {c.data_type for s in made for row in s.iter_rows() for c in row if c.value} == {"s", "n"}
    assert made["支部"]["C4"].value == "=1+1"
    assert made["问题"]["E2"].value == "=1+1"


@pytest.mark.parametrize(
    ("given", "cells"),
    [
        (problem(), {"B4"}),
        (problem(row=None), {"B3"}),
        (problem(column=None), {"A4", "B4", "C4"}),
        (problem(column="没有这一列"), {"A4", "B4", "C4"}),
        (problem(row=99), set()),
        (problem(row=None, column=None), set()),
    ],
)
def test_the_faulty_cells_are_marked_and_no_others(given, cells):
    sheet = book([given])["支部"]
    assert filled(sheet) == cells
    assert all("类型不对：这里应填整数。" in sheet[c].comment.text for c in cells)


def test_all_problems_are_listed_first():
    listed = list(book([problem(), problem(6)])["问题"].iter_rows(min_row=2, values_only=True))
    assert listed == [("表.xlsx", "支部", n, "党员数", "x", "类型不对", "这里应填整数。") for n in (4, 6)]


def test_a_problem_of_another_file_marks_nothing_here():
    other = Problem("别的.xlsx", "type", "m", "支部", 4, "党员数", "x")
    assert filled(book([other])["支部"]) == set()


def test_sheets_keep_distinct_names_whatever_they_were_called():
    called = ["问题", "a/b:c", "A_B_C", "长" * 40]
    grids = [Grid(Path(f"{n}.csv"), s, GRID.frame) for n, s in enumerate(called)]
    names = book([], *grids).sheetnames
    assert len({n.lower() for n in names}) == 5
    assert all(len(n) <= 31 for n in names)


def test_what_xml_does_not_allow_is_replaced_and_what_is_too_long_is_cut():
    frame = pd.DataFrame([["a\x00b", "x" * 40_000]], index=[1])
    sheet = book([], Grid(Path("t.csv"), None, frame))["t"]
    assert sheet["A1"].value == "a\ufffdb"
    assert len(sheet["B1"].value) == 32_767
