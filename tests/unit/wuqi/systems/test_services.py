"""S10: facilities over the real villages, an allowance by the day, and what is no gap."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems import services as model

TABLES = Tables.load()
RULES = model.rules(TABLES)
PROPER = {
    "villages": TABLES.villages.frame,
    "townships": TABLES.townships.frame,
    "facilities": TABLES.service_facilities.frame,
    "secretaries": TABLES.first_secretaries.frame,
    "rate": 5000,
}
EXAMPLE = model.example(TABLES)
FACILITIES, SECRETARIES = PROPER["facilities"], PROPER["secretaries"]


def without(frame, rows):
    return frame.drop(index=list(rows))


def changed(frame, at, **values):
    frame = frame.astype(object)
    for column, value in values.items():
        frame.loc[at, column] = value
    return frame


def first(kind):
    return FACILITIES.index[FACILITIES["kind"] == kind][0]


def test_what_the_views_say_of_the_example():
    assert model.coverage(EXAMPLE).iloc[:, 1:].values.tolist() == [
        ["村", 56, 91, 35, None],
        ["村", 91, 91, 0, 0],
        ["乡镇级单位", 9, 9, 0, 0],
        ["乡镇级单位", 9, 9, 0, 0],
        ["全县", 8, None, None, None],
    ]
    townships = model.by_township(EXAMPLE)
    assert townships.iloc[0].tolist() == ["吴起街道办事处", 14, 9, 14, 1, 1]
    assert townships.iloc[:, 1:].sum().tolist() == [91, 56, 91, 9, 9]
    assert model.secretaries(EXAMPLE)["个数"].tolist() == [91, 91, 0]
    assert model.allowance(EXAMPLE, [0, 1, 366], 2016).values.tolist() == [
        [0, 0, 0],
        [1, 50, 4_550],
        [366, 18_300, 1_665_300],
    ]


def test_villages_without_a_repaired_site_are_no_gap():
    assert model.gaps(EXAMPLE).empty


@settings(max_examples=40)
@given(st.sets(st.sampled_from(list(FACILITIES.index)), max_size=40))
def test_a_gap_is_each_point_and_centre_left_out_and_nothing_else(rows):
    book = model.register(RULES, **PROPER | {"facilities": without(FACILITIES, rows)})
    left_out = FACILITIES.loc[sorted(rows)]
    expected = set(left_out.loc[left_out["kind"] == "village_point", "village_code"]) | {
        (r.kind, r.township_code) for r in left_out.itertuples() if r.kind.endswith("_centre")
    }
    gaps = model.gaps(book)
    assert len(gaps) == len(expected)
    points = gaps.loc[gaps["设施"] == "村级便民服务站点", "代码"]
    assert set(points) == {e for e in expected if isinstance(e, str)}
    assert model.coverage(book)["处数"].sum() == len(FACILITIES) - len(rows)


@given(st.integers(0, 365), st.integers(0, 365), st.integers(1, 9998))
def test_the_allowance_is_a_straight_line_through_nothing(some, more, year):
    people = len(SECRETARIES)
    table = model.allowance(EXAMPLE, [some, more], year)
    assert [type(x) for x in table["全县（元）"]] == [int, int]
    one, other = table["全县（元）"]
    assert other - one == 50 * people * (more - some)
    assert (table["每人（元）"] * people).tolist() == [one, other]


@pytest.mark.parametrize(
    ("days", "year", "rule"),
    [
        (-1, 2016, "S10.days"),
        (367, 2016, "S10.days"),
        (366, 2017, "S10.days"),
        (366, 1900, "S10.days"),
        (366, 2100, "S10.days"),
        (1.0, 2016, "S10.days"),
        ("1", 2016, "S10.days"),
        (None, 2016, "S10.days"),
        (True, 2016, "S10.days"),
        (float("nan"), 2016, "S10.days"),
        (1, 0, "value"),
        (1, "2016", "value"),
        (1, 9999, "value"),
        (1, 10_000, "value"),
        (1, True, "value"),
    ],
)
def test_days_that_a_year_has_not_are_refused(days, year, rule):
    with pytest.raises(RuleError) as refusal:
        model.allowance(EXAMPLE, [days], year)
    assert refusal.value.rule == rule


@pytest.mark.parametrize("year", [2000, 2004, 2016, 2400])
def test_a_leap_year_has_one_day_more(year):
    assert EXAMPLE.pay(366, year) == 18_300


@pytest.mark.parametrize(
    ("inputs", "rule"),
    [
        ({"facilities": pd.concat([FACILITIES, FACILITIES.head(1)])}, "twice"),
        ({"facilities": changed(FACILITIES, 0, village_code="610626999999")}, "S10.village"),
        ({"facilities": changed(FACILITIES, 0, village_code="张坪村委会")}, "S10.village"),
        ({"facilities": changed(FACILITIES, 0, township_code="610626999")}, "S10.township"),
        ({"facilities": changed(FACILITIES, 0, township_code="610626101")}, "S10.belongs"),
        ({"facilities": changed(FACILITIES, 0, village_code=pd.NA)}, "S10.place"),
        ({"facilities": changed(FACILITIES, first("mobile_centre"), township_code=pd.NA)}, "S10.place"),
        ({"facilities": changed(FACILITIES, 0, kind="canteen")}, "S10.kind"),
        ({"facilities": changed(FACILITIES, 0, kind=pd.NA)}, "S10.kind"),
        ({"facilities": changed(FACILITIES, 0, kind="activity-site")}, "S10.kind"),
        ({"villages": PROPER["villages"].iloc[1:]}, "S10.village"),
        ({"secretaries": pd.concat([SECRETARIES, SECRETARIES.head(1)])}, "twice"),
        (
            {"secretaries": changed(SECRETARIES, 1, village_code=SECRETARIES.loc[0, "village_code"])},
            "S10.one-secretary",
        ),
        ({"secretaries": changed(SECRETARIES, 1, village_code=pd.NA)}, "S10.village"),
        ({"secretaries": changed(SECRETARIES, 1, village_code="610626001")}, "S10.village"),
        ({"secretaries": changed(SECRETARIES, 1, insured="是")}, "S10.insured"),
        ({"secretaries": changed(SECRETARIES, 1, insured=1)}, "S10.insured"),
        ({"secretaries": changed(SECRETARIES, 1, insured=pd.NA)}, "S10.insured"),
        ({"rate": 5050}, "S10.whole-yuan"),
        ({"rate": -100}, "S10.whole-yuan"),
        ({"rate": 50.0}, "S10.whole-yuan"),
        ({"rate": True}, "S10.whole-yuan"),
    ],
)
def test_hostile_registers_are_refused_by_the_rule_that_forbids_them(inputs, rule):
    with pytest.raises(RuleError) as refusal:
        model.register(RULES, **PROPER | inputs)
    assert refusal.value.rule == rule


def test_a_facility_in_a_village_needs_no_township_and_counts_for_the_village_s_own():
    book = model.register(RULES, **PROPER | {"facilities": changed(FACILITIES, 0, township_code=pd.NA)})
    assert model.by_township(book).equals(model.by_township(EXAMPLE))


@pytest.mark.parametrize("kind", ["activity_site", "village_point", "township_centre"])
def test_a_unit_with_two_facilities_of_a_kind_has_both_counted_and_is_one_unit(kind):
    more = FACILITIES.loc[[first(kind)]].assign(id="X1")
    book = model.register(RULES, **PROPER | {"facilities": pd.concat([FACILITIES, more])})
    before, after = (model.coverage(b).set_index("设施") for b in (EXAMPLE, book))
    label = EXAMPLE.kinds[kind].label
    assert after.loc[label, "处数"] == before.loc[label, "处数"] + 1
    assert after.drop(columns="处数").equals(before.drop(columns="处数"))


@pytest.mark.parametrize("kind", ["most-villages", "", None, "county "])
def test_a_kind_counted_over_no_known_units_is_refused(kind):
    criteria = RULES.criteria.astype(object)
    criteria.loc[0, "kind"] = kind
    with pytest.raises(RuleError) as refusal:
        model.register(replace(RULES, criteria=criteria), **PROPER)
    assert refusal.value.rule == "value"
