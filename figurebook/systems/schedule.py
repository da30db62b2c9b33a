"""Schedule a year's visits, or refuse: every unit in every period.

The cadences are rows of ``data/rules/cadences.csv``. A system's rules must have these parameters:
``workdays`` (the first so many days of the week), ``teams``, ``per-team`` (visits of one team in a day) and
``order`` (any number: it settles which of equally good days a unit gets). A cadence with a parameter
``<activity>-last`` (months) keeps to the end of its period.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from figurebook.systems.periods import MONTHS, PER_YEAR, Period, period_of, periods
from figurebook.systems.rules import RuleError, Rules

FIRST_YEAR, LAST_YEAR = 1, 9998  # the last day of a period needs the day after it


@dataclass(frozen=True, order=True)
class Visit:
    """One visit of a unit. ``number`` counts its visits in the period, from 1."""

    on: date
    activity: str
    kind: str
    unit: str
    period: Period
    number: int

    @property
    def id(self) -> str:
        """Unique, and the same when a year is made again: ``visit-township-2016month03-T01-1``."""
        p = self.period
        return f"{self.activity}-{self.kind}-{p.year}{p.kind}{p.number:02}-{self.unit}-{self.number}"


@dataclass(frozen=True)
class _Demand:
    """The visits that one unit must get in one period, within a window of days."""

    activity: str
    label: str
    kind: str
    unit: str
    times: int
    period: Period
    window: Period

    @property
    def name(self) -> str:
        return f"{self.unit}（{self.label}，{self.period.label}）"


def schedule(
    rules: Rules, year: int, units: Mapping[str, Iterable[str]], closed: Iterable[date] = ()
) -> tuple[Visit, ...]:
    """Every visit of a year, in order of days.

    ``units`` gives the codes of each kind of unit that a cadence names; ``closed`` are days without visits
    besides the weekend. A unit has at most one visit of an activity on one day. RuleError ``capacity``, with
    unit and period, when the days cannot hold what the cadences ask. RuleError ``value``, ``unknown`` or
    ``twice`` for input that makes no sense.
    """
    if isinstance(year, bool) or not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise rules.refusal("value", f"年份 {year}")
    demands = [d for c in rules.cadences.itertuples() for d in _demands(rules, year, c, units)]
    # Windows lie within one another or apart. The narrow ones come first, and each visit goes where most room
    # is left. So the wide ones keep all the room there can be.
    demands.sort(
        key=lambda d: (
            -PER_YEAR[d.window.kind],
            d.window,
            -d.times,
            _mixed(rules, d.activity, d.period, d.unit),
        )
    )
    free = _room(rules, year, frozenset(closed))
    within = {w: [d for d in free if period_of(d, w.kind) == w] for w in {d.window for d in demands}}
    visits = [v for d in demands for v in _placed(rules, d, within[d.window], free)]
    return tuple(sorted(visits))


def staffed(
    rules: Rules, year: int, units: Mapping[str, Iterable[str]], closed: Iterable[date] = ()
) -> Rules:
    """The rules with as few teams as the year needs, but not fewer than now.

    An office with more units than our registers needs more teams before it needs other cadences.
    RuleError as in ``schedule`` when no number of teams is enough.
    """
    listed, closed = {kind: list(codes) for kind, codes in units.items()}, list(closed)
    most = rules["teams"] + sum(map(len, listed.values())) * len(rules.cadences)
    for teams in range(rules["teams"], most + 1):
        enough = replace(rules, parameters={**rules.parameters, "teams": teams})
        try:
            schedule(enough, year, listed, closed)
        except RuleError as refusal:
            if teams == most or refusal.rule != f"{rules.system}.capacity":
                raise
        else:
            return enough
    raise AssertionError("unreachable: the last number of teams fits or is refused")


def coverage(rules: Rules, visits: Iterable[Visit]) -> pd.DataFrame:
    """One row for each cadence and period: units covered, visits, fewest and most per unit."""
    labels = cadence_labels(rules)
    groups: dict[tuple[str, Period], dict[str, int]] = {}
    for v in sorted(visits, key=lambda v: (v.activity, v.kind, v.period)):
        counts = groups.setdefault((labels[v.activity, v.kind], v.period), {})
        counts[v.unit] = counts.get(v.unit, 0) + 1
    return pd.DataFrame(
        [
            [label, period.label, len(n), sum(n.values()), min(n.values()), max(n.values())]
            for (label, period), n in groups.items()
        ],
        columns=["活动", "周期", "覆盖单位", "次数", "最少一家", "最多一家"],
    )


def cadence_labels(rules: Rules) -> dict[tuple[str, str], str]:
    """The label of each cadence, by activity and kind of unit."""
    return {(c.activity, c.unit): c.label for c in rules.cadences.itertuples()}


def _demands(rules: Rules, year: int, cadence: Any, units: Mapping[str, Iterable[str]]) -> list[_Demand]:
    if cadence.unit not in units:
        raise rules.refusal("unknown", f"{cadence.label}：没有给出单位 {cadence.unit}")
    codes = list(units[cadence.unit])
    for code in codes:
        if not isinstance(code, str) or not code.strip():
            raise rules.refusal("value", f"{cadence.label}：单位编号 {code!r}")
        if codes.count(code) > 1:
            raise rules.refusal("twice", f"{cadence.label}：{code}")
    windows = {period: _window(rules, cadence, period) for period in periods(year, cadence.period)}
    return [
        _Demand(cadence.activity, cadence.label, cadence.unit, code, int(cadence.times), period, window)
        for period, window in windows.items()
        for code in codes
    ]


def _window(rules: Rules, cadence: Any, period: Period) -> Period:
    """The whole period, or the part at its end that ``<activity>-last`` asks for.

    The part is a month, a quarter or a half.
    """
    months = rules.parameters.get(f"{cadence.activity}-last", MONTHS // PER_YEAR[period.kind])
    kind = {MONTHS // n: k for k, n in PER_YEAR.items()}.get(months)
    if kind is None or PER_YEAR[kind] < PER_YEAR[period.kind]:
        raise rules.refusal("window", f"{cadence.label}：期末 {months} 个月")
    return period_of(period.end, kind)


def _room(rules: Rules, year: int, closed: frozenset[date]) -> dict[date, int]:
    """The number of visits that each working day of a year can hold."""
    for name in ("teams", "per-team", "workdays"):
        if rules[name] < 0:
            raise rules.refusal("value", f"{name}：{rules[name]}")
    first, last = date(year, 1, 1), date(year, MONTHS, 31)
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return {
        d: rules["teams"] * rules["per-team"]
        for d in days
        if d.weekday() < rules["workdays"] and d not in closed
    }


def _placed(rules: Rules, demand: _Demand, window: list[date], free: dict[date, int]) -> list[Visit]:
    """Place the visits of one demand on the days with most room; use it up."""
    days = [d for d in window if free[d]]
    if len(days) < demand.times:
        raise _full(rules, demand, len(days))
    days.sort(key=lambda d: (-free[d], _mixed(rules, demand.activity, demand.unit, d)))
    chosen = sorted(days[: demand.times])
    for day in chosen:
        free[day] -= 1
    return [
        Visit(day, demand.activity, demand.kind, demand.unit, demand.period, n)
        for n, day in enumerate(chosen, 1)
    ]


def _full(rules: Rules, demand: _Demand, days: int) -> RuleError:
    return rules.refusal("capacity", f"{demand.name}：要 {demand.times} 天，还空着的只有 {days} 天")


def _mixed(rules: Rules, *parts: object) -> bytes:
    """A sort key that looks random and is the same on every machine."""
    return hashlib.sha256("|".join(map(str, (rules["order"], *parts))).encode()).digest()
