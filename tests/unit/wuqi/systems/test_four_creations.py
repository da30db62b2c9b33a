"""S05: the matrix is the interview's; nothing is recognised unreviewed, unmet, twice or out of field."""

from contextlib import suppress
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import replayed

from figurebook.datapackage.tables import Tables
from figurebook.office.lay_over import load_with
from figurebook.systems.rules import RuleError
from wuqi.systems import four_creations as model

TABLES = Tables.load()
RULES, TYPES = model.rules(TABLES), model.matrix(TABLES)
DAY = date(2016, 3, 1)
KNOWN = {
    "O1": ("organisation", "rural"),
    "O2": ("organisation", "agency"),
    "M1": ("member", "community"),
    "M2": ("member", "nonpublic"),
}
GOOD = {
    "O1": {"field": "rural", "type": "发展型党组织"},
    "O2": {"field": "agency", "type": "效能型党组织"},
    "M1": {"field": "community", "type": "奉献型党员"},
    "M2": {"field": "nonpublic", "type": "创业型党员"},
}
ORGANISATION = {"meetings": 1, "promises": 1, "rectified": 1}
MEMBER = {"attendance": 1, "tasks": 1, "appraisal": 1}
WALKS = {
    "open": [],
    "nominated": ["nominate"],
    "reviewed": ["nominate", "review"],
    "recognised": ["nominate", "review", "recognise"],
    "declined": ["nominate", "review", "decline"],
}
TOLD = {"nominate": GOOD["O1"], "review": ORGANISATION, "recognise": {}, "decline": {"reasons": "例"}}
ALLOWED = {(t.source, t.action): t.target for t in RULES.transitions.itertuples()}


def walked(state: str):
    book = model.nominations(RULES, TYPES, KNOWN)
    for action in WALKS[state]:
        book.apply(DAY, "O1", action, **TOLD[action])
    return book


def test_the_matrix_is_that_of_the_interview_and_of_the_registers():
    parts = TABLES.parts.frame.query("term == '四创建四争当'").sort_values("position")
    for group, kind in enumerate(model.KINDS, 1):
        assert TYPES[kind].tolist() == parts.loc[parts["group"] == group, "part"].tolist()
    systems = TABLES.systems.frame.set_index("id")
    assert TYPES["label"].tolist() == systems.at["S05", "parts"].split("、")
    for name in ("organisations", "model_members"):
        assert set(getattr(TABLES, name).frame["field"]) == set(TYPES.index)
    assert TABLES.matrix.frame["undefined"].isna().all(), "the interview gives the whole matrix"


@pytest.mark.parametrize("action", TOLD)
@pytest.mark.parametrize("state", RULES.states["state"])
def test_from_every_state_only_what_the_table_allows(state, action):
    book = walked(state)
    before = book.history.digest()
    if (state, action) in ALLOWED:
        book.apply(DAY, "O1", action, **TOLD[action])
        assert book.state("O1") == ALLOWED[state, action]
    else:
        with pytest.raises(RuleError) as refusal:
            book.apply(DAY, "O1", action, **TOLD[action])
        assert refusal.value.rule == "transition"
        assert (book.state("O1"), book.history.digest()) == (state, before)


@pytest.mark.parametrize(
    ("state", "subject", "action", "told", "rule"),
    [
        ("open", "O9", "nominate", GOOD["O1"], "S05.registered"),
        ("open", "", "nominate", {}, "value"),
        ("open", "o1", "nominate", GOOD["O1"], "S05.registered"),
        ("open", "O1", "nominate", GOOD["O2"], "S05.own-field"),
        ("open", "O1", "nominate", {}, "S05.own-field"),
        ("open", "O1", "nominate", GOOD["O1"] | {"field": "农村"}, "S05.own-field"),
        ("open", "O1", "nominate", {"field": "rural"}, "S05.type"),
        ("open", "O1", "nominate", {"field": "rural", "type": "效能型党组织"}, "S05.type"),
        ("open", "O1", "nominate", {"field": "rural", "type": "带富型党员"}, "S05.type"),
        ("open", "O1", "nominate", {"field": "rural", "type": "发展型"}, "S05.type"),
        ("open", "M1", "nominate", {"field": "community", "type": "服务型党组织"}, "S05.type"),
        ("nominated", "O1", "review", {}, "S05.answered"),
        ("nominated", "O1", "review", {"meetings": 1, "promises": 1}, "S05.answered"),
        ("nominated", "O1", "review", ORGANISATION | {"other": 1}, "S05.answered"),
        ("nominated", "O1", "review", ORGANISATION | {"meetings": 2}, "S05.answered"),
        ("nominated", "O1", "review", ORGANISATION | {"meetings": -1}, "S05.answered"),
        ("nominated", "O1", "review", ORGANISATION | {"meetings": "1"}, "S05.answered"),
        ("nominated", "O1", "review", MEMBER, "S05.answered"),
        ("nominated", "O1", "recognise", {}, "transition"),
        ("nominated", "O1", "nominate", GOOD["O1"], "transition"),
        ("reviewed", "O1", "decline", {}, "S05.reasons"),
        ("reviewed", "O1", "decline", {"reasons": "　"}, "S05.reasons"),
        ("reviewed", "O2", "recognise", {}, "transition"),
        ("recognised", "O1", "recognise", {}, "transition"),
        ("recognised", "O1", "nominate", GOOD["O1"], "transition"),
        ("recognised", "O1", "revoke", {}, "action"),
        ("declined", "O1", "nominate", GOOD["O1"], "transition"),
    ],
)
def test_hostile_nominations_are_refused_by_the_rule_that_forbids_them(state, subject, action, told, rule):
    book = walked(state)
    before = book.history.digest()
    with pytest.raises(RuleError) as refusal:
        book.apply(DAY, subject, action, **told)
    assert refusal.value.rule == rule
    assert book.history.digest() == before


@pytest.mark.parametrize("criterion", ORGANISATION)
def test_one_criterion_unmet_is_enough(criterion):
    book = walked("nominated")
    book.apply(DAY, "O1", "review", **ORGANISATION | {criterion: 0})
    with pytest.raises(RuleError) as refusal:
        book.apply(DAY, "O1", "recognise")
    assert refusal.value.rule == "S05.met"


MARKS = st.sampled_from([ORGANISATION, MEMBER]).flatmap(
    lambda names: st.fixed_dictionaries({n: st.sampled_from([1, 1, 1, 0]) for n in names})
)
TRIES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(list(KNOWN)), st.just("nominate"), st.sampled_from(list(GOOD.values()))),
        st.tuples(st.sampled_from(list(KNOWN)), st.just("review"), MARKS),
        st.tuples(
            st.sampled_from(list(KNOWN)),
            st.sampled_from(["recognise", "decline"]),
            st.just({"reasons": "例"}),
        ),
    ),
    max_size=60,
)


@given(TRIES)
def test_whatever_is_tried_only_the_rightly_reviewed_are_recognised(tries):
    book = model.nominations(RULES, TYPES, KNOWN)
    for subject, action, told in tries:
        before = list(book.history)
        with suppress(RuleError):
            book.apply(DAY, subject, action, **told)
        assert list(book.history)[: len(before)] == before, "an entry was changed"
    held = [s for s in book.subjects if book.state(s) == "recognised"]
    for subject in held:
        nominated, reviewed, _ = book.history.of(subject)
        assert dict(nominated.details) == GOOD[subject]
        assert set(reviewed.details.values()) == {1}
    assert model.recognised(book, TYPES)["已认定"].sum() == len(held)
    assert len(model.pending(book, TYPES)) == len(book.subjects) - len(held)
    assert (
        replayed(book.history, model.nominations(RULES, TYPES, KNOWN)).history.digest()
        == book.history.digest()
    )


def test_an_id_in_both_registers_is_refused(tmp_path):
    frame = TABLES.organisations.frame.copy()
    frame.loc[0, "id"] = "M001"
    frame.to_csv(tmp_path / "organisations.csv", index=False)
    with pytest.raises(RuleError) as refusal:
        model.candidates(RULES, load_with(tmp_path))
    assert refusal.value.rule == "twice"


def test_the_fields_of_the_example_add_up_to_the_figures():
    book = model.example(RULES, TABLES)
    counted = model.recognised(book, TYPES)
    assert counted.groupby("类别")["已认定"].sum().to_dict() == {"党组织": 56, "党员": 184}
    assert len(counted) == 8
    assert model.totals(book, TYPES, TABLES)[["访谈所述", "这里的合计", "差"]].to_numpy().tolist() == [
        [56, 56, 0],
        [184, 184, 0],
        [346, 346, 0],
        [684, 684, 0],
    ]


def test_what_the_other_views_say_of_the_example():
    book = model.example(RULES, TABLES)
    waiting = model.pending(book, TYPES)
    assert waiting["编号"].tolist() == [f"P{n:02}" for n in range(1, 9)]
    assert waiting["状态"].value_counts().to_dict() == {
        "已提名，待审核": 2,
        "已审核，待认定": 4,
        "不予认定": 2,
    }
    assert waiting.loc[waiting["没有达到的标准"].notna(), "编号"].tolist() == ["P05", "P06", "P07", "P08"]
    assert model.unmet(book)[["审核过", "没有达到"]].to_numpy().tolist() == [
        [59, 0],
        [59, 0],
        [59, 2],
        [187, 0],
        [187, 0],
        [187, 2],
    ]


def test_one_row_less_in_a_register_shows_as_a_difference(tmp_path):
    frame = pd.DataFrame(TABLES.model_members.frame).iloc[1:]
    frame.to_csv(tmp_path / "model_members.csv", index=False)
    other = load_with(tmp_path)
    assert model.totals(model.example(RULES, other), TYPES, other)["差"].tolist() == [0, -1, 0, 0]
