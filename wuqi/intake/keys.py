"""Keys: no row twice, and nothing that points at a row there is not, in the office's tables or in ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from wuqi.intake.given import Intake, filled
from wuqi.intake.grid import Note
from wuqi.intake.judged import Judged
from wuqi.problems import Problem

_EXAMPLES = 5


def duplicates(table: Judged) -> list[Problem]:
    """Rows whose key, or whose value in a column without repetition, stands in a row above."""
    unique = [(f["name"],) for f in table.fields if f.get("constraints", {}).get("unique")]
    found = []
    for columns in dict.fromkeys([*unique, tuple(table.key)] if table.key else unique):
        judged = ~np.logical_or.reduce([table.bad[c] for c in columns])
        judged &= ~np.logical_and.reduce([table.empty(c) for c in columns])
        codes = _together(table, columns)
        repeated = np.zeros(len(codes), dtype=bool)
        repeated[judged] = pd.Series(codes[judged]).duplicated().to_numpy()
        if not repeated.any():
            continue
        places = np.flatnonzero(judged)
        firsts = dict(zip(*_first(codes[places], places), strict=True))
        rows = table.frame.index
        found += table.faults("duplicate-key", lambda i, c=codes, f=firsts, r=rows: (
            f"与第 {r[f[c[i]]]} 行相同，每行要不同。请删去重复的一行，或改正编号。"), repeated, *columns)
    return found


def _first(codes: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each code and the first place that has it."""
    kept, at = np.unique(codes, return_index=True)
    return kept, places[at]


def _together(table: Judged, columns: tuple[str, ...]) -> np.ndarray:
    """One number a row, equal where the values of all the columns are; 01 and 1 are one integer."""
    codes = [table.factorized(c)[0] if c not in table.numbers else
             np.where(table.empty(c), -1, pd.factorize(table.numbers[c])[0]) for c in columns]
    return codes[0] if len(codes) == 1 else pd.DataFrame(dict(enumerate(codes))).groupby(
        list(range(len(codes)))).ngroup().to_numpy()


def foreign(tables: dict[str, Judged], said: tuple[Problem, ...], resources: dict,
            ours: Callable[[str], pd.DataFrame]) -> list[Problem]:
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
            lost = _pointless(table, columns, frame, wanted)
            found += table.faults(
                "foreign-key", f"在{whose}“{resources[target]['title']}”（{target}）的"
                f"{_called(resources[target], wanted)}一列里找不到这个值。{do}。", lost, *columns)
    for name, columns, table, wanted in _into_given(tables, resources):
        frame, known = ours(name), _rows(table.frame, wanted)
        lost = [row for row in _rows(frame, columns) if row not in known]
        if lost:
            pointers = frame[list(columns)].fillna("")
            hit = len(pointers.merge(pd.DataFrame(lost, columns=list(columns)), on=list(columns)))
            shown = "" if table.personal & set(wanted) else "，如 " + "，".join(
                "、".join(row) for row in sorted(lost)[:_EXAMPLES])
            found.append(table.fault(
                "foreign-key", f"本书的表“{resources[name]['title']}”（{name}）的 {len(frame):,} 行里，"
                f"有 {hit:,} 行指向您给的{table.title}里没有的 {len(lost):,} 个值{shown}；"
                f"两张表不能合用。请补上这些行，或把您自己的“{resources[name]['title']}”（{name}）一并放进来。",
                *wanted))
    return found


def _called(resource: dict, columns: tuple[str, ...]) -> str:
    titles = {f["name"]: f.get("title", f["name"]) for f in resource["schema"]["fields"]}
    return "、".join(f"“{titles[c]}”" for c in columns)


def mixed(intake: Intake, package: dict) -> list[Note]:
    """Which tables given stand together with tables of the book: one note a pair."""
    resources = {r["name"]: r for r in package["resources"] if "schema" in r}
    pairs = dict.fromkeys(
        (name, target) for name, resource in resources.items()
        for key in resource["schema"].get("foreignKeys", [])
        if (target := key["reference"]["resource"] or name) != name
        and (name in intake.given) != (target in intake.given))
    notes = []
    for name, target in pairs:
        given, book = (name, target) if name in intake.given else (target, name)
        table = intake.given[given]
        notes.append(Note(table.file, "mixed", f"您给的“{resources[given]['title']}”（{given}）与本书的"
                          f"“{resources[book]['title']}”（{book}）合用：后者不是您的登记。", table.sheet))
    return notes


def _into_given(tables: dict[str, Judged], resources: dict) -> Iterator[tuple]:
    """(our table, its columns, the table given, its columns) of every key of ours into a table given."""
    for name, resource in resources.items():
        for key in resource["schema"].get("foreignKeys", []) if name not in tables else []:
            table, wanted = tables.get(key["reference"]["resource"]), tuple(key["reference"]["fields"])
            if table:
                yield name, tuple(key["fields"]), table, wanted


def _pointless(table: Judged, columns: tuple[str, ...], frame: pd.DataFrame,
               wanted: tuple[str, ...]) -> np.ndarray:
    """The rows that point at nothing in ``frame``; an empty pointer points at nothing and may."""
    known = _rows(frame, wanted)
    judged = ~np.logical_or.reduce([table.bad[c] for c in columns])
    if len(columns) == 1:
        codes, texts = table.factorized(columns[0])
        lost = np.array([(text,) not in known for text in texts], dtype=bool)
        return np.append(lost, False)[codes] & judged
    rows = zip(*(filled(table.frame[c]) for c in columns), strict=True)
    return np.array([any(row) and row not in known for row in rows], dtype=bool) & judged


def _rows(frame: pd.DataFrame, columns: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The distinct values of the columns, an empty cell being ``""``, without those that are all empty."""
    rows = set(zip(*(filled(frame[c]) for c in columns), strict=True))
    return rows - {("",) * len(columns)}
