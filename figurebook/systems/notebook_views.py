"""Show in a system's notebook its rules, its first entries and a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.notebooks.api import Shown, plain_cell
from figurebook.systems.rule_tables import CODE, ORIGIN, entries, readable_rules
from figurebook.systems.rules import RuleError

__all__ = ["entries", "refused", "rules_table"]


def rules_table(t: Tables, system: str) -> Shown:
    """Every rule of a system, one row each: kind, rule, content and origin."""
    rows = []
    for title, frame in readable_rules(t, system):
        label, *others = [c for c in frame if c not in (ORIGIN, CODE)]
        for row in frame.to_dict("records"):
            content = "；".join(f"{c}：{plain_cell(row[c])}" for c in others if not pd.isna(row[c]))
            rows.append([title, row[label], content or "—", row[ORIGIN]])
    return Shown("规则", ["类别", "规则", "内容", ORIGIN], rows)


def refused(action: Callable, *arguments: Any, **details: Any) -> Shown:
    """The model's refusal of an action as a table; AssertionError when it does not refuse."""
    try:
        action(*arguments, **details)
    except RuleError as refusal:
        return Shown(
            "被拒绝", ["规则", "规则说的", "拒绝的是"], [[refusal.name, refusal.label, refusal.detail]]
        )
    raise AssertionError("模型没有拒绝")
