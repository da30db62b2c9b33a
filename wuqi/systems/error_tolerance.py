"""S13 allowing for and correcting errors （容错纠错）： follow a case from application to follow-up visit.

Given by the interview: a standard and a time limit define what is tolerated. Public hearing and assessment
are ways of checking when errors are corrected. Care and follow-up visits are steps of tolerance.
Undefined there: the standard, the limit, the order, who does each step, and how an error is corrected after
the check. The model has no step for that correction. The book joins the two sides into one line. The model
checks the order, the limits and the reasons, and leaves the decision to those who decide.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import ClassVar

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.spreadsheets.writing.cell_limits import has_text
from figurebook.systems.history import Details
from figurebook.systems.periods import after, can_follow
from figurebook.systems.procedure import Procedure
from figurebook.systems.rules import Rules

SYSTEM = "S13"
VIEWS = {
    "by_stage": "各阶段有几件、最久等了多少天",
    "waiting": "没有办完的案件等了多久",
    "overdue": "过了期限还没有办的",
    "decisions": "作出的决定和理由",
    "late_steps": "迟办的环节和理由",
    "follow_ups": "该跟踪关爱和回访的",
}
EXCLUSION = "not-exempt"
DECISIONS = ("exempt", "hold")
_IDENTIFIER = re.compile("[A-Z][0-9]+")
# The example: days from the application to each step; then each case's month, day and number of steps.
_EXAMPLE_STEPS = [
    ("apply", 0),
    ("check", 10),
    ("hear", 25),
    ("assess", 38),
    ("exempt", 45),
    ("care", 70),
    ("visit", 200),
]
_EXAMPLE_STARTS = [
    (1, 11, 7),
    (1, 18, 7),
    (2, 15, 7),
    (7, 4, 6),
    (8, 8, 5),
    (7, 25, 5),
    (8, 29, 4),
    (8, 15, 3),
    (9, 26, 2),
    (9, 12, 1),
    (10, 3, 1),
]


def rules(tables: Tables) -> Rules:
    """The stages with their limits and conditions, and the exclusions from exemption."""
    return Rules.load(tables, SYSTEM)


class Cases(Procedure):
    """Cases by id. Only a check or an assessment may name an exclusion."""

    takes: ClassVar[Mapping[str, Collection[str]]] = {
        "apply": {"reasons"},
        "check": {"found", "late"},
        "hear": {"late"},
        "assess": {"found", "late"},
        "exempt": {"reasons", "late"},
        "hold": {"reasons", "late"},
        "care": {"late"},
        "visit": {"late"},
    }


def cases(rules: Rules) -> Cases:
    """An empty book of cases, to which ``apply(day, case, action, …)`` adds.

    ``check`` and ``assess`` take ``found``: names of the exclusions found, joined by ``;``, "" for none.
    Applications and decisions take ``reasons``. A step after its limit takes ``late``, the reason for it.
    RuleError for a step that the table does not allow, and for one with a detail missing or not allowed.
    RuleError also for a day so late that a limit counted from it has no date.
    """
    exclusions = set(rules.criteria.loc[rules.criteria["kind"] == EXCLUSION, "name"])
    return Cases(
        rules,
        {
            "identifier": lambda a: bool(_IDENTIFIER.fullmatch(a.subject)),
            "reasons": lambda a: has_text(a.details.get("reasons")),
            "circumstance": lambda a: "found" in a.details and _exclusions(a.details) <= exclusions,
            "not-excluded": lambda a: not any(_exclusions(e.details) for e in a.past),
            "late-reason": lambda a: (
                a.on <= _due(rules, a.state, a.past[-1].on) or has_text(a.details.get("late"))
            ),
            "limit": lambda a: all(can_follow(a.on, rules[s], rules.units[s]) for s in rules.parameters),
        },
    )


def example(rules: Rules) -> Procedure:
    """Eleven cases by day, from application to visit, in 2016, January to October.

    They have identifiers only. C02 and C06 were found to be excluded. The hearing of C03 was late.
    """
    book, events = cases(rules), []
    for n, (month, day, walked) in enumerate(_EXAMPLE_STARTS, 1):
        start = date(2016, month, day)
        for action, days in _EXAMPLE_STEPS[:walked]:
            late = n == 3 and days >= 25
            details = {"reasons": "例：见附卷"} if action in ("apply", "exempt") else {}
            if action in ("check", "assess"):
                details["found"] = "concealment" if n in (2, 6) and action == "assess" else ""
            if late and action == "hear":
                details["late"] = "例：等候材料"
            done = "hold" if n in (2, 6) and action == "exempt" else action
            events.append((after(start, days + 15 * late, "天"), f"C{n:02}", done, details))
    for on, case, action, details in sorted(events, key=lambda e: e[:2]):
        book.apply(on, case, action, **details)
    return book


def by_stage(book: Procedure, today: date) -> pd.DataFrame:
    """One row for each stage of waiting, in table order: cases and the longest wait."""
    rows, open_cases = [], waiting(book, today)
    for state in book.rules.parameters:
        days = open_cases.loc[open_cases["阶段"] == book.labels[state], "已等天数"]
        rows.append([book.labels[state], len(days), days.max() if len(days) else 0])
    return pd.DataFrame(rows, columns=["阶段", "件数", "最久天数"])


def waiting(book: Procedure, today: date) -> pd.DataFrame:
    """One row for each unfinished case, longest wait first: stage, start, days, limit."""
    rows = [
        [case, book.labels[book.state(case)], since.isoformat(), (today - since).days, due.isoformat()]
        for case, since, due in _pending(book)
    ]
    return pd.DataFrame(rows, columns=["案件", "阶段", "自", "已等天数", "期限"]).sort_values(
        ["已等天数", "案件"], ascending=[False, True], ignore_index=True
    )


def overdue(book: Procedure, today: date) -> pd.DataFrame:
    """One row for each case past its next step's limit: stage, limit, days since."""
    rows = [
        [case, book.labels[book.state(case)], due.isoformat(), (today - due).days]
        for case, _, due in _pending(book)
        if today > due
    ]
    return pd.DataFrame(rows, columns=["案件", "阶段", "期限", "逾期天数"])


def decisions(book: Procedure) -> pd.DataFrame:
    """One row for each decision: date, decision, exclusions found so far, reasons."""
    labels, rows = book.rules.criteria.set_index("name")["label"], []
    for entry in book.history:
        if entry.action in DECISIONS:
            exclusions = {name for e in book.history.of(entry.subject) for name in _exclusions(e.details)}
            rows.append(
                [
                    entry.subject,
                    entry.on.isoformat(),
                    book.actions[entry.action],
                    "、".join(labels[n] for n in labels.index if n in exclusions) or "没有发现",
                    entry.details["reasons"],
                ]
            )
    return pd.DataFrame(rows, columns=["案件", "日期", "决定", "不得免责的情形", "理由"])


def late_steps(book: Procedure) -> pd.DataFrame:
    """One row for each step taken after its limit: days late and the reason."""
    rows, again = [], cases(book.rules)
    for entry in book.history:
        past = again.history.of(entry.subject)
        if past and entry.on > (due := _due(book.rules, again.state(entry.subject), past[-1].on)):
            rows.append(
                [
                    entry.subject,
                    book.actions[entry.action],
                    due.isoformat(),
                    (entry.on - due).days,
                    entry.details["late"],
                ]
            )
        again.apply(entry.on, entry.subject, entry.action, **entry.details)
    return pd.DataFrame(rows, columns=["案件", "环节", "期限", "迟延天数", "迟延的理由"])


def follow_ups(book: Procedure) -> pd.DataFrame:
    """One row for each decided case due for care or a visit, nearest limit first."""
    decided = {e.subject for e in book.history if e.action in DECISIONS}
    rows = [
        [case, book.labels[book.state(case)], due.isoformat()]
        for case, _, due in _pending(book)
        if case in decided
    ]
    return pd.DataFrame(sorted(rows, key=lambda r: (r[2], r[0])), columns=["案件", "阶段", "期限"])


def _pending(book: Procedure) -> list[tuple[str, date, date]]:
    """``(case, day of its last step, limit of its next)`` of every unfinished case."""
    pending = []
    for case in book.subjects:
        if (state := book.state(case)) in book.rules.parameters:
            since = book.history.of(case)[-1].on
            pending.append((case, since, _due(book.rules, state, since)))
    return pending


def _due(rules: Rules, state: str, since: date) -> date:
    """The limit of the step after ``state``; KeyError for a state without a limit."""
    return after(since, rules[state], rules.units[state])


def _exclusions(details: Details) -> set[str]:
    return {name for name in str(details.get("found", "")).split(";") if name}
