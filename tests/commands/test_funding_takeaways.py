"""The budget's workbook: one sheet to type in, and formulas that say what the model says."""

import pytest
from openpyxl import load_workbook
from support.office import office_saves

from figurebook.datapackage.problems import TablesError
from figurebook.datapackage.tables import Tables
from figurebook.spreadsheets.reading.filled_sheets import read
from wuqi.systems.funding import model
from wuqi.systems.funding import takeaways as files

TABLES = Tables.load()
BUDGET = model.example(TABLES, 3)
(NAME,) = files.FILES
ASKED = range(21)
ITEMS, PARTS, MORE, SHARES, COMPARED = "各项", "合计", "多一个单位", "平摊", "社区个数不同"


def computed(path) -> dict[str, list[list]]:
    return {
        page.title: [[c.value for c in row] for row in page.iter_rows(min_row=2)]
        for page in load_workbook(path, data_only=True)
    }


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> dict[str, dict[str, list[list]]]:
    """What an office program computes: as made, and with other numbers typed in."""
    folder = tmp_path_factory.mktemp("budget")
    content = files.workbook(BUDGET, ASKED)
    typed = {"3": {}, "0": {"社区": 0}, "20": {"社区": 20}, "else": {"村": 90, "社区": 8, "农村党员": 0}}
    for name, numbers in typed.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(content)
        book = load_workbook(path)
        page = book["个数"]
        for cell in page[1]:
            if cell.value in numbers:
                page.cell(2, cell.column, numbers[cell.value])
        book.save(path)
    made = office_saves(folder / "saved", *(folder / f"{name}.xlsx" for name in typed))
    return {name: computed(made[f"{name}.xlsx"]) for name in typed}


@pytest.mark.parametrize(
    ("name", "budget"),
    [
        ("3", BUDGET),
        ("0", BUDGET.having("community", 0)),
        ("20", BUDGET.having("community", 20)),
        ("else", BUDGET.having("community", 8).having("village", 90)),
    ],
)
def test_the_formulas_say_what_the_model_says(saved, name, budget):
    pages = saved[name]
    assert [r[4:] for r in pages[ITEMS]] == model.items(budget)[["个数", "金额（元）"]].values.tolist()
    assert pages[PARTS] == model.parts(budget).values.tolist()
    assert [r[1] for r in pages[MORE]] == model.one_more(budget)["多一个，多多少（元）"].tolist()
    assert [r[1] for r in pages[COMPARED]] == [budget.having("community", n).total() for n in ASKED]


def test_shares_are_whole_and_where_there_is_nobody_there_is_none(saved):
    assert [r[2:] for r in saved["3"][SHARES]] == [[91, 52_527, 43], [4_001, 1_194, 2_806]]
    assert [r[2:4] for r in saved["else"][SHARES]] == [[90, 58_333], [0, None]]


def test_only_the_numbers_can_be_typed_in(tmp_path):
    path = tmp_path / NAME
    path.write_bytes(files.make(TABLES)[NAME])
    book = load_workbook(path)
    assert all(page.protection.sheet for page in book)
    open_cells = [
        (page.title, c.coordinate)
        for page in book
        for row in page.iter_rows()
        for c in row
        if not c.protection.locked
    ]
    assert open_cells == [("个数", "A2"), ("个数", "B2"), ("个数", "C2"), ("个数", "D2")]
    assert [r[0].value for r in book[COMPARED].iter_rows(min_row=2)] == [3, 4, 5, 6, 7, 8]


def test_what_is_typed_in_comes_back_and_makes_the_same_file(tmp_path):
    path = tmp_path / NAME
    path.write_bytes(files.workbook(BUDGET, ASKED))
    (row,) = read(path, [files.inputs(BUDGET)])["个数"]
    again = model.example(TABLES, row["community"]).having("village", row["village"])
    assert (
        files.workbook(again.having("department_committee", row["department_committee"]), ASKED)
        == path.read_bytes()
    )


@pytest.mark.parametrize("value", [-1, 2.5, "三", None, "=1+1"])
def test_a_number_that_is_no_count_is_refused_by_its_cell(tmp_path, value):
    path = tmp_path / NAME
    path.write_bytes(files.workbook(BUDGET, ASKED))
    book = load_workbook(path)
    book["个数"]["C2"] = value
    book.save(path)
    with pytest.raises(TablesError) as refused:
        read(path, [files.inputs(BUDGET)])
    (problem,) = refused.value.problems
    assert (problem.sheet, problem.row) == ("个数", 2)
    assert "社区" in problem.column
