"""S15 performance assessment （目标责任考核）： rank units by weighted scores, and test the ranks.

Given by the interview: an indicator system, day-to-day assessment, and lists of tasks and responsibilities.
Also given are four rhythms (monthly supervision, quarterly review, half-year questions, year-end reward or
penalty). Undefined there: the indicators and weights, how days count in the year's score, rewards and
penalties.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.systems.example_ids import fictitious
from figurebook.systems.history import Entry, History
from figurebook.systems.periods import MONTHS
from figurebook.systems.ranking import exact, ranks, tied
from figurebook.systems.rules import Rules
from figurebook.systems.schedule import Visit, cadence_labels, schedule
from figurebook.systems.weights import ROOT, WHOLE, Weights

SYSTEM = "S15"
VIEWS = {
    "tree": "指标与权重",
    "scores": "各单位各项得分",
    "ranking": "得分与名次",
    "sensitivity": "名次靠不靠得住：权重改多少就变",
    "rhythm": "全年的督查、讲评、问效和奖罚",
}


def rules(tables: Tables) -> Rules:
    """The indicators with their weights, the rhythms, and the limits of a score."""
    return Rules.load(tables, SYSTEM)


def units(tables: Tables) -> list[str]:
    """The codes of the units assessed: the townships."""
    return tables.townships.frame["code"].tolist()


class Assessment:
    """The score sheet of a year: points for each unit and each lowest indicator."""

    def __init__(self, rules: Rules, units: Iterable[str]):
        """RuleError if weights do not sum to 100 (see ``Weights``) or a unit is repeated."""
        self.rules, self.weights, self.history = rules, Weights(rules), History()
        self.units: tuple[str, ...] = tuple(units)
        if again := [u for n, u in enumerate(self.units) if u in self.units[:n]]:
            raise rules.refusal("twice", again[0])

    def score(self, on: date, unit: str, indicator: str, points: int, reasons: str = "") -> Entry:
        """Record the points of a unit; a change needs reasons and keeps the first entry.

        RuleError ``unknown`` for an unknown unit or indicator, ``leaf`` for one with others under it. It is
        ``points`` if they are not whole or out of range, ``date-order`` for a day before the entry that is
        changed, ``reasons`` for a change without reasons.
        """
        where = f"{unit}，{self.weights.labels.get(indicator, indicator)}"
        if unit not in self.units or indicator not in self.weights.labels:
            raise self.rules.refusal("unknown", where)
        if indicator not in self.weights.leaves:
            raise self.rules.refusal("leaf", where)
        if isinstance(points, bool) or not isinstance(points, int) or not 0 <= points <= self.rules["full"]:
            raise self.rules.refusal("points", f"{where}：{points!r}")
        past = self.history.of(f"{unit} {indicator}")
        if past and on < past[-1].on:
            raise self.rules.refusal("date-order", f"{where}，{on}")
        if past and not reasons.strip():
            raise self.rules.refusal("reasons", where)
        return self.history.append(on, f"{unit} {indicator}", "score", {"points": points, "reasons": reasons})

    def points(self, unit: str) -> dict[str, int]:
        """The points of a unit that count, those recorded last, by indicator."""
        return {
            leaf: past[-1].details["points"]
            for leaf in self.weights.leaves
            if (past := self.history.of(f"{unit} {leaf}"))
        }

    def totals(self, weights: Weights | None = None) -> dict[str, Fraction]:
        """The total of each complete unit, under the sheet's weights or ``weights``.

        A unit is complete when it has points for every indicator that is scored.
        """
        weights = weights or self.weights
        full = {u: p for u in self.units if len(p := self.points(u)) == len(weights.leaves)}
        return {unit: weights.value(ROOT, points) for unit, points in full.items()}


@dataclass(frozen=True)
class Crossing:
    """The change of one indicator's weight, in points of weight, that makes two units level."""

    indicator: str
    change: Fraction
    other: str


def crossings(book: Assessment, unit: str) -> list[Crossing]:
    """Each weight change, smallest first, that gives a unit and another the same total.

    One indicator's weight changes and those beside it keep their proportions, so that the sum stays 100. The
    difference of two totals is then linear in the change. Change 0 means: level now, but not under every
    weight.
    """
    w, points = book.weights, {u: book.points(u) for u in book.totals()}
    changes = []
    for other in points:
        if other == unit:
            continue
        ahead = w.value(ROOT, points[unit]) - w.value(ROOT, points[other])
        for name in w.names:
            rest, parent = WHOLE - w.weight[name], w.parent(name)
            if not rest:
                continue
            own, above = (w.value(n, points[unit]) - w.value(n, points[other]) for n in (name, parent))
            beside = (above * WHOLE - own * w.weight[name]) / rest
            slope = (w.share(parent) if parent != ROOT else 1) * (own - beside) / WHOLE
            if slope and -w.weight[name] <= -ahead / slope <= rest:
                changes.append(Crossing(name, -ahead / slope, other))
    return sorted(changes, key=lambda c: (abs(c.change), c.change, c.indicator, c.other))


def year(rules: Rules, number: int, units: Iterable[str], closed: Iterable[date] = ()) -> tuple[Visit, ...]:
    """The four rhythms of a year on S06's calendar; RuleError as in ``schedule``."""
    return schedule(rules, number, {"township": list(units)}, closed)


def example(rules: Rules, units: int) -> Assessment:
    """The year 2016: so many units with invented identifiers, made-up points in steps of five.

    The last score of the last unit is missing.
    """
    book = Assessment(rules, fictitious(units))
    pairs = [(u, i) for u in book.units for i in book.weights.leaves]
    for n, (unit, indicator) in enumerate(pairs[:-1]):
        book.score(date(2016, 12, 31), unit, indicator, 60 + 5 * ((5 * n * n + n // 3) % 8))
    return book


def tree(book: Assessment) -> pd.DataFrame:
    """One row for each indicator, before those under it: level, weight, share of total (%)."""
    w = book.weights
    return pd.DataFrame(
        [[w.level(n), w.labels[n], exact(w.weight[n]), exact(w.share(n) * 100)] for n in w.names],
        columns=["级", "指标", "权重", "占总分（%）"],
    )


def scores(book: Assessment) -> pd.DataFrame:
    """One row for each unit: points by first-level indicator, total, number of missing points."""
    w, totals, rows = book.weights, book.totals(), []
    for unit in book.units:
        points = book.points(unit)
        missing = len(w.leaves) - len(points)
        shown = (
            ["—"] * (len(w.children()) + 1)
            if missing
            else [*(exact(w.value(n, points)) for n in w.children()), exact(totals[unit])]
        )
        rows.append([unit, *shown, missing])
    return pd.DataFrame(rows, columns=["单位", *(w.labels[n] for n in w.children()), "总分", "缺几项"])


def ranking(book: Assessment) -> pd.DataFrame:
    """One row for each unit, best first; equal totals share a rank.

    Incomplete units have no rank.
    """
    totals = book.totals()
    places = ranks(totals)
    same = tied(places)
    rows = [[str(place), unit, exact(totals[unit]), "、".join(same[unit])] for unit, place in places.items()]
    return pd.DataFrame(
        rows + [["未排", unit, "分数不齐", ""] for unit in book.units if unit not in totals],
        columns=["名次", "单位", "得分", "并列"],
    )


def sensitivity(book: Assessment) -> pd.DataFrame:
    """One row for each ranked unit: the least weight change that changes its rank.

    It names the other unit that is then level. A unit that shares its rank is shown as level already.
    Weights are rounded to a tenth; ``crossings`` has them exact.
    """
    places = ranks(book.totals())
    rows, same = [], tied(places)
    for unit, place in places.items():
        row = ["无论怎样改都不变", "", "", "", ""]
        if same[unit]:
            row = ["已并列", "", "", "", "、".join(same[unit])]
        elif near := crossings(book, unit):
            w, change = book.weights.weight[near[0].indicator], near[0].change
            row = [
                book.weights.labels[near[0].indicator],
                *(f"{float(x):.1f}" for x in (w, w + change, change)),
                near[0].other,
            ]
        rows.append([place, unit, *row])
    return pd.DataFrame(rows, columns=["名次", "单位", "改哪项权重", "现在", "改到", "改动", "与谁持平"])


def rhythm(rules: Rules, visits: Iterable[Visit]) -> pd.DataFrame:
    """One row for each month: the number of units in each rhythm."""
    labels = cadence_labels(rules)
    counts = {m: dict.fromkeys(labels, 0) for m in range(1, MONTHS + 1)}
    for v in visits:
        counts[v.on.month][v.activity, v.kind] += 1
    return pd.DataFrame(
        [[f"{m} 月", *n.values()] for m, n in counts.items()], columns=["月份", *labels.values()]
    )
