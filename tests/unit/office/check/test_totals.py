"""Rows that add up the others: no rows of a register, and what they say must be the sum all the same."""

import pytest
from support.given import PACKAGE, frame, given, ours, problems_of, said
from support.tables import register, write_csv

from figurebook.office.check.cells import check
from figurebook.office.office_tables import Intake
from figurebook.office.recognise.tables import read

VILLAGE, TOWNSHIP = "610626001203", "610626001"
POOR = ["id", "village_code", "persons", "income_2015", "income_2016"]


def households(n: int = 3) -> list[list[str]]:
    return [[f"H{i}", VILLAGE, "4", "395000", "450000"] for i in range(n)]


@pytest.mark.parametrize("word", ["合计", "合 计", "总计", "共计", "合计：", "小计"])
@pytest.mark.parametrize("column", [0, 1])
def test_a_row_that_adds_up_among_the_rows_is_one_fault(word, column):
    total = ["", "", "12", "395000", "450000"]
    total[column] = word
    assert said(problems_of(poor_households=[POOR, total, *households()])) == [(2, None, "total-row")]


@pytest.mark.parametrize("word", ["张坪村小计", "全镇合计", "全县 总 计：", "本页合计"])
@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.parametrize("others", [["", ""], [VILLAGE, VILLAGE]])
def test_a_row_that_says_at_its_end_that_it_adds_up_is_one_fault_and_no_sum_of_all(word, column, others):
    total = [*others, "7", "395000", "450000"]
    total[column] = word
    assert said(problems_of(poor_households=[POOR, total, *households()])) == [(2, None, "total-row")]


@pytest.mark.parametrize(("code", "found"), [("610626001999", []), ("", [(-1, None, "total-row")])])
def test_a_name_that_ends_like_a_total_is_a_name_when_its_row_is_filled(code, found):
    rows = [["code", "name", "township_code"], *register("villages")[1:], [code, "老会计小计", TOWNSHIP]]
    assert said(problems_of(villages=rows)) == [(len(rows), *rest) for _, *rest in found]


@pytest.mark.parametrize(
    ("total", "found"),
    [
        ("7", []),
        ("7人", []),
        ("", []),
        ("8", [(4, "persons", "agreement")]),
        ("８人", [(4, "persons", "agreement")]),
    ],
)
def test_a_total_at_the_end_of_a_file_is_held_against_its_rows(tmp_path, total, found):
    rows = [["H1", VILLAGE, "4", "395000", "450000"], ["H2", VILLAGE, "3", "395000", "450000"]]
    write_csv(tmp_path / "poor_households.csv", [POOR, *rows, ["合计", "", total, "", ""]])
    intake = read(tmp_path, PACKAGE)
    assert len(intake.tables["poor_households"].frame) == 2
    problems = check(intake, PACKAGE, ours)
    assert [(p.row, p.column, p.rule) for p in problems] == found


@pytest.mark.parametrize("name", ["合计沟村", "小计村委会", "总计划部"])
def test_a_name_that_begins_like_a_total_is_a_name(name):
    rows = [["code", "name", "township_code"], *register("villages")[1:], ["610626001999", name, TOWNSHIP]]
    assert problems_of(villages=rows) == []


@pytest.mark.parametrize(
    ("total", "expected"), [("12", []), ("13", [(5, "persons", "agreement")]), ("", []), ("about 12", [])]
)
def test_a_total_set_aside_by_the_reader_must_be_the_sum(total, expected):
    table = given(
        "poor_households", [POOR, *households()], totals=frame([POOR, ["合计", "", total, "1", "1"]], first=5)
    )
    found = check(Intake({"poor_households": table}), PACKAGE, ours)
    assert said(found) == expected
    assert all("之和是 12" in p.message and p.value == "13" for p in found)


def test_a_total_among_the_rows_must_be_the_sum_and_a_subtotal_need_not():
    rows = [POOR, *households(), ["小计", "", "5", "", ""], ["合计", "", "13", "", ""]]
    assert said(problems_of(poor_households=rows)) == [
        (5, None, "total-row"),
        (6, None, "total-row"),
        (6, "persons", "agreement"),
    ]


def test_a_total_over_faulty_cells_is_not_judged():
    rows = [POOR, *households(), ["H9", VILLAGE, "x", "395000", "450000"], ["合计", "", "99", "", ""]]
    assert said(problems_of(poor_households=rows)) == [(5, "persons", "type"), (6, None, "total-row")]
