"""Check what must agree: relations of the table ``agreements``, and total rows.

Source: ``data/checks/agreements.csv``. A relation follows from what a register is by its definition, and the
table says from which; nothing is known here of any county. Cells already at fault are not checked again.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from figurebook.datapackage.problems import Problem
from figurebook.datapackage.validation.table_rows import filled, records
from figurebook.office.check.table import LISTED, TOTAL, CheckedTable
from figurebook.text_forms import shown

RULES = "agreements"
Ours = Callable[[str], pd.DataFrame]


def disagreements(tables: dict[str, CheckedTable], resources: dict, ours: Ours) -> list[Problem]:
    """Report rows of an office's tables that disagree.

    They may disagree with themselves, with one another, or with ours.
    """
    problems = [problem for table in tables.values() for problem in (*_strays(table), *_totals(table))]
    if RULES not in resources:
        return problems
    for rule in records(ours(RULES)):
        table, other = tables.get(rule["table"]), tables.get(rule["other"])
        if table:
            problems += _RELATIONS[rule["relation"]](table, rule, resources, tables, ours)
        elif other and rule["table"] in resources and rule["table"] not in tables:
            problems += _ours_into_given(other, rule, resources, ours)
    return problems


def _where(frame: pd.DataFrame, rule: dict) -> np.ndarray:
    """Mark the rows that a relation is about; all of them without a condition."""
    if not rule["where_column"]:
        return np.ones(len(frame), dtype=bool)
    return np.array([cell == rule["where_value"] for cell in filled(frame[rule["where_column"]])], dtype=bool)


def _rows_to_check(table: CheckedTable, rule: dict) -> np.ndarray:
    """Mark the rows that a relation is about whose cell is not at fault already."""
    return _where(table.frame, rule) & ~table.bad[rule["column"]]


def _message(rule: dict, more: str = "") -> str:
    return f"{rule['label']}（{rule['reason']}）。{more}请按原始登记改正。"


def _filled(table: CheckedTable, rule: dict, *_: object) -> list[Problem]:
    wrong = _rows_to_check(table, rule) & table.empty(rule["column"])
    return table.faults("agreement", _message(rule), wrong, rule["column"])


def _equals(table: CheckedTable, rule: dict, *_: object) -> list[Problem]:
    differs = np.array([cell != rule["expected"] for cell in filled(table.frame[rule["column"]])], dtype=bool)
    wrong = _rows_to_check(table, rule) & differs
    return table.faults("agreement", _message(rule), wrong, rule["column"])


def _differs(table: CheckedTable, rule: dict, *_: object) -> list[Problem]:
    equals = np.array([cell == rule["expected"] for cell in filled(table.frame[rule["column"]])], dtype=bool)
    return table.faults("agreement", _message(rule), _rows_to_check(table, rule) & equals, rule["column"])


def _same(
    table: CheckedTable, rule: dict, resources: dict, tables: dict[str, CheckedTable], ours: Ours
) -> list[Problem]:
    other = tables.get(rule["other"])
    looked_up = _looked_up(table.frame, rule, other.frame if other else ours(rule["other"]), resources)
    wrong = (
        _rows_to_check(table, rule)
        & table.sound(rule["column"])
        & table.sound(rule["by"])
        & _differ(table.frame[rule["column"]], looked_up)
    )
    whose = "您给的表" if other else "本书的表"
    where = f"{whose}“{resources[rule['other']]['title']}”（{rule['other']}）"
    return table.faults(
        "agreement", lambda i: _message(rule, f"{where}里是 {shown(looked_up[i])}。"), wrong, rule["column"]
    )


def _looked_up(frame: pd.DataFrame, rule: dict, other: pd.DataFrame, resources: dict) -> np.ndarray:
    """For each row the value that ``other`` has where it points.

    ``""`` where it points at nothing.
    """
    [key] = resources[rule["other"]]["schema"]["primaryKey"]
    rows = zip(filled(other[key]), filled(other[rule["other_column"]]), strict=True)
    value_at = {"": ""}
    for value, says in rows:
        value_at.setdefault(value, says)
    return np.array([value_at.get(value, "") for value in filled(frame[rule["by"]])], dtype=object)


def _differ(cells: pd.Series, looked_up: np.ndarray) -> np.ndarray:
    texts = np.array(filled(cells), dtype=object)
    return (texts != "") & (looked_up != "") & (texts != looked_up)


def _sum(table: CheckedTable, rule: dict, *_: object) -> list[Problem]:
    by, column = rule["by"].split(";"), rule["column"]
    frame = (
        table.frame[by]
        .fillna("")
        .assign(sound=table.sound(column), number=table.numbers[column], row=table.frame.index)
    )
    problems = []
    for group, rows in frame.groupby(by, sort=False):
        if rows["sound"].all() and rows["number"].sum() != int(rule["expected"]):
            of = "，".join(
                f"{table.heading(name)} {shown(value) or '（空）'}"
                for name, value in zip(by, group, strict=True)
            )
            problems.append(
                table.fault(
                    "agreement",
                    _message(rule, f"{of} 的 {len(rows)} 行合计 {rows['number'].sum():,}。"),
                    column,
                    row=int(rows["row"].iloc[0]),
                )
            )
    return problems


_RELATIONS: dict[str, Callable[..., list[Problem]]] = {
    "filled": _filled,
    "equals": _equals,
    "differs": _differs,
    "same": _same,
    "sum": _sum,
}


def _ours_into_given(other: CheckedTable, rule: dict, resources: dict, ours: Ours) -> list[Problem]:
    """Report our own rows that a table of the office contradicts.

    The two cannot stand together.
    """
    frame, title = ours(rule["table"]), resources[rule["table"]]["title"]
    looked_up = _looked_up(frame, rule, other.frame, resources)
    hit = int((_where(frame, rule) & _differ(frame[rule["column"]], looked_up)).sum())
    return (
        []
        if not hit
        else [
            other.fault(
                "agreement",
                f"{rule['label']}（{rule['reason']}）：本书的表“{title}”（{rule['table']}）"
                f"的 {len(frame):,} 行里，有 {hit:,} 行与您给的{other.title}不一致；两张表不能合用。"
                f"请改正，或把您自己的“{title}”（{rule['table']}）一并放进来。",
                rule["other_column"],
            )
        ]
    )


def _strays(table: CheckedTable) -> list[Problem]:
    rows = table.strays.index.tolist()
    more = f"这样的行共 {len(rows):,} 行，只逐个列出前 {LISTED:,} 行。请先改好这些再检查。"
    return [
        table.fault("not-a-record", "这一行看来是示例、备注或落款，不是一条登记。请删去这一行。", row=row)
        for row in rows[:LISTED]
    ] + [table.fault("not-a-record", more)] * (len(rows) > LISTED)


def _totals(table: CheckedTable) -> list[Problem]:
    """Report rows that add up the others, and sums that are not right.

    They are no rows of a register; what they say must be the sum all the same.
    """
    if table.totals.empty and table.office_table.totals.empty:
        return []
    problems = [
        table.fault("total-row", "这一行是合计，不是一条登记。请删去这一行。", row=int(row))
        for row in table.totals.index
    ]
    whole = [not _partial(cells) for cells in table.totals.itertuples(index=False)]
    of_all = [table.totals[np.array(whole, dtype=bool)]]
    of_all += [table.office_table.totals] if len(table.office_table.totals) else []
    for spec in table.fields:
        name = spec["name"]
        if spec["type"] != "integer" or spec.get("unit") == "fen" or not table.sound(name).all():
            continue  # amounts of money may be means or rates; a sum over faulty cells says nothing
        added = int(table.numbers[name].sum())
        for row, text in [item for rows in of_all for item in rows[name].items()]:
            if text is not None and text.isdecimal() and int(text) != added:
                problems.append(
                    Problem(
                        table.office_table.file,
                        "agreement",
                        f"合计写的与各行之和不同：各行之和是 {added:,}。请核对是否缺行、多行，或有填错的。",
                        table.office_table.sheet,
                        int(row),
                        table.heading(name),
                        text,
                    )
                )
    return problems


def _partial(cells: tuple) -> bool:
    """Whether a row adds up some of the others only （小计，某村合计）, or may do so."""
    texts = [cell for cell in cells if cell is not None]
    return any("小" in cell for cell in texts) or not any(map(TOTAL.match, texts))
