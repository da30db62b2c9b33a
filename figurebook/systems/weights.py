"""Hold a tree of weighted indicators and compute exact totals.

The weights under each parent sum to 100. All numbers are fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import networkx as nx
import pandas as pd

from figurebook.systems.rules import Rules

WHOLE = 100
ROOT = ""  # the parent of the indicators of the first level


class Weights:
    """The indicators of a system's rules.

    RuleError ``weights``, with the sum, when it is not 100 under some parent. RuleError ``tree`` for a parent
    that is missing or below itself, ``twice`` or ``value`` for bad rows.
    """

    def __init__(self, rules: Rules):
        self.rules, frame = rules, rules.indicators
        self.labels: dict[str, str] = {}
        self.weight: dict[str, Fraction] = {}
        self._tree: nx.DiGraph[str] = nx.DiGraph()
        self._tree.add_node(ROOT)
        for row in frame.itertuples():
            if row.name in self.labels:
                raise rules.refusal("twice", row.name)
            if pd.isna(row.weight) or not 0 <= row.weight <= WHOLE:
                raise rules.refusal("value", f"{row.name} 的权重 {row.weight}")
            self.labels[row.name], self.weight[row.name] = row.label, Fraction(str(row.weight))
            self._tree.add_edge(ROOT if pd.isna(row.parent) else row.parent, row.name)
        lost = [
            n
            for n in self._tree
            if n != ROOT and (n not in self.labels or not nx.has_path(self._tree, ROOT, n))
        ]
        if lost:
            raise rules.refusal("tree", "、".join(lost))
        for parent in self._tree:
            total = sum(self.weight[c] for c in self.children(parent))
            if total != WHOLE and (self.children(parent) or parent == ROOT):
                raise rules.refusal("weights", f"{self.labels.get(parent, '一级指标')}：合计 {total}")

    def children(self, parent: str = ROOT) -> list[str]:
        """The indicators right under ``parent``, in the table's order."""
        return list(self._tree.successors(parent))

    def parent(self, name: str) -> str:
        """The indicator right above one, ``ROOT`` for those of the first level."""
        return next(self._tree.predecessors(name))

    def level(self, name: str) -> int:
        """1 for the first level, 2 for the next …"""
        return int(nx.shortest_path_length(self._tree, ROOT, name))

    @property
    def names(self) -> list[str]:
        """Every indicator, each before those under it, in the table's order."""
        return [n for n in nx.dfs_preorder_nodes(self._tree, ROOT) if n != ROOT]

    @property
    def leaves(self) -> list[str]:
        """The indicators that are scored: those with none under them."""
        return [n for n in self.names if not self.children(n)]

    def share(self, name: str) -> Fraction:
        """The share of one point of an indicator in the total, from 0 to 1."""
        path = nx.shortest_path(self._tree, ROOT, name)[1:]
        share = Fraction(1)
        for node in path:
            share *= self.weight[node] / WHOLE
        return share

    def value(self, name: str, points: Mapping[str, Fraction | int]) -> Fraction:
        """The points of an indicator, from those of all leaves under it (``ROOT``: all leaves)."""
        if name != ROOT and not self.children(name):
            return Fraction(points[name])
        return sum((self.weight[c] * self.value(c, points) for c in self.children(name)), Fraction()) / WHOLE

    def changed(self, name: str, weight: Fraction) -> Weights:
        """The same indicators with another weight for one. Those beside it keep their proportions.

        RuleError ``value`` below 0, above 100, or for an indicator with none (or only zeros) beside it.
        """
        rest = WHOLE - self.weight[name]
        if not 0 <= weight <= WHOLE or not rest:
            raise self.rules.refusal("value", f"{name} 的权重 {weight}")
        frame = self.rules.indicators.copy()
        beside = self.children(self.parent(name))
        frame["weight"] = [
            weight
            if n == name
            else self.weight[n] * (WHOLE - weight) / rest
            if n in beside
            else self.weight[n]
            for n in frame["name"]
        ]
        return Weights(replace(self.rules, indicators=frame))
