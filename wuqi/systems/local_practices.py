"""S07 local practices （典型做法）： six units the interview names, tied to the systems they exemplify.

Given by the interview: the units and the names of what they do. Undefined there: whether there are others,
how each works, what the numbers in the names count, and, but for one, which system each exemplifies; the
ties are this book's reading, kept in ``data/rules/ties.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx
import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.systems import ties
from figurebook.systems.rules import Rules

SYSTEM = "S07"
VIEWS = {
    "listed": "六个单位和它们的做法",
    "exemplified": "每个单位体现哪项制度",
    "by_system": "每项制度有几个典型",
    "numbers": "名称里的数字",
}
KINDS = {"township": "乡镇", "department": "县直部门", "enterprise": "企业"}
UNDEFINED = "undefined"


def rules(tables: Tables) -> Rules:
    """The conditions on the catalogue; its rows are in ``practices`` and ``ties``."""
    return Rules.load(tables, SYSTEM)


@dataclass(frozen=True)
class Catalogue:
    """``names`` by unit and ``kinds`` by unit; ``graph`` leads from units to systems."""

    rules: Rules
    names: dict[str, tuple[str, ...]]
    kinds: dict[str, str]
    terms: dict[str, str]
    graph: nx.DiGraph
    numbered: pd.DataFrame
    parts: dict[str, int]

    def parts_of(self, term: str) -> int:
        """How many parts the interview lists for a name; RuleError when it lists none, or has no such."""
        if term not in self.parts:
            rule = "listed" if term in set(self.numbered["term"]) else "unknown"
            raise self.rules.refusal(rule, f"“{term}”的各项")
        return self.parts[term]


def catalogue(tables: Tables, practices: Iterable[Mapping], tied: Iterable[Mapping]) -> Catalogue:
    """The catalogue that rows of ``practices`` and of ``ties`` make.

    RuleError: a row without a column, a unit that the interview does not name or one that it names left
    out, a practice that the data does not list of the unit, a kind or a township not registered, a township's
    name that is not the register's, the same name twice, a unit tied to no system, and what ``ties.graph``
    refuses.
    """
    ruled, systems = rules(tables), tables.systems.frame.set_index("id")
    named = ties.parts(tables, SYSTEM)
    townships = tables.townships.frame.set_index("code")["name"].to_dict()
    known = tables.rules_of(SYSTEM)["practices"]
    listed = set(known[["holder", "label"]].itertuples(index=False, name=None))
    names: dict[str, tuple[str, ...]] = {}
    kinds: dict[str, str] = {}
    for row in practices:
        if lacking := [k for k in ("holder", "kind", "township_code", "label") if k not in row]:
            raise ruled.refusal("value", f"一行缺 {'、'.join(lacking)}")
        holder, told = row["holder"], f"{row['holder']}：{row['label']}"
        if not all(isinstance(row[column], str) for column in ("holder", "kind", "label")):
            raise ruled.refusal("value", told)
        if holder not in named or (holder, row["label"]) not in listed:
            raise ruled.refusal("named", told)
        if row["kind"] not in KINDS or kinds.get(holder, row["kind"]) != row["kind"]:
            raise ruled.refusal("value", f"{told}（{row['kind']}）")
        if row["kind"] == "township" and row["township_code"] not in townships:
            raise ruled.refusal("unknown", f"{told}（{row['township_code']}）")
        if row["kind"] == "township" and townships[row["township_code"]] != holder:
            raise ruled.refusal("value", f"{told}（{row['township_code']}）")
        if row["label"] in names.get(holder, ()):
            raise ruled.refusal("twice", told)
        names[holder], kinds[holder] = (*names.get(holder, ()), row["label"]), row["kind"]
    if missing := [h for h in named if h not in names]:
        raise ruled.refusal("named", "、".join(missing))
    graph = ties.graph(ruled, named, list(systems.index), tied)
    if loose := [h for h in named if not graph.out_degree(h)]:
        raise ruled.refusal("tied", "、".join(loose))
    terms = tables.terms.frame
    said = {label for labels in names.values() for label in labels}
    return Catalogue(
        ruled,
        {h: names[h] for h in named},
        kinds,
        systems["term"].to_dict(),
        graph,
        terms[terms["term"].isin(said)],
        tables.parts.frame["term"].value_counts().to_dict(),
    )


def example(tables: Tables) -> Catalogue:
    """The catalogue as the interview names it and this book ties it."""
    return catalogue(
        tables,
        tables.rules_of(SYSTEM)["practices"].to_dict("records"),
        tables.rules_of(SYSTEM)["ties"].to_dict("records"),
    )


def listed(book: Catalogue) -> pd.DataFrame:
    """One row a name: the unit, what kind of unit it is, and what the interview calls its practice."""
    return pd.DataFrame(
        [[h, KINDS[book.kinds[h]], label] for h, labels in book.names.items() for label in labels],
        columns=["单位", "类别", "名称"],
    )


def exemplified(book: Catalogue) -> pd.DataFrame:
    """One row a tie: unit, system, why, and whose reading."""
    rows = [
        [h, f"{s} {book.terms[s]}", tie["label"], "访谈" if pd.isna(tie["undefined"]) else "本书"]
        for h in book.names
        for s, tie in sorted(book.graph[h].items())
    ]
    return pd.DataFrame(rows, columns=["单位", "制度", "理由", "谁的读法"])


def by_system(book: Catalogue) -> pd.DataFrame:
    """One row a system that has an example, in the systems' order."""
    rows = [
        [f"{s} {book.terms[s]}", book.graph.in_degree(s)]
        for s in book.terms
        if s in book.graph and book.graph.in_degree(s)
    ]
    return pd.DataFrame(rows, columns=["制度", "典型个数"])


def numbers(book: Catalogue) -> pd.DataFrame:
    """One row a name with numbers in it: what the name says, and whether the interview lists the parts."""
    rows = [
        [
            r["term"],
            r["numbers"].replace(";", "、"),
            "没有列出" if r["status"] == UNDEFINED else str(book.parts_of(r["term"])),
            r["note"],
        ]
        for r in book.numbered.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["名称", "名称里的数字", "列出的各项", "说明"])
