"""S13: no stage skipped, no decision without reasons, nothing exempted that the table excludes."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import replayed

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems import error_tolerance as model

RULES = model.rules(Tables.load())
DAY = date(2016, 1, 31)
WHY = {"reasons": "例"}
TOLD = {"reasons": "例", "found": "", "late": "例"}  # all that any step takes
STATES = RULES.states["state"].tolist()
ACTIONS = RULES.transitions["action"].unique().tolist()
ALLOWED = {(t.source, t.action): t.target for t in RULES.transitions.itertuples()}


def walks() -> dict[str, list[str]]:
    """The shortest way to each state of the table."""
    found, queue = {"open": []}, ["open"]
    for state in queue:
        for (source, action), target in ALLOWED.items():
            if source == state and target not in found:
                found[target] = [*found[state], action]
                queue.append(target)
    return found


WALKS = walks()


def told(action: str) -> dict[str, str]:
    """All that an action takes."""
    return {k: v for k, v in TOLD.items() if k in model.Cases.takes[action]}


def walked(actions: list[str]):
    book = model.cases(RULES)
    for action in actions:
        book.apply(DAY, "C01", action, **told(action))
    return book


def test_every_state_can_be_reached():
    assert set(WALKS) == set(STATES)
    assert len(STATES) * len(ACTIONS) == 72


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", STATES)
def test_from_every_state_only_what_the_table_allows(state, action):
    book = walked(WALKS[state])
    before = list(book.history)
    if (state, action) in ALLOWED:
        book.apply(DAY, "C01", action, **told(action))
        assert book.state("C01") == ALLOWED[state, action]
        assert list(book.history)[:-1] == before
    else:
        with pytest.raises(RuleError) as refusal:
            book.apply(DAY, "C01", action, **told(action))
        assert refusal.value.rule == "transition"
        assert (book.state("C01"), list(book.history)) == (state, before)


DETAILS = st.fixed_dictionaries(
    {},
    optional={
        "reasons": st.sampled_from(["例", " "]),
        "late": st.just("例"),
        "found": st.sampled_from(["", "concealment", "private-gain;defiance", "other"]),
    },
)
TRIES = st.lists(
    st.tuples(st.sampled_from(["C1", "C2"]), st.sampled_from(ACTIONS), st.integers(0, 60), DETAILS),
    max_size=50,
)


@given(TRIES)
def test_whatever_is_tried_history_replays_and_no_entry_changes(tries):
    book, kept, today = model.cases(RULES), [], DAY
    for case, action, days, details in tries:
        before, today = list(book.history), today + timedelta(days)
        with suppress(RuleError):
            kept.append(book.apply(today, case, action, **details))
        assert list(book.history)[: len(before)] == before, "an entry was changed"
    assert list(book.history) == kept
    again = replayed(book.history, model.cases(RULES))
    assert again.history.digest() == book.history.digest()
    assert [again.state(c) for c in again.subjects] == [book.state(c) for c in book.subjects]
    assert model.decisions(book)["理由"].str.strip().all()
    exempt = model.decisions(book).query("决定 == '决定免责'")
    assert set(exempt["不得免责的情形"]) <= {"没有发现"}
    assert sum(model.by_stage(book, today)["件数"]) == len(model.waiting(book, today))


@pytest.mark.parametrize(
    ("done", "subject", "action", "told", "rule"),
    [
        (0, "", "apply", WHY, "value"),
        (0, "某人", "apply", WHY, "S13.identifier"),
        (0, "c1", "apply", WHY, "S13.identifier"),
        (0, "C1 ", "apply", WHY, "value"),
        (0, "C１x", "apply", WHY, "value"),
        (0, "C01", "apply", {}, "S13.reasons"),
        (0, "C01", "apply", {"reasons": "　 "}, "S13.reasons"),
        (1, "C01", "check", {}, "S13.circumstance"),
        (1, "C01", "check", {"found": "bad luck"}, "S13.circumstance"),
        (1, "C01", "check", {"found": "private-gain;none"}, "S13.circumstance"),
        (1, "C01", "check", {"found": "谋取私利"}, "S13.circumstance"),
        (3, "C01", "assess", {}, "S13.circumstance"),
        (4, "C01", "exempt", {}, "S13.reasons"),
        (4, "C01", "hold", {"reasons": ""}, "S13.reasons"),
        (4, "C01", "pardon", WHY, "action"),
        (4, "C01", "", {}, "value"),
        (4, "C02", "exempt", WHY, "transition"),
        (5, "C01", "exempt", WHY, "transition"),
        (5, "C01", "hold", WHY, "transition"),
        (7, "C01", "apply", WHY, "transition"),
        (4, "C01", "exempt", WHY | {"found": "private-gain"}, "value"),
        (4, "C01", "exempt", WHY | {"found": ""}, "value"),
        (0, "C01", "apply", WHY | {"found": ""}, "value"),
        (4, "C01", "hold", WHY | {"note": "例"}, "value"),
        (2, "C01", "hear", {"reasons": "例"}, "value"),
        (1, "C01", "check", {"found": None}, "S13.circumstance"),
        (4, "C01", "hold", {"reasons": None}, "S13.reasons"),
        (2, "C01", "hear", {"late": ["例"]}, "value"),
    ],
)
def test_hostile_steps_are_refused_by_the_rule_that_forbids_them(done, subject, action, told, rule):
    book = walked(["apply", "check", "hear", "assess", "exempt", "care", "visit"][:done])
    before = book.history.digest()
    with pytest.raises(RuleError) as refusal:
        book.apply(DAY, subject, action, **told)
    assert refusal.value.rule == rule
    assert rule in str(refusal.value)
    assert book.history.digest() == before


@pytest.mark.parametrize("at", ["check", "assess"])
@pytest.mark.parametrize("found", RULES.criteria["name"])
def test_what_is_excluded_cannot_be_exempted_whatever_the_reasons(at, found):
    book = model.cases(RULES)
    for action in ("apply", "check", "hear", "assess"):
        book.apply(DAY, "C01", action, **told(action) | ({"found": found} if action == at else {}))
    with pytest.raises(RuleError) as refusal:
        book.apply(DAY, "C01", "exempt", reasons="例")
    assert refusal.value.rule == "S13.not-excluded"
    book.apply(DAY, "C01", "hold", reasons="例")
    assert book.state("C01") == "held"


@pytest.mark.parametrize(
    ("state", "action", "last"),
    [
        ("applied", "check", date(2016, 2, 15)),
        ("checked", "hear", date(2016, 2, 20)),
        ("heard", "assess", date(2016, 2, 15)),
        ("assessed", "exempt", date(2016, 2, 10)),
        ("assessed", "hold", date(2016, 2, 10)),
        ("exempted", "care", date(2016, 3, 1)),
        ("held", "care", date(2016, 3, 1)),
        ("cared", "visit", date(2016, 7, 31)),
    ],
)
def test_the_last_day_counts_and_the_next_needs_a_reason(state, action, last):
    book = walked(WALKS[state])
    given = {k: v for k, v in told(action).items() if k != "late"}
    with pytest.raises(RuleError) as refusal:
        book.apply(last + timedelta(1), "C01", action, **given)
    assert refusal.value.rule == "S13.late-reason"
    assert model.overdue(book, last).empty
    assert model.overdue(book, last + timedelta(2))["逾期天数"].tolist() == [2]
    replayed(book.history, model.cases(RULES)).apply(last + timedelta(1), "C01", action, **given, late="例")
    book.apply(last, "C01", action, **given)
    assert model.late_steps(book).empty


def test_a_day_before_the_last_entry_is_refused():
    with pytest.raises(RuleError) as refusal:
        walked(["apply"]).apply(date(2016, 1, 30), "C01", "check", found="")
    assert refusal.value.rule == "date-order"


def test_what_the_views_say_of_the_example():
    book, today = model.example(RULES), date(2016, 10, 10)
    assert model.by_stage(book, today).to_numpy().tolist() == [
        ["已申请，待核查", 2, 28],
        ["已核查，待听证", 1, 4],
        ["已听证，待评估", 1, 31],
        ["已评估，待决定", 1, 4],
        ["已免责，待跟踪关爱", 1, 18],
        ["不予免责，待跟踪关爱", 1, 32],
        ["已跟踪关爱，待回访", 1, 28],
    ]
    assert "".join(model.waiting(book, today)["案件"]) == "C06C08C04C10C05C11C07C09"
    assert model.overdue(book, today)[["案件", "逾期天数"]].to_numpy().tolist() == [
        ["C06", 2],
        ["C08", 16],
        ["C10", 13],
    ]
    assert model.decisions(book)[["案件", "不得免责的情形"]].to_numpy().tolist() == [
        ["C01", "没有发现"],
        ["C02", "隐瞒不报"],
        ["C03", "没有发现"],
        ["C04", "没有发现"],
        ["C06", "隐瞒不报"],
        ["C05", "没有发现"],
    ]
    assert model.late_steps(book).to_numpy().tolist() == [
        ["C03", "公开听证", "2016-03-16", 10, "例：等候材料"]
    ]
    assert model.follow_ups(book).to_numpy().tolist() == [
        ["C06", "不予免责，待跟踪关爱", "2016-10-08"],
        ["C05", "已免责，待跟踪关爱", "2016-10-22"],
        ["C04", "已跟踪关爱，待回访", "2017-03-12"],
    ]


def test_a_case_so_late_that_a_limit_has_no_date_is_refused_when_it_comes():
    for action, state in [("apply", "open"), ("assess", "heard"), ("care", "held")]:
        book = walked(WALKS[state])
        with pytest.raises(RuleError) as refusal:
            book.apply(date.max, "C01", action, **told(action))
        assert refusal.value.rule == "S13.limit"
        assert model.overdue(book, date.max).shape[0] == (state != "open")
