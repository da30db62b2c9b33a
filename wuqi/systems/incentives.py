"""S12 incentives （激励鼓励）： find who qualifies for which award, by which records.

Given by the interview: five stressed fields of work, and that selecting the advanced was added. Undefined
there: the awards, their quotas and amounts, who is scored and how. Ties at the edge of a quota are shown.
Only a person who gives reasons may break them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from numbers import Integral
from typing import Any

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.spreadsheets.writing.cell_limits import has_text
from figurebook.systems.history import Entry, History, check
from figurebook.systems.periods import PER_YEAR, periods
from figurebook.systems.rules import Rules

SYSTEM = "S12"
VIEWS = {
    "standing": "各奖的合计与名次",
    "qualified": "谁入选，凭哪些记录、哪条规则",
    "edges": "名额边上的并列",
    "not_ranked": "没有参加排名的，为什么",
}
FIELD = "field"
IN, OUT, TIED, LOW, MISSING = "入选", "名额之外", "并列待定", "不够最低分", "记录不全"


def rules(tables: Tables) -> Rules:
    """The fields, the rhythm of scoring and the conditions (the awards are in ``scheme``)."""
    return Rules.load(tables, SYSTEM)


def scheme(rules: Rules, awards: pd.DataFrame) -> pd.DataFrame:
    """One row for each award by name: ``label``, ``field``, ``quota`` and ``minimum``.

    The quota is in units, the minimum in points per year. RuleError for an award named twice, or an unknown
    field. RuleError for a quota that is not whole or below one, and for a minimum that is not whole, negative
    or out of reach.
    """
    (many, each), fields = _rhythm(rules), _fields(rules)
    most = many * each * rules["points-max"]
    for a in awards.itertuples():
        for rule, holds in {
            "twice": (awards["name"] == a.name).sum() == 1,
            "field": a.field in fields,
            "quota": _whole(a.quota) and a.quota >= 1,
            "minimum": _whole(a.minimum) and 0 <= a.minimum <= most,
        }.items():
            if not holds:
                detail = f"{a.label}：{_label(rules, a.field)}，名额 {a.quota}，最低 {a.minimum}"
                raise rules.refusal(rule, detail)
    return awards.set_index("name")[["label", "field", "quota", "minimum"]]


class Book:
    """A year's scores, corrections and settlements, in an append-only history."""

    def __init__(self, rules: Rules, awards: pd.DataFrame, units: Iterable[str], year: int):
        """``awards`` is the result of ``scheme``; ``units`` are the ids that may be scored.

        RuleError for a unit given twice.
        """
        self.rules, self.awards, self.units, self.year = rules, awards, tuple(units), year
        if again := [unit for unit, n in Counter(self.units).items() if n > 1]:
            raise rules.refusal("twice", "、".join(again))
        self.fields, (self._periods, self._each) = _fields(rules), _rhythm(rules)
        self.rounds = self._periods * self._each
        self.history = History()
        self.records: dict[str, dict] = {}  # each record as it stands, corrections applied
        self.settled: dict[str, set[str]] = {}  # the units chosen at the edge of an award
        self._times: Counter = Counter()

    def apply(self, on: date, subject: str, action: str, **details: str | int) -> Entry:
        """Do one action. RuleError, and nothing changed, when a rule forbids it.

        ``score`` a new record (``unit``, ``field``, ``period`` from 1, ``points``). ``correct`` a record
        (``points``, ``reasons``). ``settle`` an award (``chosen``: units joined by ``;``, ``reasons``).
        """
        check(on, subject, action, {})
        actions = {"score": self._score, "correct": self._correct, "settle": self._settle}
        if action not in actions:
            raise self.rules.refusal("action", f"{subject}，{action}")
        actions[action](on, subject, details)
        entry = self.history.append(on, subject, action, details)
        if action == "score":
            self.records[subject] = dict(details)
            self._times[details["unit"], details["field"], details["period"]] += 1
        elif action == "correct":
            self.records[subject] |= {"points": details["points"]}
        else:
            self.settled[subject] = set(entry.details["chosen"].split(";"))
        return entry

    def _score(self, on: date, record: str, details: Mapping) -> None:
        unit: Any = details.get("unit")
        field: Any = details.get("field")
        period: Any = details.get("period")
        self._must("twice", record not in self.records, record)
        self._must("unit", unit in self.units, f"{record}，{unit}")
        self._must("field", field in self.fields, f"{record}，{field}")
        self._must("period", type(period) is int and 1 <= period <= self._periods, f"{record}，{period}")
        last = periods(self.year, _cadence(self.rules)["period"])[period - 1].end
        self._must("timing", on >= last, f"{record}，{on}，{last}")
        self._must_points(record, details)
        self._must(
            "once",
            self._times[unit, field, period] < self._each,
            f"{record}，{unit}，{_label(self.rules, field)}，第 {period} 季度",
        )
        self._must_be_open(record, field)

    def _correct(self, on: date, record: str, details: Mapping) -> None:
        self._must("unknown", record in self.records, record)
        self._must_follow(on, record)
        self._must_points(record, details)
        self._must("reasons", has_text(details.get("reasons")), record)
        self._must_be_open(record, self.records[record]["field"])

    def _settle(self, on: date, award: str, details: Mapping) -> None:
        self._must("unknown", award in self.awards.index, award)
        name = self.awards.at[award, "label"]
        self._must("twice", award not in self.settled, name)
        tied, left = _edge(self, award)
        chosen = str(details.get("chosen", "")).split(";")
        self._must(
            "settle",
            set(chosen) <= set(tied) and len(chosen) == len(set(chosen)) == left,
            f"{name}，{'、'.join(chosen)}，余 {left} 名",
        )
        self._must("reasons", has_text(details.get("reasons")), name)
        for record, own in self.records.items():
            if own["field"] == self.awards.at[award, "field"]:
                self._must_follow(on, record)

    def _must_points(self, record: str, details: Mapping) -> None:
        points = details.get("points")
        self._must(
            "points", type(points) is int and 0 <= points <= self.rules["points-max"], f"{record}，{points}"
        )

    def _must_follow(self, on: date, record: str) -> None:
        self._must("date-order", on >= self.history.of(record)[-1].on, f"{record}，{on}")

    def _must_be_open(self, record: str, field: str) -> None:
        self._must("settled", not any(self.awards.at[a, "field"] == field for a in self.settled), record)

    def _must(self, rule: str, holds: bool, detail: str) -> None:
        if not holds:
            raise self.rules.refusal(rule, detail)


def example(rules: Rules, tables: Tables) -> Book:
    """A year's made-up scores for fifteen units with invented ids, the same every time.

    The last record is missing. One record was corrected, which made a tie.
    """
    fields, units = _fields(rules), [f"U{n:02}" for n in range(1, 16)]
    quarters = periods(2016, "quarter")
    book = Book(rules, scheme(rules, tables.rules_of(SYSTEM)["awards"]), units, 2016)
    for q in quarters:
        for f, field in enumerate(fields):
            for n, unit in enumerate(units):
                if (q, field, unit) != (quarters[-1], fields[-1], units[-1]):
                    book.apply(
                        q.end,
                        f"R{len(book.records) + 1:03}",
                        "score",
                        unit=unit,
                        field=field,
                        period=q.number,
                        points=70 + (7 * n + 11 * f + n * f + 5 * q.number) % 29,
                    )
    book.apply(quarters[-1].end, "R010", "correct", points=83, reasons="例：算错一项")
    return book


def winners(book: Book, award: str) -> list[str]:
    """The units that get an award; RuleError ``edge`` while a tie is not settled."""
    tied, _ = _edge(book, award)
    if tied and award not in book.settled:
        raise book.rules.refusal("edge", f"{book.awards.at[award, 'label']}，{'、'.join(tied)}")
    rows = standing(book, award)
    return rows.loc[rows["结果"] == IN, "单位"].tolist()


def standing(book: Book, award: str) -> pd.DataFrame:
    """One row for each unit, best first: total, rank (ties share one), outcome, records.

    Units with records missing or below the minimum come last and have no rank.
    """
    rule = book.awards.loc[award]
    own: dict[str, dict[str, int]] = {unit: {} for unit in book.units}
    for record, values in book.records.items():
        if values["field"] == rule["field"]:
            own[values["unit"]][record] = values["points"]
    rows: list[tuple[str, int, str, str]] = []
    for unit, points in own.items():
        low = LOW if sum(points.values()) < rule["minimum"] else ""
        rows.append(
            (
                unit,
                sum(points.values()),
                MISSING if len(points) < book.rounds else low,
                "、".join(sorted(points)),
            )
        )
    totals = [total for _, total, outcome, _ in rows if not outcome]
    ranked = []
    for unit, total, outcome, records in sorted(rows, key=lambda r: (r[2] != "", -r[1], r[0])):
        rank = None
        if not outcome:
            rank, same = sum(t > total for t in totals) + 1, totals.count(total)
            outcome = IN if rank + same - 1 <= rule["quota"] else TIED if rank <= rule["quota"] else OUT
            if outcome == TIED and award in book.settled:
                outcome = IN if unit in book.settled[award] else OUT
        ranked.append([rule["label"], unit, total, rank, outcome, records])
    columns = ["奖项", "单位", "合计", "名次", "结果", "记录"]
    return pd.DataFrame(ranked, columns=columns).astype({"名次": "Int64"})


def qualified(book: Book) -> pd.DataFrame:
    """One row for each unit that gets an award: total, rank, records and rule."""
    rows = []
    for award, rule in book.awards.iterrows():
        text = f"{rule['label']}：名额 {rule['quota']}，最低 {rule['minimum']} 分"
        for r in standing(book, award).itertuples():
            if r.结果 == IN:
                settled = "；裁定" if r.单位 in book.settled.get(award, ()) else ""
                rows.append([r.奖项, r.单位, r.合计, r.名次, r.记录, text + settled])
    return pd.DataFrame(rows, columns=["奖项", "单位", "合计", "名次", "记录", "规则"])


def edges(book: Book) -> pd.DataFrame:
    """One row for each award with a tie at its quota: units, places left, choice."""
    rows = []
    for award, rule in book.awards.iterrows():
        tied, left = _edge(book, award)
        if tied:
            chosen = "、".join(sorted(book.settled.get(award, ())))
            rows.append([rule["label"], "、".join(tied), left, chosen or None])
    return pd.DataFrame(rows, columns=["奖项", "同分的单位", "余下的名额", "裁定给"])


def not_ranked(book: Book) -> pd.DataFrame:
    """One row for each award and unit outside the ranking: total, reason, records."""
    rows = pd.concat([standing(book, award) for award in book.awards.index], ignore_index=True)
    return rows.loc[rows["名次"].isna(), ["奖项", "单位", "合计", "结果", "记录"]].reset_index(drop=True)


def _edge(book: Book, award: str) -> tuple[list[str], int]:
    """The tied units at the quota's edge, settled or not, and the places left."""
    rows, quota = standing(book, award).dropna(subset="名次"), book.awards.at[award, "quota"]
    for rank, group in rows.groupby("名次"):
        if rank <= quota < rank + len(group) - 1:
            return group["单位"].tolist(), int(quota - rank + 1)
    return [], 0


def _fields(rules: Rules) -> list[str]:
    return rules.criteria.loc[rules.criteria["kind"] == FIELD, "name"].tolist()


def _label(rules: Rules, field: str) -> str:
    """A field's label; a field that is not listed stays as it is."""
    return dict(zip(rules.criteria["name"], rules.criteria["label"], strict=True)).get(field, field)


def _rhythm(rules: Rules) -> tuple[int, int]:
    """The number of periods in a year, and of scores per unit, period and field."""
    cadence = _cadence(rules)
    return PER_YEAR[cadence["period"]], int(cadence["times"])


def _cadence(rules: Rules) -> pd.Series:
    return rules.cadences.set_index("activity").loc["score"]


def _whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)
