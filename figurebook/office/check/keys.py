"""Keys of an office's tables, among themselves and together with ours, as an office is told of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from figurebook.datapackage.problems import Problem
from figurebook.datapackage.validation.key_rules import dangling_rows, repeated, values
from figurebook.office.check.table import CheckedTable

_EXAMPLES = 5


def duplicates(table: CheckedTable) -> list[Problem]:
    """Rows whose key, or whose value in a column without repetition, stands in a row above."""
    found, rows = [], table.frame.index
    for columns, twice, firsts in repeated(table):

        def told(i: int, firsts: dict[int, int] = firsts) -> str:
            return f"与第 {rows[firsts[i]]} 行相同，每行要不同。请删去重复的一行，或改正编号。"

        found += table.faults("duplicate-key", told, twice, *columns)
    return found


def foreign_key_problems(
    tables: dict[str, CheckedTable],
    said: tuple[Problem, ...],
    resources: dict,
    ours: Callable[[str], pd.DataFrame],
) -> list[Problem]:
    """Rows that point at nothing: first from the tables given, then from ours into those given."""
    unusable = {p.sheet or Path(p.file).stem for p in said if p.row is None or p.rule == "missing-column"}
    found = []
    for table in tables.values():
        for key in table.schema.get("foreignKeys", []):
            target = key["reference"]["resource"] or table.name
            columns, wanted = tuple(key["fields"]), tuple(key["reference"]["fields"])
            if target not in tables and unusable & {target, resources[target]["title"]}:
                continue  # the office's own table of that name was refused: it cannot be pointed at
            frame = tables[target].frame if target in tables else ours(target)
            whose = "您给的表" if target in tables else "本书的表"
            do = "请改正，或先把它加到那张表" if target in tables else "请改正，或把您自己的那张表一并放进来"
            lost = dangling_rows(table, columns, frame, wanted)
            found += table.faults(
                "foreign-key",
                f"在{whose}“{resources[target]['title']}”（{target}）的"
                f"{_called(resources[target], wanted)}一列里找不到这个值。{do}。",
                lost,
                *columns,
            )
    for name, columns, table, wanted in _into_given(tables, resources):
        frame, known = ours(name), values(table.frame, wanted)
        unknown = [row for row in values(frame, columns) if row not in known]
        if unknown:
            pointers = frame[list(columns)].fillna("")
            hit = len(pointers.merge(pd.DataFrame(unknown, columns=list(columns)), on=list(columns)))
            shown = (
                ""
                if table.personal & set(wanted)
                else "，如 " + "，".join("、".join(row) for row in sorted(unknown)[:_EXAMPLES])
            )
            found.append(
                table.fault(
                    "foreign-key",
                    f"本书的表“{resources[name]['title']}”（{name}）的 {len(frame):,} 行里，"
                    f"有 {hit:,} 行指向您给的{table.title}里没有的 {len(unknown):,} 个值{shown}；"
                    f"两张表不能合用。请补上这些行，或把您自己的“{resources[name]['title']}”（{name}）一并放进来。",
                    *wanted,
                )
            )
    return found


def _called(resource: dict, columns: tuple[str, ...]) -> str:
    titles = {f["name"]: f.get("title", f["name"]) for f in resource["schema"]["fields"]}
    return "、".join(f"“{titles[c]}”" for c in columns)


def _into_given(tables: dict[str, CheckedTable], resources: dict) -> Iterator[tuple]:
    """(our table, its columns, the table given, its columns) of every key of ours into a table given."""
    for name, resource in resources.items():
        for key in resource["schema"].get("foreignKeys", []) if name not in tables else []:
            table, wanted = tables.get(key["reference"]["resource"]), tuple(key["reference"]["fields"])
            if table:
                yield name, tuple(key["fields"]), table, wanted
