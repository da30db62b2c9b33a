"""The Chinese sentence of each computation says what its code does."""

import ast

import pytest

from wuqi.computations import computations
from wuqi.site import reading


@pytest.mark.parametrize("figure_id", computations())
def test_every_computation_can_be_said(figure_id, tables):
    said = reading.sentence(figure_id, tables)
    names = {node.attr for node in ast.walk(ast.parse(reading.code(figure_id)))
             if isinstance(node, ast.Attribute)}
    assert names
    assert all(tables.resource(n)["title"] in said for n in names)
    assert said.endswith("。")
    assert "None" not in said


@pytest.mark.parametrize(("figure_id", "said"), [
    ("poverty.households", "数一数“贫困户”表一共有多少行。"),
    ("staffing.weak_branches", "数一数“软弱涣散组织”表里“已整顿转化”为“是”的行有多少。"),
    ("services.county_stations", "数一数“服务设施”表里“类别”为“县城站点”（county_station）的行有多少。"),
    ("poverty.persons", "把“贫困户”表里各行的“人数”加起来。"),
    ("review.members", "把“农村党支部”表里“2016 年参加评议”为“是”的行的“党员数”加起来。"),
    ("poverty.income", "把“贫困户”表里各行的“2016 年人均收入”乘以“人数”，加起来，再除以“人数”之和。"),
    ("funding.village", "取“经费标准”表里“项目”为“村（原有）”（village）的行（只有一行）的“金额”。"),
])
def test_what_is_said(figure_id, said, tables):
    assert reading.sentence(figure_id, tables) == said


def test_growth_names_both_years_in_order(tables):
    said = reading.sentence("poverty.growth", tables)
    assert said.index("2016") < said.index("比（") < said.index("2015")


def test_the_code_is_the_function_itself():
    assert reading.code("poverty.persons").splitlines() == [
        '@figure("poverty.persons")', "def poor_persons(t: Tables) -> Ratio:",
        '    return total(t.poor_households, "persons")']


def test_a_verb_without_words_is_refused(tables, monkeypatch):
    function = "def f(t):\n    return median(t.poor_households, 'persons')"
    monkeypatch.setattr(reading, "code", lambda _: function)
    with pytest.raises(ValueError, match="median"):
        reading.sentence("poverty.persons", tables)


def test_a_figure_without_a_computation_says_so(tables):
    assert reading.code("another.figure") == ""
    assert reading.sentence("another.figure", tables) == "没有登记计算方法。"
