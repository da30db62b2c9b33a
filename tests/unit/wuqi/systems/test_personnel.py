"""S08: committees over the registers, and weak branches without a village's name."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import examples
from support.histories import replayed

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems import personnel as model

TABLES = Tables.load()
STAFFING, WEAK = model.example(TABLES)
VILLAGES, DEPARTMENTS = STAFFING.units["village"], STAFFING.units["department"]
DAY = date(2016, 3, 1)
VILLAGE = TABLES.villages.frame["name"].iloc[0]
TOLD = {
    "find": {"before": "例"},
    "put-right": {"after": "例"},
    "check": {"by": "例"},
    "return": {"reasons": "例"},
}
AT = {
    "open": [],
    "found": ["find"],
    "put-right": ["find", "put-right"],
    "checked": ["find", "put-right", "check"],
}
ALLOWED = {("open", "find"), ("found", "put-right"), ("put-right", "return"), ("put-right", "check")}
FULL_WIDTH = {ord(str(d)): chr(0xFF10 + d) for d in range(10)}
BRANCHES = TABLES.weak_branches.frame["id"].tolist()


def walked(state):
    book = model.weak_branches(TABLES)
    for action in AT[state]:
        book.apply(DAY, "W01", action, **TOLD[action])
    return book


@pytest.mark.parametrize("state", AT)
@pytest.mark.parametrize("action", TOLD)
def test_only_the_table_s_steps_are_taken(state, action):
    book = walked(state)
    if (state, action) in ALLOWED:
        book.apply(DAY, "W01", action, **TOLD[action])
        assert len(book.history) == len(AT[state]) + 1
    else:
        with pytest.raises(RuleError) as refusal:
            book.apply(DAY, "W01", action, **TOLD[action])
        assert refusal.value.rule == "transition"
        assert book.state("W01") == state


TRIES = st.lists(
    st.tuples(st.sampled_from([*BRANCHES[:3], "W99"]), st.sampled_from(list(TOLD)), st.integers(0, 700)),
    max_size=30,
)


@examples(60)
@given(TRIES)
def test_whatever_is_tried_history_replays_to_the_same_states(tries):
    book, kept = model.weak_branches(TABLES), []
    for subject, action, days in tries:
        with suppress(RuleError):
            kept.append(book.apply(DAY + timedelta(days=days), subject, action, **TOLD[action]))
    assert list(book.history) == kept
    assert "W99" not in book.subjects
    again = replayed(book.history, model.weak_branches(TABLES))
    assert again.history.digest() == book.history.digest()
    assert [again.state(s) for s in again.subjects] == [book.state(s) for s in book.subjects]


@pytest.mark.parametrize(
    ("state", "change", "rule"),
    [
        ("open", {"before": ""}, "S08.before"),
        ("open", {"before": " 　"}, "S08.before"),
        ("open", {"subject": "W99"}, "S08.registered"),
        ("open", {"subject": ""}, "value"),
        ("open", {"subject": VILLAGES[0]}, "S08.registered"),
        ("open", {"before": f"在{VILLAGE}"}, "S08.nameless"),
        ("open", {"before": " \n".join(VILLAGE)}, "S08.nameless"),
        ("open", {"before": f"代码 {VILLAGES[0]}"}, "S08.nameless"),
        ("open", {"before": VILLAGES[0].translate(FULL_WIDTH)}, "S08.nameless"),
        ("open", {"before": "例", "village": VILLAGES[0]}, "S08.nameless"),
        ("open", {"before": "在张坪开会"}, "S08.nameless"),
        ("open", {"before": "张·坪"}, "S08.nameless"),
        ("open", {"before": "刘-河-湾的支部"}, "S08.nameless"),
        ("open", {"before": "周湾"}, "S08.nameless"),
        ("open", {"before": "周湾镇周湾"}, "S08.nameless"),
        ("open", {"before": "-".join(VILLAGES[0])}, "S08.nameless"),
        ("found", {"after": "  "}, "S08.after"),
        ("found", {"after": VILLAGE.removesuffix("委会")}, "S08.nameless"),
        ("found", {"on": date(2016, 2, 29), "after": "例"}, "date-order"),
        ("put-right", {"by": ""}, "S08.by"),
        ("put-right", {"by": VILLAGE}, "S08.nameless"),
        ("put-right", {"action": "return", "reasons": ""}, "S08.reasons"),
        ("put-right", {"action": "close", "by": "例"}, "action"),
    ],
)
def test_hostile_entries_are_refused_and_change_nothing(state, change, rule):
    book = walked(state)
    before = book.history.digest()
    action = {"open": "find", "found": "put-right", "put-right": "check"}[state]
    given = {"on": DAY, "subject": "W01", "action": action, **change}
    with pytest.raises(RuleError) as refusal:
        book.apply(given.pop("on"), given.pop("subject"), given.pop("action"), **given)
    assert refusal.value.rule == rule
    assert book.history.digest() == before


@pytest.mark.parametrize(
    ("records", "rule"),
    [
        ([("committee", VILLAGES[0], True)], "S08.body"),
        ([("", VILLAGES[0], True)], "S08.body"),
        ([(None, VILLAGES[0], True)], "S08.body"),
        ([("village-committees", "610626999999", True)], "S08.unit"),
        ([("village-committees", "D01", True)], "S08.unit"),
        ([("department-committee", VILLAGES[0], True)], "S08.unit"),
        ([("department-committee", "D16", True)], "S08.unit"),
        ([("village-committees", None, True)], "S08.unit"),
        ([("village-committees", VILLAGES[0], True)] * 2, "twice"),
        ([("village-committees", VILLAGES[0], True), ("village-committees", VILLAGES[0], False)], "twice"),
        ([("village-committees", VILLAGES[0], 1)], "S08.yes-or-no"),
        ([("village-committees", VILLAGES[0], "是")], "S08.yes-or-no"),
        ([("village-committees", VILLAGES[0], None)], "S08.yes-or-no"),
    ],
)
def test_hostile_records_are_refused_by_the_rule_that_forbids_them(records, rule):
    with pytest.raises(RuleError) as refusal:
        model.staffing(TABLES, records)
    assert refusal.value.rule == rule


@examples(60)
@given(
    st.dictionaries(st.sampled_from(VILLAGES), st.booleans()),
    st.dictionaries(st.sampled_from(DEPARTMENTS), st.booleans()),
)
def test_every_unit_is_recorded_or_listed_as_not(villages, departments):
    records = [("village-committees", u, s) for u, s in villages.items()]
    records += [("department-committee", u, s) for u, s in departments.items()]
    made = model.staffing(TABLES, records)
    coverage = model.coverage(made)
    assert coverage["已登记"].tolist() == [len(villages), len(departments)]
    assert coverage["已配好"].tolist() == [sum(villages.values()), sum(departments.values())]
    assert len(model.unrecorded(made)) + coverage["已登记"].sum() == len(VILLAGES) + len(DEPARTMENTS)
    assert model.by_township(made)["村“两委”班子已配好"].sum() == sum(villages.values())


def test_what_the_views_say_of_the_example():
    assert model.coverage(STAFFING).iloc[:, 2:].values.tolist() == [[91, 91, 91, 100], [15, 15, 15, 100]]
    assert model.by_township(STAFFING).iloc[0].tolist() == ["吴起街道办事处", 14, 14]
    assert model.unrecorded(STAFFING).empty
    weak = model.before_and_after(WEAK)
    assert weak["编号"].tolist() == [f"W{n:02}" for n in range(1, 12)]
    assert weak["退回次数"].tolist() == [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]
    assert weak.iloc[0].tolist() == ["W01", "2016-03-01", "例：发现时的情形", "例：整顿后的情形", 0, "已整顿"]
    assert model.open_items(WEAK, date(2016, 12, 31)).values.tolist() == [
        ["W01", "已整顿", 305],
        ["W04", "已整顿", 302],
        ["W07", "已整顿", 299],
        ["W10", "已整顿", 296],
    ]


def test_a_branch_only_found_has_no_state_after_and_is_open():
    book = walked("found")
    assert model.before_and_after(book)["现状"].tolist() == [None]
    assert model.open_items(book, DAY)["发现至今（天）"].tolist() == [0]


def test_a_branch_put_right_again_shows_how_it_stands_now_and_keeps_what_was_said():
    book = walked("put-right")
    book.apply(DAY, "W01", "return", reasons="例：再看")
    book.apply(DAY, "W01", "put-right", after="例：再次整顿")
    assert model.before_and_after(book)[["现状", "退回次数"]].values.tolist() == [["例：再次整顿", 1]]
    assert [e.details["after"] for e in book.history if e.action == "put-right"] == ["例", "例：再次整顿"]


def test_a_township_may_be_written_though_a_village_has_its_name():
    book = walked("put-right")
    book.apply(DAY, "W01", "check", by="周湾镇党委")
    assert book.state("W01") == "checked"
