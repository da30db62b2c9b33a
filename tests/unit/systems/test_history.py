"""What was remembered stays as it was."""

from dataclasses import FrozenInstanceError
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figurebook.systems.history import History
from figurebook.systems.rules import RuleError

ENTRY = st.tuples(
    st.dates(date(2016, 1, 1), date(2017, 1, 1)),
    st.sampled_from("ABC"),
    st.sampled_from(["x", "y"]),
    st.dictionaries(st.sampled_from("pq"), st.integers()),
)


def filled(entries) -> History:
    history = History()
    for on, subject, action, details in entries:
        history.append(on, subject, action, details)
    return history


@given(st.lists(ENTRY, max_size=20), ENTRY)
def test_appending_changes_nothing_that_was_there(entries, more):
    history = filled(entries)
    before, digest = list(history), history.digest()
    history.append(*more)
    assert list(history)[:-1] == before
    assert history.digest() != digest
    assert [e.number for e in history] == list(range(1, len(entries) + 2))


@given(st.lists(ENTRY, max_size=20))
def test_a_subject_has_its_own_entries_in_order(entries):
    history = filled(entries)
    for subject in "ABC":
        assert list(history.of(subject)) == [e for e in history if e.subject == subject]


@given(st.lists(ENTRY, min_size=2, max_size=10, unique_by=lambda e: (e[0], e[1])))
def test_the_digest_knows_the_order(entries):
    assert filled(entries).digest() == filled(entries).digest()
    assert filled(entries).digest() != filled(entries[::-1]).digest()


def test_nobody_can_write_into_an_entry():
    details = {"p": 1}
    entry = History().append(date(2016, 1, 1), "A", "x", details)
    details["p"] = 2
    assert entry.details["p"] == 1
    with pytest.raises(TypeError):
        entry.details["p"] = 3
    with pytest.raises(FrozenInstanceError):
        entry.subject = "B"


@pytest.mark.parametrize(
    "change",
    [
        {"on": None},
        {"on": "2016-01-01"},
        {"on": datetime(2016, 1, 1)},
        {"on": float("nan")},
        {"on": date(1999, 12, 31)},
        {"subject": ["A"]},
        {"subject": None},
        {"subject": ""},
        {"subject": "A\n"},
        {"action": ["x"]},
        {"action": 1},
        {"action": ""},
        {"details": {"p": None}},
        {"details": {"p": True}},
        {"details": {"p": ["x"]}},
        {"details": {"p": 1.0}},
        {"details": {"p": {}}},
    ],
)
def test_what_is_no_day_no_name_or_could_be_rewritten_is_not_taken(change):
    history = History()
    with pytest.raises(RuleError) as refusal:
        history.append(
            *({"on": date(2016, 1, 1), "subject": "A", "action": "x", "details": {}} | change).values()
        )
    assert refusal.value.rule == "value"
    assert len(history) == 0
