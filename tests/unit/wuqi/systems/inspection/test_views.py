"""S06's views: totals, ranks, gaps and coverage say what was scored, exactly, and what it leads to."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.inspection import RULES, UNITS, under

from figurebook.systems.ranking import exact, ranks
from figurebook.systems.rules import RuleError
from wuqi.systems.inspection import model


def small():
    """Three townships, one visit a quarter and a review, scored but for one."""
    rules = under(
        [["visit", "访", "township", "half", 1], ["review", "评", "township", "year", 1]],
        [["visit", None, "访", 40], ["review", None, "评", 60]],
        top=1,
    )
    book = model.Year(rules, 2016, {"township": ["A", "B", "C"]})
    points = {"A": (70, 75, 50), "B": (50, 95, 50), "C": (90, 90, None)}
    for unit, given_ in points.items():
        own = [v for v in book.visits.values() if v.unit == unit]
        own.sort(key=lambda v: (v.activity == "review", v))
        for visit, score in zip(own, given_, strict=True):
            if score is not None:
                book.score(visit.on, visit.id, score)
    return book


def test_what_the_views_say():
    book = small()  # A and B: 40 % of 72.5 and 60 % of 50
    assert book.totals("township") == {"A": Fraction(59), "B": Fraction(59)}
    assert model.ranking(book, "township").values.tolist() == [
        ["1", "A", "59", "B"],
        ["1", "B", "59", "A"],
        ["未排", "C", "分数不齐", ""],
    ]
    told = model.results(book, "township")
    assert told["名次"].tolist() == [1, 1]
    assert all("问题清单" in x and "表扬" in x for x in told["随之而来的"]), "59 is below 60, and first"
    review = next(v for v in book.visits.values() if v.unit == "C" and v.activity == "review")
    assert model.gaps(book, date(2016, 12, 31)).values.tolist() == [
        ["C", "评", review.on.isoformat(), (date(2016, 12, 31) - review.on).days]
    ]
    assert model.gaps(book, review.on - timedelta(1)).empty
    assert model.covered(book).values.tolist() == [
        [*x, 3, 3, 1, 1] for x in (["评", "2016 年"], ["访", "2016 年上半年"], ["访", "2016 年下半年"])
    ]


def test_a_kind_that_is_only_visited_is_ranked_by_its_visits():
    rules = under([["visit", "访", "village", "year", 2]])
    book = model.Year(rules, 2016, {"village": ["V"]})
    for points, visit in zip((61, 70), book.visits.values(), strict=True):
        book.score(visit.on, visit.id, points)
    assert book.totals("village") == {"V": Fraction(131, 2)}
    assert model.ranking(book, "village")["得分"].tolist() == ["65 又 1/2"]


def test_units_whose_visits_weigh_nothing_have_no_rank():
    rules = under(
        [["visit", "访", "village", "year", 1]], [["visit", None, "访", 0], ["review", None, "评", 100]]
    )
    book = model.Year(rules, 2016, {"village": ["V"]})
    (visit,) = book.visits.values()
    book.score(visit.on, visit.id, 90)
    assert model.ranking(book, "village").values.tolist() == [["未排", "V", "分数不齐", ""]]


def test_a_consequence_of_an_unknown_kind_is_refused():
    book = small()
    book.rules = replace(book.rules, criteria=book.rules.criteria.assign(kind="fine"))
    with pytest.raises(RuleError, match="fine") as refusal:
        model.results(book, "township")
    assert refusal.value.rule == "unknown"


def test_the_example_covers_the_registers_and_is_the_same_each_time():
    book = model.example(RULES, UNITS)
    shown = model.overview(book)
    assert shown["合计"].sum() == 9 * 12 + 15 * 4 + 91 * 4 + (9 + 15) * 4 + (9 + 15)
    assert shown["月暗访乡镇"].tolist() == [9] * 12
    assert set(model.covered(book)["覆盖单位"]) == {9, 15, 91}
    assert set(model.covered(book)["最少一家"]) == {1}
    assert book.history.digest() == model.example(RULES, UNITS).history.digest()


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.fractions(0, 100), max_size=12))
def test_a_rank_counts_those_ahead(scores):
    assume(scores)
    found = ranks(scores)
    assert found == {n: 1 + sum(x > scores[n] for x in scores.values()) for n in scores}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(62), "62"),
        (Fraction(249, 4), "62 又 1/4"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-1, 3), "-1/3"),
        (Fraction(-7, 2), "-3 又 1/2"),
        (Fraction(-5), "-5"),
    ],
)
def test_numbers_are_written_exactly(value, text):
    assert exact(value) == text
