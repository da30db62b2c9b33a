"""S06 inspection （强督严查）： schedule a year's visits to every unit, and rank their scores.

Given by the interview: unannounced visits with notices every month, appraisals every quarter, reports and
reviews every year; results are used. Undefined there: which units, how many visits each, who goes and when,
and whether communities and enterprises are visited too. Also undefined: weights, thresholds, and what results
lead to. County leaders have no table here: nobody is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import islice

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.systems.example_ids import fictitious
from figurebook.systems.history import Entry, History
from figurebook.systems.periods import MONTHS
from figurebook.systems.ranking import exact, ranks, tied
from figurebook.systems.rules import Rules
from figurebook.systems.schedule import cadence_labels, coverage, schedule, staffed
from figurebook.systems.weights import Weights

SYSTEM = "S06"
VIEWS = {
    "overview": "全年每月各排多少次",
    "covered": "每期覆盖多少单位",
    "gaps": "到期还没有打分的",
    "ranking": "得分与名次",
    "results": "结果怎么用",
}
EXAMPLE_YEAR = 2017  # the year of the interview
KINDS = {"township": "乡镇", "department": "县直部门", "village": "村"}


def rules(tables: Tables) -> Rules:
    """Cadences, capacity, weights, thresholds and the consequences of results."""
    return Rules.load(tables, SYSTEM)


def units(tables: Tables) -> dict[str, list[str]]:
    """The codes of each kind of unit, from the registers."""
    return {
        "township": tables.townships.frame["code"].tolist(),
        "department": tables.departments.frame["id"].tolist(),
        "village": tables.villages.frame["code"].tolist(),
    }


class Year:
    """A year's visits, and the score sheet that is filled in after each."""

    def __init__(
        self, rules: Rules, year: int, units: Mapping[str, Iterable[str]], closed: Iterable[date] = ()
    ):
        """``closed`` are days without visits. RuleError as in ``schedule`` and ``Weights``.

        RuleError, too: ``unknown`` for an activity without a weight, ``kind`` for a kind of unit that no
        cadence names.
        """
        self.rules, self.weights, self.history = rules, Weights(rules), History()
        if lost := sorted(set(rules.cadences["activity"]) - set(self.weights.leaves)):
            raise rules.refusal("unknown", f"权重表里没有 {lost[0]}")
        self.visits = {v.id: v for v in schedule(rules, year, units, closed)}
        if lost := [kind for kind in units if kind not in set(rules.cadences["unit"])]:
            raise rules.refusal("kind", lost[0])

    def score(self, on: date, visit: str, points: int, reasons: str = "") -> Entry:
        """Record the points of a visit; a change needs reasons and keeps the first entry.

        RuleError ``unknown`` for an unknown visit, ``points`` if they are not whole or out of range. It is
        ``timing`` before the visit's day, ``reasons`` for a change without reasons, ``date-order`` for a day
        before the entry that is changed.
        """
        past = self.history.of(visit)
        if visit not in self.visits:
            raise self.rules.refusal("unknown", visit)
        name = self.called[visit]
        if isinstance(points, bool) or not isinstance(points, int) or not 0 <= points <= self.rules["full"]:
            raise self.rules.refusal("points", f"{name}：{points!r}")
        if on < self.visits[visit].on:
            raise self.rules.refusal("timing", f"{name}：{on}")
        if past and on < past[-1].on:
            raise self.rules.refusal("date-order", f"{name}：{on}")
        if past and not reasons.strip():
            raise self.rules.refusal("reasons", name)
        return self.history.append(on, visit, "score", {"points": points, "reasons": reasons})

    @cached_property
    def called(self) -> dict[str, str]:
        """The name of each visit for readers, by id: activity, unit, period, number."""
        labels = cadence_labels(self.rules)
        return {
            v.id: f"{labels[v.activity, v.kind]}，{v.unit}，{v.period.label}，第 {v.number} 次"
            for v in self.visits.values()
        }

    def points(self, visit: str) -> int | None:
        """The points that count, those recorded last; None without any."""
        past = self.history.of(visit)
        return past[-1].details["points"] if past else None

    def totals(self, kind: str) -> dict[str, Fraction]:
        """The total of each complete unit of a kind, a weighted mean.

        A unit is complete with points for every due activity. Empty when all of them have weight 0.
        """
        due = list(dict.fromkeys(v.activity for v in self.visits.values() if v.kind == kind))
        scored: dict[str, dict[str, list[int]]] = {}
        for v in self.visits.values():
            if v.kind == kind and (points := self.points(v.id)) is not None:
                scored.setdefault(v.unit, {}).setdefault(v.activity, []).append(points)
        shares = {a: self.weights.share(a) for a in due}
        whole = sum(shares.values())
        return {
            unit: sum(shares[a] * Fraction(sum(n[a]), len(n[a])) for a in due) / whole
            for unit, n in scored.items()
            if whole and set(due) <= set(n)
        }


def example(rules: Rules, units: Mapping[str, Iterable[str]]) -> Year:
    """As many units of each kind as in ``units``, with invented identifiers, in EXAMPLE_YEAR.

    There are as many teams as they need. Points are made up in steps of five. One visit in fifty is not yet
    scored.
    """
    counts = {kind: len(list(codes)) for kind, codes in units.items()}
    names = iter(fictitious(sum(counts.values())))
    made_up = {kind: list(islice(names, n)) for kind, n in counts.items()}
    book = Year(staffed(rules, EXAMPLE_YEAR, made_up), EXAMPLE_YEAR, made_up)
    for n, v in enumerate(book.visits.values()):
        if n % 50:
            book.score(v.on, v.id, 55 + 5 * ((7 * n * n + n) % 10))
    return book


def overview(book: Year) -> pd.DataFrame:
    """One row for each month: visits of each cadence, their sum, the teams."""
    labels = cadence_labels(book.rules)
    counts = {m: dict.fromkeys(labels, 0) for m in range(1, MONTHS + 1)}
    for v in book.visits.values():
        counts[v.on.month][v.activity, v.kind] += 1
    return pd.DataFrame(
        [[f"{m} 月", *n.values(), sum(n.values()), book.rules["teams"]] for m, n in counts.items()],
        columns=["月份", *labels.values(), "合计", "组"],
    )


def covered(book: Year) -> pd.DataFrame:
    """One row for each cadence and period: units covered, visits, fewest and most per unit."""
    return coverage(book.rules, book.visits.values())


def gaps(book: Year, today: date) -> pd.DataFrame:
    """One row for each visit due by ``today`` without points: unit, activity, days since."""
    labels = cadence_labels(book.rules)
    return pd.DataFrame(
        [
            [v.unit, labels[v.activity, v.kind], v.on.isoformat(), (today - v.on).days]
            for v in book.visits.values()
            if v.on <= today and book.points(v.id) is None
        ],
        columns=["单位", "活动", "日期", "已过天数"],
    )


def ranking(book: Year, kind: str) -> pd.DataFrame:
    """One row for each unit of a kind, best first.

    Units of one total share a rank; incomplete ones have none.
    """
    totals = book.totals(kind)
    places = ranks(totals)
    same = tied(places)
    rows = [[str(place), unit, exact(totals[unit]), "、".join(same[unit])] for unit, place in places.items()]
    lacking = sorted({v.unit for v in book.visits.values() if v.kind == kind} - set(totals))
    return pd.DataFrame(
        rows + [["未排", unit, "分数不齐", ""] for unit in lacking], columns=["名次", "单位", "得分", "并列"]
    )


def results(book: Year, kind: str) -> pd.DataFrame:
    """One row for each ranked unit of a kind: the consequences of its points.

    RuleError ``unknown`` for a criterion other than every, low and top.
    """
    totals = book.totals(kind)
    if lost := sorted(set(book.rules.criteria["kind"]) - {"every", "low", "top"}):
        raise book.rules.refusal("unknown", f"标准类别 {lost[0]}")
    rows = []
    for unit, place in ranks(totals).items():
        holds = {"every": True, "low": totals[unit] < book.rules["pass"], "top": place <= book.rules["top"]}
        rows.append(
            [unit, place, "；".join(c.label for c in book.rules.criteria.itertuples() if holds[c.kind])]
        )
    return pd.DataFrame(rows, columns=["单位", "名次", "随之而来的"])
