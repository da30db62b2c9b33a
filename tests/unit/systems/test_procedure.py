"""A procedure does what its table of transitions says and nothing else, whatever the table says."""

from contextlib import suppress
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import replayed

from figurebook.systems.procedure import Procedure
from figurebook.systems.rules import RuleError, Rules

STATES, ACTIONS = list("pqrs"), list("abc")
DAY = date(2016, 1, 1)
# At most one target for a state and an action, as in a table with that key.
TABLE = st.dictionaries(st.tuples(st.sampled_from(STATES), st.sampled_from(ACTIONS)), st.sampled_from(STATES))


def rules(table: dict, conditions: str = "") -> Rules:
    rows = [[a, a.upper(), s, t, conditions] for (s, a), t in table.items()]
    # Every action exists, so that a refusal is one of the table and not of an unknown word.
    rows += [[a, a.upper(), "end", "end", ""] for a in ACTIONS]
    states = pd.DataFrame(
        [[s, s.upper(), "initial" if s == "p" else "passing"] for s in [*STATES, "end"]],
        columns=["state", "label", "kind"],
    )
    transitions = pd.DataFrame(rows, columns=["action", "label", "source", "target", "conditions"])
    none = pd.DataFrame()
    return Rules("S00", {}, {}, {"even": "只许双数"}, states, transitions, none, none, none, {})


@given(TABLE, st.lists(st.sampled_from(ACTIONS), max_size=8))
def test_from_every_state_only_what_the_table_has_is_done(table, walk):
    book, state = Procedure(rules(table), {}), "p"
    for action in walk:
        length = len(book.history)
        if (state, action) in table:
            book.apply(DAY, "X", action)
            state = table[state, action]
        else:
            with pytest.raises(RuleError) as refusal:
                book.apply(DAY, "X", action)
            assert refusal.value.rule == "transition"
            assert len(book.history) == length
        assert book.state("X") == state


@given(TABLE, st.lists(st.tuples(st.sampled_from("XYZ"), st.sampled_from(ACTIONS)), max_size=30))
def test_history_replays_to_the_same_states(table, walk):
    book = Procedure(rules(table), {})
    for subject, action in walk:
        with suppress(RuleError):
            book.apply(DAY, subject, action)
    again = replayed(book.history, Procedure(rules(table), {}))
    assert again.history.digest() == book.history.digest()
    assert {s: again.state(s) for s in "XYZ"} == {s: book.state(s) for s in "XYZ"}


def test_a_condition_refuses_by_its_name_and_sees_the_past():
    book = Procedure(
        rules({("p", "a"): "p"}, "even"), {"even": lambda a: a.details["n"] % 2 == 0 and len(a.past) < 2}
    )
    book.apply(DAY, "X", "a", n=2)
    book.apply(DAY, "X", "a", n=4)
    for n in (3, 2):
        with pytest.raises(RuleError, match=r"S00\.even"):
            book.apply(DAY, "X", "a", n=n)
    assert [e.details["n"] for e in book.history] == [2, 4]


def test_a_condition_that_nobody_wrote_is_found_when_the_procedure_is_made():
    with pytest.raises(KeyError, match="even"):
        Procedure(rules({("p", "a"): "p"}, "even"), {})


def test_an_earlier_day_and_an_unknown_action_are_refused():
    book = Procedure(rules({("p", "a"): "p"}), {})
    book.apply(DAY, "X", "a")
    with pytest.raises(RuleError, match="date-order"):
        book.apply(date(2015, 12, 31), "X", "a")
    with pytest.raises(RuleError, match="规则 action"):
        book.apply(DAY, "X", "zz")
    book.apply(date(2015, 12, 31), "Y", "a")
    assert book.subjects == ("X", "Y")
