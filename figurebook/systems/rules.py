"""The rules a system runs under, read from ``data/rules``: an office changes a table, not code.

A row whose ``undefined`` column is empty is given by the interview; any other is this book's default for
the point of ``data/rules/undefined.csv`` that it names, and is never presented as the county's. A column
``given`` names what of such a row the interview gives nevertheless.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from figurebook.datapackage.tables import UNDEFINED, Tables
from figurebook.errors import FigurebookError

# What refuses whatever the tables say; rules of one system are in ``data/rules/conditions.csv``.
GENERAL = {
    "action": "没有这个动作",
    "transition": "从现在的状态不能做这个动作",
    "date-order": "日期不能早于同一件事的前一条记录",
    "unknown": "没有登记过",
    "twice": "已经登记过，不能重复",
    "value": "值不合要求",
}
_GENERAL_NAMES = {
    "action": "动作",
    "transition": "状态",
    "date-order": "日期",
    "unknown": "登记",
    "twice": "重复",
    "value": "取值",
}


class RuleError(FigurebookError):
    """Something a rule forbids: ``rule`` is its name, ``label`` what it says, ``detail`` what broke it."""

    def __init__(self, rule: str, label: str, detail: str = ""):
        self.rule, self.label, self.detail = rule, label, detail
        super().__init__(f"{detail}：{label}（规则 {rule}）" if detail else f"{label}（规则 {rule}）")

    @property
    def name(self) -> str:
        """The rule as readers see it: one of ``GENERAL`` stands in no table, and is called by words."""
        return f"通用规则：{_GENERAL_NAMES[self.rule]}" if self.rule in GENERAL else self.rule


class Codes:
    """The words for codes by ``table.column``, asked of the tables when they are needed and not before."""

    def __init__(self, tables: Tables):
        self._tables = tables

    def __getitem__(self, place: str) -> dict[str, str]:
        return self._tables.words(*place.split("."))

    def by_column(self) -> Iterator[tuple[str, dict[str, str]]]:
        """``(column, words)`` of every column of codes, table by table."""
        for (_table, column), words in self._tables.coded_columns().items():
            if words:
                yield column, words


@dataclass(frozen=True)
class Rules:
    """The rules of one system. Frames keep the tables' columns; ``parameters`` maps names to integers;
    ``codes`` says what the codes of ``table.column`` mean.
    """

    system: str
    parameters: dict[str, int]
    units: dict[str, str]
    conditions: dict[str, str]
    states: pd.DataFrame = field(repr=False, compare=False)
    transitions: pd.DataFrame = field(repr=False, compare=False)
    criteria: pd.DataFrame = field(repr=False, compare=False)
    cadences: pd.DataFrame = field(repr=False, compare=False)
    indicators: pd.DataFrame = field(repr=False, compare=False)
    codes: Codes = field(repr=False, compare=False)

    @classmethod
    def load(cls, tables: Tables, system: str) -> Rules:
        """The rows of each shared rule table that belong to ``system`` (``S04``), in the table's order."""
        own = tables.rules_of(system)
        parameters, conditions = own["parameters"].set_index("name"), own["conditions"].set_index("name")
        return cls(
            system,
            {k: int(v) for k, v in parameters["value"].items()},
            parameters["unit"].to_dict(),
            conditions["label"].to_dict(),
            own["states"],
            own["transitions"],
            own["criteria"],
            own["cadences"],
            own["indicators"],
            Codes(tables),
        )

    def __getitem__(self, parameter: str) -> int:
        """The value of a parameter, in the unit its row gives."""
        return self.parameters[parameter]

    def refusal(self, rule: str, detail: str = "") -> RuleError:
        """The exception that names a rule of this system, or one of ``GENERAL``; KeyError for neither."""
        label = GENERAL[rule] if rule in GENERAL else self.conditions[rule]
        return RuleError(rule if rule in GENERAL else f"{self.system}.{rule}", label, detail)


def origin(row: Mapping) -> str:
    """Whose a row of a rule table is, for readers: the interview's, this book's, or which part is given."""
    point, given = row["undefined"], row.get("given")
    if pd.isna(point):
        return "访谈"
    ours = f"本书默认（{point}）"
    return ours if pd.isna(given) else f"访谈（{given}）；其余：{ours}"


def rule_tables(tables: Tables, system: str) -> list[tuple[dict, pd.DataFrame]]:
    """``(resource, rows without the column system)`` of each rule table that has rows of the system."""
    return [
        (tables.resource(name), own)
        for name, own in tables.rules_of(system).items()
        if len(own) and name != UNDEFINED
    ]
