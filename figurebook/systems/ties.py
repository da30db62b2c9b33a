"""List a system's parts, and read ``data/rules/ties.csv`` as a directed graph."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import networkx as nx

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import Rules

_SEPARATOR = "、"


def parts(tables: Tables, system: str) -> tuple[str, ...]:
    """The parts of a system as the interview lists them, in its order."""
    return tuple(tables.systems.frame.set_index("id").loc[system, "parts"].split(_SEPARATOR))


def graph(
    rules: Rules, sources: Collection[str], systems: Collection[str], rows: Iterable[Mapping]
) -> nx.DiGraph:
    """Edges source → target, with ``label`` and ``undefined`` as in the rows.

    Every source and system is a node, tied or not. RuleError for a row without one of the four columns, and
    for a source or a system that is not registered. RuleError, too, for the same tie twice, and for a tie of
    the rules' own system to itself.
    """
    made: nx.DiGraph[str] = nx.DiGraph()
    made.add_nodes_from(sources, kind="source")
    made.add_nodes_from((s for s in systems if s != rules.system), kind="system")
    for row in rows:
        if lacking := [k for k in ("source", "target", "label", "undefined") if k not in row]:
            raise rules.refusal("value", f"一行缺 {'、'.join(lacking)}")
        source, target = row["source"], row["target"]
        tie = f"{source} → {target}"
        if not (
            isinstance(source, str) and source in sources and isinstance(target, str) and target in systems
        ):
            raise rules.refusal("unknown", tie)
        if target == rules.system:
            raise rules.refusal("value", tie)
        if made.has_edge(source, target):
            raise rules.refusal("twice", tie)
        made.add_edge(source, target, label=row["label"], undefined=row["undefined"])
    return made
