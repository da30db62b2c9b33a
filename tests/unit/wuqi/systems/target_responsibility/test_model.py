"""S15: weights that sum to 100, exact totals, ties, and for each rank the weight change that changes it."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figurebook.datapackage.tables import Tables
from figurebook.systems.ranking import ranks
from figurebook.systems.rules import RuleError, origin
from figurebook.systems.weights import ROOT, Weights
from wuqi.systems.target_responsibility import model

TABLES = Tables.load()
RULES = model.rules(TABLES)
UNITS = model.units(TABLES)
DAY = date(2016, 12, 31)
LEAF = "party-tasks"


def under(*rows):
    """The rules with other indicators: rows of name, parent (None for the first level) and weight."""
    frame = pd.DataFrame([[n, p, n, w] for n, p, w in rows], columns=["name", "parent", "label", "weight"])
    return replace(RULES, indicators=frame)


def scored(rules, points):
    """An assessment with the points of each unit, in the order of the leaves."""
    book = model.Assessment(rules, points)
    for unit, row in points.items():
        for leaf, value in zip(book.weights.leaves, row, strict=True):
            book.score(DAY, unit, leaf, value)
    return book


@st.composite
def trees(draw):
    """Indicators on two levels whose weights sum to 100 under each parent; weights may be 0 or 100."""

    def split(n):
        cuts = sorted(draw(st.integers(0, 100)) for _ in range(n - 1))
        return [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]

    rows = []
    for i, weight in enumerate(split(draw(st.integers(1, 3)))):
        rows.append([f"a{i}", None, weight])
        under_it = draw(st.integers(0, 3))
        rows += [[f"a{i}-b{j}", f"a{i}", w] for j, w in enumerate(split(under_it) if under_it else [])]
    return under(*rows)


@st.composite
def assessments(draw):
    rules = draw(trees())
    leaves = len(Weights(rules).leaves)
    units = [f"U{i}" for i in range(draw(st.integers(2, 4)))]
    return scored(rules, {u: [draw(st.integers(0, 10)) for _ in range(leaves)] for u in units})


@given(assessments())
def test_totals_are_the_sum_of_shares_and_shares_sum_to_one(book):
    w = book.weights
    assert sum(w.share(leaf) for leaf in w.leaves) == 1
    assert book.totals() == {u: sum(w.share(i) * x for i, x in book.points(u).items()) for u in book.units}


@given(assessments(), st.data())
def test_each_change_makes_the_two_level_and_a_smaller_one_changes_no_rank(book, data):
    unit = data.draw(st.sampled_from(book.units))
    found = model.crossings(book, unit)
    assert [abs(c.change) for c in found] == sorted(abs(c.change) for c in found)
    for c in found:
        totals = book.totals(book.weights.changed(c.indicator, book.weights.weight[c.indicator] + c.change))
        assert totals[unit] == totals[c.other]
    name = data.draw(st.sampled_from(book.weights.names))
    now = book.weights.weight[name]
    if now == 100:
        return
    least = min((abs(c.change) for c in found if c.indicator == name and c.change), default=None)
    part = data.draw(st.fractions(-1, 1).filter(lambda x: abs(x) < 1))
    new = now + part * (least if least is not None else 200)
    level_now = any(c.indicator == name and not c.change for c in found)
    if 0 <= new <= 100 and not level_now:
        assert ranks(book.totals(book.weights.changed(name, new)))[unit] == ranks(book.totals())[unit]


@given(assessments())
def test_a_unit_level_with_another_is_shown_as_tied_and_at_change_nought(book):
    totals = book.totals()
    shown = model.ranking(book).set_index("单位")
    for unit in book.units:
        level = {o for o in book.units if o != unit and totals[o] == totals[unit]}
        assert set(filter(None, shown.loc[unit, "并列"].split("、"))) == level
        assert int(shown.loc[unit, "名次"]) == 1 + sum(x > totals[unit] for x in totals.values())
        assert {c.other for c in model.crossings(book, unit) if not c.change} <= level


@given(trees(), st.data())
def test_a_changed_weight_still_sums_to_100_and_the_others_keep_their_proportions(rules, data):
    w = Weights(rules)
    name = data.draw(st.sampled_from(w.names))
    if w.weight[name] == 100:
        with pytest.raises(RuleError, match="的权重"):
            w.changed(name, Fraction(50))
        return
    new = w.changed(name, data.draw(st.fractions(0, 100, max_denominator=30)))
    beside = w.children(w.parent(name))
    assert sum(new.weight[n] for n in beside) == 100
    rest = [n for n in beside if n != name]
    assert all(new.weight[a] * w.weight[b] == new.weight[b] * w.weight[a] for a in rest for b in rest)
    assert all(new.weight[n] == w.weight[n] for n in w.names if n not in beside)


@pytest.mark.parametrize(
    ("rows", "rule", "named"),
    [
        ([["a", None, 60], ["b", None, 30]], "S15.weights", "合计 90"),
        ([["a", None, 60], ["b", None, 50]], "S15.weights", "合计 110"),
        ([["a", None, 100], ["b", "a", 99]], "S15.weights", "a：合计 99"),
        ([["a", None, 100], ["b", "a", 0]], "S15.weights", "a：合计 0"),
        ([], "S15.weights", "合计 0"),
        ([["a", None, 101]], "value", "101"),
        ([["a", None, -1], ["b", None, 101]], "value", "-1"),
        ([["a", None, float("nan")]], "value", "nan"),
        ([["a", None, 50], ["a", None, 50]], "twice", "a"),
        ([["a", "b", 100]], "S15.tree", "b"),
        ([["a", "a", 100]], "S15.tree", "a"),
        ([["a", None, 100], ["b", "c", 100], ["c", "b", 100]], "S15.tree", "b"),
    ],
)
def test_hostile_indicators_are_refused_with_what_is_wrong(rows, rule, named):
    with pytest.raises(RuleError) as refusal:
        model.Assessment(under(*rows), UNITS)
    assert refusal.value.rule == rule
    assert named in refusal.value.detail


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"points": 101}, "S15.points"),
        ({"points": -1}, "S15.points"),
        ({"points": 99.5}, "S15.points"),
        ({"points": "八十"}, "S15.points"),
        ({"points": None}, "S15.points"),
        ({"points": True}, "S15.points"),
        ({"indicator": "party"}, "S15.leaf"),
        ({"indicator": ROOT}, "unknown"),
        ({"indicator": "基层党建"}, "unknown"),
        ({"unit": "610626109"}, "unknown"),
        ({"unit": ""}, "unknown"),
        ({"unit": None}, "unknown"),
        ({}, "S15.reasons"),
        ({"reasons": "\u3000"}, "S15.reasons"),
        ({"on": DAY - timedelta(1), "reasons": "例"}, "date-order"),
    ],
)
def test_hostile_scores_are_refused_and_change_nothing(change, rule):
    book = model.Assessment(RULES, UNITS)
    book.score(DAY, UNITS[0], LEAF, 80)
    before = book.history.digest()
    told = {"on": DAY, "unit": UNITS[0], "indicator": LEAF, "points": 90, **change}
    with pytest.raises(RuleError) as refusal:
        book.score(**told)
    assert refusal.value.rule == rule
    assert book.history.digest() == before


def test_a_unit_that_is_listed_twice_is_refused():
    with pytest.raises(RuleError, match="A：") as refusal:
        model.Assessment(RULES, ["A", "B", "A"])
    assert refusal.value.rule == "twice"


def test_a_changed_score_counts_and_the_first_stays_in_history():
    book = model.Assessment(RULES, UNITS)
    book.score(DAY, UNITS[0], LEAF, 80)
    book.score(DAY, UNITS[0], LEAF, 85, "例：加总有误")
    assert book.points(UNITS[0]) == {LEAF: 85}
    assert [e.details["points"] for e in book.history] == [80, 85]


def test_what_the_views_say_worked_out_by_hand():
    rules = under(["a", None, 60], ["b", None, 40], ["a-x", "a", 50], ["a-y", "a", 50])
    # A: a = (90 + 70) / 2 = 80, total 48 + 20 = 68. B: a = 60, total 36 + 32 = 68. C: a = 50, 30 + 20 = 50.
    book = scored(rules, {"A": (90, 70, 50), "B": (60, 60, 80), "C": (50, 50, 50)})
    assert model.tree(book).values.tolist() == [
        [1, "a", "60", "60"],
        [2, "a-x", "50", "30"],
        [2, "a-y", "50", "30"],
        [1, "b", "40", "40"],
    ]
    assert model.scores(book).values.tolist() == [
        ["A", "80", "50", "68", 0],
        ["B", "60", "80", "68", 0],
        ["C", "50", "50", "50", 0],
    ]
    assert model.ranking(book).values.tolist() == [
        ["1", "A", "68", "B"],
        ["1", "B", "68", "A"],
        ["3", "C", "50", ""],
    ]
    # C is behind A whatever a weighs, level with it only where a weighs nothing, and never level with B.
    assert model.crossings(book, "C") == [
        model.Crossing("a", Fraction(-60), "A"),
        model.Crossing("b", Fraction(60), "A"),
    ]
    assert model.sensitivity(book).values.tolist() == [
        [1, "A", "已并列", "", "", "", "B"],
        [1, "B", "已并列", "", "", "", "A"],
        [3, "C", "a", "60.0", "0.0", "-60.0", "A"],
    ]


def test_the_smallest_change_that_swaps_two_units_worked_out_by_hand():
    # A leads by 10 × 60 % − 5 × 40 % = 4. With weight w of a: 10 w − 5 (100 − w) = 0 at w = 33 1/3.
    book = scored(under(["a", None, 60], ["b", None, 40]), {"A": (80, 70), "B": (70, 75)})
    assert model.sensitivity(book).values.tolist() == [
        [1, "A", "a", "60.0", "33.3", "-26.7", "B"],
        [2, "B", "a", "60.0", "33.3", "-26.7", "A"],
    ]
    assert model.crossings(book, "A")[0].change == Fraction(-80, 3), "exact where it is computed with"


def test_a_rank_that_no_weight_can_change_is_said_to_be_so():
    book = scored(under(["a", None, 60], ["b", None, 40]), {"A": (80, 70), "B": (70, 60)})
    assert model.sensitivity(book)["改哪项权重"].tolist() == ["无论怎样改都不变"] * 2


def test_the_four_rhythms_see_every_township_in_every_period():
    visits = model.year(RULES, 2016, UNITS)
    assert Counter(v.activity for v in visits) == {
        "supervise": 9 * 12,
        "comment": 9 * 4,
        "half-year": 9 * 2,
        "year-end": 9,
    }
    shown = model.rhythm(RULES, visits).set_index("月份")
    assert shown["月督查"].tolist() == [9] * 12
    assert [m for m in shown.index if shown.loc[m, "季讲评"]] == ["3 月", "6 月", "9 月", "12 月"]
    assert [m for m in shown.index if shown.loc[m, "半年问效"]] == ["6 月", "12 月"]
    assert [m for m in shown.index if shown.loc[m, "年终奖罚"]] == ["12 月"]


def test_of_the_rhythms_the_periods_are_the_interview_s():
    assert {origin(c._asdict()) for c in RULES.cadences.itertuples(index=False)} == {
        "访谈（周期）；其余：本书默认（S15.rhythm）"
    }


def test_the_rhythms_of_more_townships_than_the_days_hold_are_refused():
    with pytest.raises(RuleError, match=r"2016 年.* 月") as refusal:
        model.year(RULES, 2016, [f"T{i}" for i in range(16)])
    assert refusal.value.rule == "S15.capacity"


def test_the_example_shows_ties_and_a_unit_without_a_rank():
    book = model.example(RULES, len(UNITS))
    shown = model.ranking(book)
    assert (shown["并列"] != "").any()
    assert shown["名次"].tolist()[-1] == "未排"
    assert model.scores(book)["缺几项"].tolist() == [0] * 8 + [1]
    assert book.history.digest() == model.example(RULES, len(UNITS)).history.digest()
