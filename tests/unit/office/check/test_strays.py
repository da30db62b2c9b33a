"""Examples, remarks and signatures among the rows: one fault a row, and no cell of theirs is judged."""

import pytest
from support.given import PACKAGE, given, ours, problems_of, said
from support.tables import register, write_csv

from figurebook.office.check import agreements
from figurebook.office.check.cells import check
from figurebook.office.office_tables import Intake
from figurebook.office.recognise.tables import read

VILLAGE = "610626001203"
POOR = ["id", "village_code", "persons", "income_2015", "income_2016"]
HOUSEHOLD = ["H1", VILLAGE, "4", "395000", "450000"]
WORDS = [
    "示例",
    "样例1",
    "示例（请删去）",
    "例：",
    "例:甲村",
    "备注",
    "备  注：含易地搬迁",
    "注：本表一式两份",
    "注:",
    "说明：据年报",
    "填表人",
    "填 表 人：",
    "制表人：",
    "审核人：",
    "填报人",
    "单位负责人：",
    "单位负责人（签字）",
]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("column", [0, 1, 2])
def test_a_row_that_begins_so_is_one_fault_and_its_cells_are_not_judged(word, column):
    row = [""] * 5
    row[column] = word
    row[4] = "审核人：" if column != 4 else ""
    found = problems_of(poor_households=[POOR, row, HOUSEHOLD])
    assert said(found) == [(2, None, "not-a-record")]
    assert found[0].value is None
    assert "请删去这一行" in found[0].message


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("示例", [(2, None, "not-a-record")]),
        ("样例：张坪村", [(2, None, "not-a-record")]),
        ("备注1", []),
        ("注:7", []),
        ("填表人2", []),
    ],
)
def test_an_example_is_none_even_when_filled_and_a_code_may_begin_like_a_remark(word, found):
    assert said(problems_of(poor_households=[POOR, [word, *HOUSEHOLD[1:]], HOUSEHOLD])) == found


def test_only_the_first_cell_in_the_file_says_it():
    row = ["H2", "备注", "", "", ""]
    rules = [rule for _, _, rule in said(problems_of(poor_households=[POOR, row, HOUSEHOLD]))]
    assert "not-a-record" not in rules
    villages = [["name", "code", "township_code"], *[[n, c, t] for c, n, t in register("villages")[1:]]]
    sample = given("villages", [*villages, ["示例村", "610626001999", VILLAGE[:9]]])
    found = check(Intake({"villages": sample}), PACKAGE, ours)
    assert said(found) == [(len(villages) + 1, None, "not-a-record")]


@pytest.mark.parametrize("name", ["示范村", "例子沟", "注家沟", "说明沟村", "备用村", "单位村"])
def test_what_only_begins_with_the_same_letter_is_judged_like_any_other(name):
    rules = {rule for _, _, rule in said(problems_of(poor_households=[POOR, [name, "", "", "", ""]]))}
    assert rules == {"constraint"}


def test_it_is_neither_added_up_nor_a_key_twice_nor_an_amount():
    rows = [POOR, *[["示例", VILLAGE, "9", "1", "1"]] * 2, HOUSEHOLD, ["合计", "", "4", "", ""]]
    assert said(problems_of(poor_households=rows)) == [
        (2, None, "not-a-record"),
        (3, None, "not-a-record"),
        (5, None, "total-row"),
    ]


def test_remarks_below_the_total_of_a_file(tmp_path):
    below = [["合计", "", "4", "", ""], ["填表人：", "", "", "审核人：", ""], ["注：略", "", "", "", ""]]
    write_csv(tmp_path / "poor_households.csv", [POOR, HOUSEHOLD, *below])
    found = check(read(tmp_path, PACKAGE), PACKAGE, ours)
    assert said(found) == [(4, None, "not-a-record"), (5, None, "not-a-record"), (3, None, "total-row")]


def test_beyond_a_number_of_rows_they_are_counted(monkeypatch):
    monkeypatch.setattr(agreements, "LISTED", 2)
    found = problems_of(poor_households=[POOR, HOUSEHOLD, *[["备注", "", "", "", ""]] * 5])
    assert said(found) == [(3, None, "not-a-record"), (4, None, "not-a-record"), (None, None, "not-a-record")]
    assert "共 5 行" in found[-1].message
