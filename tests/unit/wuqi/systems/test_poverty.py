"""S16: what a register's mean says under each way of counting, and what is refused."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.drawn import examples

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems import poverty as model

T = Tables.load()
BOOK = model.example(T)
VILLAGE = "610626001203"
COLUMNS = ["id", "village_code", "persons", "income_2015", "income_2016"]
# One poor person, two at the line, three above: by hand, in fen.
FEW = [
    ["H1", VILLAGE, 1, 100_000, 200_000],
    ["H2", VILLAGE, 2, 295_200, 295_200],
    ["H3", VILLAGE, 3, 400_000, 600_000],
]


def made(rows):
    return model.register(T, pd.DataFrame(rows, columns=COLUMNS))


@pytest.mark.parametrize(
    ("place", "value", "rule"),
    [
        (0, "H2", "twice"),
        (0, "", "value"),
        (0, None, "value"),
        (0, 7, "value"),
        (1, "610626001999", "unknown"),
        (1, None, "unknown"),
        (1, "", "unknown"),
        (2, 0, "S16.persons"),
        (2, -1, "S16.persons"),
        (2, 2.5, "S16.persons"),
        (2, None, "S16.persons"),
        (2, "二", "S16.persons"),
        (2, True, "S16.persons"),
        (3, -1, "S16.income"),
        (3, None, "S16.income"),
        (4, 1.5, "S16.income"),
        (4, "4500", "S16.income"),
    ],
)
def test_a_hostile_row_is_refused_by_the_rule_that_forbids_it(place, value, rule):
    rows = [[*row] for row in FEW]
    rows[-1][place] = value
    with pytest.raises(RuleError) as refusal:
        model.register(T, pd.DataFrame(rows, columns=COLUMNS, dtype=object))
    assert refusal.value.rule == rule


@pytest.mark.parametrize(
    ("ask", "rule"),
    [
        (lambda b: b.mean(2014, "registered"), "unknown"),
        (lambda b: b.mean("2016", "registered"), "unknown"),
        (lambda b: b.mean(2016, "all"), "unknown"),
        (lambda b: b.mean(2016, ""), "unknown"),
        (lambda b: b.mean(2016, "net-income"), "unknown"),
        (lambda b: b.line(2017), "unknown"),
        (lambda b: b.below(2012), "unknown"),
        (lambda b: b.comparable("gross-income", "net_income"), "unknown"),
        (lambda b: b.comparable("registered", "net_income"), "unknown"),
        (lambda b: b.real(Fraction(139, 10), None), "S16.index"),
        (lambda b: b.real(Fraction(139, 10), -100), "value"),
        (lambda b: b.real(Fraction(139, 10), -101), "value"),
        (lambda b: b.real(None, Fraction(2)), "value"),
        (lambda b: model.below_line(b, "net_income"), "unknown"),
        (lambda b: model.register(T, pd.DataFrame(columns=COLUMNS)), "value"),
        (lambda b: model.register(T, pd.DataFrame([["H1", VILLAGE, 1]], columns=COLUMNS[:3])), "value"),
    ],
)
def test_a_hostile_question_is_refused_by_the_rule_that_forbids_it(ask, rule):
    with pytest.raises(RuleError) as refusal:
        ask(BOOK)
    assert refusal.value.rule == rule


HOUSEHOLDS = st.lists(
    st.tuples(st.integers(1, 8), st.integers(1, 10**6), st.integers(0, 10**6)), min_size=1, max_size=8
)


def numbered(households):
    return [[f"H{i}", VILLAGE, *h] for i, h in enumerate(households)]


@settings(max_examples=40)  # each asks a data frame several times
@given(HOUSEHOLDS, st.randoms(use_true_random=False))
def test_the_mean_is_the_persons_own_whatever_their_order(households, chance):
    rows = numbered(households)
    chance.shuffle(rows)
    persons = [income for n, _, income in households for _ in range(n)]
    book = made(rows)
    assert book.mean(2016, "registered") == Fraction(sum(persons), len(persons) * 100)
    each = [income for _, _, income in households]
    assert book.mean(2016, "each-household") == Fraction(sum(each), len(each) * 100)


@examples(40)  # each asks a data frame several times
@given(HOUSEHOLDS)
def test_those_below_the_line_are_below_it_and_no_other_is(households):
    book = made(numbered(households))
    poor = [n for n, _, income in households if income < 295_200]
    table = model.below_line(book, "unstated").set_index("年份")
    assert table.loc["2016", ["户数", "人数"]].tolist() == [len(poor), sum(poor)]
    mean = book.mean(2016, "below-line")
    assert (mean is None) == (not poor)
    assert mean is None or mean < 2952


@examples(40)  # each asks a data frame several times
@given(HOUSEHOLDS, st.integers(2, 5))
def test_growth_asks_for_proportions_only(households, times):
    plain = made(numbered(households))
    scaled = made(numbered([(n, a * times, b * times) for n, a, b in households]))
    for way in ("registered", "each-household"):
        assert scaled.growth(way) == plain.growth(way)


def test_the_views_of_three_households():
    book = made(FEW)
    level = model.level(book).set_index("算法")
    assert level.loc["登记在册的人都算"].tolist()[:2] == [3, 6]
    assert level.loc["登记在册的人都算", "2016 年（元）"] == pytest.approx((2000 + 2 * 2952 + 3 * 6000) / 6)
    assert level.loc["每户算一次，不论人数", "2016 年（元）"] == pytest.approx((2000 + 2952 + 6000) / 3)
    below = "只算 2016 年人均收入低于当年标准的（两年都是这些户）"
    assert level.loc[below].tolist() == [1, 1, 1000, 2000, 100]
    hidden = model.hidden(book).set_index("项")["值"]
    assert hidden.tolist()[:3] == [2000, 2952, 6000]
    assert hidden["低于平均的人（%）"] == pytest.approx(50)
    assert model.household_size(book)["户均人数"].iloc[-1] == 2


def test_what_the_views_say_of_the_book_s_register():
    level = model.level(BOOK).iloc[0].tolist()
    assert level[1:5] == [5115, 13540, 3950, 4500]
    assert level[5] == pytest.approx(13.924, abs=0.001)
    real = model.real_growth(BOOK).set_index("用哪里的价格")["实际增长（%）"]
    assert pd.isna(real["本县"])
    assert real["陕西省农村居民"] == pytest.approx(((4500 / 3950) / (1.081 / 1.069) - 1) * 100)
    fewer = model.later(BOOK).set_index("时点")["比这份登记少"].to_dict()
    left = "不可比：只数还没有脱贫的"
    assert fewer == {"2014-12-31": 918, "2015": 1540, "2020-04": left, "2019-12": left}
    assert model.later(BOOK)["比这份登记少"].tolist() == [918, 1540, 608, left, left]
    compared = model.compared(BOOK, "unstated")
    assert set(compared["年份"]) == {"2015", "2016"}
    assert set(compared["概念相同"]) == {"不明"}


@pytest.mark.parametrize(
    ("concept", "same"),
    [
        ("net-income", {"纯收入": "是", "可支配收入": "否"}),
        ("disposable-income", {"纯收入": "否", "可支配收入": "是"}),
    ],
)
def test_what_may_be_compared_depends_on_the_concept_assumed(concept, same):
    compared = model.compared(BOOK, concept)
    assert dict(zip(compared["收入概念"], compared["概念相同"], strict=True)) == same


def test_where_nobody_had_an_income_there_is_no_growth_and_every_view_says_so():
    book = made([[*row[:3], 0, row[4]] for row in FEW])
    assert model.level(book)["增长（%）"].isna().all()
    assert model.real_growth(book)["实际增长（%）"].isna().all()
    assert len(model.compared(book, "unstated")) > 0
    assert model.below_line(book, "unstated")["人数"].tolist()[0] == 6
