"""S18 stars for branches and points for members （党支部积星、党员积分）： keep a points book.

Given by the interview: branches collect stars, and members points. Undefined there: every rule. So each rule
below is this book's default, none of them the county's.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.spreadsheets.writing.cell_limits import has_text
from figurebook.systems.history import Entry
from figurebook.systems.periods import Period, period_of
from figurebook.systems.procedure import Procedure
from figurebook.systems.rules import RuleError, Rules
from wuqi.systems.stars_and_points.rules import Item, PointRules, is_identifier

SYSTEM = "S18"
VIEWS = {
    "points": "每期每名党员的积分",
    "ranking": "党员名次，同分并列",
    "stars": "每期每个支部的星",
    "rejected": "被拒绝的记录",
    "corrections": "申诉与更正，原记录都在",
    "what_if": "假如换一条规则，谁的名次会变",
}
EVENTS, CHANGES = "积分记录", "更正与申诉"
_DIGITS = re.compile("([0-9]+)")


@dataclass(frozen=True, slots=True)
class Event:
    """Something done ``times`` times under the item ``rule``.

    ``member`` is empty for a branch's item. ``row`` is its row on the sheet, if it was read from one.
    """

    id: str
    on: date
    branch: str
    member: str
    rule: str
    times: int
    evidence: str
    note: str = ""
    row: int | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """``appeal``, ``correct`` or ``uphold`` an event; only a correction has ``times`` (0 annuls it)."""

    id: str
    on: date
    action: str
    event: str
    times: int | None
    reason: str
    note: str = ""
    row: int | None = field(default=None, compare=False, repr=False)


def rules(tables: Tables) -> PointRules:
    """The items with points and caps, the stars, the period, and the refusals."""
    return PointRules(
        Rules.load(tables, SYSTEM),
        {
            r.name: Item(
                r.label,
                r.subject,
                int(r.points),
                None if pd.isna(r.cap) else int(r.cap),
                f"本书默认（{r.undefined}），不是该县的规定",
            )
            for r in tables.rules_of(SYSTEM)["point_rules"].itertuples()
        },
    )


class PointsBook:
    """Events with their changes. Nothing is overwritten: a correction is a further entry."""

    def __init__(self, rules: PointRules):
        self.rules = rules
        self.events: dict[str, Event] = {}
        self.rejected: list[tuple[Event | Change, RuleError]] = []
        days = rules.general["appeal-days"]
        self.changes = Procedure(
            rules.general,
            {
                "reasons": lambda a: has_text(a.details["reason"]),
                "another-count": lambda a: (
                    a.details.get("times", self.times(a.subject)) != self.times(a.subject)
                ),
                "appeal-in-time": lambda a: (a.on - self.events[a.subject].on).days <= days,
                "appeal-once": lambda a: all(e.action != "appeal" for e in a.past),
            },
        )
        self._numbers: set[str] = set()
        self._times: dict[str, int] = {}
        self._made: list[Change] = []

    def record(self, event: Event) -> Event:
        """Add an event. RuleError, and nothing changed, when a rule forbids it."""
        self._check_new(event)
        item = self.rules.items.get(event.rule) if isinstance(event.rule, str) else None
        if item is None or item.subject == "star":
            raise self._refusal("unknown", event, f"没有“{event.rule}”这一项")
        if (event.member != "") != (item.subject == "member"):
            wrote = f"写了党员 {event.member}" if event.member else "没有写党员编号"
            raise self._refusal("subject", event, f"{item.label}，{wrote}")
        for name in [event.branch] + [event.member] * (item.subject == "member"):
            if not is_identifier(name):
                raise self._refusal("identifier", event, f"{name}")
        if not self._is_count(event.times, 1):
            raise self._refusal("times", event, f"{event.times} 次")
        if not has_text(event.evidence):
            raise self._refusal("evidence", event, item.label)
        self._numbers.add(event.id)
        self.events[event.id] = event
        return event

    def change(self, change: Change) -> Entry:
        """Appeal, correct or uphold. RuleError, and nothing changed, when a rule forbids it."""
        self._check_new(change)
        event = self.events.get(change.event) if isinstance(change.event, str) else None
        if event is None:
            raise self._refusal("unknown", change, f"没有原记录 {change.event}")
        if change.on < event.on:
            raise self._refusal("date-order", change, f"{change.on}，原记录 {event.on}")
        if change.action not in tuple(self.changes.actions):
            raise self._refusal("action", change, f"{change.action}")
        counted = {} if change.times is None else {"times": change.times}
        if change.times is not None and (change.action != "correct" or not self._is_count(change.times, 0)):
            raise self._refusal("times", change, f"{change.times} 次")
        entry = self.changes.apply(
            change.on, change.event, change.action, change=change.id, **counted, reason=change.reason
        )
        self._numbers.add(change.id)
        self._made.append(change)
        self._times[change.event] = self.times(change.event) if change.times is None else change.times
        return entry

    @property
    def entries(self) -> list[Event | Change]:
        """Every entry ever given to the book, the refused ones too."""
        return [*self.events.values(), *self._made, *(e for e, _ in self.rejected)]

    def times(self, event: str) -> int:
        """The times that an event counts now: as last corrected, else as recorded."""
        return self._times.get(event, self.events[event].times)

    def totals(self) -> dict[tuple[Period, str, str], tuple[int, int, int]]:
        """``(period, branch, member or "")`` → times done, times counted, points, in order.

        A cap limits the times counted.
        """
        done: Counter[tuple[Period, str, str, str]] = Counter()
        kind = self.rules.period
        for event in self.events.values():
            done[period_of(event.on, kind), event.branch, event.member, event.rule] += self.times(event.id)
        sums: dict[tuple[Period, str, str], tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
        for (period, branch, member, rule), times in done.items():
            item, (t, c, p) = self.rules.items[rule], sums[period, branch, member]
            assert item.cap is not None  # only a star has none, and no event is a star
            counted = min(times, item.cap)
            sums[period, branch, member] = (t + times, c + counted, p + counted * item.points)
        return dict(sorted(sums.items()))

    def _check_new(self, entry: Event | Change) -> None:
        if not is_identifier(entry.id) or type(entry.on) is not date:
            raise self._refusal("value", entry, f"日期 {entry.on}")
        if entry.id in self._numbers:
            raise self._refusal("twice", entry)

    def _is_count(self, times: int, least: int) -> bool:
        return type(times) is int and least <= times <= self.rules.general["times-limit"]

    def _refusal(self, rule: str, entry: Event | Change, detail: str = "") -> RuleError:
        return self.rules.general.refusal(rule, f"{entry.id}，{detail}" if detail else f"{entry.id}")


def gather(rules: PointRules, entries: Iterable[Event | Change]) -> PointsBook:
    """A book of entries in any order: events, then changes, each by day and id.

    Numbers within ids are compared as numbers: 10 comes after 9. Refused entries are kept as refused. Of
    entries with the same id, the first in that order counts.
    """
    book = PointsBook(rules)
    for entry in sorted(entries, key=lambda e: (isinstance(e, Change), str(e.on), *_natural(e.id), repr(e))):
        try:
            if isinstance(entry, Event):
                book.record(entry)
            else:
                book.change(entry)
        except RuleError as error:
            book.rejected.append((entry, error))
    return book


def example(rules: PointRules) -> PointsBook:
    """Three branches of three members over two quarters of 2017.

    There are ties, appeals and refusals.
    """
    entries: list[Event | Change] = []

    def done(on: date, branch: str, member: str, rule: str, times: int, evidence: str = "例：签到表") -> None:
        entries.append(Event(f"E{len(entries) + 1:03}", on, branch, member, rule, times, evidence))

    for n, branch in enumerate(("B01", "B02", "B03"), 1):
        for month in (1, 4):
            for m in range(1, 4):
                done(date(2017, month, 10), branch, f"{branch}-{m}", "meeting", min(n + m, 4))
                done(date(2017, month + 1, 5), branch, f"{branch}-{m}", "task" if m == n else "study", m + 1)
            done(date(2017, month + 1, 20), branch, "", "branch-meeting", n + 1)
            done(date(2017, month + 2, 15), branch, "", "branch-project" if n > 1 else "branch-study", 2)
    done(date(2017, 3, 1), "B01", "B01-1", "例：表里没有的一项", 1)
    done(date(2017, 3, 2), "B01", "", "meeting", 1)
    done(date(2017, 3, 3), "B02", "B02-1", "service", 1, "")
    return gather(
        rules,
        [
            *entries,
            replace(entries[0], times=3),
            Change("C01", date(2017, 2, 1), "appeal", "E001", None, "例：少记一次"),
            Change("C02", date(2017, 2, 6), "correct", "E001", 4, "例：签到表上是四次"),
            Change("C03", date(2017, 2, 1), "appeal", "E003", None, "例：认为少记"),
            Change("C04", date(2017, 2, 6), "uphold", "E003", None, "例：与签到表相符"),
            Change("C05", date(2017, 5, 31), "appeal", "E005", None, "例：过了期限"),
        ],
    )


def points(book: PointsBook) -> pd.DataFrame:
    """One row for each period and member: times done, times counted under the caps, points."""
    return pd.DataFrame(
        [[p.label, b, m, *sums] for (p, b, m), sums in book.totals().items() if m],
        columns=["周期", "支部", "党员", "次数", "计入次数", "积分"],
    )


def ranking(book: PointsBook) -> pd.DataFrame:
    """The members by points in each period; ``同名次几人`` counts those of the same rank."""
    return _ranked(book, points(book)[["周期", "支部", "党员", "积分"]])


def stars(book: PointsBook) -> pd.DataFrame:
    """The branches by their own points in each period, with the stars reached."""
    limits = book.rules.thresholds
    rows = [
        [p.label, b, branch_points, sum(branch_points >= x for x in limits)]
        for (p, b, m), (_, _, branch_points) in book.totals().items()
        if not m
    ]
    return _ranked(book, pd.DataFrame(rows, columns=["周期", "支部", "积分", "星"]))


def rejected(book: PointsBook) -> pd.DataFrame:
    """One row for each refused entry: sheet, row if it was read, rule."""
    rows = [
        [str(e.id), str(e.on), EVENTS if isinstance(e, Event) else CHANGES, e.row, error.label, error.detail]
        for e, error in book.rejected
    ]
    columns = ["编号", "日期", "表", "行", "规则", "拒绝的是"]
    frame = pd.DataFrame(rows, columns=columns).astype({"行": "Int64"})
    return frame if frame["行"].notna().any() else frame.drop(columns="行")


def corrections(book: PointsBook) -> pd.DataFrame:
    """One row for each change: times as first recorded, times after it, the reason."""
    rows = []
    now: dict[str, int] = {}
    for e in book.changes.history:
        first = book.events[e.subject].times
        now[e.subject] = e.details.get("times", now.get(e.subject, first))
        rows.append(
            [
                e.details["change"],
                e.on.isoformat(),
                book.changes.actions[e.action],
                e.subject,
                first,
                now[e.subject],
                e.details["reason"],
            ]
        )
    return pd.DataFrame(rows, columns=["编号", "日期", "动作", "原记录", "原次数", "其后次数", "理由"])


def what_if(book: PointsBook, changed: PointRules) -> pd.DataFrame:
    """One row for each member or branch that ``changed`` moves: ranks, points and stars."""
    keys = ["周期", "支部", "党员"]
    now, then = (
        pd.concat([ranking(b).assign(星=pd.NA), stars(b).assign(党员="（支部）")])[
            [*keys, "名次", "积分", "星"]
        ].astype({"星": "Int64"})
        for b in (book, gather(changed, book.entries))
    )
    both = now.merge(then, on=keys, suffixes=("", "（假如）"))
    moved = both[(both["名次"] != both["名次（假如）"]) | (both["星"] != both["星（假如）"]).fillna(False)]
    shown = [name for name in ("名次", "积分", "星") if moved[name].notna().any()]
    columns = [c for name in shown for c in (name, f"{name}（假如）")]
    return moved[[*keys, *columns]].reset_index(drop=True)


def _ranked(book: PointsBook, frame: pd.DataFrame) -> pd.DataFrame:
    by_period = frame.groupby("周期", sort=False)["积分"]
    ranked = frame.assign(名次=by_period.rank(method=book.rules.ties, ascending=False).astype("Int64"))
    ranked["同名次几人"] = ranked.groupby(["周期", "名次"])["积分"].transform("size").astype("Int64")
    ranked["周期"] = pd.Categorical(ranked["周期"], ranked["周期"].unique(), ordered=True)
    return ranked.sort_values(["周期", "名次"], kind="stable", ignore_index=True).astype({"周期": str})


def _natural(name: object) -> tuple[list, str]:
    """A sort key for ids: runs of digits count as numbers of any length."""
    parts = _DIGITS.split(str(name))  # every other part is a run of digits
    return [(len(p.lstrip("0")), p.lstrip("0")) if n % 2 else p for n, p in enumerate(parts)], str(name)
