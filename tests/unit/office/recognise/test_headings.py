"""Headings: found below titles, in any spelling and order; never guessed."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.project import DATA

from figurebook.datapackage.tables import read_package
from figurebook.office.recognise.headings import HeadingSpellings, find
from figurebook.office.recognise.sheets import givable
from figurebook.spreadsheets.reading.grid import Grid

PACKAGE = read_package(DATA)
SCHEMAS = {name: r["schema"] for name, r in givable(PACKAGE).items()}
HOUSEHOLDS = SCHEMAS["poor_households"]
ENGLISH = ["id", "village_code", "persons", "income_2015", "income_2016"]
CHINESE = ["编号", "村代码", "人数", "2015 年人均收入", "2016 年人均收入"]
CANARY = "CANARY-7Q2X-0001"


def grid(*rows, start=1):
    width = max(map(len, rows))
    frame = pd.DataFrame(
        [[*r, *[""] * (width - len(r))] for r in rows], dtype=object, index=range(start, start + len(rows))
    )
    return Grid(Path("贫困户.csv"), None, frame)


def rules(problems):
    return [(p.rule, p.row, p.column) for p in problems]


@pytest.mark.parametrize(
    "heading",
    [
        "人数",
        "persons",
        "Persons",
        "ＰＥＲＳＯＮＳ",
        " 人 数 ",
        "人\n数",
        "人数\x28人\x29",
        "人数\uff08人\uff09",
        "人数【单位\uff1a人】",
        "*人数",
        "人数（必填）",
        "人数（人，必填）",
        "人数（persons）",
        "persons \x28人数\x29",
        "人数/人",
        "人\u200b数",
        "人数（人）（必填）",
    ],
)
def test_a_heading_is_known_in_any_spelling(heading):
    assert HeadingSpellings(HOUSEHOLDS).field(heading)[0] == "persons"


@pytest.mark.parametrize(
    ("table", "heading", "name"),
    [
        ("weak_branches", "是否已整顿转化", "put_right"),
        ("weak_branches", "已整顿转化（是/否）", "put_right"),
        ("weak_branches", "是否已整顿转化（填是或否）", None),
        ("weak_branches", "是否编号", None),
        ("weak_branches", "编号（是/否）", None),
        ("weak_branches", "村代码（行政区划代码）", "village_code"),
        ("villages", "代码（区划代码，12位）", "code"),
        ("villages", "村代码（邮政编码）", None),
    ],
)
def test_a_heading_may_ask_or_remark(table, heading, name):
    assert HeadingSpellings(SCHEMAS[table]).field(heading)[0] == name


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("2016年人均收入（元）", "元"),
        ("2016 年人均收入\x28万元\x29", "万元"),
        ("income_2016", None),
        ("Income 2016 (yuan)", "yuan"),
        ("2016年人均收入（单位：千元）", "千元"),
        ("2016年人均收入/元", "元"),
        ("2016年人均收入：元", "元"),
        ("2016年人均收入[分]", "分"),
        ("2016年人均收入（元/年）", "元"),
        ("2016年人均收入（元／年，必填）", "元"),
        ("2016年人均收入（单位：元每年）", "元"),
        ("2016年人均收入/元/年", "元"),
        ("2016年人均收入（元/人）", "元"),
        ("2016年人均收入（元每人）", "元"),
        ("2016年人均收入：元 / 人", "元"),
    ],
)
def test_a_heading_may_name_the_unit(heading, unit):
    assert HeadingSpellings(HOUSEHOLDS).field(heading) == ("income_2016", unit)


@pytest.mark.parametrize(
    ("heading", "found"),
    [("金额（元/年）", ("amount", "元")), ("金额（元/人）", (None, None)), ("金额（元每人）", (None, None))],
)
def test_money_by_the_head_is_known_only_where_the_title_says_so(heading, found):
    assert HeadingSpellings(SCHEMAS["funding_rates"]).field(heading) == found


@pytest.mark.parametrize(
    "heading",
    [
        "2016年人均收入（元/月）",
        "2016年人均收入（元/户）",
        "2016年人均收入（元/人/月）",
        "人数（元/年）",
        "2016年人均收入（美元/年）",
        "2016年人均收入（元/人数）",
        "人数（女）",
        "人数（户）",
        "人口数",
        "2016年人均收入（美元）",
        "2016年人均收入（元，万元）",
        "人均收入",
        "收入",
        "",
        "（）",
        "2016年人均收入 元",
        "id2",
        "(" * 500,
        "人数" + "（人）" * 200 + "（女）",
    ],
)
def test_a_heading_that_says_something_else_is_not_taken(heading):
    assert HeadingSpellings(HOUSEHOLDS).field(heading) == (None, None)


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_two_fields_of_a_table_share_a_heading(name):
    known = HeadingSpellings(SCHEMAS[name])
    for field in SCHEMAS[name]["fields"]:
        assert known.field(field["title"]) == known.field(field["name"]) == (field["name"], None)


def test_the_row_of_headings_is_found_below_titles():
    rows = [["某县贫困户登记表"], ["填表日期", "", "2016"], CHINESE, ["1"] * 5]
    head, problems = find(grid(*rows, start=2), HOUSEHOLDS)
    assert problems == []
    assert (head.position, head.row) == (2, 4)
    assert head.columns == dict(zip(ENGLISH, range(5), strict=True))
    assert head.headings == dict(zip(ENGLISH, CHINESE, strict=True))
    assert (head.units, head.aside, head.absent) == ({}, (), ())


def test_a_row_that_names_more_columns_but_not_those_needed_is_no_row_of_headings():
    schema = {
        "fields": [
            {"name": "id", "title": "编号", "type": "string", "constraints": {"required": True}},
            {"name": "note", "title": "备注", "type": "string"},
            {"name": "day", "title": "日期", "type": "string"},
        ]
    }
    head, problems = find(grid(["备注", "日期"], ["编号"], ["甲"]), schema)
    assert (head.position, head.columns, problems) == (1, {"id": 0}, [])


@given(st.permutations(range(5)), st.lists(st.booleans(), min_size=5, max_size=5), st.integers(0, 29))
def test_order_and_language_make_no_difference(order, chinese, titles):
    names = [(CHINESE if chinese[i] else ENGLISH)[i] for i in order]
    head, problems = find(grid(*[["某县登记表"]] * titles, names, ["1"] * 5), HOUSEHOLDS)
    assert problems == []
    assert head.row == titles + 1
    assert head.columns == {ENGLISH[i]: order.index(i) for i in range(5)}


def test_headings_too_far_down_are_not_found():
    head, problems = find(grid(*[["某县登记表"]] * 30, CHINESE), HOUSEHOLDS)
    assert head is None
    assert rules(problems) == [("missing-column", None, None)]
    assert "“编号”（id）" in problems[0].message


def test_a_table_without_headings_is_refused_and_none_of_it_repeated():
    head, problems = find(grid([CANARY, CANARY, "4", "1", "1"]), HOUSEHOLDS)
    assert head is None
    assert rules(problems) == [("missing-column", None, None)]
    assert CANARY not in str(problems[0])


def test_every_missing_column_is_told_with_both_names_and_what_was_there():
    head, problems = find(grid([*CHINESE[:2], "人口数", *CHINESE[3:]]), HOUSEHOLDS)
    assert head is None
    assert rules(problems) == [("missing-column", 1, "人数")]
    assert "“人数”（persons）" in problems[0].message
    assert "没有认出的列：人口数" in problems[0].message


def test_below_a_heading_that_is_advised_for_money_the_numbers_are_yuan():
    """Under the schema's own name they would be fen, which is not what a clerk means."""
    for rows in ([CHINESE[:4]], [["甲", "乙"]]):
        found = " ".join(p.message for p in find(grid(*rows), HOUSEHOLDS)[1])
        assert "“2016 年人均收入（元）”" in found
        assert "income_2016" not in found
    assert HeadingSpellings(HOUSEHOLDS).field("2016 年人均收入（元）") == ("income_2016", "元")


def test_what_stands_in_a_row_that_may_be_no_headings_is_not_repeated():
    _, problems = find(grid(["编号", CANARY, CANARY]), HOUSEHOLDS)
    assert len(problems) == 4
    assert CANARY not in "".join(map(str, problems))


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("first_secretaries", ["编号", CANARY]),
        ("demonstration_households", ["编号", CANARY, CANARY]),
        ("first_secretaries", ["已投保", CANARY]),
        ("poor_households", ["编号", "人数", "村代码", CANARY]),
    ],
)
def test_a_table_on_its_side_tells_no_names(table, row):
    head, problems = find(grid(row, row), SCHEMAS[table])
    assert head is None
    assert CANARY not in "".join(map(str, problems))


def test_a_heading_that_comes_twice_is_refused():
    head, problems = find(grid([*CHINESE, "persons"]), HOUSEHOLDS)
    assert head is None
    assert rules(problems) == [("duplicate-column", 1, "人数")]
    assert "第 3 列“人数”、第 6 列“persons”" in problems[0].message


def test_other_columns_are_kept_aside_by_their_headings_alone():
    rows = [["序号", *ENGLISH, "", "备注", ""], ["1", *["1"] * 5, CANARY, CANARY, ""]]
    head, problems = find(grid(*rows), HOUSEHOLDS)
    assert problems == []
    assert head.aside == ("序号", "第 7 列（没有列名）", "备注")


def test_a_column_nobody_must_fill_may_be_absent():
    head, problems = find(grid(["编号", "已整顿转化"]), SCHEMAS["weak_branches"])
    assert problems == []
    assert head.absent == ("village_code",)
