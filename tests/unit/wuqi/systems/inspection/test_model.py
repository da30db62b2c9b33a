"""S06: every unit in every period, or a refusal that names both; scores that keep what they were."""

import calendar
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.inspection import KINDS, RULES, TABLES, UNITS, codes, under

from figurebook.systems.periods import PER_YEAR, period_of
from figurebook.systems.rules import RuleError, origin
from figurebook.systems.schedule import schedule
from wuqi.systems.inspection import model

TOWN = "610626102"


@given(st.integers(1, 9998), st.integers(0, 40), st.sampled_from(KINDS), st.integers(1, 5))
def test_every_unit_is_covered_in_every_period_and_no_visit_is_outside_its_own(year, n, kind, times):
    rules = under([["visit", "访", "unit", kind, times]], teams=max(1, n), per_team=times)
    visits = schedule(rules, year, {"unit": codes(n)})
    assert Counter((v.unit, v.period.number) for v in visits) == {
        (u, p): times for u in codes(n) for p in range(1, PER_YEAR[kind] + 1)
    }
    assert all(period_of(v.on, kind) == v.period for v in visits)
    assert len({(v.unit, v.on) for v in visits}) == len(visits), "a unit twice on one day"
    assert len({v.id for v in visits}) == len(visits)


@st.composite
def tight(draw):
    """Cadences, units and open days a month that a few teams manage about as often as not."""
    rows = [
        [f"a{i}", f"活动{i}", f"k{i}", draw(st.sampled_from(KINDS)), draw(st.integers(1, 3))]
        for i in range(draw(st.integers(1, 3)))
    ]
    units = {f"k{i}": codes(draw(st.integers(0, 5))) for i in range(len(rows))}
    days = [date(2016, 1, 1) + timedelta(n) for n in range(366)]
    most = draw(st.integers(2, 9))
    opened = [draw(st.integers(1, most)) for _ in range(12)]
    return rows, units, {d for d in days if d.day > opened[d.month - 1]}, draw(st.integers(1, 4))


def possible(rules, units, closed) -> bool:
    """Whether any calendar exists at all, by maximum flow: an oracle that shares nothing with ours."""
    flow, wanted = nx.DiGraph(), 0
    flow.add_nodes_from("st")
    days = [d for n in range(366) if (d := date(2016, 1, 1) + timedelta(n)) not in closed]
    for c in rules.cadences.itertuples():
        for unit in units[c.unit]:
            for number in range(1, PER_YEAR[c.period] + 1):
                wanted += c.times
                need = (c.activity, unit, number)
                flow.add_edge("s", need, capacity=c.times)
                for d in days:
                    if d.weekday() < rules["workdays"] and period_of(d, c.period).number == number:
                        flow.add_edge(need, d, capacity=1)
                        flow.add_edge(d, "t", capacity=rules["teams"] * rules["per-team"])
    return nx.maximum_flow_value(flow, "s", "t") == wanted


@given(tight())
def test_it_refuses_exactly_what_no_calendar_could_keep(case):
    rows, units, closed, teams = case
    rules = under(rows, teams=teams, workdays=7)
    if not possible(rules, units, closed):
        with pytest.raises(RuleError, match=r"^U00.*2016 年.*S06\.capacity"):
            schedule(rules, 2016, units, closed)
        return
    visits = schedule(rules, 2016, units, closed)
    assert max(Counter(v.on for v in visits).values(), default=0) <= teams
    assert not {v.on for v in visits} & closed


@pytest.mark.parametrize("year", [1900, 2000, 2015, 2016, 2017, 2100])
def test_leap_days_and_weekends(year):
    rules = under([["visit", "访", "unit", "month", 28]], workdays=7)
    days = {v.on for v in schedule(rules, year, {"unit": ["U"]}) if v.on.month == 2}
    assert len(days) == 28
    everyday = under([["visit", "访", "unit", "month", 29]], workdays=7)
    if calendar.isleap(year):
        assert date(year, 2, 29) in {v.on for v in schedule(everyday, year, {"unit": ["U"]})}
    else:
        with pytest.raises(RuleError, match=f"{year} 年 2 月"):
            schedule(everyday, year, {"unit": ["U"]})
    assert all(v.on.weekday() < 5 for v in schedule(RULES, year, UNITS))


@settings(max_examples=15)
@given(st.permutations(UNITS["township"]), st.integers(0, 99))
def test_the_same_input_gives_the_same_year_and_the_order_of_the_list_does_not_matter(towns, order):
    rules = under([["visit", "访", "township", "month", 2]], order=order)
    assert schedule(rules, 2017, {"township": towns}) == schedule(rules, 2017, UNITS)


def test_another_order_gives_another_year():
    assert schedule(under(order=1), 2017, UNITS) != schedule(under(order=2), 2017, UNITS)


@pytest.mark.parametrize(("months", "first"), [(1, 12), (3, 10), (6, 7), (12, 1)])
def test_a_window_keeps_visits_to_the_end_of_the_period(months, first):
    rules = under([["review", "年", "unit", "year", 1]], review_last=months)
    assert min(v.on.month for v in schedule(rules, 2016, {"unit": codes(60)})) == first


YEARLY = ["review", "年", "unit", "year", 1]
ROW = ["visit", "访", "unit", "month", 1]


@pytest.mark.parametrize(
    ("rules", "year", "units", "rule", "named"),
    [
        (under([ROW]), 2016, {"unit": codes(64)}, "S06.capacity", "2016 年 "),
        (under([ROW], teams=0), 2016, {"unit": ["U7"]}, "S06.capacity", "U7（访，2016 年 1 月）"),
        (under([ROW], per_team=0), 2016, {"unit": ["U7"]}, "S06.capacity", "U7"),
        (under([ROW], workdays=0), 2016, {"unit": ["U7"]}, "S06.capacity", "只有 0 天"),
        (under([ROW], teams=-1), 2016, {"unit": ["U7"]}, "value", "teams"),
        (under([[*ROW[:4], 32]]), 2016, {"unit": ["U7"]}, "S06.capacity", "要 32 天"),
        (under([ROW]), 2016, {"other": ["U7"]}, "unknown", "unit"),
        (under([ROW]), 2016, {"unit": ["U7", "U8", "U7"]}, "twice", "U7"),
        (under([ROW]), 2016, {"unit": ["  "]}, "value", "单位编号"),
        (under([ROW]), 2016, {"unit": [610626102]}, "value", "610626102"),
        (under([ROW]), 0, {"unit": ["U7"]}, "value", "年份 0"),
        (under([ROW]), 9999, {"unit": ["U7"]}, "value", "9999"),
        (under([ROW]), "2016", {"unit": ["U7"]}, "value", "2016"),
        (under([ROW]), True, {"unit": ["U7"]}, "value", "True"),
        (under([ROW], visit_last=3), 2016, {"unit": ["U7"]}, "S06.window", "3 个月"),
        (under([YEARLY], review_last=2), 2016, {"unit": ["U7"]}, "S06.window", "2 个月"),
        (under([YEARLY], review_last=0), 2016, {"unit": ["U7"]}, "S06.window", "0 个月"),
        (under([ROW]), 2016, {"unit": ["U7"], "community": ["U8"]}, "S06.kind", "community"),
        (under([["audit", *ROW[1:]]]), 2016, {"unit": ["U7"]}, "unknown", "audit"),
        (under(indicators=[["visit", None, "访", 99]]), 2016, UNITS, "S06.weights", "合计 99"),
        (under(indicators=[]), 2016, UNITS, "S06.weights", "合计 0"),
    ],
)
def test_hostile_years_are_refused_by_the_rule_that_forbids_them(rules, year, units, rule, named):
    with pytest.raises(RuleError) as refusal:
        model.Year(rules, year, units)
    assert refusal.value.rule == rule
    assert named in refusal.value.detail


def test_days_that_are_all_closed_leave_the_period_without_a_visit_and_are_refused():
    february = [date(2016, 2, d) for d in range(1, 30)]
    with pytest.raises(RuleError, match="2016 年 2 月") as refusal:
        schedule(RULES, 2016, UNITS, february)
    assert refusal.value.rule == "S06.capacity"


def visited():
    book = model.Year(RULES, 2016, UNITS)
    visit = next(v for v in book.visits.values() if v.unit == TOWN and v.on.month == 3)
    book.score(visit.on, visit.id, 80)
    return book, visit


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"points": 101}, "S06.points"),
        ({"points": -1}, "S06.points"),
        ({"points": 80.0}, "S06.points"),
        ({"points": True}, "S06.points"),
        ({"points": "80"}, "S06.points"),
        ({"points": None}, "S06.points"),
        ({"visit": ""}, "unknown"),
        ({"visit": "visit-township-2016month13-610626102-1"}, "unknown"),
        ({"visit": TOWN}, "unknown"),
        ({"days": -1}, "S06.timing"),
        ({}, "S06.reasons"),
        ({"reasons": " 　"}, "S06.reasons"),
        ({"earlier": True, "reasons": "例"}, "date-order"),
    ],
)
def test_hostile_scores_are_refused_and_change_nothing(change, rule):
    book, visit = visited()
    if change.get("earlier"):
        book.score(visit.on + timedelta(5), visit.id, 81, "例")
    before = book.history.digest()
    with pytest.raises(RuleError) as refusal:
        book.score(
            visit.on + timedelta(change.get("days", 0)),
            change.get("visit", visit.id),
            change.get("points", 90),
            change.get("reasons", ""),
        )
    assert refusal.value.rule == rule
    assert book.history.digest() == before


def test_only_the_periods_are_the_interview_s_and_departments_are_not_visited_by_the_month():
    told = {(c.activity, c.unit): origin(c._asdict()) for c in RULES.cadences.itertuples(index=False)}
    assert {k for k, v in told.items() if v.startswith("访谈（周期）")} == set(told) - {
        ("visit", "department"),
        ("visit", "village"),
    }
    assert RULES.indicators["label"].tolist() == ["暗访", "季考核", "年述职评议"]
    monthly = RULES.cadences.query("period == 'month'")["label"].tolist()
    assert [label for label in RULES.cadences["label"] if label.startswith("月")] == monthly


def test_communities_and_enterprises_are_named_as_not_visited():
    point = TABLES.undefined.frame.set_index("id").loc["S06.units"]
    assert point["default"] == "只排乡镇、县直部门和村"
    assert set(RULES.cadences["unit"]) == set(model.KINDS)
    parts = TABLES.systems.frame.set_index("id").loc["S06", "parts"].split("、")
    assert parts[0] == "包镇联机关驻社区挂企业"


def test_a_changed_score_counts_and_the_first_stays_in_history():
    book, visit = visited()
    book.score(visit.on, visit.id, 85, "例：加总有误")
    assert book.points(visit.id) == 85
    assert [e.details["points"] for e in book.history.of(visit.id)] == [80, 85]


def test_more_units_than_the_teams_can_visit_need_more_teams_and_no_fewer_are_given():
    units = {**model.units(TABLES), "department": [f"D{n:03}" for n in range(60)]}
    with pytest.raises(RuleError, match=r"S06\.capacity"):
        model.Year(RULES, 2017, units)
    enough = model.staffed(RULES, 2017, units)
    assert model.Year(enough, 2017, units).visits
    one_less = replace(RULES, parameters={**RULES.parameters, "teams": enough["teams"] - 1})
    with pytest.raises(RuleError, match=r"S06\.capacity"):
        model.Year(one_less, 2017, units)
    assert model.staffed(RULES, 2017, model.units(TABLES)) == RULES


def test_no_number_of_teams_makes_a_year_of_closed_days_long_enough():
    closed = [date(2017, 1, 1) + timedelta(n) for n in range(365)]
    with pytest.raises(RuleError, match=r"S06\.capacity"):
        model.staffed(RULES, 2017, {"township": ["T1"], "department": [], "village": []}, closed)
