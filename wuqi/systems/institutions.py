"""S11 institutional guarantee （制度保障）： track reports, appraisals and follow-up of the branches.

Given by the interview: three reports, two appraisals and one follow-up. All rural branches and over four
thousand members took part in 2016. Undefined there: which three, two and one. The model counts that many
numbered items of each kind and names none of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.systems.example_ids import fictitious
from figurebook.systems.history import Entry
from figurebook.systems.periods import after
from figurebook.systems.procedure import Procedure
from figurebook.systems.rules import Rules

SYSTEM = "S11"
VIEWS = {
    "standing": "支部各走到哪一步",
    "participation": "每一项有多少支部和党员参加",
    "follow_up": "评议完的，落实了多少",
    "unfinished": "哪些支部还有没做的",
}


def rules(tables: Tables) -> Rules:
    """The numbers and the order of reports, appraisals and follow-ups, and the refusals."""
    return Rules.load(tables, SYSTEM)


class Round:
    """One round over a register of branches: the items done and the members present."""

    def __init__(self, rules: Rules, branches: pd.DataFrame):
        """``branches`` has the columns id, township and members (a count)."""
        self.branches = branches.set_index("id")
        self.procedure = Procedure(
            rules,
            {
                "slot": lambda a: _whole(a.details.get("slot")) and a.details["slot"] <= rules[a.action],
                "once": lambda a: a.details["slot"] not in _slots(a.past, a.action),
                "present": lambda a: _whole(a.details.get("present")),
                "members": lambda a: a.details["present"] <= self.branches.at[a.subject, "members"],
                "reports-first": lambda a: len(_slots(a.past, "report")) == rules["report"],
                "last-item": lambda a: len(a.past) + 1 == len(self.items),
                "appraisals-first": lambda a: len(_slots(a.past, "appraise")) == rules["appraise"],
            },
        )

    @property
    def items(self) -> list[tuple[str, int]]:
        """Every item of a whole round as (action, number), in rule order."""
        rules = self.procedure.rules
        return [(action, n) for action in self.procedure.actions for n in range(1, rules[action] + 1)]

    def apply(self, on: date, branch: str, action: str, **details: int) -> Entry:
        """Record an item at a branch: ``slot``, its number in its kind, and members ``present``.

        RuleError, and nothing changed, for a branch not registered. RuleError for an item out of its turn,
        done twice, or beyond the number of its kind. RuleError for nobody present, or more than the members.
        """
        if branch not in self.branches.index:
            raise self.procedure.rules.refusal("unknown", branch)
        return self.procedure.apply(on, branch, action, **details)

    def done(self, branch: str) -> list[tuple[str, int]]:
        """The items that a branch has done, in the order of the rules."""
        past = self.procedure.history.of(branch)
        return [(action, n) for action, n in self.items if n in _slots(past, action)]

    def label(self, item: tuple[str, int]) -> str:
        """An item for readers: its kind and number; it has no other name."""
        return f"{self.procedure.actions[item[0]]}第 {item[1]} 项"


def example(rules: Rules, members: Iterable[int], townships: int) -> Round:
    """A round from February 2016, one item every other month; some branches stop early.

    There is one branch for each number of ``members``. The branches belong in turn to so many townships. All
    identifiers are invented.
    """
    members = list(members)
    names = fictitious(townships + len(members))
    branches = pd.DataFrame({"id": names[townships:], "members": members})
    book = Round(rules, branches.assign(township=[names[n % townships] for n in branches.index]))
    early = {0: 4, 6: 2, 9: 1}  # items left undone
    for n, (branch, size) in enumerate(book.branches["members"].items()):
        todo = book.items[: len(book.items) - early.get(n % 13, 0)]
        for step, (action, slot) in enumerate(todo):
            on = after(date(2016, 2, 20), 2 * step, "个月")
            book.apply(on, branch, action, slot=slot, present=max(1, int(size) - n % 4))
    return book


def standing(book: Round) -> pd.DataFrame:
    """One row for each state: its branches and their members."""
    states = pd.Series({b: book.procedure.state(b) for b in book.branches.index})
    return pd.DataFrame(
        [
            [
                label,
                int((states == state).sum()),
                int(book.branches.loc[states.index[states == state], "members"].sum()),
            ]
            for state, label in book.procedure.labels.items()
        ],
        columns=["走到", "支部数", "党员数"],
    )


def participation(book: Round) -> pd.DataFrame:
    """One row for each item: branches and members that took part, also in per cent."""
    did: Counter[tuple[str, int]] = Counter()
    present: Counter[tuple[str, int]] = Counter()
    for e in book.procedure.history:
        did[e.action, e.details["slot"]] += 1
        present[e.action, e.details["slot"]] += e.details["present"]
    branches, members = len(book.branches), int(book.branches["members"].sum())
    return pd.DataFrame(
        [
            [book.label(i), did[i], _rate(did[i], branches), present[i], _rate(present[i], members)]
            for i in book.items
        ],
        columns=["项", "做了的支部", "支部参加率（%）", "到场人次", "党员参加率（%）"],
    )


def follow_up(book: Round) -> pd.DataFrame:
    """One row for each township, then the sum: branches, fully appraised, fully followed up."""
    rules, counts = book.procedure.rules, {"合计": [0, 0, 0]}
    for branch, township in book.branches["township"].items():
        kinds = Counter(action for action, _ in book.done(branch))
        row = (1, int(kinds["appraise"] == rules["appraise"]), int(kinds["follow-up"] == rules["follow-up"]))
        for key in (township, "合计"):
            counts[key] = [a + b for a, b in zip(counts.get(key, [0, 0, 0]), row, strict=True)]
    own = sorted(k for k in counts if k != "合计")
    return pd.DataFrame(
        [[k, *counts[k], _rate(counts[k][2], counts[k][1])] for k in (*own, "合计")],
        columns=["乡镇级单位", "支部", "评议完的", "落实完的", "落实率（%）"],
    )


def unfinished(book: Round) -> pd.DataFrame:
    """One row for each branch with items left: its last day and those items."""
    rows = []
    for branch in book.branches.index:
        done, past = book.done(branch), book.procedure.history.of(branch)
        if lacking := [book.label(i) for i in book.items if i not in done]:
            rows.append([branch, past[-1].on.isoformat() if past else None, "、".join(lacking)])
    return pd.DataFrame(rows, columns=["支部", "最近一次", "还没做的"])


def _slots(past: tuple[Entry, ...], action: str) -> set[int]:
    return {e.details["slot"] for e in past if e.action == action}


def _whole(value: object) -> bool:
    return type(value) is int and value > 0


def _rate(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
