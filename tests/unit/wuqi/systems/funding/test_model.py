"""S09: whole yuan, and a total that is the sum of its parts, for any number of communities."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import examples

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems.funding import model

TABLES = Tables.load()
RULES = model.rules(TABLES)
LINES = TABLES.rules_of(model.SYSTEM)["budget_lines"]
RATES = TABLES.funding_rates.frame
UNITS = model.units(TABLES, RULES["communities"])
COMMUNITIES = st.integers(0, 20)


@given(COMMUNITIES)
def test_the_total_is_the_sum_of_its_parts_and_of_its_items_in_whole_yuan(n):
    book = model.example(TABLES, n)
    amounts = model.items(book)["金额（元）"].tolist()
    parts = model.parts(book)["一年（元）"].tolist()
    assert all(type(x) is int for x in [*amounts, *parts])
    assert sum(amounts) == sum(parts[:-1]) == parts[-1] == book.total()
    assert parts == [3_570_000 + 80_000 * n, 910_000 + 20_000 * n, 4_480_000 + 100_000 * n]


@given(
    COMMUNITIES,
    st.integers(0, 200),
    st.integers(0, 40),
    st.integers(0, 5000),
    st.lists(st.integers(0, 10**7), min_size=6, max_size=6),
)
def test_the_laws_hold_at_any_rates_and_counts(communities, villages, committees, members, yuan):
    rates = RATES.head(6).assign(amount=[100 * y for y in yuan])
    units = {"department_committee": committees, "village": villages, "community": communities, "county": 1}
    book = model.budget(RULES, LINES, rates, units, members)
    assert book.total() == book.total("base") + book.total("increase")
    assert book.total() == model.items(book)["金额（元）"].sum()
    for _, count, each, left in model.shares(book).itertuples(index=False):
        assert each * count + left == book.total()
        assert 0 <= left < count
    for unit, _, more in model.one_more(book).itertuples(index=False):
        payee = next(line.payee for line in book.lines if line.unit == unit)
        assert more == sum(line.rate for line in book.lines if line.payee == payee)


@examples(60)
@given(COMMUNITIES, COMMUNITIES)
def test_a_budget_of_another_number_is_that_number_s_own_and_leaves_the_first_alone(n, other):
    book = model.example(TABLES, n)
    assert book.having("community", other) == model.example(TABLES, other)
    assert book == model.example(TABLES, n)


@pytest.mark.parametrize("n", [-1, -20, 3.0, 2.5, "3", None, True, float("nan"), "三", "３"])
def test_a_number_of_communities_that_is_no_count_is_refused(n):
    for attempt in (
        lambda: model.example(TABLES, n),
        lambda: model.example(TABLES, 3).having("community", n),
    ):
        with pytest.raises(RuleError, match=r"S09\.count"):
            attempt()


def changed(item, **values):
    rates = RATES.astype(object)
    for column, value in values.items():
        rates.loc[rates["item"] == item, column] = value
    return rates


@pytest.mark.parametrize(
    ("inputs", "rule"),
    [
        ({"rates": changed("village", amount=2_000_050)}, "S09.whole-yuan"),
        ({"rates": changed("village", amount=-100)}, "S09.whole-yuan"),
        ({"rates": changed("village", amount=20_000.5)}, "S09.whole-yuan"),
        ({"rates": changed("village", amount=pd.NA)}, "S09.whole-yuan"),
        ({"rates": changed("village", amount="2000000")}, "S09.whole-yuan"),
        ({"rates": changed("village", amount=True)}, "S09.whole-yuan"),
        ({"rates": changed("training", payee="province")}, "S09.payee"),
        ({"rates": changed("training", payee=pd.NA)}, "S09.payee"),
        ({"rates": changed("village", per="day")}, "S09.yearly"),
        ({"rates": RATES[RATES["item"] != "department"]}, "S09.rate"),
        ({"rates": RATES.head(0)}, "S09.rate"),
        ({"rates": pd.concat([RATES, RATES.head(1)])}, "twice"),
        ({"lines": pd.concat([LINES, LINES.tail(1)])}, "twice"),
        ({"lines": LINES.assign(part="gift")}, "S09.part"),
        ({"lines": LINES.assign(item=[*LINES["item"][:5], "first_secretary_day"])}, "S09.payee"),
        (
            {
                "units": {**UNITS, "first_secretary": 91},
                "lines": LINES.assign(item=[*LINES["item"][:5], "first_secretary_day"]),
            },
            "S09.yearly",
        ),
        ({"units": {k: v for k, v in UNITS.items() if k != "community"}}, "S09.payee"),
        ({"units": {**UNITS, "village": -91}}, "S09.count"),
        ({"units": {**UNITS, "village": 91.0}}, "S09.count"),
        ({"members": -1}, "S09.count"),
        ({"members": "4001"}, "S09.count"),
    ],
)
def test_hostile_tables_are_refused_by_the_rule_that_forbids_them(inputs, rule):
    proper = {"lines": LINES, "rates": RATES, "units": UNITS, "members": 4001}
    with pytest.raises(RuleError) as refusal:
        model.budget(RULES, **(proper | inputs))
    assert refusal.value.rule == rule


def test_nobody_can_be_added_who_is_not_in_the_budget():
    with pytest.raises(RuleError, match=r"第一书记.*S09\.payee"):
        model.example(TABLES, 3).having("first_secretary", 92)


def test_what_the_views_say_of_the_example():
    book = model.example(TABLES, RULES["communities"])
    amounts = model.items(book)["金额（元）"].tolist()
    assert amounts == [750_000, 1_820_000, 240_000, 910_000, 60_000, 1_000_000]
    assert model.by_communities(book, [3, 8])["合计（元）"].tolist() == [4_780_000, 5_280_000]
    assert model.one_more(book).values.tolist() == [
        ["县直部门党委", 15, 50_000],
        ["村", 91, 30_000],
        ["社区", 3, 100_000],
    ]
    assert model.shares(book)[["每个（元）", "余（元）"]].values.tolist() == [[52_527, 43], [1_194, 2_806]]


def test_where_there_is_nobody_there_is_no_share():
    book = model.budget(RULES, LINES, RATES, {**UNITS, "village": 0}, 0)
    assert model.shares(book).empty
    assert book.total() == 750_000 + 240_000 + 60_000 + 1_000_000
