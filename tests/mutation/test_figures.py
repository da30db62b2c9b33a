"""The smallest change in a table moves exactly the figures that rest on it, and nothing else.

What must follow from each change is written down here, not asked of the code.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

import pytest
from support.tables import Rows, register, verdicts_of, write_csv

from figurebook.office.lay_over import load_with

PERSONS, INCOME_2015, INCOME_2016 = 13_540, 395_000, 450_000  # the totals; means in fen a head
# The first mean that is no longer 4,500 yuan, and the first 2015 mean below 13.85 % of growth.
TOO_RICH = ceil(Fraction(450_050) * PERSONS) - INCOME_2016 * PERSONS
TOO_SLOW = INCOME_2016 * PERSONS * 100_000 // 113_850 + 1 - INCOME_2015 * PERSONS


@dataclass(frozen=True)
class Change:
    """One edit of one register: figures that then differ, and figures that move but still round."""

    table: str
    edit: Callable[[Rows], None]
    differs: set[str]
    moves: set[str] = field(default_factory=set)


def drop(column: str | None = None, cell: str = "") -> Callable[[Rows], None]:
    """Take out the last row, or the last that has ``cell`` in ``column``."""

    def edit(rows: Rows) -> None:
        at = rows[0].index(column) if column else None
        del rows[max(i for i, r in enumerate(rows) if i and (at is None or r[at] == cell))]

    return edit


def flip(column: str) -> Callable[[Rows], None]:
    """Make one true false."""

    def edit(rows: Rows) -> None:
        at = rows[0].index(column)
        next(r for r in rows if r[at] == "true")[at] = "false"

    return edit


def add(amount: int, column: str, key: tuple[str, str] | None = None) -> Callable[[Rows], None]:
    """Add to a number in the first row, or in the first that has the key."""

    def edit(rows: Rows) -> None:
        at = rows[0].index(column)
        row = next(r for r in rows[1:] if key is None or r[rows[0].index(key[0])] == key[1])
        row[at] = str(int(row[at]) + amount)

    return edit


def rate(item: str, figure: str) -> Change:
    return Change("funding_rates", add(1, "amount", ("item", item)), {figure})


def row(table: str, figure: str, **where: str) -> Change:
    return Change(table, drop(*next(iter(where.items()), ())), {figure})


def one_more_village(rows: Rows) -> None:
    rows.append(["610626001999", "新设的村", rows[1][2]])


SINGLE = ("persons", "1")  # added to a household of one, fen a head are fen of the total
POVERTY = {"poverty.income", "poverty.growth"}
CHANGES = {
    "demonstration.sites": row("demonstration_sites", "demonstration.sites"),
    "demonstration.households": row("demonstration_households", "demonstration.households"),
    "demonstration.organisations": row("organisations", "demonstration.organisations"),
    "demonstration.members": row("model_members", "demonstration.members"),
    "staffing.departments": Change("departments", flip("committee_elected"), {"staffing.departments"}),
    "staffing.villages": Change("villages", one_more_village, {"staffing.villages"}),
    "staffing.weak_branches": Change("weak_branches", flip("put_right"), {"staffing.weak_branches"}),
    "funding.department": rate("department", "funding.department"),
    "funding.village": rate("village", "funding.village"),
    "funding.community": rate("community", "funding.community"),
    "funding.village_increase": rate("village_increase", "funding.village_increase"),
    "funding.community_increase": rate("community_increase", "funding.community_increase"),
    "funding.training": rate("training", "funding.training"),
    "services.activity_sites": row("service_facilities", "services.activity_sites", kind="activity_site"),
    "services.township_centres": row(
        "service_facilities", "services.township_centres", kind="township_centre"
    ),
    "services.village_points": row("service_facilities", "services.village_points", kind="village_point"),
    "services.mobile_centres": row("service_facilities", "services.mobile_centres", kind="mobile_centre"),
    "services.county_stations": row("service_facilities", "services.county_stations", kind="county_station"),
    "services.first_secretaries": Change(
        "first_secretaries", flip("insured"), {"services.first_secretaries"}
    ),
    "services.daily_allowance": rate("first_secretary_day", "services.daily_allowance"),
    "review.branches": Change("branches", flip("reviewed_2016"), {"review.branches", "review.members"}),
    "review.members": Change("branches", add(-1, "members"), {"review.members"}),
    "poverty.households": Change(
        "poor_households", drop(), {"poverty.households", "poverty.persons"}, POVERTY
    ),
    "poverty.persons": Change("poor_households", add(1, "persons"), {"poverty.persons"}, POVERTY),
    "poverty.income": Change(
        "poor_households", add(TOO_RICH, "income_2016", SINGLE), {"poverty.income"}, {"poverty.growth"}
    ),
    "poverty.growth": Change("poor_households", add(TOO_SLOW, "income_2015", SINGLE), {"poverty.growth"}),
    "appointments.promoted": row("appointments", "appointments.promoted", kind="promoted"),
    "appointments.important_posts": row(
        "appointments", "appointments.important_posts", kind="important_post"
    ),
    "appointments.first_secretaries": row(
        "appointments", "appointments.first_secretaries", kind="first_secretary_promoted"
    ),
    "appointments.adjusted": row("appointments", "appointments.adjusted", kind="adjusted"),
}
# Changes that a rounded figure or a bound must bear: one fen, one member more, one short of the edge.
BORNE = {
    "one fen of income in 2016": Change("poor_households", add(1, "income_2016"), set(), POVERTY),
    "one fen of income in 2015": Change("poor_households", add(1, "income_2015"), set(), {"poverty.growth"}),
    "one fen short of 4,500.50 yuan": Change(
        "poor_households", add(TOO_RICH - 1, "income_2016", SINGLE), set(), POVERTY
    ),
    "one fen short of 13.85 %": Change(
        "poor_households", add(TOO_SLOW - 1, "income_2015", SINGLE), set(), {"poverty.growth"}
    ),
    "one member more": Change("branches", add(1, "members"), set(), {"review.members"}),
}


@pytest.fixture(scope="module")
def before(tables):
    return {i: (v.result, v.computed) for i, v in verdicts_of(tables).items()}


def after(change: Change, folder) -> dict:
    rows = register(change.table)
    change.edit(rows)
    assert rows != register(change.table)
    write_csv(folder / f"{change.table}.csv", rows)
    return {i: (v.result, v.computed) for i, v in verdicts_of(load_with(folder)).items()}


def check(change: Change, before: dict, now: dict) -> None:
    assert {i for i, (result, _) in now.items() if result == "differs"} == change.differs
    moved = {i for i in before if now[i][1] != before[i][1]}
    assert moved == change.differs | change.moves
    others = set(before) - change.differs
    assert {i: now[i][0] for i in others} == {i: before[i][0] for i in others}


def test_every_figure_has_its_change(before):
    assert list(CHANGES) == list(before)
    assert all(figure in change.differs for figure, change in CHANGES.items())


@pytest.mark.parametrize("figure", CHANGES)
def test_the_smallest_change_is_seen_where_it_counts(before, tmp_path, figure):
    check(CHANGES[figure], before, after(CHANGES[figure], tmp_path))


@pytest.mark.parametrize("name", BORNE)
def test_a_change_below_the_claim_s_precision_moves_the_value_and_not_the_result(before, tmp_path, name):
    check(BORNE[name], before, after(BORNE[name], tmp_path))


def test_the_edges_are_where_arithmetic_puts_them(before, tmp_path):
    now = after(CHANGES["poverty.income"], tmp_path)
    assert now["poverty.income"][1] == Fraction(INCOME_2016 * PERSONS + TOO_RICH, 100 * PERSONS)
    assert now["poverty.income"][1] - Fraction(1, 100 * PERSONS) < Fraction("4500.5")
    now = after(CHANGES["poverty.growth"], tmp_path)
    growth = Fraction(100 * INCOME_2016 * PERSONS, INCOME_2015 * PERSONS + TOO_SLOW) - 100
    assert now["poverty.growth"][1] == growth < Fraction("13.85")


def test_two_changes_in_two_tables_are_both_seen(before, tmp_path):
    one, other = CHANGES["staffing.weak_branches"], CHANGES["funding.training"]
    after(one, tmp_path)
    check(Change("", len, one.differs | other.differs), before, after(other, tmp_path))
