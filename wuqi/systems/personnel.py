"""S08 personnel （人员保障）： record staffed committees, and weak branches that are put right.

Given by the interview: villages whose two committees were staffed, county departments whose committees were
elected, weak branches put right. Undefined there: what counts as weak, and which villages these were. No
entry may name a village.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.spreadsheets.writing.cell_limits import has_text
from figurebook.systems.procedure import Attempt, Procedure
from figurebook.systems.rules import Rules

SYSTEM = "S08"
VIEWS = {
    "coverage": "每种班子：单位、登记、配好",
    "by_township": "各乡镇级单位的村",
    "unrecorded": "还没有登记的单位",
    "before_and_after": "软弱涣散组织：原状与现状",
    "open_items": "还没有核查通过的",
}
UNITS = {"village": "村", "department": "县直部门"}  # the units of a body, by their code in the criteria


def rules(tables: Tables) -> Rules:
    """The bodies to be staffed, and the procedure of a weak branch."""
    return Rules.load(tables, SYSTEM)


@dataclass(frozen=True)
class Staffing:
    """Records (body, unit, staffed); ``units`` maps a key of UNITS to the registers' codes."""

    rules: Rules
    villages: pd.DataFrame
    townships: pd.DataFrame
    units: dict[str, tuple[str, ...]]
    records: pd.DataFrame

    def of(self, body: str) -> pd.DataFrame:
        """The records on one body."""
        return self.records[self.records["body"] == body]


def staffing(tables: Tables, records: Iterable[tuple[str, str, bool]]) -> Staffing:
    """Check records ``(body, unit, staffed)`` against the registers of villages and departments.

    RuleError for an unknown body, and for a unit not in its register. RuleError for a body of a unit recorded
    twice, and for a record that is neither yes nor no.
    """
    ours, villages = rules(tables), tables.villages.frame
    units = {"village": tuple(villages["code"]), "department": tuple(tables.departments.frame["id"])}
    codes = {c.name: set(units[c.kind]) for c in ours.criteria.itertuples(index=False)}
    kept, seen = list(records), set()
    for body, unit, staffed in kept:
        if body not in codes:
            raise ours.refusal("body", f"{body}，{unit}")
        if unit not in codes[body]:
            raise ours.refusal("unit", f"{body}，{unit}")
        if (body, unit) in seen:
            raise ours.refusal("twice", f"{body}，{unit}")
        if not isinstance(staffed, bool):
            raise ours.refusal("yes-or-no", f"{body}，{unit}，{staffed!r}")
        seen.add((body, unit))
    frame = pd.DataFrame(kept, columns=["body", "unit", "staffed"])
    return Staffing(ours, villages, tables.townships.frame, units, frame)


def weak_branches(tables: Tables) -> Procedure:
    """An empty list of weak branches, to which ``apply(day, branch, action, …)`` adds.

    Finding takes ``before`` and putting right ``after``, texts on the situation then and now. Checking takes
    ``by`` and returning ``reasons``. RuleError for a branch not in the register, and for a village's name or
    code in any text. RuleError for a step out of its order, and for a missing text.
    """
    branches, villages = set(tables.weak_branches.frame["id"]), tables.villages.frame
    named = [*villages["code"], *(n.removesuffix("委会").removesuffix("村") for n in villages["name"])]
    townships = [_plain(name) for name in tables.townships.frame["name"]]

    def nameless(attempt: Attempt) -> bool:
        texts = [_plain(str(text)) for text in (attempt.subject, *attempt.details.values())]
        for township in townships:  # some have the name of a village
            texts = [text.replace(township, "\n") for text in texts]
        return not any(name in text for name in named for text in texts)

    return Procedure(
        rules(tables),
        {
            "registered": lambda a: a.subject in branches,
            "nameless": nameless,
            **{key: _has(key) for key in ("before", "after", "by", "reasons")},
        },
    )


def example(tables: Tables) -> tuple[Staffing, Procedure]:
    """Every unit staffed and every registered branch put right; the rest is made up.

    So the interview states. There are identifiers only. Branches are found one day apart from 1 March 2016,
    and each step follows thirty days later. In turn, a branch waits for its check, was checked, or was
    returned once and then checked.
    """
    records = [("village-committees", code, True) for code in tables.villages.frame["code"]]
    records += [
        ("department-committee", d.id, bool(d.committee_elected))
        for d in tables.departments.frame.itertuples()
    ]
    details = {
        "find": {"before": "例：发现时的情形"},
        "put-right": {"after": "例：整顿后的情形"},
        "check": {"by": "例：核查单位"},
        "return": {"reasons": "例：核查没有通过"},
    }
    paths = [
        ["find", "put-right"],
        ["find", "put-right", "check"],
        ["find", "put-right", "return", "put-right", "check"],
    ]
    book, first = weak_branches(tables), date(2016, 3, 1)
    for n, branch in enumerate(tables.weak_branches.frame["id"]):
        for later, action in enumerate(paths[n % len(paths)]):
            book.apply(first + timedelta(days=n + 30 * later), branch, action, **details[action])
    return staffing(tables, records), book


def coverage(staffing: Staffing) -> pd.DataFrame:
    """One row for each body: units in the register, recorded, staffed, staffed in per cent."""
    rows = []
    for body in staffing.rules.criteria.itertuples(index=False):
        units, records = staffing.units[body.kind], staffing.of(body.name)
        staffed = int(records["staffed"].sum())
        rows.append(
            [body.label, UNITS[body.kind], len(units), len(records), staffed, staffed / len(units) * 100]
        )
    return pd.DataFrame(rows, columns=["班子", "单位", "单位数", "已登记", "已配好", "占单位（%）"])


def by_township(staffing: Staffing) -> pd.DataFrame:
    """One row for each township: villages, and those staffed, by body of a village."""
    home = staffing.villages.set_index("code")["township_code"]
    columns = {"村数": home}
    for body in staffing.rules.criteria.itertuples(index=False):
        if body.kind == "village":
            records = staffing.of(body.name)
            columns[f"{body.label}已配好"] = records.loc[records["staffed"], "unit"].map(home)
    rows = [
        [t.name, *(int((codes == t.code).sum()) for codes in columns.values())]
        for t in staffing.townships.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=["乡镇级单位", *columns])


def unrecorded(staffing: Staffing) -> pd.DataFrame:
    """One row for each unit of the registers without a record."""
    rows = []
    for body in staffing.rules.criteria.itertuples(index=False):
        recorded = set(staffing.of(body.name)["unit"])
        rows += [[body.label, unit] for unit in staffing.units[body.kind] if unit not in recorded]
    return pd.DataFrame(rows, columns=["班子", "单位"])


def before_and_after(book: Procedure) -> pd.DataFrame:
    """One row for each branch: situation before and now, times returned, state."""
    rows = []
    for branch in book.subjects:
        past = book.history.of(branch)
        after = [e.details["after"] for e in past if e.action == "put-right"]
        rows.append(
            [
                branch,
                past[0].on.isoformat(),
                past[0].details["before"],
                after[-1] if after else None,
                sum(e.action == "return" for e in past),
                book.labels[book.state(branch)],
            ]
        )
    return pd.DataFrame(rows, columns=["编号", "发现日", "原状", "现状", "退回次数", "状态"])


def open_items(book: Procedure, today: date) -> pd.DataFrame:
    """One row for each branch not yet checked, longest first: days since it was found."""
    rows = [
        [branch, book.labels[book.state(branch)], (today - book.history.of(branch)[0].on).days]
        for branch in book.subjects
        if book.state(branch) != "checked"
    ]
    return pd.DataFrame(sorted(rows, key=lambda r: -r[2]), columns=["编号", "状态", "发现至今（天）"])


def _has(key: str) -> Callable[[Attempt], bool]:
    return lambda attempt: has_text(attempt.details.get(key))


def _plain(text: str) -> str:
    """The letters and digits of a text, half-width; other characters could hide a name."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())
