"""S01 overall approach （总体思路）： map its six parts to the other systems and their figures.

Given by the interview: the six parts, the first of them leading. Undefined there: weights, targets, and
mostly which system belongs to which part. The ties are this book's reading, kept in ``data/rules/ties.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx
import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.figures.registry import figures_by_system
from figurebook.systems import ties
from figurebook.systems.rules import Rules

SYSTEM = "S01"
VIEWS = {
    "hangings": "哪个部分连到哪项制度",
    "by_parts": "每项制度挂在几个部分上",
    "per_part": "每个部分有几项制度、几个数字",
    "empty": "没有对应制度的部分",
}


def rules(tables: Tables) -> Rules:
    """The condition that every system belongs to a part; the ties themselves are in ``ties``."""
    return Rules.load(tables, SYSTEM)


@dataclass(frozen=True)
class Approach:
    """``graph`` leads from parts to systems; ``terms`` and ``figures`` (ids) are by system."""

    parts: tuple[str, ...]
    terms: dict[str, str]
    figures: dict[str, tuple[str, ...]]
    graph: nx.DiGraph


def approach(tables: Tables, rows: Iterable[Mapping]) -> Approach:
    """Make the map of rows (source, target, label, undefined).

    RuleError for a part that is not one of the six, and for a system not registered. RuleError for a tie
    given twice, and for a system tied to no part. A part without a system is allowed: the interview may only
    name it.
    """
    frame, ruled = tables.systems.frame.set_index("id"), rules(tables)
    parts = ties.parts(tables, SYSTEM)
    made = ties.graph(ruled, parts, list(frame.index), rows)
    others, figures = frame.drop(SYSTEM), figures_by_system(tables)
    if loose := [f"{s} {term}" for s, term in others["term"].items() if not made.in_degree(s)]:
        raise ruled.refusal("hangs", "、".join(loose))
    return Approach(
        parts,
        others["term"].to_dict(),
        {s: figures.get(s, ()) for s in others.index},
        made,
    )


def example(tables: Tables) -> Approach:
    """The map by this book's reading of the interview."""
    return approach(tables, tables.rules_of(SYSTEM)["ties"].to_dict("records"))


def hangings(map_: Approach) -> pd.DataFrame:
    """One row for each tie, in order of parts: part, system, figures, reason, whose reading."""
    rows = [
        [
            part,
            f"{s} {map_.terms[s]}",
            len(map_.figures[s]),
            tie["label"],
            "访谈" if pd.isna(tie["undefined"]) else "本书",
        ]
        for part in map_.parts
        for s, tie in sorted(map_.graph[part].items())
    ]
    return pd.DataFrame(rows, columns=["部分", "制度", "数字个数", "理由", "谁的读法"])


def by_parts(map_: Approach) -> pd.DataFrame:
    """One row for each system, those with most parts first."""
    rows = [
        [
            f"{s} {term}",
            map_.graph.in_degree(s),
            "、".join(p for p in map_.parts if map_.graph.has_edge(p, s)),
        ]
        for s, term in map_.terms.items()
    ]
    return pd.DataFrame(rows, columns=["制度", "部分个数", "部分"]).sort_values(
        "部分个数", ascending=False, kind="stable", ignore_index=True
    )


def per_part(map_: Approach) -> pd.DataFrame:
    """One row for each part. Never sum the columns: a system may count twice."""
    rows = [
        [p, map_.graph.out_degree(p), sum(len(map_.figures[s]) for s in map_.graph[p])] for p in map_.parts
    ]
    return pd.DataFrame(rows, columns=["部分", "制度个数", "数字个数"])


def empty(map_: Approach) -> pd.DataFrame:
    """One row for each part without a system."""
    return pd.DataFrame([[p] for p in map_.parts if not map_.graph.out_degree(p)], columns=["部分"])
