"""The smallest change in a table of somebody's own moves the figures that rest on it, and no other.

Every figure of the registry is computed here a second time, in plain Python on the rows of the files. The
changes are made from that: a row less, a row more, a flag, a kind, one person, or one fen. A figure that is
rounded or a bound bears a fen: for it the smallest change that its own precision must show is searched for,
and the one just below it must not be shown.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import floor

import pytest
from support.project import DATA
from support.tables import Rows, own_register, read_rows, register, verdicts_of, write_csv

from figurebook.office.lay_over import load_with

HEAD, *LINES = read_rows(DATA / "interview" / "figures.csv")
CLAIMS = {line[0]: dict(zip(HEAD, line, strict=True)) for line in LINES}
POINTED_AT = {"villages"}  # a row less breaks the keys of other tables: refused before anything is computed
CODED = {"villages", "funding_rates"}  # their keys are codes, so that any change makes them one's own
Record = dict[str, str]


@dataclass(frozen=True)
class Rest:
    """What a figure rests on: how it is had from which column of the rows that hold ``where``."""

    how: str
    column: str = ""
    where: Record = field(default_factory=dict)

    @property
    def columns(self) -> set[str]:
        more = {"mean": {"persons"}, "growth": {"persons", "income_2015"}}.get(self.how, set())
        return ({self.column} if self.column else set()) | set(self.where) | more


def rows_with(**where: str) -> Rest:
    return Rest("count", where=where)


def rate(item: str) -> Rest:
    return Rest("amount", "amount", {"item": item})


RESTS = {
    "demonstration.sites": rows_with(),
    "demonstration.households": rows_with(),
    "demonstration.organisations": rows_with(),
    "demonstration.members": rows_with(),
    "staffing.departments": rows_with(committee_elected="true"),
    "staffing.villages": rows_with(),
    "staffing.weak_branches": rows_with(put_right="true"),
    "funding.department": rate("department"),
    "funding.village": rate("village"),
    "funding.community": rate("community"),
    "funding.village_increase": rate("village_increase"),
    "funding.community_increase": rate("community_increase"),
    "funding.training": rate("training"),
    "services.activity_sites": rows_with(kind="activity_site"),
    "services.township_centres": rows_with(kind="township_centre"),
    "services.village_points": rows_with(kind="village_point"),
    "services.mobile_centres": rows_with(kind="mobile_centre"),
    "services.county_stations": rows_with(kind="county_station"),
    "services.first_secretaries": rows_with(insured="true"),
    "services.daily_allowance": rate("first_secretary_day"),
    "review.branches": rows_with(reviewed_2016="true"),
    "review.members": Rest("total", "members", {"reviewed_2016": "true"}),
    "poverty.households": rows_with(),
    "poverty.persons": Rest("total", "persons"),
    "poverty.income": Rest("mean", "income_2016"),
    "poverty.growth": Rest("growth", "income_2016"),
    "appointments.promoted": rows_with(kind="promoted"),
    "appointments.important_posts": rows_with(kind="important_post"),
    "appointments.first_secretaries": rows_with(kind="first_secretary_promoted"),
    "appointments.adjusted": rows_with(kind="adjusted"),
}


def mean(records: list[Record], column: str) -> Fraction:
    """Yuan a head, the column being fen."""
    persons = sum(int(r["persons"]) for r in records)
    return Fraction(sum(int(r[column]) * int(r["persons"]) for r in records), 100 * persons)


HOW: dict[str, Callable[[list[Record], str], Fraction | None]] = {
    "count": lambda records, _: Fraction(len(records)),
    "amount": lambda records, column: Fraction(int(records[0][column]), 100) if len(records) == 1 else None,
    "total": lambda records, column: Fraction(sum(int(r[column]) for r in records)),
    "mean": mean,
    "growth": lambda records, column: (mean(records, column) / mean(records, "income_2015") - 1) * 100,
}


def matching(records: list[Record], rest: Rest) -> list[Record]:
    return [r for r in records if all(r[c] == v for c, v in rest.where.items())]


def value(figure: str, records: list[Record]) -> Fraction | None:
    rest = RESTS[figure]
    return HOW[rest.how](matching(records, rest), rest.column)


def result(figure: str, computed: Fraction | None) -> str:
    """What the claim's own precision makes of a value."""
    claim = CLAIMS[figure]
    claimed = Fraction(claim["value"])
    if computed is None:
        return "not_computed"
    if claim["qualifier"] == "at_least":
        return "holds" if computed > claimed else "differs"
    if claim["qualifier"] == "rounded":
        scale = 10 ** len(claim["value"].partition(".")[2])
        computed = Fraction(floor(computed * scale + Fraction(1, 2)), scale)
    return "reproduced" if computed == claimed else "differs"


# --- changes


@dataclass(frozen=True)
class Change:
    """One edit of the table a figure rests on; ``columns`` is what it touches, empty for a whole row."""

    name: str
    edit: Callable[[list[Record]], None]
    columns: frozenset[str] = frozenset()


@cache
def shuffled(table: str) -> Rows:
    head, *body = register(table) if table in CODED else own_register(table)
    random.Random(table).shuffle(body)
    return [head, *body]


def own(table: str) -> list[Record]:
    """A register of somebody's own: in another order than ours, and with another key where keys are free."""
    head, *body = shuffled(table)
    return [dict(zip(head, row, strict=True)) for row in body]


def less(rest: Rest) -> Change:
    return Change("a row less", lambda records: records.remove(matching(records, rest)[-1]))


def more(rest: Rest) -> Change:
    def edit(records: list[Record]) -> None:
        row = dict(matching(records, rest)[0])
        key = next(iter(row))
        records.append(row | {key: "610626001999" if row[key].isdigit() else "ONE-MORE"})

    return Change("a row more", edit)


def put(name: str, rest: Rest, values: Record) -> Change:
    """Other values in a row that holds ``rest``."""

    def edit(records: list[Record]) -> None:
        matching(records, rest)[0].update(values)

    return Change(name, edit, frozenset(values))


def another(records: list[Record], rest: Rest, column: str) -> Record:
    """Another value of a column, and what the rows that have it fill in besides: as little as can be."""
    row = matching(records, rest)[0]
    if row[column] == "true":
        return {column: "false"}
    other = min(
        (r for r in records if r[column] != row[column]),
        key=lambda r: (sum(map(bool, r.values())), r[column]),
    )
    return {column: other[column]} | {c: v for c, v in other.items() if v and not row[c]}


def add(amount: int, rest: Rest, column: str, only: Record | None = None) -> Change:
    """Add to a number in the first row that will do; what takes it below 1 is taken from the next ones."""

    def edit(records: list[Record]) -> None:
        left = amount
        for row in matching(records, rest):
            if left and (only or {}).items() <= row.items():
                step = max(left, 1 - int(row[column]))
                row[column] = str(int(row[column]) + step)
                left -= step
        assert left == 0

    return Change(f"{amount:+} in {column}", edit, frozenset({column}))


def edge(figure: str, column: str, sign: int, only: Record | None = None) -> int:
    """The smallest amount in that direction at which the figure differs, whichever rows bear it."""

    def differs(amount: int) -> bool:
        records = own(CLAIMS[figure]["table"])
        add(sign * amount, RESTS[figure], column, only).edit(records)
        return result(figure, value(figure, records)) == "differs"

    high = 1
    while not differs(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if differs(middle) else (middle, high)
    return sign * high


def changes(figure: str) -> Iterator[tuple[Change, Change | None]]:
    """(a smallest change that must be caught, the one just below it that must not), of every kind."""
    rest, table = RESTS[figure], CLAIMS[figure]["table"]
    if rest.how == "count":
        if table not in POINTED_AT:
            yield less(rest), None
        if not rest.where:
            yield more(rest), None
        for column in rest.where:
            yield put(f"another {column}", rest, another(own(table), rest, column)), None
    elif rest.how == "amount":
        yield add(1, rest, rest.column), None
    elif CLAIMS[figure]["qualifier"] == "exact":
        yield add(1, rest, rest.column), None
        yield less(rest), None
    else:  # a bound or a rounded figure; in households of one person a fen is a fen of the total
        only = {"persons": "1"} if rest.how in {"mean", "growth"} else None
        column = "income_2015" if rest.how == "growth" else rest.column
        for sign in (-1, 1) if rest.how != "total" else (-1,):
            amount = edge(figure, column, sign, only)
            below = amount - sign
            yield add(amount, rest, column, only), add(below, rest, column, only) if below else None


CASES = [(figure, change, below) for figure in RESTS for change, below in changes(figure)]


@pytest.fixture(scope="module")
def before(tables):
    return {i: (v.computed, v.result) for i, v in verdicts_of(tables).items()}


def after(figure: str, change: Change, folder) -> tuple[list[Record], dict, dict]:
    """The records changed, what ``verify`` says of them, and on what basis."""
    records = own(CLAIMS[figure]["table"])
    change.edit(records)
    rows: Rows = [list(records[0]), *[list(r.values()) for r in records]]
    write_csv(folder / f"{CLAIMS[figure]['table']}.csv", rows)
    verdicts = verdicts_of(load_with(folder))
    return (
        records,
        {i: (v.computed, v.result) for i, v in verdicts.items()},
        {i: v.basis for i, v in verdicts.items()},
    )


def check(figure: str, change: Change, before: dict, folder) -> dict:
    """All thirty verdicts are those of the second computation; only dependents of the change have moved."""
    table = CLAIMS[figure]["table"]
    records, now, basis = after(figure, change, folder)
    resting = {i for i in RESTS if CLAIMS[i]["table"] == table}
    assert {i: now[i] for i in resting} == {i: (v := value(i, records), result(i, v)) for i in resting}
    assert {i: now[i] for i in set(RESTS) - resting} == {i: before[i] for i in set(RESTS) - resting}
    assert {i for i, b in basis.items() if b == "recorded"} == resting
    moved = {i for i in RESTS if now[i][0] != before[i][0]}
    assert moved <= {i for i in resting if not change.columns or change.columns & RESTS[i].columns}
    assert figure in moved
    return now


def test_every_figure_of_the_registry_has_a_change_that_must_be_caught():
    assert list(RESTS) == list(CLAIMS)
    assert {figure for figure, *_ in CASES} == set(CLAIMS)


def test_the_second_computation_has_the_thirty_figures_of_our_own_tables(before):
    assert before == {i: (v := value(i, own(CLAIMS[i]["table"])), result(i, v)) for i in RESTS}
    assert {r for _, r in before.values()} == {"reproduced", "holds"}


@pytest.mark.parametrize(("figure", "change", "below"), CASES, ids=lambda c: getattr(c, "name", c or ""))
def test_the_smallest_change_is_caught_and_moves_no_other(before, tmp_path, figure, change, below):
    now = check(figure, change, before, tmp_path)
    assert now[figure][1] == "differs"
    if below:
        assert check(figure, below, before, tmp_path)[figure][1] == before[figure][1]


@pytest.mark.parametrize(
    ("figure", "column"),
    [
        ("poverty.income", "income_2016"),
        ("poverty.growth", "income_2016"),
        ("poverty.growth", "income_2015"),
        ("review.members", "members"),
    ],
)
def test_one_unit_more_moves_a_rounded_figure_or_a_bound_and_not_its_result(before, tmp_path, figure, column):
    now = check(figure, add(1, RESTS[figure], column), before, tmp_path)
    assert {i: r for i, (_, r) in now.items()} == {i: r for i, (_, r) in before.items()}
