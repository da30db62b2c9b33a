"""S17: four kinds, and the people they can be together, against every way of dealing the people out."""

from functools import cache
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import examples

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems import selection as model

T = Tables.load()
KINDS = ("promoted", "important_post", "first_secretary_promoted", "adjusted")
P, I, F, A = KINDS  # noqa: E741
COUNTS = {P: 41, I: 31, F: 6, A: 3}
BOOK = model.example(T)


@pytest.mark.parametrize(
    ("counts", "relations", "rule"),
    [
        ({P: 1, I: 1, F: 1}, {}, "unknown"),
        ({**COUNTS, "retired": 2}, {}, "unknown"),
        ({}, {}, "unknown"),
        ({**COUNTS, A: -1}, {}, "value"),
        ({**COUNTS, A: 2.5}, {}, "value"),
        ({**COUNTS, A: None}, {}, "value"),
        ({**COUNTS, A: "3"}, {}, "value"),
        ({**COUNTS, A: True}, {}, "value"),
        (COUNTS, {(F, "retired"): "open"}, "unknown"),
        (COUNTS, {(F, F): "open"}, "S17.relation"),
        (COUNTS, {(F, P): "maybe"}, "S17.relation"),
        (COUNTS, {(F, P): ""}, "S17.relation"),
        (COUNTS, {(F, P): "open", (P, F): "disjoint"}, "S17.relation"),
        (COUNTS, {(P, F): "within"}, "S17.relation"),
        (COUNTS, {(A, F): "within", (A, I): "within"}, "S17.relation"),
        (COUNTS, {(A, F): "within", (F, P): "within"}, "S17.relation"),
        (COUNTS, {(F, P): "within", (A, P): "within", (F, A): "within"}, "S17.relation"),
        ({**COUNTS, P: 8}, {(F, P): "within", (A, P): "within", (F, A): "disjoint"}, "S17.relation"),
    ],
)
def test_hostile_kinds_and_relations_are_refused_by_the_rule_that_forbids_them(counts, relations, rule):
    with pytest.raises(RuleError) as refusal:
        model.selection(T, counts, relations)
    assert refusal.value.rule == rule


@pytest.mark.parametrize("kinds", [pair for n in (2, 3, 4) for pair in combinations(KINDS, n)])
def test_kinds_whose_overlap_is_not_said_are_not_added(kinds):
    with pytest.raises(RuleError) as refusal:
        BOOK.total(kinds)
    assert refusal.value.rule == "S17.overlap"


@pytest.mark.parametrize("ask", [BOOK.total, BOOK.bounds])
def test_a_kind_that_is_not_there_is_refused(ask):
    with pytest.raises(RuleError) as refusal:
        ask(["promoted", "retired"])
    assert refusal.value.rule == "unknown"


RELATIONS = st.fixed_dictionaries(
    {pair: st.sampled_from(model.RELATIONS) for pair in ((A, F), (A, I), (A, P), (F, I), (F, P), (I, P))}
)
SIZES = st.fixed_dictionaries({k: st.integers(0, 3) for k in KINDS})


SUBSETS = [s for n in range(1, 5) for s in combinations(KINDS, n)]


def dealt(sizes, relations, asked=KINDS):
    """The least and the most people of the kinds asked for, by trying every set of kinds for each person.

    None if there is no way.
    """
    sets = [
        s
        for n in range(1, 5)
        for s in combinations(KINDS, n)
        if all(
            not (r == "disjoint" and {a, b} <= {*s}) and not (r == "within" and a in s and b not in s)
            for (a, b), r in relations.items()
        )
    ]

    @cache
    def ways(left):
        if not any(left):
            return 0, 0
        first = next(k for k, n in zip(KINDS, left, strict=True) if n)  # somebody of this kind is next
        fit = [s for s in sets if first in s and all(n for k, n in zip(KINDS, left, strict=True) if k in s)]
        rest = [
            (bool({*s} & {*asked}), ways(tuple(n - (k in s) for k, n in zip(KINDS, left, strict=True))))
            for s in fit
        ]
        found = [(one + f[0], one + f[1]) for one, f in rest if f]
        return (min(f[0] for f in found), max(f[1] for f in found)) if found else None

    return ways(tuple(sizes[k] for k in KINDS))


def made(sizes, relations):
    """The selection, or the rule that refuses it."""
    try:
        return model.selection(T, sizes, relations), None
    except RuleError as refusal:
        return None, refusal.rule


@examples(60)
@given(SIZES, RELATIONS)
def test_the_bounds_are_those_of_dealing_the_people_out(sizes, relations):
    chosen, rule = made(sizes, relations)
    if rule:
        assert rule == "S17.relation"
        assert "within" in relations.values()
    else:
        assert {s: chosen.bounds(s) for s in SUBSETS} == {s: dealt(sizes, relations, s) for s in SUBSETS}


@examples(60)
@given(SIZES, st.permutations(KINDS), st.sampled_from([(0,), (0, 1)]), RELATIONS)
def test_they_still_are_when_kinds_are_inside_others(sizes, order, inner, relations):
    relations = {pair: "open" if r == "within" else r for pair, r in relations.items()}
    for n in inner:
        pair = (order[n], order[3])
        relations = {p: r for p, r in relations.items() if {*p} != {*pair}} | {pair: "within"}
        sizes = {**sizes, order[3]: sizes[order[3]] + sizes[order[n]]}
    chosen, rule = made(sizes, relations)
    assert rule is None
    assert {s: chosen.bounds(s) for s in SUBSETS} == {s: dealt(sizes, relations, s) for s in SUBSETS}


@examples(60)
@given(SIZES, RELATIONS, st.sets(st.sampled_from(KINDS)))
def test_a_total_is_given_exactly_when_all_are_apart(sizes, relations, kinds):
    relations = {pair: r for pair, r in relations.items() if r != "within"}
    chosen = model.selection(T, sizes, relations)
    least, most = chosen.bounds(kinds)
    assert max([0, *(sizes[k] for k in kinds)]) <= least <= most == sum(sizes[k] for k in kinds)
    if all("disjoint" in (relations.get((a, b)), relations.get((b, a))) for a, b in combinations(kinds, 2)):
        assert chosen.total(kinds) == least == most
    else:
        with pytest.raises(RuleError, match=r"S17\.overlap"):
            chosen.total(kinds)


def test_kinds_said_to_be_apart_are_added():
    apart = model.selection(T, COUNTS, {(F, P): "disjoint"})
    assert apart.total([P, F]) == 47
    assert apart.bounds([P, F]) == (47, 47)
    assert model.selection(T, COUNTS, {(F, P): "within"}).bounds([P, F]) == (41, 41)


def test_kinds_inside_a_third_are_no_more_than_it_though_it_is_not_asked_for():
    chosen = model.selection(T, {P: 5, I: 9, F: 4, A: 4}, {(F, P): "within", (A, P): "within"})
    assert chosen.bounds([F, A]) == (4, 5)
    assert chosen.bounds([F, A, I]) == (9, 14)
    assert chosen.bounds([F]) == (4, 4)


def test_kinds_inside_one_that_is_asked_for_can_part_it_from_another():
    chosen = model.selection(T, {P: 5, I: 1, F: 4, A: 3}, {(F, P): "within", (A, F): "disjoint"})
    assert chosen.bounds([P, A]) == (7, 8)
    relations = {(A, I): "within", (F, I): "within", (F, P): "disjoint"}
    tight = model.selection(T, {P: 2, I: 2, F: 1, A: 2}, relations)
    assert tight.bounds([P, A]) == (3, 4)


def test_what_is_inside_is_apart_of_what_its_holder_is_apart_of():
    chosen = model.selection(T, COUNTS, {(F, P): "within", (A, P): "disjoint"})
    assert chosen.total([F, A]) == 9


def test_what_the_views_say_of_the_interview_s_kinds():
    assert model.by_kind(BOOK)["人数"].tolist() == [41, 31, 6, 3]
    flows = model.flows(BOOK).set_index("类别")
    assert list(flows.index) == model.by_kind(BOOK)["类别"].tolist(), "the interview's order"
    assert flows.loc["提拔使用的第一书记", ["从哪里", "到哪里", "人数"]].tolist() == ["第一书记", "提拔", 6]
    assert flows.loc["新提拔", "从哪里"] == "未说明"
    assert model.pairs(BOOK)["可以相加"].tolist() == [False] * 6
    together = model.together(BOOK)
    assert (together["至少"].tolist(), together["至多"].tolist()) == ([41] * 4, [41, 72, 78, 81])
    told = model.what_if(T, BOOK).set_index(["前一类、后一类", "如果"])
    assert told.loc[("提拔使用的第一书记、新提拔", "没有同一个人")].tolist() == [47, 81, 34]
    assert told.loc[("提拔使用的第一书记、新提拔", "前一类都在后一类里")].tolist() == [41, 75, 34]
    assert list(dict.fromkeys(pair for pair, _ in told.index)) == [
        "予以重用、新提拔",
        "提拔使用的第一书记、新提拔",
        "考核后调整重用、新提拔",
        "提拔使用的第一书记、予以重用",
        "考核后调整重用、予以重用",
        "考核后调整重用、提拔使用的第一书记",
    ]
    assert len(told) == 12
