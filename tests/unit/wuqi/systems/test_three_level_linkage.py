"""S02: every duty has exactly one accountable level, every question an answer, no circles."""

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems import three_level_linkage as model

TABLES = Tables.load()
RULES, DUTIES = model.rules(TABLES), model.duties(TABLES)
LEVELS, QUESTIONS = ["county", "committee", "branch"], ["who", "what", "how", "how-well"]
COLUMNS = ["name", "label", "level", "role", "serves"]
# The smallest whole: four measures, one a question.
SMALL = [
    ["a", "甲", "county", "accountable", "who"],
    ["b", "乙", "committee", "accountable", "what"],
    ["c", "丙", "branch", "accountable", "how"],
    ["d", "丁", "county", "accountable", "how-well"],
]


def frame(rows):
    return pd.DataFrame(rows, columns=COLUMNS)


def changed(row: int, **cells):
    rows = frame(SMALL)
    for column, value in cells.items():
        rows.loc[row, column] = value
    return rows


def added(*rows):
    return frame([*SMALL, *rows])


def more(level, role="taking-part", name="a", label="甲", serves="who"):
    return [name, label, level, role, serves]


@pytest.mark.parametrize(
    ("duties", "rule"),
    [
        (changed(0, level="province"), "unknown"),
        (changed(0, level=""), "unknown"),
        (changed(0, level="who"), "unknown"),
        (changed(0, role="helping"), "unknown"),
        (changed(0, level=pd.NA), "unknown"),
        (changed(0, label=" 　"), "value"),
        (changed(0, name=pd.NA), "value"),
        (changed(0, serves=pd.NA), "value"),
        (added(more("county")), "twice"),
        (added(more("county", "accountable")), "twice"),
        (added(more("branch", label="他")), "S02.told-once"),
        (added(more("branch", serves="how")), "S02.told-once"),
        (added(more("branch", name="who")), "S02.told-once"),
        (changed(0, name="county"), "S02.told-once"),
        (added(more("branch", "accountable")), "S02.one-accountable"),
        (changed(0, role="taking-part"), "S02.one-accountable"),
        (changed(0, serves="nothing"), "S02.no-orphan"),
        (changed(0, serves="branch"), "S02.no-orphan"),
        (changed(0, serves="a"), "S02.no-cycle"),
        (
            added(
                more("county", "accountable", "e", "戊", "f"), more("county", "accountable", "f", "己", "e")
            ),
            "S02.no-cycle",
        ),
        (changed(0, serves="what"), "S02.answered"),
        (frame(SMALL[:3]), "S02.answered"),
        (changed(2, level="county"), "S02.every-level"),
        (frame([]), "S02.every-level"),
    ],
)
def test_hostile_tables_are_refused_by_the_rule_that_forbids_them(duties, rule):
    before = duties.copy(deep=True)
    with pytest.raises(RuleError) as refusal:
        model.linkage(RULES, duties)
    assert refusal.value.rule == rule
    assert rule in str(refusal.value)
    pd.testing.assert_frame_equal(duties, before)


def test_a_circle_is_named_by_its_duties():
    with pytest.raises(RuleError) as refusal:
        model.linkage(
            RULES,
            added(
                more("county", "accountable", "e", "戊", "f"), more("county", "accountable", "f", "己", "e")
            ),
        )
    assert set(refusal.value.detail.split("、")) == {"戊", "己"}


@st.composite
def tables_of_duties(draw):
    """The smallest whole with up to twelve duties more, each serving a question or an earlier duty."""
    rows, known = list(SMALL), [*QUESTIONS, *"abcd"]
    for n in range(draw(st.integers(0, 12))):
        name, target = f"x{'y' * n}", draw(st.sampled_from(known))
        takes = draw(st.lists(st.sampled_from(LEVELS), min_size=1, unique=True))
        rows += [
            [name, name, level, "taking-part" if i else "accountable", target]
            for i, level in enumerate(takes)
        ]
        known.append(name)
    return draw(st.permutations(rows))


@given(tables_of_duties())
def test_whatever_is_accepted_has_one_owner_a_duty_and_leads_to_one_question(rows):
    graph = model.linkage(RULES, frame(rows))
    assert nx.is_directed_acyclic_graph(graph)
    for duty in {r[0] for r in rows}:
        roles = [graph.edges[n, duty]["role"] for n in LEVELS if graph.has_edge(n, duty)]
        assert roles.count("accountable") == 1
        assert sum(nx.has_path(graph, duty, q) for q in QUESTIONS) == 1
    assert sum(model.absence(graph)["无人负主责的责任数"]) == len({r[0] for r in rows})
    assert sum(model.questions(graph)["责任数"]) == len({r[0] for r in rows})


@given(tables_of_duties(), st.data())
def test_a_second_or_a_lost_owner_is_refused(rows, data):
    duties = frame(rows)
    row = data.draw(st.sampled_from(duties.index.tolist()))
    other = {"accountable": "taking-part", "taking-part": "accountable"}
    duties.loc[row, "role"] = other[duties.loc[row, "role"]]
    with pytest.raises(RuleError) as refusal:
        model.linkage(RULES, duties)
    assert refusal.value.rule == "S02.one-accountable"


@given(tables_of_duties(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_owner_and_no_question(rows, random):
    again = list(rows)
    random.shuffle(again)
    first, second = model.linkage(RULES, frame(rows)), model.linkage(RULES, frame(again))
    assert nx.utils.graphs_equal(first, second)


def test_what_the_views_say_of_the_smallest_whole():
    graph = model.linkage(RULES, added(more("branch"), more("committee", "accountable", "e", "戊", "c")))
    assert model.by_level(graph)["负主责"].tolist() == ["甲、丁", "乙、戊", "丙"]
    assert model.by_level(graph)["参与"].tolist() == ["无", "无", "甲"]
    assert model.questions(graph).to_numpy().tolist() == [
        ["谁来抓", "甲", "县委（推动）", 1, "无"],
        ["抓什么", "乙", "党委（主动）", 1, "无"],
        ["怎么抓", "丙", "支部（互动）", 2, "戊"],
        ["抓得怎么样", "丁", "县委（推动）", 1, "无"],
    ]
    assert model.absence(graph)["没有回答的问题"].tolist() == ["谁来抓、抓得怎么样", "抓什么", "怎么抓"]


def test_what_the_views_say_of_the_books_own_duties():
    graph = model.example(RULES, DUTIES)
    assert model.questions(graph)["由什么回答"].tolist() == [
        "抓关键人",
        "抓三个清单",
        "抓载体深化",
        "抓强督严查",
    ]
    assert model.absence(graph)["无人负主责的责任数"].tolist() == [6, 2, 2]
    assert model.absence(graph)["没有回答的问题"].tolist() == ["抓得怎么样", "谁来抓、抓什么", "怎么抓"]


def test_two_measures_for_one_question_leave_it_answered_when_one_falls():
    graph = model.linkage(RULES, added(more("branch", "accountable", "e", "戊", "who")))
    assert model.absence(graph)["没有回答的问题"].tolist() == ["抓得怎么样", "抓什么", "怎么抓"]
