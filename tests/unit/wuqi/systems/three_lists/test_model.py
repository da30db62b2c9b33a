"""S04: no problem closes with an unverified task, without a responsible unit, or twice; nothing is lost."""

from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import replayed

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems.three_lists import model

TABLES = Tables.load()
RULES = model.rules(TABLES)
DAY = date(2016, 3, 1)
ASKED = {"source": "city", "problem": "例"}
TASK = {"task": "T1", "text": "例"}
# To each state by the shortest way that the table allows.
WAY = [
    ("register", ASKED),
    ("task", TASK),
    ("assign", {"unit": "U1"}),
    ("start", {}),
    ("verify", {"task": "T1", "by": "V1"}),
    ("close", {}),
]
STEPS = {"open": 0, "registered": 2, "assigned": 3, "rectifying": 4, "verified": 5, "closed": 6}
DETAILS = {**dict(WAY), "carry": ASKED, "task": {"task": "T2", "text": "例"}, "reopen": {"note": "例"}}
ALLOWED = set(RULES.transitions[["source", "action"]].itertuples(index=False, name=None))


def walked(n: int, on: date = DAY) -> model.Ledger:
    book = model.ledger(RULES)
    for action, details in WAY[:n]:
        book.apply(on, "P1", action, **details)
    return book


def refusal(book, *step, **details) -> str:
    """The rule that forbids a step; the ledger must not have changed."""
    before = book.history.digest()
    with pytest.raises(RuleError) as refused:
        book.apply(*step, **details)
    assert book.history.digest() == before
    assert refused.value.rule in str(refused.value)
    return refused.value.rule


def test_the_way_passes_every_state_of_the_table():
    assert list(STEPS) == RULES.states["state"].tolist()
    assert [walked(n).state("P1") for n in STEPS.values()] == list(STEPS)


@pytest.mark.parametrize("state", STEPS)
@pytest.mark.parametrize("action", sorted(set(RULES.transitions["action"])))
def test_every_transition_that_is_not_in_the_table_is_refused(state, action):
    book = walked(STEPS[state])
    if (state, action) in ALLOWED:
        entry = book.apply(DAY, "P1", action, **DETAILS[action])
        assert entry == book.history.of("P1")[-1]
        targets = RULES.transitions.query("source == @state and action == @action")["target"]
        assert book.state("P1") in set(targets)
    else:
        rule = refusal(book, DAY, "P1", action, **DETAILS[action])
        lacking = {
            "registered": "responsible",
            "assigned": "tasks-verified",
            "rectifying": "tasks-verified",
            "closed": "closed-once",
        }
        expected = f"S04.{lacking[state]}" if action == "close" and state in lacking else "transition"
        assert rule == expected


def test_closing_says_what_is_lacking():
    book = model.ledger(RULES)
    book.apply(DAY, "P1", "register", **ASKED)
    assert refusal(book, DAY, "P1", "close") == "S04.responsible"
    book.apply(DAY, "P1", "assign", unit="U1")
    assert refusal(book, DAY, "P1", "close") == "S04.tasks-verified"
    book = walked(5)
    book.apply(DAY, "P1", "task", task="T2", text="例")
    assert refusal(book, DAY, "P1", "close") == "S04.tasks-verified"
    assert refusal(walked(6), DAY, "P1", "close") == "S04.closed-once"


def test_reopening_keeps_the_first_closing_and_asks_for_everything_again():
    book = walked(6)
    later = date(2016, 5, 31)
    book.apply(later, "P1", "reopen", note="例")
    assert book.state("P1") == "rectifying"
    item = book.item("P1")
    assert (item.closings, item.unverified, item.due) == ([DAY], ["T1"], date(2016, 6, 30))
    assert refusal(book, later, "P1", "close") == "S04.tasks-verified"
    book.apply(later, "P1", "verify", task="T1", by="V1")
    book.apply(later, "P1", "close")
    assert book.item("P1").closings == [DAY, later]


def test_one_carried_over_as_closed_is_shown_as_unverified_and_reopens_without_a_unit():
    book = model.ledger(RULES)
    book.apply(DAY, "P1", "carry", **ASKED)
    assert model.unverified(book)["问题"].tolist() == ["P1"]
    book.apply(DAY, "P1", "reopen", note="例")
    assert book.state("P1") == "registered"
    assert model.unverified(book).empty


@pytest.mark.parametrize(
    ("source", "on", "due"),
    [
        ("city", date(2016, 1, 31), date(2016, 2, 29)),
        ("city", date(2017, 1, 31), date(2017, 2, 28)),
        ("province", date(2016, 2, 29), date(2016, 3, 29)),
        ("city", date(2016, 12, 31), date(2017, 1, 31)),
        ("public", date(2016, 2, 20), date(2016, 3, 6)),
        ("public", date(2017, 2, 20), date(2017, 3, 7)),
        ("public", date(2016, 12, 20), date(2017, 1, 4)),
        ("city", date(2016, 3, 31), date(2016, 4, 30)),
    ],
)
def test_deadlines_over_month_ends_leap_days_and_the_end_of_the_year(source, on, due):
    book = model.ledger(RULES)
    book.apply(on, "P1", "register", source=source, problem="例")
    assert book.item("P1").due == due
    assert model.overdue(book, due).empty, "the last day still counts"
    assert model.overdue(book, due + timedelta(days=1))["逾期天数"].tolist() == [1]


def test_a_notice_s_own_deadline_goes_before_the_rule():
    book = model.ledger(RULES)
    book.apply(DAY, "P1", "register", **ASKED, due="2016-03-01")
    assert book.item("P1").due == DAY


HOSTILE = [
    (0, "register", {"source": "county", "problem": "例"}, "S04.source"),
    (0, "register", {"source": "city"}, "S04.problem"),
    (0, "register", {"problem": "例"}, "S04.source"),
    (0, "register", {**ASKED, "problem": "\u200b \u200b"}, "value"),
    (0, "register", {**ASKED, "problem": "\ud800"}, "value"),
    (0, "register", {**ASKED, "problem": ""}, "value"),
    (0, "register", {**ASKED, "problem": "　"}, "value"),
    (0, "register", {**ASKED, "problem": "例\x00"}, "value"),
    (0, "register", {**ASKED, "problem": 3}, "value"),
    (0, "register", {**ASKED, "state": "closed"}, "value"),
    (0, "register", {**ASKED, "due": "2016-02-29"}, "S04.due"),
    (0, "register", {**ASKED, "due": "2016-02-30"}, "S04.due"),
    (0, "register", {**ASKED, "due": "下月"}, "S04.due"),
    (0, "carry", {"source": "city"}, "S04.problem"),
    (0, "delete", {}, "action"),
    (6, "delete", {}, "action"),
    (2, "task", TASK, "S04.task"),
    (2, "task", {"task": "T2"}, "S04.task"),
    (2, "task", {}, "S04.task"),
    (2, "assign", {}, "S04.unit"),
    (2, "assign", {"unit": " "}, "value"),
    (4, "verify", {"task": "T9", "by": "V1"}, "S04.task-open"),
    (4, "verify", {"by": "V1"}, "S04.task-open"),
    (4, "verify", {"task": "T1", "by": "U1"}, "S04.verifier"),
    (4, "verify", {"task": "T1"}, "S04.verifier"),
    (6, "reopen", {}, "S04.reasons"),
    (6, "register", ASKED, "transition"),
]


@pytest.mark.parametrize(("done", "action", "details", "rule"), HOSTILE)
def test_hostile_input_is_refused_by_the_rule_that_forbids_it(done, action, details, rule):
    assert refusal(walked(done), DAY, "P1", action, **details) == rule


@pytest.mark.parametrize(
    ("on", "subject", "rule"),
    [
        (date(2016, 2, 29), "P1", "date-order"),
        (datetime(2016, 3, 1), "P1", "value"),
        ("2016-03-01", "P1", "value"),
        (None, "P1", "value"),
        (DAY, "", "value"),
        (DAY, " P1", "value"),
        (DAY, None, "value"),
        (DAY, "P\n1", "value"),
        (DAY, "Ｐ１", "value"),
        (date(1999, 12, 31), "P1", "value"),
        (DAY, "P" * 40000, "value"),
    ],
)
def test_hostile_days_and_names_are_refused(on, subject, rule):
    assert refusal(walked(2), on, subject, "assign", unit="U1") == rule


def test_a_deadline_beyond_the_last_day_is_refused():
    for source in ("city", "public"):
        rule = refusal(model.ledger(RULES), date.max, "P1", "register", source=source, problem="例")
        assert rule == "S04.due"
    assert refusal(walked(6, date(9999, 11, 30)), date.max, "P1", "reopen", note="例") == "S04.due"


def tries():
    """Steps that often go somewhere: two problems, three tasks, days that mostly go on."""
    details = st.fixed_dictionaries(
        {},
        optional={
            "task": st.sampled_from(["T1", "T2", "T3"]),
            "text": st.just("例"),
            "unit": st.sampled_from("UV"),
            "by": st.sampled_from("UV"),
            "source": st.sampled_from(["city", "county"]),
            "problem": st.just("例"),
            "note": st.just("例"),
        },
    )
    return st.lists(
        st.tuples(
            st.sampled_from(["P1", "P2"]),
            st.sampled_from([*DETAILS, "start"]),
            st.integers(0, 3),
            details,
            st.booleans(),
        ),
        max_size=40,
    )


@given(tries())
def test_whatever_is_tried_nothing_is_overwritten_and_history_replays(attempts):
    book, kept, day = model.ledger(RULES), [], DAY
    for subject, action, days, loose, good in attempts:
        day += timedelta(days=days)
        before = list(book.history)
        with suppress(RuleError):
            kept.append(book.apply(day, subject, action, **(DETAILS.get(action, {}) if good else loose)))
        assert list(book.history)[: len(before)] == before, "an entry was changed"
    assert list(book.history) == kept
    again = replayed(book.history, model.ledger(RULES))
    assert again.history.digest() == book.history.digest()
    assert [again.state(s) for s in again.subjects] == [book.state(s) for s in book.subjects]
    for subject in book.subjects:
        item, done = (
            book.item(subject),
            [e.on for e in kept if e.subject == subject and e.action in ("close", "carry")],
        )
        assert item.closings == done
        if book.state(subject) == "closed" and book.history.of(subject)[-1].action == "close":
            assert item.unit
            assert item.tasks
            assert not item.unverified
    flagged = set(model.unverified(book)["问题"])
    assert {s for s in flagged if book.history.of(s)[0].action != "carry"} == set()


def test_what_the_views_say_of_the_example():
    book, today = model.example(RULES), date(2016, 3, 10)
    opened = model.open_items(book, today)
    assert opened["问题"].tolist() == [
        "P001",
        "P002",
        "P003",
        "P004",
        "P005",
        "P009",
        "P010",
        "P011",
        "P012",
        "P007",
        "P013",
        "P015",
    ]
    assert opened["已过天数"].tolist() == [66, 66, 59, 59, 52, 38, 38, 31, 31, 29, 24, 1]
    assert model.ageing(book, today).to_numpy().tolist() == [
        ["0–29 天", 3, 0],
        ["30–59 天", 7, 7],
        ["60–89 天", 2, 2],
    ]
    assert model.overdue(book, today)["问题"].tolist() == [
        "P003",
        "P001",
        "P002",
        "P004",
        "P009",
        "P005",
        "P012",
        "P010",
        "P011",
    ]
    assert model.unassigned(book)["问题"].tolist() == ["P001", "P009"]
    assert model.unverified(book)["问题"].tolist() == ["P008", "P016"]
    assert model.closure(book).to_numpy().tolist() == [
        ["省督查通报", 6, 1, 1, 16.7, 0.0, 1],
        ["市督查通报", 5, 2, 1, 40.0, 20.0, 0],
        ["群众反映", 5, 1, 0, 20.0, 20.0, 1],
        ["合计", 16, 4, 2, 25.0, 12.5, 2],
    ]
    units = model.by_unit(book, today).set_index("责任单位")
    assert units.loc["例05"].tolist() == [2, 1, 1, 1, 50.0]
    assert units["问题"].sum() == 12


def test_only_bands_that_hold_a_problem_are_shown():
    book = model.ledger(RULES)
    book.apply(date(2013, 1, 1), "P1", "register", **ASKED)
    book.apply(date(2016, 3, 1), "P2", "register", **ASKED)
    assert model.ageing(book, date(2016, 3, 10)).to_numpy().tolist() == [
        ["0–29 天", 1, 0],
        ["1140–1169 天", 1, 1],
    ]


def test_the_views_of_an_empty_ledger_are_empty():
    book = model.ledger(RULES)
    assert model.open_items(book, DAY).empty
    assert model.ageing(book, DAY).empty
    assert model.by_unit(book, DAY).empty
    assert model.closure(book)["销号率（%）"].isna().all()
