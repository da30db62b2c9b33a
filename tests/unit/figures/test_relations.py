"""How a published number bears on a stated one: the rule of the design, case by case, and its laws."""

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figurebook.figures.relations import Relation, Span, closest_reason, relation, span, strongest
from figurebook.figures.vocabulary import REASONS, RELATIONS

NUMBERS = st.decimals(-10_000, 10_000, places=2)
QUALIFIERS = st.sampled_from(["exact", "rounded", "at_least"])
SPANS = st.builds(span, NUMBERS, QUALIFIERS)


def stated(text: str, qualifier: str = "exact") -> Span:
    return span(Decimal(text), qualifier)


@pytest.mark.parametrize(
    ("value", "qualifier", "decimals", "expected"),
    [
        ("12622", "exact", None, (12622, 12622)),
        ("12000", "rounded", None, (11500, 12500)),
        ("13.9", "rounded", 1, (Fraction("13.85"), Fraction("13.95"))),
        ("4500", "rounded", 0, (Fraction("4499.5"), Fraction("4500.5"))),
        ("10", "at_least", None, (10, None)),
    ],
)
def test_a_number_stands_for_what_its_qualifier_says(value, qualifier, decimals, expected):
    assert span(Decimal(value), qualifier, decimals) == expected


@pytest.mark.parametrize(
    ("published", "same_thing", "same_date", "joined", "expected"),
    [
        (stated("91"), True, True, False, ("same", "")),
        (stated("91"), True, False, False, ("related", "another_date")),
        (stated("91"), False, True, False, ("related", "another_thing")),
        (stated("90"), False, True, False, ("related", "another_thing")),
        (stated("90"), False, True, True, ("related", "equation")),
        (stated("90"), True, True, False, ("unlike", "")),
        (stated("90"), True, False, False, ("unlike", "")),
        (stated("90"), True, False, True, ("related", "equation")),
        (stated("90", "rounded"), True, True, False, ("same", "")),
        (stated("100", "rounded"), True, True, False, ("same", "")),
        (stated("80", "rounded"), True, True, False, ("unlike", "")),
        (stated("90", "at_least"), True, True, False, ("related", "bound")),
        (stated("91", "at_least"), True, True, False, ("unlike", "")),
    ],
)
def test_the_rule_against_91(published, same_thing, same_date, joined, expected):
    found = relation(
        stated("91"), published, is_same_thing=same_thing, is_same_date=same_date, is_joined=joined
    )
    assert found == Relation(*expected)


@given(SPANS, SPANS)
def test_two_numbers_meet_whichever_is_asked_first(one, other):
    assert one.meets(other) == other.meets(one)


@given(SPANS)
def test_a_number_meets_itself(one):
    assert one.meets(one)


@given(SPANS, SPANS, st.booleans(), st.booleans(), st.booleans())
def test_another_thing_is_never_more_than_related(one, other, same_thing, same_date, joined):
    found = relation(one, other, is_same_thing=same_thing, is_same_date=same_date, is_joined=joined)
    assert found.relation in RELATIONS
    assert (found.reason in REASONS) == (found.relation == "related")
    assert same_thing or found.relation == "related"
    assert found.relation != "same" or same_date


@pytest.mark.parametrize(
    ("words", "word"),
    [
        ([], "none_found"),
        (["related"], "related"),
        (["same"], "same"),
        (["unlike"], "unlike"),
        (["related", "same"], "same"),
        (["same", "unlike"], "unlike"),
        (["related", "unlike"], "unlike"),
        (["same", "related", "unlike"], "unlike"),
    ],
)
def test_a_difference_outweighs_everything_in_whatever_order(words, word):
    for order in itertools.permutations(words):
        assert strongest(order) == word


def test_the_reason_nearest_to_the_figure_is_said():
    assert closest_reason([]) == ""
    assert closest_reason(["another_thing", "bound", "equation"]) == "equation"
    assert {closest_reason([reason]) for reason in REASONS} == set(REASONS)
