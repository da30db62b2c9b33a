"""S02 three-level linkage （三级联动）： build a directed graph from level to duty to question.

Given by the interview: the three levels and their verbs, the four questions, the four measures that answer
them, and who is responsible for some. Undefined there: what each verb obliges, and who is accountable for
the rest. The model checks that nothing is left without an owner or an answer, and defines no verb.
"""

from __future__ import annotations

from typing import Any

import networkx as nx
import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import Rules

SYSTEM = "S02"
VIEWS = {"by_level": "每一级的责任", "questions": "四个问题由谁回答", "absence": "缺了一级，什么没有着落"}
ROLES = ("accountable", "taking-part")
ACCOUNTABLE = ROLES[0]
DUTY = "duty"


def rules(tables: Tables) -> Rules:
    """The levels and questions (``criteria``) and the refusals (``conditions``)."""
    return Rules.load(tables, SYSTEM)


def duties(tables: Tables) -> pd.DataFrame:
    """The duties, one row for each duty and level.

    The columns are name, label, level, role and serves (a question or another duty).
    """
    return tables.rules_of(SYSTEM)["duties"]


def linkage(rules: Rules, duties: pd.DataFrame) -> nx.DiGraph:
    """The graph level → duty → … → question.

    Nodes carry kind and label, edges from a level their role. ``duties`` has the columns of
    ``duties(tables)``. RuleError for an unknown level or role, a duty twice at one level or described in two
    ways, and for not exactly one accountable level. RuleError for a duty that serves nothing known, for
    duties in a circle, and for a level or a question without a duty.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    for row in rules.criteria.itertuples():
        graph.add_node(row.name, kind=row.kind, label=row.label)
    levels = set(_of_kind(graph, "level"))
    for row in duties.itertuples():
        _check_row(rules, graph, levels, row)
        graph.add_node(row.name, kind=DUTY, label=row.label, serves=row.serves)
        graph.add_edge(row.level, row.name, role=row.role)
    for duty in _of_kind(graph, DUTY):
        target = graph.nodes[duty]["serves"]
        if target not in graph or target in levels:
            raise rules.refusal("no-orphan", f"{_label(graph, duty)}，{target}")
        graph.add_edge(duty, target)
    _check_whole(rules, graph)
    return graph


def example(rules: Rules, duties: pd.DataFrame) -> nx.DiGraph:
    """The graph of the book's own duties, with levels but no units and no persons."""
    return linkage(rules, duties)


def by_level(graph: nx.DiGraph) -> pd.DataFrame:
    """One row for each level: duties it is accountable for, duties it takes part in."""
    return pd.DataFrame(
        [
            [_label(graph, level), *(_labels(graph, _held(graph, level, r)) for r in ROLES)]
            for level in _of_kind(graph, "level")
        ],
        columns=["级", "负主责", "参与"],
    )


def questions(graph: nx.DiGraph) -> pd.DataFrame:
    """One row for each question: the answering measure, all duties behind, accountable levels."""
    rows = []
    for question in _of_kind(graph, "question"):
        measures = list(graph.predecessors(question))
        behind = [d for d in _of_kind(graph, DUTY) if nx.has_path(graph, d, question) and d not in measures]
        rows.append(
            [
                _label(graph, question),
                _labels(graph, measures),
                _labels(graph, [_accountable(graph, m) for m in measures]),
                len(measures) + len(behind),
                _labels(graph, behind),
            ]
        )
    return pd.DataFrame(rows, columns=["问题", "由什么回答", "主责", "责任数", "其下的责任"])


def absence(graph: nx.DiGraph) -> pd.DataFrame:
    """One row for each level: duties without an owner and open questions without it."""
    rows = []
    for level in _of_kind(graph, "level"):
        lost = _held(graph, level, ACCOUNTABLE)
        open_ = [q for q in _of_kind(graph, "question") if set(graph.predecessors(q)) <= set(lost)]
        rows.append([_label(graph, level), len(lost), _labels(graph, lost), _labels(graph, open_)])
    return pd.DataFrame(rows, columns=["缺了", "无人负主责的责任数", "是哪些", "没有回答的问题"])


def _check_row(rules: Rules, graph: nx.DiGraph, levels: set[str], row: Any) -> None:
    where = f"{row.label}（{row.level}）"
    if any(pd.isna(x) or not str(x).strip() for x in (row.name, row.label, row.serves)):
        raise rules.refusal("value", where)
    if row.level not in levels or row.role not in ROLES:
        raise rules.refusal("unknown", f"{where}，{row.role}")
    if row.name in graph:
        node = graph.nodes[row.name]
        if (node["kind"], node["label"], node.get("serves")) != (DUTY, row.label, row.serves):
            raise rules.refusal("told-once", where)
        if graph.has_edge(row.level, row.name):
            raise rules.refusal("twice", where)


def _check_whole(rules: Rules, graph: nx.DiGraph) -> None:
    for duty in _of_kind(graph, DUTY):
        accountable = [
            x
            for x in _of_kind(graph, "level")
            if graph.has_edge(x, duty) and graph.edges[x, duty]["role"] == ACCOUNTABLE
        ]
        if len(accountable) != 1:
            raise rules.refusal("one-accountable", f"{_label(graph, duty)}，{len(accountable)} 级")
    if not nx.is_directed_acyclic_graph(graph):
        circle = [a for a, _ in nx.find_cycle(graph)]
        raise rules.refusal("no-cycle", _labels(graph, circle))
    for kind, near, rule in (
        ("level", graph.out_degree, "every-level"),
        ("question", graph.in_degree, "answered"),
    ):
        if alone := [n for n in _of_kind(graph, kind) if not near(n)]:
            raise rules.refusal(rule, _labels(graph, alone))


def _of_kind(graph: nx.DiGraph, kind: str) -> list[str]:
    return [n for n, k in graph.nodes(data="kind") if k == kind]


def _held(graph: nx.DiGraph, level: str, role: str) -> list[str]:
    return [duty for duty in graph.successors(level) if graph.edges[level, duty]["role"] == role]


def _accountable(graph: nx.DiGraph, duty: str) -> str:
    return next(n for n in _of_kind(graph, "level") if duty in _held(graph, n, ACCOUNTABLE))


def _label(graph: nx.DiGraph, node: str) -> str:
    return graph.nodes[node]["label"]


def _labels(graph: nx.DiGraph, nodes: list[str]) -> str:
    return "、".join(_label(graph, n) for n in nodes) or "无"
