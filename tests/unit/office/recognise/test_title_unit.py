"""Money without a unit is not guessed at: its heading, a title above, or every cell must say it."""

import pytest
from support.given import PACKAGE, ours

from figurebook.office.accept import check_office_files

FIRST = ["编号", "村代码", "人数"]
BARE = ["2015 年人均收入", "2016 年人均收入"]
NAMES = ["income_2015", "income_2016"]
YUAN = ["600000", "700000"]
# name: (rows above, headings of money, rows of two incomes, columns at fault, the first row as read)
CASES = {
    "nothing": ([], BARE, [("6000", "7000")], BARE, None),
    "half of the cells": ([], BARE, [("6000元", "7000元"), ("6000元", "7000")], BARE[1:], None),
    "every cell": ([], BARE, [("6000元", "￥7000"), ("0.6万元", "7000元"), ("0", "0元")], [], YUAN),
    "the schema's own name": ([], NAMES, [YUAN], [], YUAN),
    "the schema's own name with a title": (["单位：元"], NAMES, [("6000", "7000")], [], YUAN),
    "the heading": ([], [f"{BARE[0]}（元）", f"{BARE[1]}（万元）"], [("6000", "0.7")], [], YUAN),
    "a title": (["某表", "单位\uff1a元"], BARE, [("6000", "0.7万")], [], YUAN),
    "a title that says more": (["（金额单位：万元、人）"], BARE, [("0.6", "0.7")], [], YUAN),
    "a title in two cells": (["某表,单位:,人民币元"], BARE, [("6000", "7000")], [], YUAN),
    "a title and a heading": (["单位：万元"], [BARE[0], f"{BARE[1]}（元）"], [("0.6", "7000")], [], YUAN),
    "two titles": (["单位：元", "单位：万元"], BARE, [("6000", "7000")], BARE, None),
    "a title of something else": (["填报单位：百元乡"], BARE, [("6000", "7000")], BARE, None),
    "a title that ends elsewhere": (["单位：元庄村委会"], BARE, [("6000", "7000")], BARE, None),
}


@pytest.mark.parametrize("case", CASES)
def test_the_unit_of_money_must_be_said_somewhere(case, tmp_path):
    titles, money, incomes, wrong, first = CASES[case]
    rows = [[*FIRST, *money], *[[f"H-{n:06}", "610626001203", "4", *pair] for n, pair in enumerate(incomes)]]
    text = "\n".join([*(f"{t}{',' * (4 - t.count(','))}" for t in titles), *map(",".join, rows)])
    (tmp_path / "贫困户.csv").write_text(text, encoding="utf-8")
    intake, problems = check_office_files(tmp_path, PACKAGE, ours)
    assert [(p.rule, p.row, p.column, p.value) for p in problems] == [("unit", None, c, None) for c in wrong]
    assert all(f"“{p.column}（元）”" in p.message for p in problems)
    assert [(n.count, [e[0] for e in n.examples]) for n in intake.notes if n.kind == "title-row"] == (
        [(len(titles), list(range(1, len(titles) + 1)))] if titles else []
    )
    if first:
        assert intake.tables["poor_households"].frame.to_numpy()[0, 3:].tolist() == first


def test_nothing_is_asked_of_cells_without_an_amount(tmp_path):
    rows = ["项目,金额,对象,周期", "village,0,village,year", "training,十万,county,year"]
    (tmp_path / "经费标准.csv").write_text("\n".join(rows), encoding="utf-8")
    assert [p.rule for p in check_office_files(tmp_path, PACKAGE, ours)[1]] == ["type"]
