"""S11: three reports, two appraisals, one follow-up, in that order, each once."""

from contextlib import suppress
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import replayed

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems import institutions as model

TABLES = Tables.load()
RULES, REGISTER = model.rules(TABLES), TABLES.branches.frame
DAY = date(2016, 3, 1)
SOME = pd.DataFrame({"id": ["B1", "B2", "B3"], "members": [10, 20, 30], "township": ["T1", "T1", "T2"]})
ITEMS = [("report", 1), ("report", 2), ("report", 3), ("appraise", 1), ("appraise", 2), ("follow-up", 1)]


def walked(n: int, branch="B1", present=10, book=None):
    """A round in which a branch has done its first ``n`` items."""
    book = book or model.Round(RULES, SOME)
    for action, slot in ITEMS[:n]:
        book.apply(DAY, branch, action, slot=slot, present=present)
    return book


def test_the_name_gives_three_two_and_one():
    assert model.Round(RULES, SOME).items == ITEMS
    given = TABLES.parameters.frame.query("system == 'S11'")
    assert given["undefined"].isna().all(), "the numbers are the interview's"
    which = TABLES.undefined.frame.set_index("id").loc["S11.which", "default"]
    assert which == "只编号，从一到项数", "which three, two and one nobody may fill in"


def test_no_state_is_told_as_the_interview_s():
    assert set(RULES.states["undefined"]) == {"S11.order"}
    order = TABLES.undefined.frame.set_index("id").loc["S11.order", "default"]
    assert all(label in order for label in RULES.states["label"])


@pytest.mark.parametrize("done", range(7))
@pytest.mark.parametrize("item", ITEMS)
def test_an_item_is_accepted_only_in_its_turn_and_once(done, item):
    book = walked(done)
    kinds = {"report": range(3), "appraise": range(3, 5), "follow-up": range(5, 6)}
    if done in kinds[item[0]] and item not in ITEMS[:done]:
        book.apply(DAY, "B1", item[0], slot=item[1], present=1)
        assert len(book.done("B1")) == done + 1
    else:
        with pytest.raises(RuleError) as refusal:
            book.apply(DAY, "B1", item[0], slot=item[1], present=1)
        assert refusal.value.rule in {"transition", "S11.once", "S11.reports-first", "S11.appraisals-first"}
        assert book.done("B1") == ITEMS[:done]


@pytest.mark.parametrize(
    ("done", "branch", "action", "details", "rule"),
    [
        (2, "B1", "appraise", {"slot": 1, "present": 5}, "S11.reports-first"),
        (0, "B1", "appraise", {"slot": 1, "present": 5}, "transition"),
        (4, "B1", "follow-up", {"slot": 1, "present": 5}, "S11.appraisals-first"),
        (3, "B1", "follow-up", {"slot": 1, "present": 5}, "transition"),
        (4, "B1", "report", {"slot": 3, "present": 5}, "transition"),
        (1, "B1", "report", {"slot": 1, "present": 5}, "S11.once"),
        (6, "B1", "follow-up", {"slot": 1, "present": 5}, "transition"),
        (6, "B1", "report", {"slot": 1, "present": 5}, "transition"),
        (1, "B1", "report", {"slot": 4, "present": 5}, "S11.slot"),
        (1, "B1", "report", {"slot": 0, "present": 5}, "S11.slot"),
        (1, "B1", "report", {"slot": "2", "present": 5}, "S11.slot"),
        (1, "B1", "report", {"slot": 2.0, "present": 5}, "S11.slot"),
        (1, "B1", "report", {"slot": True, "present": 5}, "S11.slot"),
        (1, "B1", "report", {"present": 5}, "S11.slot"),
        (1, "B1", "report", {}, "S11.slot"),
        (1, "B1", "report", {"slot": 2, "present": 11}, "S11.members"),
        (1, "B1", "report", {"slot": 2, "present": 0}, "S11.present"),
        (1, "B1", "report", {"slot": 2, "present": -3}, "S11.present"),
        (1, "B1", "report", {"slot": 2, "present": "十"}, "S11.present"),
        (1, "B1", "report", {"slot": 2}, "S11.present"),
        (1, "B9", "report", {"slot": 1, "present": 5}, "unknown"),
        (1, "", "report", {"slot": 1, "present": 5}, "unknown"),
        (1, "B1", "dismiss", {"slot": 2, "present": 5}, "action"),
        (1, "B1", "述职", {"slot": 2, "present": 5}, "action"),
    ],
)
def test_hostile_items_are_refused_by_the_rule_that_forbids_them(done, branch, action, details, rule):
    book = walked(done)
    before = book.procedure.history.digest()
    with pytest.raises(RuleError) as refusal:
        book.apply(DAY, branch, action, **details)
    assert refusal.value.rule == rule
    assert rule in str(refusal.value)
    assert book.procedure.history.digest() == before


def test_an_item_before_the_last_day_is_refused():
    with pytest.raises(RuleError) as refusal:
        walked(1).apply(date(2016, 2, 29), "B1", "report", slot=2, present=5)
    assert refusal.value.rule == "date-order"


TRIES = st.lists(
    st.tuples(
        st.sampled_from(["B1", "B2", "B9"]),
        st.sampled_from([*RULES.parameters, "close"]),
        st.integers(0, 4),
        st.integers(0, 12),
        st.integers(0, 30),
    ),
    max_size=60,
)


@given(TRIES)
def test_whatever_is_tried_history_replays_and_nothing_is_out_of_turn(tries):
    book, kept = model.Round(RULES, SOME), []
    for branch, action, slot, present, days in tries:
        on = date.fromordinal(DAY.toordinal() + days)
        with suppress(RuleError):
            kept.append(book.apply(on, branch, action, slot=slot, present=present))
    history = book.procedure.history
    assert list(history) == kept
    again = replayed(history, model.Round(RULES, SOME)).procedure
    assert again.history.digest() == history.digest()
    assert [again.state(b) for b in SOME["id"]] == [book.procedure.state(b) for b in SOME["id"]]
    for branch in SOME["id"]:
        kinds = [e.action for e in history.of(branch)]
        assert kinds == sorted(kinds, key=list(RULES.parameters).index)
        assert len(book.done(branch)) == len(kinds), "an item was done twice"
        assert "appraise" not in kinds or kinds.count("report") == 3
        assert "follow-up" not in kinds or kinds.count("appraise") == 2
    assert all(0 <= r <= 100 for r in model.participation(book)["党员参加率（%）"])
    assert model.standing(book)["党员数"].sum() == 60


def test_a_branch_is_done_when_nothing_is_left_and_not_before():
    rules = replace(RULES, parameters=RULES.parameters | {"follow-up": 2})
    book = model.Round(rules, SOME)
    states = []
    for action, slot in book.items:
        book.apply(DAY, "B1", action, slot=slot, present=1)
        states.append(book.procedure.state("B1"))
    assert states == ["reporting"] * 3 + ["appraising"] * 2 + ["following", "done"]
    assert "B1" not in set(model.unfinished(book)["支部"])


@given(st.permutations(ITEMS[:3]), st.permutations(ITEMS[3:5]))
def test_items_of_one_kind_come_in_any_order(reports, appraisals):
    book = model.Round(RULES, SOME)
    for action, slot in [*reports, *appraisals, ITEMS[5]]:
        book.apply(DAY, "B1", action, slot=slot, present=1)
    assert book.done("B1") == ITEMS


def test_what_the_views_say_of_a_small_round():
    book = walked(5, "B2", 15, walked(6))
    assert model.standing(book).to_numpy().tolist() == [
        ["尚未开始", 1, 30],
        ["述职中", 0, 0],
        ["评议中", 1, 20],
        ["落实中", 0, 0],
        ["已做完", 1, 10],
    ]
    shown = model.participation(book)
    assert shown["到场人次"].tolist() == [25] * 5 + [10]
    assert shown["党员参加率（%）"].tolist() == [41.7] * 5 + [16.7]
    assert shown["支部参加率（%）"].tolist() == [66.7] * 5 + [33.3]
    assert model.follow_up(book).fillna(-1).to_numpy().tolist() == [
        ["T1", 2, 2, 1, 50.0],
        ["T2", 1, 0, 0, -1],
        ["合计", 3, 2, 1, 50.0],
    ]
    assert model.unfinished(book).fillna("无").to_numpy().tolist() == [
        ["B2", "2016-03-01", "落实第 1 项"],
        ["B3", "无", "述职第 1 项、述职第 2 项、述职第 3 项、评议第 1 项、评议第 2 项、落实第 1 项"],
    ]


def test_what_the_views_say_of_the_example():
    book = model.example(RULES, REGISTER["members"], 9)
    assert model.standing(book)["支部数"].tolist() == [0, 7, 14, 0, 70]
    assert model.standing(book)["党员数"].sum() == 4001
    assert model.participation(book)["做了的支部"].tolist() == [91, 91, 84, 84, 77, 70]
    total = model.follow_up(book).iloc[-1]
    assert total.tolist() == ["合计", 91, 77, 70, 90.9]
    assert len(model.unfinished(book)) == 91 - 70


@given(st.lists(st.integers(1, 5), min_size=1, max_size=40))
def test_however_small_a_branch_is_somebody_is_present_and_no_more_than_it_has(members):
    book = model.example(RULES, members, 2)
    present = [(e.details["present"], book.branches.at[e.subject, "members"]) for e in book.procedure.history]
    assert all(1 <= there <= registered for there, registered in present)
    assert model.standing(book)["党员数"].sum() == sum(members)
