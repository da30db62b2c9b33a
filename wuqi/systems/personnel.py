"""S08 personnel （人员保障）： committees staffed over the registers, and weak branches found and put right.

Given by the interview: villages whose two committees were staffed, county departments whose committees were
elected, weak branches put right. Undefined there: what counts as weak, and which villages these were; no
entry may name one.
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
UNITS = {"village": "村", "department": "县直部门"}  # what the criteria call the units of a body


def rules(tables: Tables) -> Rules:
    """The bodies to be staffed, and the procedure of a weak branch."""
    return Rules.load(tables, SYSTEM)


@dataclass(frozen=True)
class Staffing:
    """Records (body, unit, staffed) over the registers: ``units`` maps a key of UNITS to its codes."""

    rules: Rules
    villages: pd.DataFrame
    townships: pd.DataFrame
    units: dict[str, tuple[str, ...]]
    records: pd.DataFrame

    def of(self, body: str) -> pd.DataFrame:
        """The records on one body."""
        return self.records[self.records["body"] == body]


def staffing(tables: Tables, records: Iterable[tuple[str, str, bool]]) -> Staffing:
    """Checked records ``(body, unit, staffed)`` over the registers of villages and departments.

    RuleError: an unknown body, a unit not in its register, a body of a unit recorded twice, a record that
    does not say yes or no.
    """
    ours, villages = rules(tables), tables.villages.frame
    units = {"village": tuple(villages["code"]), "department": tuple(tables.departments.frame["id"])}
    known = {c.name: set(units[c.kind]) for c in ours.criteria.itertuples(index=False)}
    kept, seen = list(records), set()
    for body, unit, staffed in kept:
        if body not in known:
            raise ours.refusal("body", f"{body}，{unit}")
        if unit not in known[body]:
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

    Finding takes ``before``, putting right ``after`` (how things stood, how they stand: text), checking
    ``by`` and returning ``reasons``. RuleError: a branch not in the register, a village's name or code
    anywhere, a step out of its order, a text left out.
    """
    branches, villages = set(tables.weak_branches.frame["id"]), tables.villages.frame
    named = [*villages["code"], *(n.removesuffix("委会").removesuffix("村") for n in villages["name"])]
    townships = [_plain(name) for name in tables.townships.frame["name"]]

    def nameless(attempt: Attempt) -> bool:
        told = [_plain(str(text)) for text in (attempt.subject, *attempt.details.values())]
        for township in townships:  # some are called after a village
            told = [text.replace(township, "\n") for text in told]
        return not any(name in text for name in named for text in told)

    return Procedure(
        rules(tables),
        {
            "registered": lambda a: a.subject in branches,
            "nameless": nameless,
            **{key: _has(key) for key in ("before", "after", "by", "reasons")},
        },
    )


def example(tables: Tables) -> tuple[Staffing, Procedure]:
    """Every unit staffed and every registered branch put right, as the interview says; the rest is made up.

    Identifiers only. Branches are found a day apart from 1 March 2016 and a step follows thirty days later;
    by turns a branch waits to be checked, was checked, or was returned once and then checked.
    """
    said = [("village-committees", code, True) for code in tables.villages.frame["code"]]
    said += [
        ("department-committee", d.id, bool(d.committee_elected))
        for d in tables.departments.frame.itertuples()
    ]
    told = {
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
            book.apply(first + timedelta(days=n + 30 * later), branch, action, **told[action])
    return staffing(tables, said), book


def coverage(staffing: Staffing) -> pd.DataFrame:
    """One row a body: units in the register, recorded, staffed, and staffed in per cent of the units."""
    rows = []
    for body in staffing.rules.criteria.itertuples(index=False):
        units, records = staffing.units[body.kind], staffing.of(body.name)
        staffed = int(records["staffed"].sum())
        rows.append(
            [body.label, UNITS[body.kind], len(units), len(records), staffed, staffed / len(units) * 100]
        )
    return pd.DataFrame(rows, columns=["班子", "单位", "单位数", "已登记", "已配好", "占单位（%）"])


def by_township(staffing: Staffing) -> pd.DataFrame:
    """One row a township: its villages, and for each body of a village how many are staffed."""
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
    """One row a unit of the registers that no record mentions."""
    rows = []
    for body in staffing.rules.criteria.itertuples(index=False):
        recorded = set(staffing.of(body.name)["unit"])
        rows += [[body.label, unit] for unit in staffing.units[body.kind] if unit not in recorded]
    return pd.DataFrame(rows, columns=["班子", "单位"])


def before_and_after(book: Procedure) -> pd.DataFrame:
    """One row a branch: how it stood, how it stands by the latest entry, times returned, and its state."""
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
    """One row a branch not yet checked: days since it was found, the longest first."""
    rows = [
        [branch, book.labels[book.state(branch)], (today - book.history.of(branch)[0].on).days]
        for branch in book.subjects
        if book.state(branch) != "checked"
    ]
    return pd.DataFrame(sorted(rows, key=lambda r: -r[2]), columns=["编号", "状态", "发现至今（天）"])


def _has(key: str) -> Callable[[Attempt], bool]:
    return lambda attempt: has_text(attempt.details.get(key))


def _plain(text: str) -> str:
    """Letters and digits only, half-width: behind anything else a name or a code could hide."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())
