"""Read the rules of a system from ``data/rules``: an office changes tables, not code.

A row whose ``undefined`` column is empty is given by the interview. Any other is this book's default for
the point of ``data/rules/undefined.csv`` that it names, and is never presented as the county's. A column
``given`` names the part of such a row that the interview gives nevertheless.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from figurebook.datapackage.tables import UNDEFINED, Tables
from figurebook.errors import FigurebookError

# Rules that hold under any tables; rules of one system are in ``data/rules/conditions.csv``.
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
    """A rule forbids something: its name ``rule``, its text ``label``, the offence ``detail``."""

    def __init__(self, rule: str, label: str, detail: str = ""):
        self.rule, self.label, self.detail = rule, label, detail
        super().__init__(f"{detail}：{label}（规则 {rule}）" if detail else f"{label}（规则 {rule}）")

    @property
    def name(self) -> str:
        """The rule's name for readers. One of ``GENERAL`` stands in no table and has words."""
        return f"通用规则：{_GENERAL_NAMES[self.rule]}" if self.rule in GENERAL else self.rule


class Codes:
    """The words for codes by ``table.column``, read from the tables only when needed."""

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
    """The rules of one system.

    Frames keep the tables' columns. ``parameters`` maps names to integers. ``codes`` has the words for the
    codes of ``table.column``.
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
        """The rows of each shared rule table that belong to ``system`` (``S04``), in order."""
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
        """The RuleError of this system's rule, or of one of ``GENERAL``; KeyError for neither."""
        label = GENERAL[rule] if rule in GENERAL else self.conditions[rule]
        return RuleError(rule if rule in GENERAL else f"{self.system}.{rule}", label, detail)


def origin(row: Mapping) -> str:
    """The origin of a rule for readers: the interview, this book's default, or both."""
    point, given_part = row["undefined"], row.get("given")
    if pd.isna(point):
        return "访谈"
    ours = f"本书默认（{point}）"
    return ours if pd.isna(given_part) else f"访谈（{given_part}）；其余：{ours}"


def rule_tables(tables: Tables, system: str) -> list[tuple[dict, pd.DataFrame]]:
    """``(resource, rows)`` of each rule table with rows of the system.

    The rows are without the column ``system``.
    """
    return [
        (tables.resource(name), own)
        for name, own in tables.rules_of(system).items()
        if len(own) and name != UNDEFINED
    ]
