"""A measure says what it does, and what is wrong with it; the page's sentence is its own."""

import pytest

from figurebook.figures.definitions import figure_measures
from figurebook.figures.measures import (
    Count,
    Difference,
    Measure,
    Only,
    PercentChange,
    Scaled,
    Share,
    Total,
    WeightedMean,
    faults,
)
from figurebook.site.pages.figure_pages import sentence

PERSONS = Total("poor_households", "persons")
ALL_KINDS = [
    Count("villages"),
    PERSONS,
    WeightedMean("poor_households", "income_2016", weight="persons"),
    Only("funding_rates", "amount", where={"item": "village"}),
    PercentChange(PERSONS, Count("villages")),
    Share(PERSONS, Count("villages")),
    Difference(PERSONS, Count("villages")),
    Scaled(PERSONS, "万"),
]


@pytest.mark.parametrize("figure_id", figure_measures())
def test_every_measure_can_be_said(figure_id, tables):
    measure = figure_measures()[figure_id]
    said = sentence(measure, tables)
    assert measure.reads
    assert all(tables.resource(n)["title"] in said for n in measure.reads)
    assert said.endswith("。")
    assert "None" not in said
    assert all(n in measure.english for n in measure.reads)
    assert measure.english.isascii()


@pytest.mark.parametrize(
    ("measure", "said", "english"),
    [
        (Count("poor_households"), "数一数“贫困户”表一共有多少行。", "number of rows of poor_households"),
        (
            Count("weak_branches", where={"put_right": True}),
            "数一数“软弱涣散组织”表里“已整顿转化”为“是”的行有多少。",
            "number of rows of weak_branches where put_right is true",
        ),
        (
            Count("weak_branches", where={"put_right": False}),
            "数一数“软弱涣散组织”表里“已整顿转化”为“否”的行有多少。",
            "number of rows of weak_branches where put_right is false",
        ),
        (
            Count("service_facilities", where={"kind": "county_station"}),
            "数一数“服务设施”表里“类别”为“县城站点”（county_station）的行有多少。",
            "number of rows of service_facilities where kind is county_station",
        ),
        (PERSONS, "把“贫困户”表里各行的“人数”加起来。", "sum of persons in poor_households"),
        (
            Total("branches", "members", where={"reviewed_2016": True}),
            "把“农村党支部”表里“2016 年参加评议”为“是”的行的“党员数”加起来。",
            "sum of members in branches where reviewed_2016 is true",
        ),
        (
            WeightedMean("poor_households", "income_2016", weight="persons"),
            "把“贫困户”表里各行的“2016 年人均收入”乘以“人数”，加起来，再除以“人数”之和。",
            "mean of income_2016 weighted by persons in poor_households",
        ),
        (
            Only("funding_rates", "amount", where={"item": "village"}),
            "取“经费标准”表里“项目”为“村（原有）”（village）的行（只有一行）的“金额”。",
            "the one value of amount in funding_rates where item is village",
        ),
        (
            Count("household_sizes", where={"size": 2}),
            "数一数“农村住户规模分布（2006）”表里“户规模”为 2 的行有多少。",
            "number of rows of household_sizes where size is 2",
        ),
        (
            PercentChange(PERSONS, Count("poor_households")),
            "（把“贫困户”表里各行的“人数”加起来）比（数一数“贫困户”表一共有多少行）增长的百分比。",
            "percent change of (sum of persons in poor_households) over (number of rows of poor_households)",
        ),
        (
            Share(Count("weak_branches"), Count("villages")),
            "（数一数“软弱涣散组织”表一共有多少行）占（数一数“行政村”表一共有多少行）的百分比。",
            "(number of rows of weak_branches) as a percentage of (number of rows of villages)",
        ),
        (
            Difference(Count("weak_branches"), Count("villages")),
            "（数一数“软弱涣散组织”表一共有多少行）减去（数一数“行政村”表一共有多少行）。",
            "(number of rows of weak_branches) less (number of rows of villages)",
        ),
        (
            Scaled(PERSONS, "万"),
            "（把“贫困户”表里各行的“人数”加起来）换成以“万”为单位。",
            "(sum of persons in poor_households) / 10000",
        ),
    ],
)
def test_what_is_said(measure, said, english, tables):
    assert sentence(measure, tables) == said
    assert measure.english == english


def test_growth_names_both_years_in_order(tables):
    said = sentence(figure_measures()["poverty.growth"], tables)
    assert said.index("2016") < said.index("比（") < said.index("2015")


def test_a_figure_without_a_measure_says_so(tables):
    assert sentence(None, tables) == "没有登记计算方法。"


@pytest.mark.parametrize("measure", [*ALL_KINDS, *figure_measures().values()], ids=repr)
def test_a_measure_is_written_as_it_was_declared(measure):
    assert (
        eval(
            repr(measure),
            {
                kind.__name__: kind
                for kind in (Count, Total, WeightedMean, Only, PercentChange, Share, Difference, Scaled)
            },
        )
        == measure
    )
    assert hash(measure) == hash(measure)


def test_what_is_written_is_short():
    assert repr(PERSONS) == 'Total("poor_households", "persons")'
    assert repr(ALL_KINDS[2]) == 'WeightedMean("poor_households", "income_2016", weight="persons")'
    assert repr(Count("branches", where={"reviewed_2016": True, "id": "B1"})) == (
        'Count("branches", where={"reviewed_2016": True, "id": "B1"})'
    )


@pytest.mark.parametrize(
    "change", [lambda m: setattr(m, "table", "villages"), lambda m: m.where.update(item="community")]
)
def test_a_measure_cannot_be_changed(change):
    with pytest.raises((AttributeError, TypeError)):
        change(Only("funding_rates", "amount", where={"item": "village"}))


def test_sound_measures_have_no_faults(tables):
    sound = (*ALL_KINDS, *figure_measures().values())
    assert [list(faults(m, tables)) for m in sound] == [[]] * len(sound)


@pytest.mark.parametrize(
    ("declared", "rule", "said", "column"),
    [
        (Count("vilages"), "foreign-key", "没有表 vilages。相近的有 villages", None),
        (Total("poor_households", "person"), "missing-column", "没有这一列。相近的有 persons", "person"),
        (
            Count("weak_branches", where={"put_rigth": True}),
            "missing-column",
            "相近的有 put_right",
            "put_rigth",
        ),
        (
            WeightedMean("poor_households", "income_2016", weight="heads"),
            "missing-column",
            "没有这一列",
            "heads",
        ),
        (Count("weak_branches", where={"put_right": "true"}), "type", "不会有 'true'", "put_right"),
        (Count("household_sizes", where={"size": True}), "type", "不会有 True", "size"),
        (Count("appointments", where={"kind": "promotd"}), "type", "不会有 'promotd'", "kind"),
        (Count("villages", where="code"), "type", "where=", None),
        (Total("villages", "name"), "type", "不是数", "name"),
        (Total("county_facts", "value"), "type", "没有写 decimals", "value"),
        (Scaled(PERSONS, "千"), "type", "单位只能是万、亿", None),
        (Scaled(Total("poor_households", "person"), "万"), "missing-column", "没有这一列", "person"),
        (Share(PERSONS, "villages"), "type", "'villages' 不是一种算法", None),
        (Difference(Count("vilages"), PERSONS), "foreign-key", "没有表 vilages", None),
        ("Count", "type", "'Count' 不是一种算法", None),
        (Count, "type", "不是一种算法", None),
    ],
    ids=repr,
)
def test_a_mistake_is_named(declared, rule, said, column, tables):
    [fault] = faults(declared, tables)
    assert (fault.rule, fault.column) == (rule, column)
    assert said in fault.message


def test_a_measure_of_two_tables_reads_both_and_each_once():
    measure = Share(Difference(Count("villages"), Count("branches")), Count("villages"))
    assert measure.reads == ("villages", "branches")
    assert isinstance(measure, Measure)
