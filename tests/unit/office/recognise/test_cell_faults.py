"""Faulty cells of a workbook are told by their heading, never with a personal value, and only if read."""

import pytest
from support.canaries import identity, mobile
from support.given import PACKAGE, ours
from support.workbooks import workbook

from figurebook.office.accept import check_office_files
from figurebook.office.report import as_json, as_text
from figurebook.spreadsheets.reading import faults

HEAD = ["编号", "村代码", "人数", "2015 年人均收入（元）", "2016 年人均收入（元）"]
ROW = ["H-000001", "610626001203", 4, 3950, 4500]
NAME = "张三丰"
UNCACHED = f'="{NAME}"'


def examined(tmp_path, *sheets, names=("贫困户",), change=None):
    path = tmp_path / "t.xlsx"
    path.write_bytes(workbook(*sheets, names=names, change=change))
    intake, problems = check_office_files(path, PACKAGE, ours)
    told = as_text(intake, problems, PACKAGE) + str(as_json(intake, problems, PACKAGE))
    return intake, [(p.rule, p.row, p.column, p.value) for p in problems], told


def rows(**cells):
    return [HEAD, [cells.get(c, v) for c, v in zip("ABCDE", ROW, strict=True)]]


@pytest.mark.parametrize("content", [UNCACHED, "#N/A"])
def test_a_personal_cell_is_told_without_what_stands_in_it(tmp_path, content):
    _, told, words = examined(tmp_path, rows(A=content))
    assert told == [("type", 2, "编号", None)]
    assert NAME not in words


def test_a_number_under_a_date_format_in_a_personal_column_is_not_told(tmp_path):
    def as_date(book):
        book["贫困户"]["A2"].number_format = "yyyy-mm-dd"

    _, told, words = examined(tmp_path, rows(A=int(mobile(139))), change=as_date)
    assert told == [("type", 2, "编号", None)]
    assert mobile(139) not in words


@pytest.mark.parametrize(("column", "heading"), [("B", "村代码"), ("C", "人数")])
def test_in_another_column_the_value_is_told_once_below_its_heading(tmp_path, column, heading):
    _, told, _ = examined(tmp_path, rows(**{column: "#N/A"}))
    assert told == [("type", 2, heading, "#N/A")]


def test_a_required_cell_whose_formula_has_no_result_is_one_fault(tmp_path):
    _, told, words = examined(tmp_path, rows(C=UNCACHED))
    assert told == [("type", 2, "人数", None)]
    assert NAME not in words


def test_a_sheet_without_headings_tells_no_value(tmp_path):
    _, told, words = examined(tmp_path, [["x", "y"], ["#N/A", UNCACHED]])
    assert [t for t in told if t[0] == "type"] == [("type", 2, "A", None), ("type", 2, "B", None)]
    assert NAME not in words


def test_what_is_not_read_is_a_note_and_refuses_nothing(tmp_path):
    table = [[UNCACHED], [*HEAD, "备注"], [*ROW, "#N/A"], ["H-000002", *ROW[1:], UNCACHED]]
    other = [["甲"], ["#REF!"], [UNCACHED]]
    intake, told, words = examined(tmp_path, table, other, names=("贫困户", "通讯录"))
    assert told == []
    aside = [n for n in intake.notes if n.kind == "cell-aside"]
    assert [(n.sheet, n.count, [e[1] for e in n.examples]) for n in aside] == [
        ("贫困户", 3, ["A1", "F3", "F4"]),
        ("通讯录", 2, ["A2", "A3"]),
    ]
    assert "例如 “A1”，“F3”，“F4”" in words
    assert NAME not in words


def test_a_sheet_named_after_a_table_is_never_passed_over(tmp_path):
    _, told, _ = examined(tmp_path, [[UNCACHED]], [["名称"], ["x"]], names=("贫困户", "通讯录"))
    assert ("type", 1, "A", None) in told
    _, told, _ = examined(tmp_path, rows(), [[UNCACHED]], names=("贫困户", "通讯录"))
    assert told == []


def test_beyond_a_number_of_faults_each_column_is_still_judged_for_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(faults, "MAX_LISTED", 3)
    body = [[f"H-{i:06}", *ROW[1:], "#N/A"] for i in range(6)]
    intake, told, _ = examined(tmp_path, [[*HEAD, "备注"], *body])
    assert told == []
    assert [e[1] for n in intake.notes if n.kind == "cell-aside" for e in n.examples] == [
        "F2",
        "F3",
        "F4",
        "F 列其余各处",
    ]
    body[5][2] = "#N/A"
    _, told, _ = examined(tmp_path, [[*HEAD, "备注"], *body])
    assert ("type", None, "人数", None) in told


@pytest.mark.parametrize("formula", ["=1+1", UNCACHED])
def test_notes_name_the_cell_and_not_its_formula(tmp_path, formula):
    def fill(book):
        book["贫困户"]["A2"].number_format = '"B"00'

    _, _, words = examined(tmp_path, rows(A=777123, C=formula), change=fill)
    assert "“C2”" in words
    assert formula not in words
    assert "777123" not in words


@pytest.mark.parametrize("number", [identity(), mobile()])
def test_a_personal_number_in_another_column_is_told_by_nothing(number, tmp_path):
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    _, told, words = examined(tmp_path, rows(B=wide))
    assert told == [("foreign-key", 2, "村代码", None), ("personal", 2, "村代码", None)]
    assert number not in words
    assert wide not in words


def test_a_required_cell_that_merging_emptied_is_told_so(tmp_path):
    def merge(book):
        book["贫困户"].merge_cells("B2:B4")

    path = tmp_path / "t.xlsx"
    body = [[f"H-{i:06}", *ROW[1:]] for i in range(5)]
    body[4][1] = None
    path.write_bytes(workbook([HEAD, *body], names=["贫困户"], change=merge))
    _, problems = check_office_files(path, PACKAGE, ours)
    assert [(p.row, "合并" in p.message) for p in problems] == [(3, True), (4, True), (6, False)]
