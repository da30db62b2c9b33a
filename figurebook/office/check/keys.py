"""Check an office table's keys against its other tables and against ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from figurebook.datapackage.problems import Problem
from figurebook.datapackage.validation.key_rules import dangling_rows, repeated, values
from figurebook.office.check.table import CheckedTable

_EXAMPLES = 5


def duplicates(table: CheckedTable) -> list[Problem]:
    """Report rows whose key, or unique value, stands in a row above."""
    problems, rows = [], table.frame.index
    for columns, twice, firsts in repeated(table):

        def message(i: int, firsts: dict[int, int] = firsts) -> str:
            return f"与第 {rows[firsts[i]]} 行相同，每行要不同。请删去重复的一行，或改正编号。"

        problems += table.faults("duplicate-key", message, twice, *columns)
    return problems


def foreign_key_problems(
    tables: dict[str, CheckedTable],
    reported: tuple[Problem, ...],
    resources: dict,
    ours: Callable[[str], pd.DataFrame],
) -> list[Problem]:
    """Report rows that point at nothing.

    First come the rows of the office's tables, then ours that point into those. ``reported`` are the
    problems reported already.
    """
    unusable = {p.sheet or Path(p.file).stem for p in reported if p.row is None or p.rule == "missing-column"}
    problems = []
    for table in tables.values():
        for key in table.schema.get("foreignKeys", []):
            target = key["reference"]["resource"] or table.name
            columns, target_columns = tuple(key["fields"]), tuple(key["reference"]["fields"])
            if target not in tables and unusable & {target, resources[target]["title"]}:
                continue  # the office's own table of that name was refused: it cannot be pointed at
            frame = tables[target].frame if target in tables else ours(target)
            whose = "您给的表" if target in tables else "本书的表"
            do = "请改正，或先把它加到那张表" if target in tables else "请改正，或把您自己的那张表一并放进来"
            lost = dangling_rows(table, columns, frame, target_columns)
            problems += table.faults(
                "foreign-key",
                f"在{whose}“{resources[target]['title']}”（{target}）的"
                f"{_called(resources[target], target_columns)}一列里找不到这个值。{do}。",
                lost,
                *columns,
            )
    for name, columns, table, target_columns in _into_given(tables, resources):
        frame, targets = ours(name), values(table.frame, target_columns)
        unknown = [row for row in values(frame, columns) if row not in targets]
        if unknown:
            pointers = frame[list(columns)].fillna("")
            hit = len(pointers.merge(pd.DataFrame(unknown, columns=list(columns)), on=list(columns)))
            shown = (
                ""
                if table.personal & set(target_columns)
                else "，如 " + "，".join("、".join(row) for row in sorted(unknown)[:_EXAMPLES])
            )
            problems.append(
                table.fault(
                    "foreign-key",
                    f"本书的表“{resources[name]['title']}”（{name}）的 {len(frame):,} 行里，"
                    f"有 {hit:,} 行指向您给的{table.title}里没有的 {len(unknown):,} 个值{shown}；"
                    f"两张表不能合用。请补上这些行，或把您自己的“{resources[name]['title']}”（{name}）一并放进来。",
                    *target_columns,
                )
            )
    return problems


def _called(resource: dict, columns: tuple[str, ...]) -> str:
    titles = {f["name"]: f.get("title", f["name"]) for f in resource["schema"]["fields"]}
    return "、".join(f"“{titles[c]}”" for c in columns)


def _into_given(tables: dict[str, CheckedTable], resources: dict) -> Iterator[tuple]:
    """Every key of ours into an office's table.

    It is (our table, its columns, the office's table, its columns).
    """
    for name, resource in resources.items():
        for key in resource["schema"].get("foreignKeys", []) if name not in tables else []:
            table, target_columns = (
                tables.get(key["reference"]["resource"]),
                tuple(key["reference"]["fields"]),
            )
            if table:
                yield name, tuple(key["fields"]), table, target_columns
