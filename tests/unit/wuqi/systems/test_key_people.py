"""S03: one committee and one helper a branch, one post a unit, and no more hours than a day holds."""

from contextlib import suppress
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import replayed

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems import key_people as model

TABLES = Tables.load()
RULES, UNITS = model.rules(TABLES), model.units(TABLES)
DAY = date(2016, 3, 1)
SOME = pd.DataFrame(
    [["T1", "township"], ["D1", "department"], *([f"B{n}", "branch"] for n in range(1, 7))],
    columns=["unit", "kind"],
)


def begun():
    """T1 and D1; B1 under T1 with a post, paired with T1 and trained for six hours on the first of March."""
    book = model.Matrix(RULES, SOME)
    book.apply(DAY, "B1", "place", committee="T1")
    book.apply(DAY, "B1", "appoint", post="P1")
    book.apply(DAY, "B1", "pair", helper="T1")
    book.apply(DAY, "P1", "train", hours=6)
    return book


@pytest.mark.parametrize(
    ("subject", "action", "details", "rule"),
    [
        ("B1", "place", {"committee": "D1"}, "S03.one-committee"),
        ("B1", "place", {"committee": "T1"}, "twice"),
        ("B2", "place", {"committee": "B1"}, "unknown"),
        ("B2", "place", {"committee": "T9"}, "unknown"),
        ("T1", "place", {"committee": "D1"}, "unknown"),
        ("B9", "place", {"committee": "T1"}, "unknown"),
        ("B9", "appoint", {"post": "P2"}, "unknown"),
        ("B1", "appoint", {"post": "P2"}, "S03.one-post"),
        ("B2", "appoint", {"post": "P1"}, "S03.one-unit"),
        ("B1", "appoint", {"post": "P1"}, "twice"),
        ("B2", "appoint", {"post": "某同志"}, "S03.no-names"),
        ("B2", "appoint", {"post": ""}, "S03.no-names"),
        ("B2", "appoint", {"post": "P1 "}, "S03.no-names"),
        ("B2", "pair", {"helper": "B2"}, "S03.not-itself"),
        ("T1", "pair", {"helper": "T1"}, "S03.not-itself"),
        ("B2", "pair", {"helper": "B1"}, "S03.committee-helps-branch"),
        ("D1", "pair", {"helper": "T1"}, "S03.committee-helps-branch"),
        ("B1", "pair", {"helper": "D1"}, "S03.helped-once"),
        ("B1", "pair", {"helper": "T1"}, "twice"),
        ("B2", "pair", {"helper": "T9"}, "unknown"),
        ("P1", "train", {"hours": -1}, "S03.hours"),
        ("P1", "train", {"hours": 0}, "S03.hours"),
        ("P1", "train", {"hours": 3}, "S03.hours"),
        ("P1", "train", {"hours": "2"}, "S03.hours"),
        ("P1", "train", {"hours": True}, "S03.hours"),
        ("P2", "train", {"hours": 1}, "unknown"),
        ("B1", "train", {"hours": 1}, "unknown"),
        ("P1", "train", {"hours": 1.5}, "value"),
        ("P1", "train", {}, "value"),
        ("P1", "train", {"days": 1}, "value"),
        ("B2", "place", {"committee": ["T1"]}, "value"),
        ("B1", "dismiss", {}, "action"),
        ("B1", "", {}, "action"),
    ],
)
def test_hostile_entries_are_refused_by_the_rule_that_forbids_them(subject, action, details, rule):
    book = begun()
    before = book.history.digest()
    with pytest.raises(RuleError) as refusal:
        book.apply(DAY, subject, action, **details)
    assert refusal.value.rule == rule
    assert rule in str(refusal.value)
    assert book.history.digest() == before
    assert (book.committees, book.posts, book.helpers) == ({"B1": "T1"}, {"B1": "P1"}, {"B1": "T1"})
    assert dict(book.hours) == {("P1", DAY): 6}


@pytest.mark.parametrize(
    ("on", "rule"), [(date(2016, 2, 29), "date-order"), ("2016-03-02", "value"), (None, "value")]
)
def test_a_day_that_is_none_or_before_the_last_is_refused(on, rule):
    with pytest.raises(RuleError) as refusal:
        begun().apply(on, "P1", "train", hours=1)
    assert refusal.value.rule == rule


def test_a_helper_is_full_at_the_limit_and_not_before():
    book = begun()
    for n in range(2, RULES["helped-at-most"] + 1):
        book.apply(DAY, f"B{n}", "pair", helper="T1")
    with pytest.raises(RuleError) as refusal:
        book.apply(DAY, f"B{n + 1}", "pair", helper="T1")
    assert refusal.value.rule == "S03.helper-full"
    book.apply(DAY, f"B{n + 1}", "pair", helper="D1")
    assert book.helpers[f"B{n + 1}"] == "D1"


NAMES = st.sampled_from([*SOME["unit"], "P1", "P2", "X"])
TRIES = st.lists(
    st.tuples(
        NAMES,
        st.sampled_from([*model.ACTIONS.items(), ("dismiss", "post")]),
        NAMES,
        st.integers(-2, 10),
        st.integers(0, 400),
    ),
    max_size=50,
)


@given(TRIES)
def test_whatever_is_tried_the_rules_hold_and_history_replays(tries):
    book, kept = model.Matrix(RULES, SOME), []
    for subject, (action, detail), value, hours, days in tries:
        told = {detail: hours if detail == "hours" else value}
        with suppress(RuleError):
            kept.append(book.apply(date.fromordinal(DAY.toordinal() + days), subject, action, **told))
    assert list(book.history) == kept
    again = replayed(book.history, model.Matrix(RULES, SOME))
    assert again.history.digest() == book.history.digest()
    assert (again.posts, again.helpers, again.hours) == (book.posts, book.helpers, book.hours)
    placed = [e.subject for e in kept if e.action == "place"]
    assert len(placed) == len(set(placed)) == len(book.committees), "a branch under two committees"
    assert len(set(book.posts.values())) == len(book.posts)
    helpers = list(book.helpers.values())
    assert all(helpers.count(h) <= RULES["helped-at-most"] for h in helpers)
    assert all(0 < hours <= RULES["day-hours"] for hours in book.hours.values())
    assert sum(e.details["hours"] for e in kept if e.action == "train") == book.hours.total()


@given(TRIES)
def test_the_views_lose_no_branch_and_no_unit(tries):
    book = model.Matrix(RULES, SOME)
    for subject, (action, detail), value, hours, _ in tries:
        with suppress(RuleError):
            book.apply(DAY, subject, action, **{detail: hours if detail == "hours" else value})
    assert model.pairing(book)["所属支部"].sum() == 6
    assert model.pairing(book)["已结对"].sum() == len(book.helpers)
    assert model.responsibility(book)["所属支部"].sum() == len(book.committees)
    assert model.training(book, 2016)["书记岗位"].sum() == len(book.posts)
    lacking = model.without_post(book)
    whole = {u for u in book.posts if not u.startswith("B") or u in book.committees}
    assert set(lacking["单位"]) == set(SOME["unit"]) - whole


def test_what_the_views_say_of_a_small_book():
    book = begun()
    book.apply(DAY, "T1", "appoint", post="P2")
    book.apply(date(2016, 12, 31), "P1", "train", hours=2)
    book.apply(date(2017, 1, 1), "P2", "train", hours=8)
    assert model.responsibility(book).fillna("无").to_numpy().tolist() == [
        ["T1", "乡镇级党委", "P2", 1, 1],
        ["D1", "县直部门党委", "无", 0, 0],
    ]
    assert model.without_post(book)["缺什么"].tolist() == [
        "直接责任人：党委书记",
        *["具体责任人：党支部书记、所归党委"] * 5,
    ]
    assert model.pairing(book).to_numpy().tolist() == [["T1", 1, 1, 100.0], ["没有归党委", 5, 0, 0.0]]
    assert model.training(book, 2016).fillna(-1).to_numpy().tolist() == [
        ["乡镇级党委", 1, 0, 0.0, 8],
        ["县直部门党委", 0, 0, -1, 0],
        ["农村党支部", 1, 1, 100.0, 0],
    ]
    assert model.training(book, 2017)["还差的学时"].tolist() == [0, 0, 8]


def test_what_the_views_say_of_the_example():
    book = model.example(RULES, UNITS)
    assert len(UNITS) == 9 + 15 + 91
    assert model.responsibility(book)["所属支部"].sum() == 91
    # every seventeenth of 115 units: 17 is a department, 34, 51 … 102 are branches
    assert model.without_post(book)["类别"].tolist() == ["县直部门党委", *["农村党支部"] * 5]
    assert model.pairing(book)["已结对"].sum() == 91 - 13
    assert model.training(book, 2016)["学满的"].sum() == 109 // 3
