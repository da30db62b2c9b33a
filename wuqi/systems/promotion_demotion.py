"""S14 promotion and demotion （能上能下）： lead a record through five steps in order.

Given by the interview: the five steps. Undefined there: what leads to which conclusion. So the model checks
that the steps are complete and in order, and draws no conclusion itself.
"""

from __future__ import annotations

import re
from datetime import date

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.spreadsheets.writing.cell_limits import has_text
from figurebook.systems.history import Entry
from figurebook.systems.periods import after, can_follow
from figurebook.systems.procedure import Procedure
from figurebook.systems.rules import RuleError, Rules

SYSTEM = "S14"
VIEWS = {"progress": "五步走到第几步", "outstanding": "还缺的步骤、结论", "overdue": "过了期限还没有结论的"}
_IDENTIFIER = re.compile("[A-Z][0-9]+")


def rules(tables: Tables) -> Rules:
    """The steps, their order, the deadline and the conditions on a conclusion."""
    return Rules.load(tables, SYSTEM)


class Records(Procedure):
    """Records that pass the steps; the refusal of a wrong step names the next one."""

    def apply(self, on: date, subject: str, action: str, **details: str | int) -> Entry:
        """Do a step, as ``Procedure.apply``; rule ``order`` refuses a step out of order."""
        try:
            return super().apply(on, subject, action, **details)
        except RuleError as refusal:
            if refusal.rule != "transition" or self.state(subject) == "concluded":
                raise
            state, moves = self.state(subject), self.rules.transitions
            due = moves.loc[moves["source"] == state, "label"]
            text = f"{subject}（{self.labels[state]}）：下一步是{due.iloc[0]}，不能{self.actions[action]}"
            raise self.rules.refusal("order", text) from None


def records(rules: Rules) -> Records:
    """An empty book of records, to which ``apply(day, record, step, …)`` adds.

    A conclusion takes ``reasons`` (text, not empty). RuleError for an invalid id, and for a step out of its
    order or done twice; the message names the next step. RuleError for a start so late that its deadline has
    no date. RuleError for a conclusion before all five steps, without reasons, or after the deadline.
    """
    return Records(
        rules,
        {
            "identifier": lambda a: bool(_IDENTIFIER.fullmatch(a.subject)),
            "limit": lambda a: can_follow(a.on, rules["deadline"], rules.units["deadline"]),
            "reasons": lambda a: has_text(a.details.get("reasons")),
            "in-time": lambda a: a.on <= _due(rules, a.past[0].on),
        },
    )


def example(rules: Rules) -> Procedure:
    """Six records with one to all steps done, one step each month from January 2016.

    They have identifiers only.
    """
    book, actions = records(rules), list(records(rules).actions)
    for n in range(1, len(actions) + 1):
        for month, action in enumerate(actions[:n], 1):
            details = {"reasons": "例：五步记录齐全"} if action == actions[-1] else {}
            book.apply(date(2016, month, n), f"R{n:02}", action, **details)
    return book


def progress(book: Procedure) -> pd.DataFrame:
    """One row for each record: the number of the five steps done, and its state."""
    steps = _steps(book.rules)
    return pd.DataFrame(
        [
            [s, sum(e.action in steps for e in book.history.of(s)), book.labels[book.state(s)]]
            for s in book.subjects
        ],
        columns=["记录", "已做步数", "状态"],
    )


def outstanding(book: Procedure) -> pd.DataFrame:
    """One row for each record without a conclusion: the missing steps and the conclusion."""
    rows = []
    for subject in book.subjects:
        done = {e.action for e in book.history.of(subject)}
        if lacking := [label for action, label in book.actions.items() if action not in done]:
            rows.append([subject, "、".join(lacking)])
    return pd.DataFrame(rows, columns=["记录", "还缺"])


def overdue(book: Procedure, today: date) -> pd.DataFrame:
    """One row for each record past its deadline without a conclusion: deadline, days since."""
    rows = []
    for subject in book.subjects:
        due = _due(book.rules, book.history.of(subject)[0].on)
        if book.state(subject) != "concluded" and today > due:
            rows.append([subject, due.isoformat(), (today - due).days])
    return pd.DataFrame(rows, columns=["记录", "期限", "逾期天数"])


def _steps(rules: Rules) -> set[str]:
    """The actions that lead on but not to the end: a conclusion is no step."""
    passing = rules.states.loc[rules.states["kind"] == "passing", "state"]
    return set(rules.transitions.loc[rules.transitions["target"].isin(passing), "action"])


def _due(rules: Rules, start: date) -> date:
    return after(start, rules["deadline"], rules.units["deadline"])
