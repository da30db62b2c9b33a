"""S05 four creations, four strivings （四创建四争当）： nominate, review and recognise by field.

Given by the interview: four fields, each with one type of organisation and one type of member, and four
totals. Undefined there: the criteria, the procedure, and how each total splits by field. The split in the
registers is this book's reconstruction and proves nothing.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.figures.registry import load_figures
from figurebook.spreadsheets.writing.cell_limits import has_text
from figurebook.systems.periods import after
from figurebook.systems.procedure import Attempt, Procedure
from figurebook.systems.rules import Rules

SYSTEM = "S05"
VIEWS = {
    "recognised": "各领域认定了多少",
    "totals": "合计与访谈的数字",
    "pending": "没有办完的和不予认定的",
    "unmet": "哪一条标准没有达到",
}
KINDS = {"organisation": "党组织", "member": "党员"}
_REGISTERS = {"organisation": "organisations", "member": "model_members"}
_FIGURES = {"demonstration.organisations": "organisation", "demonstration.members": "member"}
_COUNTED = {
    "demonstration.sites": "demonstration_sites",
    "demonstration.households": "demonstration_households",
}


def rules(tables: Tables) -> Rules:
    """The procedure, its conditions, and the criteria of each kind (the matrix is ``matrix``)."""
    return Rules.load(tables, SYSTEM)


def matrix(tables: Tables) -> pd.DataFrame:
    """One row for each field, by code: ``label``, and the types of ``organisation`` and ``member``."""
    return tables.rules_of(SYSTEM)["matrix"].set_index("field")[["label", *KINDS]]


def candidates(rules: Rules, tables: Tables) -> dict[str, tuple[str, str]]:
    """``{id: (kind, field)}`` of the two registers; RuleError for an id that is in both."""
    registered = {}
    for kind, name in _REGISTERS.items():
        for row in getattr(tables, name).frame.itertuples():
            if row.id in registered:
                raise rules.refusal("twice", row.id)
            registered[row.id] = (kind, row.field)
    return registered


def nominations(rules: Rules, types: pd.DataFrame, registered: dict[str, tuple[str, str]]) -> Procedure:
    """An empty book, to which ``apply(day, id, action, …)`` adds.

    ``nominate`` takes ``field`` and ``type``. ``review`` takes 1 or 0 for every criterion of the candidate's
    kind. ``decline`` takes ``reasons``. RuleError for a candidate not in ``registered``, another candidate's
    field, a type of another field, or a review without one of the criteria. RuleError for recognition without
    a review, twice, or with a criterion unmet.
    """
    asked = {kind: set(rules.criteria.loc[rules.criteria["kind"] == kind, "name"]) for kind in KINDS}

    def typed(attempt: Attempt) -> bool:
        kind, field = registered[attempt.subject]
        return attempt.details.get("type") == types.at[field, kind]

    return Procedure(
        rules,
        {
            "registered": lambda a: a.subject in registered,
            "own-field": lambda a: a.details.get("field") == registered[a.subject][1],
            "type": typed,
            "answered": lambda a: (
                a.details.keys() == asked[registered[a.subject][0]]
                and all(type(v) is int and v in (0, 1) for v in a.details.values())
            ),
            "met": lambda a: all(a.past[-1].details.values()),
            "reasons": lambda a: has_text(a.details.get("reasons")),
        },
    )


def example(rules: Rules, tables: Tables) -> Procedure:
    """All entries of the registers, nominated one each day from January 2016, then recognised.

    All were reviewed. Eight more candidates, P01 to P08, are in no register: nominated only, reviewed, or
    declined.
    """
    types, held = matrix(tables), candidates(rules, tables)
    more = [(kind, field) for field in types.index for kind in KINDS]
    numbers = {f"P{n:02}": n for n in range(1, len(more) + 1)}
    registered = dict(zip(numbers, more, strict=True)) | held
    book, events = nominations(rules, types, registered), []
    for day, (subject, (kind, field)) in enumerate(registered.items()):
        extra = 0 if subject in held else numbers[subject]
        start = after(date(2016, 1, 4), day, "天")
        events.append((start, subject, "nominate", {"field": field, "type": types.at[field, kind]}))
        names = rules.criteria.loc[rules.criteria["kind"] == kind, "name"]
        marks = dict.fromkeys(names, 1) | ({names.iloc[-1]: 0} if extra > 4 else {})
        if extra not in (1, 2):
            events.append((after(start, 1, "个月"), subject, "review", marks))
        if extra in (0, 5, 6):
            done = ("decline", {"reasons": "例：见审核"}) if extra else ("recognise", {})
            events.append((after(start, 2, "个月"), subject, *done))
    for on, subject, action, details in sorted(events, key=lambda e: e[:2]):
        book.apply(on, subject, action, **details)
    return book


def recognised(book: Procedure, types: pd.DataFrame) -> pd.DataFrame:
    """One row for each type, by kind and field: the number recognised."""
    held = [nomination(book, s)["type"] for s in book.subjects if book.state(s) == "recognised"]
    return pd.DataFrame(
        [
            [name, types.at[field, "label"], types.at[field, kind], held.count(types.at[field, kind])]
            for kind, name in KINDS.items()
            for field in types.index
        ],
        columns=["类别", "领域", "类型", "已认定"],
    )


def totals(book: Procedure, types: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """One row for each figure of the system: stated value, sum here, difference, summands."""
    figures, counted = load_figures(tables), recognised(book, types)
    sums = {
        i: (counted.loc[counted["类别"] == KINDS[kind], "已认定"].sum(), "四个领域相加")
        for i, kind in _FIGURES.items()
    }
    sums |= {i: (len(getattr(tables, name).frame), "登记表的行数") for i, name in _COUNTED.items()}
    return pd.DataFrame(
        [
            [figures[i].label_zh, int(figures[i].value), n, n - int(figures[i].value), of]
            for i, (n, of) in sums.items()
        ],
        columns=["数字", "访谈所述", "这里的合计", "差", "合计的是"],
    )


def pending(book: Procedure, types: pd.DataFrame) -> pd.DataFrame:
    """One row for each nomination not recognised: type, state and unmet criteria."""
    labels = book.rules.criteria.set_index("name")["label"]
    return pd.DataFrame(
        [
            [
                s,
                types.at[nomination(book, s)["field"], "label"],
                nomination(book, s)["type"],
                book.labels[book.state(s)],
                "、".join(labels[c] for c in _unmet(book, s)) or None,
            ]
            for s in book.subjects
            if book.state(s) != "recognised"
        ],
        columns=["编号", "领域", "类型", "状态", "没有达到的标准"],
    )


def unmet(book: Procedure) -> pd.DataFrame:
    """One row for each criterion: its reviews, and those that found it unmet."""
    reviews = [e.details for e in book.history if e.action == "review"]
    return pd.DataFrame(
        [
            [
                KINDS[c.kind],
                c.label,
                sum(c.name in r for r in reviews),
                sum(r.get(c.name) == 0 for r in reviews),
            ]
            for c in book.rules.criteria.itertuples(index=False)
        ],
        columns=["类别", "标准", "审核过", "没有达到"],
    )


def nomination(book: Procedure, subject: str) -> dict[str, str | int]:
    """The ``field`` and ``type`` of a candidate's nomination."""
    return dict(book.history.of(subject)[0].details)


def _unmet(book: Procedure, subject: str) -> list[str]:
    return [
        c
        for e in book.history.of(subject)
        if e.action == "review"
        for c, mark in e.details.items()
        if not mark
    ]
