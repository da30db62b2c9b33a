"""S17 making use of exemplars （典型运用）： count appointments; bound the people behind them.

Given by the interview: four kinds with their numbers, and where two of them came from. Undefined there:
whether one person is in two kinds. So the people together are a range, until an office states in
``data/rules/overlaps.csv`` how two kinds are related.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from numbers import Integral

import networkx as nx
import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import Rules

SYSTEM = "S17"
VIEWS = {
    "by_kind": "四类各有多少",
    "flows": "从哪里到哪里",
    "pairs": "哪两类可以相加",
    "together": "一共多少人",
    "what_if": "一个答案能让范围变多少",
}
RELATION = "overlaps.relation"
OPEN, DISJOINT, WITHIN = RELATIONS = ("open", "disjoint", "within")


def rules(tables: Tables) -> Rules:
    """The refusals; the kinds are in ``flows``, their relations in ``overlaps``."""
    return Rules.load(tables, SYSTEM)


@dataclass(frozen=True)
class Selection:
    """The kinds with their numbers and relations.

    ``counts`` are by kind. ``pools`` leads from where people were to where they went, one edge for each kind.
    ``apart`` joins the kinds known to share nobody. ``inside`` gives the kind that holds all of another.
    """

    rules: Rules
    counts: dict[str, int]
    labels: dict[str, str]
    pools: nx.MultiDiGraph
    apart: nx.Graph
    inside: dict[str, str]

    def total(self, kinds: Collection[str]) -> int:
        """The people of some kinds together.

        RuleError for an unknown kind, or for two kinds not known to be apart.
        """
        kinds = self._checked(kinds)
        for first, second in combinations(kinds, 2):
            if not self.apart.has_edge(first, second):
                raise self.rules.refusal("overlap", f"{self.labels[first]}与{self.labels[second]}")
        return sum(self.counts[k] for k in kinds)

    def bounds(self, kinds: Collection[str]) -> tuple[int, int]:
        """The least and the most people that some kinds can be together.

        Give each kind a weight. The sum over one person's kinds must be at most 1 if the person is of a kind
        asked for, else at most 0. Then the weighted sum of the numbers is at most the people. The best
        weights give the least; the other way round they give the most. This is the dual of a linear program,
        whose weights are whole. For four kinds, -1, 0 and 1 were checked against every way of dealing the
        people out.
        """
        asked, least, most = set(self._checked(kinds)), 0, sum(self.counts.values())
        for weights in product((-1, 0, 1), repeat=len(self.counts)):
            of = dict(zip(self.counts, weights, strict=True))
            summed = sum(of[k] * n for k, n in self.counts.items())
            people = [(sum(of[k] for k in own), not asked.isdisjoint(own)) for own in self._people]
            if all(weight <= counted for weight, counted in people):
                least = max(least, summed)
            if all(weight >= counted for weight, counted in people):
                most = min(most, summed)
        return least, most

    def relation(self, first: str, second: str) -> str:
        """The relation of two kinds: one of ``RELATIONS``."""
        if self.apart.has_edge(first, second):
            return DISJOINT
        return WITHIN if second == self.inside.get(first) or first == self.inside.get(second) else OPEN

    @cached_property
    def _people(self) -> list[tuple[str, ...]]:
        """Every set of kinds that one person can be of."""
        sets = (own for n in range(1, len(self.counts) + 1) for own in combinations(self.counts, n))
        return [
            own
            for own in sets
            if not any(self.apart.has_edge(*pair) for pair in combinations(own, 2))
            and all(self.inside.get(k, k) in own for k in own)
        ]

    def _checked(self, kinds: Collection[str]) -> tuple[str, ...]:
        for kind in kinds:
            if kind not in self.counts:
                raise self.rules.refusal("unknown", str(kind))
        return tuple(dict.fromkeys(kinds))


def selection(
    tables: Tables, counts: Mapping[str, int], relations: Mapping[tuple[str, str], str]
) -> Selection:
    """Kinds with their numbers, under relations of pairs (first, second); a missing pair is open.

    RuleError for an unknown or missing kind, and for a number that is not whole or below 0. RuleError for a
    pair of a kind with itself or given both ways round, and for a relation not among the three. RuleError for
    relations that contradict: a kind inside a smaller one, inside two, or inside one that is itself inside
    another. A kind inside one that it is apart from contradicts, too. So do several kinds inside one that are
    apart and together more than it.
    """
    ruled, frame = rules(tables), tables.rules_of(SYSTEM)["flows"]
    labels = dict(zip(frame["kind"], frame["label"], strict=True))
    for kind in {**counts, **labels}:
        if kind not in labels or kind not in counts:
            raise ruled.refusal("unknown", str(kind))
        if not _whole(counts[kind]):
            raise ruled.refusal("value", f"{labels[kind]}：{counts[kind]}")
    pools: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    apart: nx.Graph[str] = nx.Graph()
    for r in frame.itertuples():
        pools.add_edge(r.source, r.target, r.kind, count=counts[r.kind])
    apart.add_nodes_from((kind, {"count": counts[kind]}) for kind in labels)
    inside: dict[str, str] = {}
    words = ruled.codes[RELATION]
    for (first, second), relation in relations.items():
        text = f"{_name(labels, first)}、{_name(labels, second)}：{words.get(str(relation), relation)}"
        if first not in labels or second not in labels:
            raise ruled.refusal("unknown", text)
        if first == second or relation not in RELATIONS or (second, first) in relations:
            raise ruled.refusal("relation", text)
        if relation == DISJOINT:
            apart.add_edge(first, second)
        elif relation == WITHIN:
            if first in inside or counts[first] > counts[second]:
                raise ruled.refusal("relation", text)
            inside[first] = second
    for inner, outer in inside.items():
        apart.add_edges_from([(inner, other) for other in apart[outer]])
        if outer in inside or apart.has_edge(inner, outer):
            raise ruled.refusal("relation", f"{labels[inner]}、{labels[outer]}：{words[WITHIN]}")
    for outer in set(inside.values()):
        held = apart.subgraph([k for k, o in inside.items() if o == outer])
        if nx.max_weight_clique(held, weight="count")[1] > counts[outer]:
            raise ruled.refusal("relation", f"{labels[outer]}：{counts[outer]}")
    return Selection(ruled, {k: int(counts[k]) for k in labels}, labels, pools, apart, inside)


def example(tables: Tables) -> Selection:
    """The register of appointments under the relations of ``overlaps``."""
    none = dict.fromkeys(tables.rules_of(SYSTEM)["flows"]["kind"], 0)
    counted = tables.appointments.frame["kind"].value_counts().to_dict()
    return selection(
        tables,
        none | counted,
        {(r.first, r.second): r.relation for r in tables.rules_of(SYSTEM)["overlaps"].itertuples()},
    )


def by_kind(chosen: Selection) -> pd.DataFrame:
    """One row for each kind, in the interview's order."""
    return pd.DataFrame(
        [[label, chosen.counts[k]] for k, label in chosen.labels.items()], columns=["类别", "人数"]
    )


def flows(chosen: Selection) -> pd.DataFrame:
    """One row for each kind, in order: where its people were and went, number."""
    ends = {kind: (source, target) for source, target, kind in chosen.pools.edges(keys=True)}
    return pd.DataFrame(
        [[*ends[kind], label, chosen.counts[kind]] for kind, label in chosen.labels.items()],
        columns=["从哪里", "到哪里", "类别", "人数"],
    )


def pairs(chosen: Selection) -> pd.DataFrame:
    """One row for each pair of kinds: its relation, and the least and most people."""
    words = chosen.rules.codes[RELATION]
    return pd.DataFrame(
        [
            [
                f"{chosen.labels[a]}＋{chosen.labels[b]}",
                words[chosen.relation(a, b)],
                chosen.relation(a, b) == DISJOINT,
                *chosen.bounds((a, b)),
            ]
            for a, b in combinations(chosen.labels, 2)
        ],
        columns=["两类", "重叠", "可以相加", "至少", "至多"],
    )


def together(chosen: Selection) -> pd.DataFrame:
    """One row for each kind, with those before it: least and most people."""
    kinds = list(chosen.labels)
    return pd.DataFrame(
        [
            [("加上" if n else "") + chosen.labels[kind], *chosen.bounds(kinds[: n + 1])]
            for n, kind in enumerate(kinds)
        ],
        columns=["类别", "至少", "至多"],
    )


def what_if(tables: Tables, chosen: Selection) -> pd.DataFrame:
    """One row for each pair and answer: least and most people of all kinds.

    All other pairs are open. Pairs are in the interview's order, the smaller kind of each first: only it can
    be within the other.
    """
    rows, words = [], chosen.rules.codes[RELATION]
    for pair in combinations(chosen.labels, 2):
        first, second = sorted(pair, key=chosen.counts.__getitem__)
        for relation in (DISJOINT, WITHIN):
            answered = selection(tables, chosen.counts, {(first, second): relation})
            least, most = answered.bounds(chosen.labels)
            rows.append(
                [
                    f"{chosen.labels[first]}、{chosen.labels[second]}",
                    words[relation],
                    least,
                    most,
                    most - least,
                ]
            )
    return pd.DataFrame(rows, columns=["前一类、后一类", "如果", "至少", "至多", "相差"])


def _name(labels: Mapping[str, str], kind: object) -> str:
    return labels.get(str(kind), str(kind))


def _whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 0
