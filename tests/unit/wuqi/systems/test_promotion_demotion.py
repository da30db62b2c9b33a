"""S14: five steps in their order, and no conclusion without all of them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import replayed

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems import promotion_demotion as model

RULES = model.rules(Tables.load())
STEPS = ["commit", "supervise", "report", "review", "assess"]
ALL = [*STEPS, "conclude"]
DAY = date(2016, 3, 1)


def walked(n: int):
    book = model.records(RULES)
    for step in STEPS[:n]:
        book.apply(DAY, "R1", step)
    return book


@pytest.mark.parametrize("done", range(6))
@pytest.mark.parametrize("action", ALL)
def test_every_step_but_the_next_is_refused(done, action):
    book = walked(done)
    if action == ALL[done]:
        book.apply(DAY, "R1", action, reasons="例")
        assert len(book.history) == done + 1
    else:
        with pytest.raises(RuleError) as refusal:
            book.apply(DAY, "R1", action, reasons="例")
        assert refusal.value.rule == "S14.order"
        assert len(book.history) == done


def test_a_conclusion_too_early_is_told_the_step_that_is_lacking():
    with pytest.raises(RuleError) as refusal:
        walked(2).apply(DAY, "R1", "conclude", reasons="例")
    assert refusal.value.detail == "R1（已督查）：下一步是述职，不能作结论"
    assert refusal.value.name == "S14.order"


TRIES = st.lists(
    st.tuples(st.sampled_from(["R1", "R2"]), st.sampled_from(ALL), st.integers(0, 700)), max_size=40
)


@given(TRIES)
def test_whatever_is_tried_history_replays_to_the_same_states(tries):
    book, kept = model.records(RULES), []
    for subject, action, days in tries:
        before = list(book.history)
        with suppress(RuleError):
            kept.append(book.apply(date.fromordinal(DAY.toordinal() + days), subject, action, reasons="例"))
        assert list(book.history)[: len(before)] == before, "an entry was changed"
    assert list(book.history) == kept
    again = replayed(book.history, model.records(RULES))
    assert again.history.digest() == book.history.digest()
    assert [again.state(s) for s in again.subjects] == [book.state(s) for s in book.subjects]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"reasons": ""}, "S14.reasons"),
        ({"reasons": "  　"}, "S14.reasons"),
        ({}, "S14.reasons"),
        ({"on": date(2017, 3, 2), "reasons": "例"}, "S14.in-time"),
        ({"on": date(2016, 2, 29), "reasons": "例"}, "date-order"),
        ({"action": "dismiss", "reasons": "例"}, "action"),
        ({"action": "结论", "reasons": "例"}, "action"),
        ({"action": "", "reasons": "例"}, "value"),
        ({"subject": "R2", "reasons": "例"}, "S14.order"),
        ({"subject": "", "reasons": "例"}, "value"),
        ({"action": "commit"}, "S14.order"),
        ({"reasons": None}, "S14.reasons"),
        ({"reasons": ["例"]}, "S14.reasons"),
        ({"reasons": "例", "note": None}, "value"),
        ({"subject": "张三", "action": "commit"}, "S14.identifier"),
        ({"subject": "r1", "action": "commit"}, "S14.identifier"),
        ({"subject": "R7", "action": "commit", "on": date(9999, 1, 1)}, "S14.limit"),
    ],
)
def test_hostile_conclusions_are_refused_by_the_rule_that_forbids_them(change, rule):
    book = walked(5)
    before = book.history.digest()
    given = {"on": DAY, "subject": "R1", "action": "conclude", **change}
    with pytest.raises(RuleError) as refusal:
        book.apply(given.pop("on"), given.pop("subject"), given.pop("action"), **given)
    assert refusal.value.rule == rule
    assert rule in str(refusal.value)
    assert book.history.digest() == before


def test_the_last_day_of_the_deadline_still_counts():
    book = walked(5)
    book.apply(date(2017, 3, 1), "R1", "conclude", reasons="例")
    assert book.state("R1") == "concluded"


def test_what_the_views_say_of_the_example():
    book = model.example(RULES)
    assert model.progress(book)["已做步数"].tolist() == [1, 2, 3, 4, 5, 5]
    assert model.outstanding(book)["还缺"].tolist()[-1] == "作结论"
    assert model.overdue(book, date(2017, 1, 1)).empty
    assert model.overdue(book, date(2017, 6, 30))["记录"].tolist() == ["R01", "R02", "R03", "R04", "R05"]
