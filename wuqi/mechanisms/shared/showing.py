"""What a system's notebook shows besides its views: the rules, the first entries, a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from wuqi.mechanisms.shared.history import Entry
from wuqi.mechanisms.shared.rules import RefusedError, rule_tables
from wuqi.notebook import Shown
from wuqi.tables import Tables


def rules_table(t: Tables, system: str) -> Shown:
    """Every rule of a system, a row each: what kind it is, what it says, its value and its origin."""
    rows = []
    for resource, frame in rule_tables(t, system):
        for row in frame.to_dict("records"):
            kind = resource["title"].removeprefix("规则：")
            origin = "访谈" if pd.isna(row["undefined"]) else row["undefined"]
            rows.append([kind, row["label"], _says(row), origin])
    return Shown("规则", ["类别", "规则", "内容", "依据"], rows)


def entries(history: Iterable[Entry]) -> pd.DataFrame:
    """A history as a frame, a row an entry; details in one column."""
    return pd.DataFrame([[e.number, e.on.isoformat(), e.subject, e.action,
                          "；".join(f"{k}={v}" for k, v in e.details.items())] for e in history],
                        columns=["序号", "日期", "编号", "动作", "内容"])


def refused(action: Callable, *arguments, **details) -> Shown:
    """What the model says when it refuses; AssertionError when it does not refuse."""
    try:
        action(*arguments, **details)
    except RefusedError as refusal:
        return Shown("被拒绝", ["规则", "规则说的", "拒绝的是"],
                     [[refusal.rule, refusal.label, refusal.detail]])
    raise AssertionError("模型没有拒绝")


def _says(row: dict) -> str:
    shown = [str(row[k]) for k in row if k not in ("system", "label", "undefined") and not pd.isna(row[k])]
    return "；".join(shown)
