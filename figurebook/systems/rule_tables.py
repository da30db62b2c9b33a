"""Show rules and histories to readers: titles, words for codes, origin of each row.

The tables keep their codes, by which rules refer to each other and to the models. A reader meets the code
once, in the last column of its own row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from figurebook import project
from figurebook.datapackage.tables import Tables
from figurebook.datapackage.validation.field_wording import code_words
from figurebook.systems.history import Entry
from figurebook.systems.rules import Rules, origin, rule_tables

CODE, ORIGIN = "代码", "出处"
# The column that holds the code of the row itself, and the tables that name the codes of a column.
_OWN = {
    "states": "state",
    "transitions": "action",
    "cadences": "activity",
    "budget_lines": "item",
    "matrix": "field",
    "flows": "kind",
    "parameters": "name",
    "conditions": "name",
    "criteria": "name",
    "indicators": "name",
    "duties": "name",
    "awards": "name",
    "point_rules": "name",
}
_NAMES_OF = {
    ("transitions", "source"): ("states",),
    ("transitions", "target"): ("states",),
    ("transitions", "conditions"): ("conditions",),
    ("indicators", "parent"): ("indicators",),
    ("duties", "level"): ("criteria",),
    ("duties", "serves"): ("criteria", "duties"),
    ("awards", "field"): ("criteria",),
    ("overlaps", "first"): ("flows",),
    ("overlaps", "second"): ("flows",),
}


def readable_rules(tables: Tables, system: str) -> list[tuple[str, pd.DataFrame]]:
    """``(title, rows)`` of each rule table of a system.

    The first column is the rule itself. The second, ORIGIN, says who gave it. The last, CODE, is its code.
    Whole numbers stay integers.
    """
    own = rule_tables(tables, system)
    labels = {
        r["name"]: dict(zip(frame[_OWN[r["name"]]], frame["label"], strict=True))
        for r, frame in own
        if r["name"] in _OWN
    }
    return [
        (resource["title"].removeprefix("规则："), _readable(resource, frame, labels))
        for resource, frame in own
    ]


def entries(history: Iterable[Entry], rules: Rules, called: Mapping[str, str] | None = None) -> pd.DataFrame:
    """A history as a frame, one row for each entry.

    Its details stand in one column, without the empty ones. ``called`` has the names that readers use for
    subjects. A subject without one is shown by its id, an indicator by its label. KeyError for an action or a
    detail that has no word in the rule tables or in the county's words.
    """
    county_words = project.county().history_words()
    transitions = dict(zip(rules.transitions["action"], rules.transitions["label"], strict=True))
    actions = {**county_words.actions, **transitions}
    criteria = dict(zip(rules.criteria["name"], rules.criteria["label"], strict=True))
    names = {**county_words.details, **county_words.own.get(rules.system, {}), **criteria}
    words: dict[str, dict] = {}  # by column of codes: a detail with that name is shown in these words
    for column, column_words in rules.codes.by_column():
        words.setdefault(column, {}).update(column_words)
    indicators = dict(zip(rules.indicators["name"], rules.indicators["label"], strict=True))
    called = called or {}
    return pd.DataFrame(
        [
            [
                e.number,
                e.on.isoformat(),
                called.get(e.subject, " ".join(indicators.get(p, p) for p in e.subject.split(" "))),
                actions[e.action],
                "；".join(
                    f"{names[k]}：{(words.get(k, {}) | criteria).get(v, v)}"
                    for k, v in e.details.items()
                    if v not in ("", None)
                ),
            ]
            for e in history
        ],
        columns=["序号", "日期", "编号", "动作", "内容"],
    )


def _readable(resource: dict, frame: pd.DataFrame, labels: dict[str, dict]) -> pd.DataFrame:
    name, own = resource["name"], _OWN.get(resource["name"])
    titles = {f["name"]: f["title"] for f in resource["schema"]["fields"]}
    words = {f["name"]: code_words(f) for f in resource["schema"]["fields"]}
    columns = [c for c in frame if c not in ("label", "given", "undefined", own) and frame[c].notna().any()]
    shown = {
        titles["label"]: list(frame["label"]),
        titles["undefined"]: [origin(row) for row in frame.to_dict("records")],
    }
    for column in columns:
        named = dict(
            pair for table in _NAMES_OF.get((name, column), ()) for pair in labels.get(table, {}).items()
        )
        cells = [_in_words(v, words.get(column, {}) | named) for v in frame[column]]
        if (name, column) == ("parameters", "value"):  # a value without a unit is no quantity
            cells = [str(v) if pd.isna(u) else v for v, u in zip(cells, frame["unit"], strict=True)]
        shown[titles[column]] = pd.array(cells, dtype="object")
    if own:
        shown[CODE] = list(frame[own])
    return pd.DataFrame(shown)


def _in_words(value: Any, words: dict[str, str]) -> str | int | None:
    if not isinstance(value, str):
        return None if pd.isna(value) else int(value)
    return "；".join(words.get(code, code) for code in value.split(";"))
