"""S04 three lists （三个清单）： keep a ledger of problems with tasks and responsible units.

Given by the interview: the three lists, and where problems come from. They are kept as a ledger and closed
out after rectification. Undefined there: deadlines, who verifies, what closing takes, and what follows when a
closed problem comes back. Each of these is a row of the rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.spreadsheets.writing.cell_limits import holds_day, holds_name, holds_text
from figurebook.systems.example_ids import fictitious
from figurebook.systems.history import Entry
from figurebook.systems.periods import after
from figurebook.systems.procedure import Attempt, Condition, Procedure
from figurebook.systems.rules import Rules

SYSTEM = "S04"
VIEWS = {
    "open_items": "没有销号的，最久的在前",
    "ageing": "没有销号的过了多久",
    "overdue": "过了期限还没有销号的",
    "unassigned": "还没有责任单位的",
    "unverified": "销了号但任务没有全部核验的",
    "closure": "各来源的销号率",
    "by_unit": "各责任单位的办理情况",
}

# The details of an action besides ``note``; any other would be lost on the way to a workbook.
CARRIES = {
    "register": {"source", "problem", "due"},
    "carry": {"source", "problem"},
    "task": {"task", "text"},
    "assign": {"unit"},
    "verify": {"task", "by"},
}
NAMES = {"task", "unit", "by"}


def rules(tables: Tables) -> Rules:
    """The states, the conditions of each action, the sources and their deadlines."""
    return Rules.load(tables, SYSTEM)


@dataclass
class Item:
    """A problem after all its entries; ``due`` is None for one carried over as closed."""

    source: str = ""
    problem: str = ""
    opened: date | None = None
    due: date | None = None
    unit: str = ""
    tasks: dict[str, str] = field(default_factory=dict)
    verified: set[str] = field(default_factory=set)
    closings: list[date] = field(default_factory=list)

    @property
    def unverified(self) -> list[str]:
        """The tasks not verified since the item was last opened, in their order."""
        return [t for t in self.tasks if t not in self.verified]


class Ledger(Procedure):
    """Problems by id; ``apply(day, problem, action, …)`` moves them on. Nothing is overwritten."""

    def __init__(self, rules: Rules, conditions: Mapping[str, Condition]):
        super().__init__(rules, conditions)
        frame = rules.transitions
        closing = frame.loc[frame["action"] == "close", "conditions"].item().split(";")
        self._closing = {name: conditions[name] for name in closing}
        sources = rules.criteria[rules.criteria["kind"] == "source"]
        self.sources = dict(sources[["name", "label"]].itertuples(index=False))

    def apply(self, on: date, subject: str, action: str, **details: str | int) -> Entry:
        """Do ``action`` to a problem. RuleError, and nothing changed, when a rule forbids it.

        The conditions of closing are checked in every state, so that the refusal says what is lacking.
        """
        allowed = CARRIES.get(action, set()) | {"note"}
        wrong = [
            k
            for k, v in details.items()
            if k not in allowed or not (holds_name if k in NAMES else holds_text)(v)
        ]
        if wrong or not holds_name(subject) or not holds_day(on):
            raise self.rules.refusal("value", f"{subject}，{action}，{'、'.join(wrong) or on}")
        past = self.history.of(subject)
        if action == "close" and past:
            attempt = Attempt(subject, self.state(subject), past, on, action, details)
            for name, holds in self._closing.items():
                if not holds(attempt):
                    text = f"{subject}（{self.labels[attempt.state]}），{self.actions[action]}"
                    raise self.rules.refusal(name, text)
        return super().apply(on, subject, action, **details)

    def item(self, subject: str) -> Item:
        """A problem as its entries leave it."""
        return fold(self.rules, self.history.of(subject))


def ledger(rules: Rules) -> Ledger:
    """An empty ledger.

    ``register`` takes source, problem and perhaps due (an ISO date). ``carry`` takes the same without due; an
    earlier ledger closed that problem. ``task`` takes task and text, ``assign`` unit, ``verify`` task and by,
    ``reopen`` note. RuleError names the rule that forbids a step.
    """
    sources = set(rules.criteria.loc[rules.criteria["kind"] == "source", "name"])

    def item(a: Attempt) -> Item:
        return fold(rules, a.past)

    def due(a: Attempt) -> bool:
        try:
            deadline(rules, a.details.get("source") or item(a).source, a.on)
        except (ValueError, OverflowError):  # beyond the last day that a date can hold
            return False
        return "due" not in a.details or _day(a.details["due"]) >= a.on

    return Ledger(
        rules,
        {
            "source": lambda a: a.details.get("source") in sources,
            "problem": lambda a: "problem" in a.details,
            "due": due,
            "task": lambda a: {"task", "text"} <= a.details.keys() and a.details["task"] not in item(a).tasks,
            "unit": lambda a: "unit" in a.details,
            "task-open": lambda a: a.details.get("task") in item(a).unverified,
            "verifier": lambda a: a.details.get("by", item(a).unit) != item(a).unit,
            "last-task": lambda a: item(a).unverified == [a.details["task"]],
            "closed-once": lambda a: a.state != "closed",
            "responsible": lambda a: item(a).unit != "",
            "tasks-verified": lambda a: bool(item(a).tasks) and not item(a).unverified,
            "reasons": lambda a: "note" in a.details,
        },
    )


def fold(rules: Rules, entries: Iterable[Entry]) -> Item:
    """The item after the entries on one problem.

    Reopening starts a new deadline and new verifications.
    """
    item = Item()
    for e in entries:
        details = e.details
        if e.action in ("register", "carry"):
            item.source, item.problem, item.opened = details["source"], details["problem"], e.on
        if e.action == "register":
            item.due = _day(details["due"]) if "due" in details else deadline(rules, item.source, e.on)
        elif e.action == "task":
            item.tasks[details["task"]] = details["text"]
        elif e.action == "assign":
            item.unit = details["unit"]
        elif e.action == "verify":
            item.verified.add(details["task"])
        elif e.action in ("close", "carry"):
            item.closings.append(e.on)
        elif e.action == "reopen":
            item.opened, item.due = e.on, deadline(rules, item.source, e.on)
            item.verified.clear()
    return item


def deadline(rules: Rules, source: str, start: date) -> date:
    """The day by which a problem from ``source``, opened on ``start``, must be closed."""
    name = f"deadline-{source}"
    return after(start, rules[name], rules.units[name])


def example(rules: Rules, items: int = 16) -> Ledger:
    """Problems at every stage, two registered each week from 4 January 2016.

    There are nine units and one that verifies. Their identifiers are invented, so that nothing made up
    concerns a real unit.
    """
    book, (*units, verifier) = ledger(rules), fictitious(10)
    sources = list(rules.criteria["name"])
    for n in range(items):
        name, day = f"P{n + 1:03}", date(2016, 1, 4) + timedelta(days=7 * (n // 2))
        entry = {"source": sources[n % len(sources)], "problem": f"例：第 {n + 1} 个问题"}
        unit, stage = units[n % len(units)], n % 8
        if stage == 7:
            book.apply(day, name, "carry", **entry)
            continue
        book.apply(day, name, "register", **entry)
        steps = [
            ("task", {"task": "T1", "text": "例：第一项任务"}),
            ("assign", {"unit": unit}),
            ("start", {}),
            ("task", {"task": "T2", "text": "例：第二项任务"}),
            ("verify", {"task": "T1", "by": verifier}),
            ("verify", {"task": "T2", "by": verifier}),
            ("close", {}),
            ("reopen", {"note": "例：问题又出现"}),
        ]
        for k, (action, details) in enumerate(steps[: [0, 2, 4, 5, 6, 7, 8][stage]], 1):
            book.apply(day + timedelta(days=2 * k), name, action, **details)
    return book


def open_items(book: Ledger, today: date) -> pd.DataFrame:
    """One row for each open problem, longest first: days since it was (re)opened."""
    rows = [
        [
            s,
            _source(book, i),
            book.labels[book.state(s)],
            i.unit or "—",
            (today - opened).days,
            due.isoformat(),
        ]
        for s, i, opened, due in _open(book)
    ]
    frame = pd.DataFrame(rows, columns=["问题", "来源", "状态", "责任单位", "已过天数", "到期日"])
    return frame.sort_values(["已过天数", "问题"], ascending=[False, True], ignore_index=True)


def ageing(book: Ledger, today: date) -> pd.DataFrame:
    """One row for each band of days since opening with open problems: open, overdue."""
    width = book.rules["age-band"]
    counted: Counter[int] = Counter()
    late: Counter[int] = Counter()
    for _, _, opened, due in _open(book):
        band = (today - opened).days // width
        counted[band] += 1
        late[band] += today > due
    rows = [[f"{b * width}–{(b + 1) * width - 1} 天", counted[b], late[b]] for b in sorted(counted)]
    return pd.DataFrame(rows, columns=["已过", "没有销号", "其中逾期"])


def overdue(book: Ledger, today: date) -> pd.DataFrame:
    """One row for each open problem past its deadline: the deadline and days since."""
    rows = [
        [s, _source(book, i), i.unit or "—", due.isoformat(), (today - due).days]
        for s, i, _, due in _open(book)
        if today > due
    ]
    frame = pd.DataFrame(rows, columns=["问题", "来源", "责任单位", "到期日", "逾期天数"])
    return frame.sort_values(["逾期天数", "问题"], ascending=[False, True], ignore_index=True)


def unassigned(book: Ledger) -> pd.DataFrame:
    """One row for each open problem without a responsible unit."""
    rows = [[s, _source(book, i), i.problem] for s, i, _, _ in _open(book) if not i.unit]
    return pd.DataFrame(rows, columns=["问题", "来源", "内容"])


def unverified(book: Ledger) -> pd.DataFrame:
    """One row for each closed problem without verified tasks; only carried problems can be."""
    rows = [
        [s, _source(book, i), i.closings[-1].isoformat(), "、".join(i.unverified) or "没有任务"]
        for s, i in _items(book)
        if book.state(s) == "closed" and (i.unverified or not i.tasks)
    ]
    return pd.DataFrame(rows, columns=["问题", "来源", "销号日期", "没有核验的任务"])


def closure(book: Ledger) -> pd.DataFrame:
    """One row for each source and one for all: problems, closed now, rate, ever reopened.

    Closed problems that ``unverified`` lists are counted apart. The rate is also given without them.
    """
    lacking = set(unverified(book)["问题"])
    problems = [(_source(book, i), book.state(s) == "closed", i, s) for s, i in _items(book)]
    rows = []
    for label in [*book.sources.values(), "合计"]:
        own = [f for f in problems if label in (f[0], "合计")]
        closed = sum(f[1] for f in own)
        unseen = sum(s in lacking for *_, s in own)
        reopened = sum(1 for f in own if len(f[2].closings) > f[1])
        rows.append(
            [
                label,
                len(own),
                closed,
                unseen,
                _rate(closed, len(own)),
                _rate(closed - unseen, len(own)),
                reopened,
            ]
        )
    return pd.DataFrame(
        rows,
        columns=["来源", "问题", "已销号", "其中没有核验", "销号率（%）", "核验过的销号率（%）", "重开过"],
    )


def by_unit(book: Ledger, today: date) -> pd.DataFrame:
    """One row for each responsible unit, by code: problems, closed, open, overdue, rate."""
    counts: dict[str, list[int]] = {}
    for s, i in _items(book):
        if i.unit:
            row, closed = counts.setdefault(i.unit, [0, 0, 0]), book.state(s) == "closed"
            row[0] += 1
            row[1] += closed
            row[2] += not closed and i.due is not None and today > i.due
    rows = [[u, n, done, n - done, late, _rate(done, n)] for u, (n, done, late) in sorted(counts.items())]
    return pd.DataFrame(rows, columns=["责任单位", "问题", "已销号", "没有销号", "逾期", "销号率（%）"])


def _items(book: Ledger) -> list[tuple[str, Item]]:
    return [(s, book.item(s)) for s in book.subjects]


def _open(book: Ledger) -> Iterator[tuple[str, Item, date, date]]:
    """The open problems: id, item, day of (re)opening, deadline."""
    for subject in book.subjects:
        if book.state(subject) != "closed":
            item = book.item(subject)
            assert item.opened is not None  # an open problem was registered
            assert item.due is not None
            yield subject, item, item.opened, item.due


def _source(book: Ledger, item: Item) -> str:
    return book.sources[item.source]


def _rate(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _day(text: str) -> date:
    """The day of an ISO date; for other texts the first of all days.

    That day is before any deadline.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
