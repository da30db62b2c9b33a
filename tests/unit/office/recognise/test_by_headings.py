"""A sheet that is called like no table and looks like one is asked about: it may be half of that table."""

import time
from pathlib import Path

import pandas as pd
import pytest
from support.project import DATA

from figurebook.datapackage.tables import read_package
from figurebook.office.recognise.by_headings import HeadingIndex
from figurebook.office.recognise.sheets import assign, givable
from figurebook.spreadsheets.reading.grid import Grid

PACKAGE = read_package(DATA)
FITTING = HeadingIndex(givable(PACKAGE))
POOR = ["编号", "村代码", "人数（人）", "2015 年人均收入（元）", "2016年人均收入/元"]
ROW = ["H1", "610626001203", "4", "3950", "4500"]


def sheet(name, *rows, file="全县.xlsx"):
    width = max(map(len, rows), default=0)
    frame = pd.DataFrame(
        [[*r, *[""] * (width - len(r))] for r in rows], dtype=object, index=range(1, len(rows) + 1)
    )
    return Grid(Path(file), name, frame)


def told(*grids):
    found = assign(Path("/nowhere"), list(grids), PACKAGE)
    places = [(p.file, p.sheet, p.rule) for p in found.problems]
    return places, [p.message for p in found.problems], found.notes


@pytest.mark.parametrize("name", ["Sheet2", "贫困户（续）", "2", "通讯录", "行政村情况"])
def test_a_sheet_with_the_headings_of_a_table_given_is_to_be_put_into_it(name):
    places, messages, notes = told(sheet("贫困户", POOR, ROW), sheet(name, ["贫困户续表"], POOR, ROW))
    assert places == [("全县.xlsx", name, "unknown-file")]
    assert "与表“贫困户”（poor_households）相符" in messages[0]
    assert "并入那一张表" in messages[0]
    assert "名称改成" not in messages[0]
    assert notes == []


def test_it_is_the_same_in_another_file_whichever_comes_first():
    files = [sheet("贫困户", POOR, ROW, file="乙.xlsx"), sheet(None, POOR, ROW, file="丙.csv")]
    for order in (files, files[::-1]):
        places, messages, _ = told(*order)
        assert places == [("丙.csv", None, "unknown-file")]
        assert "并入那一张表" in messages[0]


def test_where_that_table_is_not_given_it_is_to_be_called_so():
    places, messages, _ = told(sheet("Sheet1", POOR, ROW), sheet("Sheet2", POOR, ROW))
    assert places == [("全县.xlsx", s, "unknown-file") for s in ("Sheet1", "Sheet2")]
    assert all("请把名称改成“贫困户”，分几处登记的先合成一张" in m for m in messages)


def test_of_several_tables_those_with_most_columns_are_named():
    assert FITTING.tables(sheet("x", POOR, ROW)) == ["poor_households"]
    assert FITTING.tables(sheet("x", ["村代码", "编号", "电话"], ["x"])) == [
        "demonstration_sites",
        "demonstration_households",
    ]
    _, [message], _ = told(
        sheet("第一书记", ["编号", "村代码", "已投保"], ["x"]), sheet("Sheet2", ["编号", "村代码"], ["x"])
    )
    assert "“产业示范点”（demonstration_sites）、“示范户”（demonstration_households）" in message


@pytest.mark.parametrize(
    "rows",
    [
        [POOR],
        [["贫困户登记表"], POOR],
        [POOR[1:], ROW[1:]],
        [["姓名", "电话"], ["x", "y"]],
        [["编号"], ["x"]],
        [["编号", "人数"], ["村代码", "x"]],
        [[*POOR, "编号"], ROW],
        [],
    ],
)
def test_what_names_not_all_or_holds_nothing_is_only_told(rows):
    places, _, notes = told(sheet("贫困户", POOR, ROW), sheet("Sheet2", *rows))
    assert places == []
    assert [n.kind for n in notes] == ["unknown-sheet"] * bool(rows)


@pytest.mark.parametrize("name", givable(PACKAGE))
def test_every_table_is_recognised_by_its_headings(name):
    schema = givable(PACKAGE)[name]["schema"]
    required = [f["title"] for f in schema["fields"] if f.get("constraints", {}).get("required")]
    assert name in FITTING.tables(sheet("x", [f"*{t}（必填）" for t in required], ["x"])) or len(required) < 2


def test_a_broad_sheet_of_other_things_is_passed_over_quickly():
    grid = sheet("x", *[[f"编号{i}{j}" for i in range(1000)] for j in range(40)])
    start = time.monotonic()
    assert FITTING.tables(grid) == []
    assert time.monotonic() - start < 5
