"""A row that numbers the columns, as forms have below their headings, is no record; what only looks so is."""

from pathlib import Path

import pandas as pd
import pytest
from support.given import PACKAGE

from figurebook.office.recognise.tables import of_grids
from figurebook.spreadsheets.reading.grid import Grid

HEAD = ["编号", "村代码", "人数", "2015 年人均收入（元）", "2016 年人均收入（元）"]
ROW = ["H1", "610626001203", "4", "3950", "4500"]
NUMBERS = ["甲", "乙", "1", "2", "3"]
COMMITTEES = ["编号", "党委已换届"]


def taken(rows, name="贫困户"):
    """The rows of the file that were read as records, and those left aside as numbers."""
    frame = pd.DataFrame(rows, dtype=object, index=range(1, len(rows) + 1)).fillna("")
    intake = of_grids(Path("/nowhere"), [Grid(Path(f"{name}.csv"), None, frame)], PACKAGE)
    aside = [e[0] for n in intake.notes if n.kind == "column-numbers" for e in n.examples]
    return [row for table in intake.tables.values() for row in table.frame.index], aside


@pytest.mark.parametrize(
    "numbers",
    [
        NUMBERS,
        ["1", "2", "3", "4", "5"],
        ["甲", "", "１", "②", ""],
        ["甲", "乙", "丙", "丁", "1"],
        [" 甲 ", "乙\u3000", "1", "2", "3"],
    ],
)
def test_numbers_of_columns_below_the_headings_are_left_aside(numbers):
    assert taken([HEAD, numbers, ROW]) == ([3], [2])


def test_they_are_left_aside_below_the_headings_of_every_page():
    assert taken([["贫困户登记表", *[""] * 4], HEAD, NUMBERS, ROW, HEAD, NUMBERS, ROW]) == ([4, 7], [3, 6])


def test_a_table_of_nothing_else_has_no_rows():
    assert taken([HEAD, NUMBERS]) == ([], [2])
    assert taken([HEAD]) == ([], [])


@pytest.mark.parametrize(
    "row",
    [
        ["1", "2", "3", "4", ""],
        ["甲", "乙", "2", "1", "3"],
        ["乙", "1", "2", "3", "4"],
        ["甲", "", "", "", ""],
        ["甲", "乙", "丙", "丁", "戊"],
        ["甲", "1", "4", "1", "1"],
        ["0", "1", "2", "3", "4"],
    ],
)
def test_what_is_no_numbering_in_full_is_a_record(row):
    assert taken([HEAD, row, ROW]) == ([2, 3], [])


def test_numbers_further_down_are_a_record():
    assert taken([HEAD, ROW, NUMBERS]) == ([2, 3], [])


def test_two_columns_are_numbered_by_a_word_and_a_number_only():
    assert taken([COMMITTEES, ["甲", "1"], ["局1", "1"]], "县直部门党委") == ([3], [2])
    assert taken([COMMITTEES, ["1", "2"], ["局1", "1"]], "县直部门党委") == ([2, 3], [])


@pytest.mark.parametrize(
    ("head", "first", "second", "name"),
    [
        (COMMITTEES, ["甲", "1"], ["乙", "0"], "县直部门党委"),
        (HEAD, ["1", "2", "3", "4", "5"], ["2", *ROW[1:]], "贫困户"),
    ],
)
def test_records_that_are_numbered_so_themselves_stay(head, first, second, name):
    assert taken([head, first, second], name) == ([2, 3], [])


def test_a_column_without_a_heading_needs_no_number():
    assert taken([[*HEAD, ""], ["1", "2", "3", "4", "5", ""], [*ROW, "x"]]) == ([3], [2])
