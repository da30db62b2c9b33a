"""Cells whose letters do not simply follow one another: raised, lowered, struck through."""

import pytest
from support.given import PACKAGE, ours
from support.grids import read, sound
from support.workbooks import cell, shared

from figurebook.office.accept import check_office_files
from figurebook.spreadsheets.reading.xlsx_rich_text import MIXED, STRUCK

UP, DOWN, LINE = '<vertAlign val="superscript"/>', '<vertAlign val="subscript"/>', "<strike/>"
HEADINGS = ("编号", "村代码", "党员数", "2016 年参加评议")


def run(text, form=""):
    return f"<r>{form and f'<rPr>{form}</rPr>'}<t>{text}</t></r>"


def told(runs, tmp_path):
    """What is said of a cell of these runs, which is the same whether the cell has them or points at them."""
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    files = [
        cell(f'<c r="A2" t="inlineStr"><is>{runs}</is></c>'),
        shared(f"<si><t>编号</t></si><si>{runs}</si>", row),
    ]
    found = [
        [(p.rule, p.row, p.column, p.value, p.message) for p in read(tmp_path, data)[2]] for data in files
    ]
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize(
    ("runs", "value", "message"),
    [
        (run("2") + run("1", UP), "21", MIXED),
        (run("2") + run("1", DOWN), "21", MIXED),
        (run("2", UP) + run("1", DOWN), "21", MIXED),
        (run("2", DOWN) + run("1"), "21", MIXED),
        (run("1", LINE) + run("2"), "12", STRUCK),
        (run("1", LINE), "1", STRUCK),
        (run("1", '<strike val="true"/>') + run("2", UP), "12", STRUCK),
    ],
)
def test_a_cell_of_runs_that_do_not_belong_together_is_named(runs, value, message, tmp_path):
    assert told(runs, tmp_path) == [("type", 2, "A", value, message)]


@pytest.mark.parametrize(
    "runs",
    [
        run("2") + run("1", "<b/>"),
        run("2", UP) + run("1", UP),
        run("2") + run(" ", UP),
        run("2", UP),
        run("2", '<vertAlign val="baseline"/>') + run("1"),
        run("2", '<strike val="0"/>') + run("1"),
        run("") + run("2", UP),
        "<t>2</t><rPh sb='0' eb='1'><t>er</t></rPh>",
    ],
)
def test_a_cell_of_one_kind_of_runs_is_read(runs, tmp_path):
    assert told(runs, tmp_path) == []


def test_a_run_says_nothing_of_the_next_cell(tmp_path):
    rows = (
        '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>2</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>2</v></c></row>'
    )
    strings = f"<si>{run('1', LINE)}</si><si>{run('2', UP)}</si><si>{run('3')}</si>"
    assert sound(tmp_path, shared(strings, rows)) == [["2", "3"], ["3", ""]]


def test_it_is_told_below_its_heading_and_not_where_nothing_is_read(tmp_path):
    texts = [*HEADINGS, "备注", "B1", "610626001203", "是"]
    strings = "".join(f"<si><t>{t}</t></si>" for t in texts) + f"<si>{run('2')}{run('1', UP)}</si>"
    rows = ['<row r="1">', '<row r="2">']
    for row, cells in enumerate(((0, 1, 2, 3, 4), (5, 6, 8, 7, 8))):
        rows[row] += (
            "".join(
                f'<c r="{letter}{row + 1}" t="s"><v>{n}</v></c>'
                for letter, n in zip("ABCDE", cells, strict=True)
            )
            + "</row>"
        )
    (tmp_path / "农村党支部.xlsx").write_bytes(shared(strings, "".join(rows)))
    intake, problems = check_office_files(tmp_path / "农村党支部.xlsx", PACKAGE, ours)
    assert [(p.row, p.column, p.value, p.message) for p in problems] == [(2, "党员数", "21", MIXED)]
    assert [e[1] for n in intake.notes if n.kind == "cell-aside" for e in n.examples] == ["E2"]
