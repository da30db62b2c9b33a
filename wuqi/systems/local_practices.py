"""S07 exemplary practices （典型做法）： tie six named units to the systems they exemplify.

Given by the interview: the units and the names of their practices. Undefined there: whether there are others,
how each works, what the numbers in the names count, and, except for one, which system each exemplifies. The
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
        """The number of parts that the interview lists for a name; RuleError without a list.

        RuleError, too, for an unknown name.
        """
        if term not in self.parts:
            rule = "listed" if term in set(self.numbered["term"]) else "unknown"
            raise self.rules.refusal(rule, f"“{term}”的各项")
        return self.parts[term]


def catalogue(tables: Tables, practices: Iterable[Mapping], tied: Iterable[Mapping]) -> Catalogue:
    """Make the catalogue of rows of ``practices`` and of ``ties``.

    RuleError for a row without a column, and for a unit that the interview does not name or a missing one.
    RuleError for a practice that the data does not list for the unit. RuleError for a kind or a township not
    registered, another township's name than the register's, or the same name twice. RuleError for a unit tied
    to no system, and for all that ``ties.graph`` refuses.
    """
    ruled, systems = rules(tables), tables.systems.frame.set_index("id")
    named = ties.parts(tables, SYSTEM)
    townships = tables.townships.frame.set_index("code")["name"].to_dict()
    ours = tables.rules_of(SYSTEM)["practices"]
    listed = set(ours[["holder", "label"]].itertuples(index=False, name=None))
    names: dict[str, tuple[str, ...]] = {}
    kinds: dict[str, str] = {}
    for row in practices:
        if lacking := [k for k in ("holder", "kind", "township_code", "label") if k not in row]:
            raise ruled.refusal("value", f"一行缺 {'、'.join(lacking)}")
        holder, text = row["holder"], f"{row['holder']}：{row['label']}"
        if not all(isinstance(row[column], str) for column in ("holder", "kind", "label")):
            raise ruled.refusal("value", text)
        if holder not in named or (holder, row["label"]) not in listed:
            raise ruled.refusal("named", text)
        if row["kind"] not in KINDS or kinds.get(holder, row["kind"]) != row["kind"]:
            raise ruled.refusal("value", f"{text}（{row['kind']}）")
        if row["kind"] == "township" and row["township_code"] not in townships:
            raise ruled.refusal("unknown", f"{text}（{row['township_code']}）")
        if row["kind"] == "township" and townships[row["township_code"]] != holder:
            raise ruled.refusal("value", f"{text}（{row['township_code']}）")
        if row["label"] in names.get(holder, ()):
            raise ruled.refusal("twice", text)
        names[holder], kinds[holder] = (*names.get(holder, ()), row["label"]), row["kind"]
    if missing := [h for h in named if h not in names]:
        raise ruled.refusal("named", "、".join(missing))
    graph = ties.graph(ruled, named, list(systems.index), tied)
    if loose := [h for h in named if not graph.out_degree(h)]:
        raise ruled.refusal("tied", "、".join(loose))
    terms = tables.terms.frame
    all_labels = {label for labels in names.values() for label in labels}
    return Catalogue(
        ruled,
        {h: names[h] for h in named},
        kinds,
        systems["term"].to_dict(),
        graph,
        terms[terms["term"].isin(all_labels)],
        tables.parts.frame["term"].value_counts().to_dict(),
    )


def example(tables: Tables) -> Catalogue:
    """The catalogue with the interview's names and this book's ties."""
    return catalogue(
        tables,
        tables.rules_of(SYSTEM)["practices"].to_dict("records"),
        tables.rules_of(SYSTEM)["ties"].to_dict("records"),
    )


def listed(book: Catalogue) -> pd.DataFrame:
    """One row for each practice: the unit, its kind, the practice's name in the interview."""
    return pd.DataFrame(
        [[h, KINDS[book.kinds[h]], label] for h, labels in book.names.items() for label in labels],
        columns=["单位", "类别", "名称"],
    )


def exemplified(book: Catalogue) -> pd.DataFrame:
    """One row for each tie: unit, system, reason, and whose reading it is."""
    rows = [
        [h, f"{s} {book.terms[s]}", tie["label"], "访谈" if pd.isna(tie["undefined"]) else "本书"]
        for h in book.names
        for s, tie in sorted(book.graph[h].items())
    ]
    return pd.DataFrame(rows, columns=["单位", "制度", "理由", "谁的读法"])


def by_system(book: Catalogue) -> pd.DataFrame:
    """One row for each system with an example, in the systems' order."""
    rows = [
        [f"{s} {book.terms[s]}", book.graph.in_degree(s)]
        for s in book.terms
        if s in book.graph and book.graph.in_degree(s)
    ]
    return pd.DataFrame(rows, columns=["制度", "典型个数"])


def numbers(book: Catalogue) -> pd.DataFrame:
    """One row for each name with numbers: the numbers, and how many parts are listed."""
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
