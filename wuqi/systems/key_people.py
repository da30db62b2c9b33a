"""S03 key people （抓关键人）： record who answers for each unit; measure pairing and training.

Given by the interview: a committee's secretary is directly responsible, a branch's secretary specifically.
There is pairing for help, and training for all. Undefined there: the content of either responsibility, who
is paired with whom, how many hours. Posts are identifiers; the model knows no persons.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.systems.example_ids import fictitious
from figurebook.systems.history import Entry, History
from figurebook.systems.rules import Rules

SYSTEM = "S03"
VIEWS = {
    "responsibility": "各党委和所属支部的责任人",
    "without_post": "哪些单位没有责任人",
    "pairing": "结对帮带到了哪里",
    "training": "全员培训到了哪里",
}
KINDS = {"township": "乡镇级党委", "department": "县直部门党委", "branch": "农村党支部"}
# Each action and the one detail it takes.
ACTIONS = {"place": "committee", "appoint": "post", "pair": "helper", "train": "hours"}
_DETAILS = {"committee": "党委", "post": "岗位", "helper": "帮带者", "hours": "学时"}
_POST = re.compile(r"[A-Z0-9-]+")


def rules(tables: Tables) -> Rules:
    """The responsible posts (``criteria``), limits (``parameters``) and refusals (``conditions``)."""
    return Rules.load(tables, SYSTEM)


def units(tables: Tables) -> pd.DataFrame:
    """The registered units: unit (its id) and kind (one of KINDS)."""
    return pd.concat(
        [
            pd.DataFrame({"unit": tables.townships.frame["code"], "kind": "township"}),
            pd.DataFrame({"unit": tables.departments.frame["id"], "kind": "department"}),
            pd.DataFrame({"unit": tables.branches.frame["id"], "kind": "branch"}),
        ],
        ignore_index=True,
    )


class Matrix:
    """Committees and branches with their posts, pairs and training; nothing in it is overwritten."""

    def __init__(self, rules: Rules, units: pd.DataFrame):
        """``units`` has the columns unit and kind, as in ``units(tables)``."""
        self.rules, self.units, self.history = rules, units, History()
        self.kinds: dict[str, str] = units.set_index("unit")["kind"].to_dict()
        self.committees: dict[str, str] = {}  # of each branch
        self.posts: dict[str, str] = {}  # of each unit
        self.helpers: dict[str, str] = {}  # of each branch
        self.hours: Counter[tuple[str, date]] = Counter()  # of each post on each day

    def apply(self, on: date, subject: str, action: str, **details: str | int) -> Entry:
        """Place a branch, appoint a unit's post, pair a branch, or train a post.

        A branch is placed under a committee, and paired with a helper. The subject is the branch or unit, for
        training the post. ``details`` is the one detail that ACTIONS names; hours are in 学时. RuleError, and
        nothing changed, when a rule forbids it.
        """
        if action not in ACTIONS:
            raise self.rules.refusal("action", f"{subject}，{action}")
        where = f"{subject}，{'、'.join(f'{_DETAILS.get(k, k)} {v}' for k, v in details.items())}"
        plain = all(isinstance(x, str | int) for x in (subject, *details.values()))
        if type(on) is not date or set(details) != {ACTIONS[action]} or not plain:
            raise self.rules.refusal("value", f"{where}，{on}")
        past = self.history.of(subject)
        if past and on < past[-1].on:
            raise self.rules.refusal("date-order", f"{where}，{on}")
        value = details[ACTIONS[action]]
        if broken := getattr(self, f"_{action}_breaks")(on, subject, value):
            raise self.rules.refusal(broken, where)
        self._keep(on, subject, action, value)
        return self.history.append(on, subject, action, details)

    def _place_breaks(self, _on: date, branch: str, committee: str) -> str:
        if self.kinds.get(branch) != "branch" or self.kinds.get(committee, "branch") == "branch":
            return "unknown"
        if branch in self.committees:
            return "twice" if self.committees[branch] == committee else "one-committee"
        return ""

    def _appoint_breaks(self, _on: date, unit: str, post: str) -> str:
        if unit not in self.kinds:
            return "unknown"
        if not _POST.fullmatch(str(post)):
            return "no-names"
        if unit in self.posts:
            return "twice" if self.posts[unit] == post else "one-post"
        return "one-unit" if post in self.posts.values() else ""

    def _pair_breaks(self, _on: date, branch: str, helper: str) -> str:
        if branch not in self.kinds or helper not in self.kinds:
            return "unknown"
        if branch == helper:
            return "not-itself"
        if self.kinds[branch] != "branch" or self.kinds[helper] == "branch":
            return "committee-helps-branch"
        if branch in self.helpers:
            return "twice" if self.helpers[branch] == helper else "helped-once"
        full = list(self.helpers.values()).count(helper) >= self.rules["helped-at-most"]
        return "helper-full" if full else ""

    def _train_breaks(self, on: date, post: str, hours: int) -> str:
        if post not in self.posts.values():
            return "unknown"
        whole = type(hours) is int and hours > 0
        return "" if whole and self.hours[post, on] + hours <= self.rules["day-hours"] else "hours"

    def _keep(self, on: date, subject: str, action: str, value: Any) -> None:
        if action == "train":
            self.hours[subject, on] += value
        else:
            {"place": self.committees, "appoint": self.posts, "pair": self.helpers}[action][subject] = value


def example(rules: Rules, units: pd.DataFrame) -> Matrix:
    """As many units of each kind as in ``units``, with invented identifiers.

    Branches belong to townships in turn. Every seventeenth unit is without a post. Some units are not paired
    or trained.
    """
    units = units[["kind"]].assign(unit=fictitious(len(units)))
    book, day = Matrix(rules, units), date(2016, 1, 4)
    towns, branches = (units.loc[units["kind"] == kind, "unit"].tolist() for kind in ("township", "branch"))
    helpers = [u for u in units["unit"] if book.kinds[u] != "branch"]
    for n, branch in enumerate(branches):
        book.apply(day, branch, "place", committee=towns[n % len(towns)])
    for n, unit in enumerate(units["unit"], 1):
        if n % 17:
            book.apply(day, unit, "appoint", post=f"P{n:03}")
    limit = rules["helped-at-most"]
    for n, branch in enumerate(branches):
        if n % 7 and n // limit < len(helpers):
            book.apply(date(2016, 3, 1), branch, "pair", helper=helpers[n // limit])
    half = rules["training-hours"] // 2
    for n, post in enumerate(book.posts.values()):
        for month in (4, 9)[: n % 3]:
            book.apply(date(2016, month, 12), post, "train", hours=half)
    return book


def responsibility(book: Matrix) -> pd.DataFrame:
    """One row for each committee: post directly responsible, branches, branches with a post."""
    rows = []
    for unit, kind in book.kinds.items():
        if kind != "branch":
            under = [b for b, c in book.committees.items() if c == unit]
            rows.append([unit, KINDS[kind], book.posts.get(unit), len(under), _among(under, book.posts)])
    return pd.DataFrame(rows, columns=["党委", "类别", "直接责任人", "所属支部", "有具体责任人的支部"])


def without_post(book: Matrix) -> pd.DataFrame:
    """One row for each unit that lacks a post or a committee: what it lacks."""
    labels = book.rules.criteria.set_index("kind")["label"]
    rows = []
    for unit, kind in book.kinds.items():
        lacks = [] if unit in book.posts else [labels["branch" if kind == "branch" else "committee"]]
        lacks += ["所归党委"] if kind == "branch" and unit not in book.committees else []
        rows += [[unit, KINDS[kind], book.committees.get(unit), "、".join(lacks)]] if lacks else []
    return pd.DataFrame(rows, columns=["单位", "类别", "所归党委", "缺什么"])


def pairing(book: Matrix) -> pd.DataFrame:
    """One row for each committee, one for branches without one: branches, paired, per cent."""
    under: dict[str, list[str]] = {}
    for unit, kind in book.kinds.items():
        if kind == "branch":
            under.setdefault(book.committees.get(unit, "没有归党委"), []).append(unit)
    return pd.DataFrame(
        [
            [committee, len(b), _among(b, book.helpers), _rate(_among(b, book.helpers), len(b))]
            for committee, b in sorted(under.items())
        ],
        columns=["党委", "所属支部", "已结对", "覆盖率（%）"],
    )


def training(book: Matrix, year: int) -> pd.DataFrame:
    """One row for each kind of unit: posts, fully trained, per cent, hours lacking."""
    done: Counter[str] = Counter()
    for (post, day), hours in book.hours.items():
        done[post] += hours if day.year == year else 0
    rows, due = [], book.rules["training-hours"]
    for kind, label in KINDS.items():
        posts = [p for u, p in book.posts.items() if book.kinds[u] == kind]
        full = sum(done[p] >= due for p in posts)
        rows.append(
            [label, len(posts), full, _rate(full, len(posts)), sum(max(0, due - done[p]) for p in posts)]
        )
    return pd.DataFrame(rows, columns=["类别", "书记岗位", "学满的", "覆盖率（%）", "还差的学时"])


def _among(units: list[str], held: dict[str, str]) -> int:
    return sum(u in held for u in units)


def _rate(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
