"""``{finding}``: what the book found out about all figures, in a few computed sentences and a picture.

The sentences stand on the home page. Without a table of publications there is nothing to say, and nothing
is said.
"""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from figurebook.figures.evidence import TABLE
from figurebook.figures.verdicts import Verdict
from figurebook.figures.vocabulary import RELATIONS, word
from figurebook.site.build_state import REGISTER, tables, verdict_axes, verdicts
from figurebook.site.pages.register import filter_anchor
from figurebook.site.roles import figure_link

_ORDER = ("unlike", "same", "related", "none_found")


def independent_counts(found: Iterable[Verdict]) -> dict[str, int]:
    """How many figures have an independent publication on the same thing, by how it bears on them.

    ``related`` are those of another date, joined by an equation, or a bound.
    """
    by_relation: dict[str, set[str]] = {"same": set(), "unlike": set(), "related": set()}
    for verdict in found:
        for e in verdict.evidence:
            if e.independence == "independent" and e.counted == verdict.figure.counted:
                by_relation[e.relation].add(verdict.figure.id)
    return {relation: len(figures) for relation, figures in by_relation.items()}


def headline(found: Iterable[Verdict]) -> str:
    """The finding in one sentence."""
    counts = independent_counts(found)
    if not any(counts.values()):
        return (
            "就同一件事、独立于该县的公布，在编者查过的出版物里一份也没有找到：没有同样的数，也没有不同的数。"
        )
    others = f"，时点不同或只是界限的 {counts['related']} 个数字" if counts["related"] else ""
    return (
        "就同一件事、独立于该县的公布，在编者查过的出版物里找到了："
        f"有同样的数的 {counts['same']} 个数字，有不同的数的 {counts['unlike']} 个数字{others}。"
    )


class Finding(SphinxDirective):
    """The headline, what the differences rest on, the rest by number, and a square for each figure."""

    def run(self) -> list[nodes.Node]:
        found = list(verdicts().values())
        if TABLE not in tables().names:
            return []
        lead = nodes.paragraph("", headline(found), classes=["answer"])
        parts = [lead, self._differences(found), self._rest(found), _squares(found), _legend(found)]
        return [nodes.container("", *parts, classes=["finding"])]

    def _differences(self, found: list[Verdict]) -> nodes.paragraph:
        unlike = [v for v in found if v.corroboration == "unlike"]
        if not unlike:
            return nodes.paragraph("", f"{len(found)} 个数字里，别处公布了不同的数的，没有找到。")
        line = nodes.paragraph("", f"{len(found)} 个数字里，别处公布了不同的数的有 ")
        line += [self._filtered("unlike", f"{len(unlike)} 个"), nodes.Text("：")]
        for i, verdict in enumerate(unlike):
            others = "、".join(f"{e.text}（{e.as_of}）" for e in verdict.evidence if e.relation == "unlike")
            line += nodes.Text("；" if i else "")
            line += figure_link(verdict.figure.id, nodes.inline("", verdict.figure.label_zh))
            line += nodes.Text(f"，访谈说 {verdict.figure.text}，别处是 {others}")
        sources = {e.independence for v in unlike for e in v.evidence if e.relation == "unlike"}
        line += nodes.Text(
            "。这些公布里有独立于该县的。"
            if "independent" in sources
            else "。这些公布都不能算独立于该县：应同出该县，或者来源不明。"
        )
        return line

    def _rest(self, found: list[Verdict]) -> nodes.paragraph:
        counts = {r: sum(v.corroboration == r for v in found) for r in _ORDER}
        parts = [r for r in ("same", "related", "none_found") if counts[r]]
        line = nodes.paragraph("", "其余的：" if parts else "")
        for i, relation in enumerate(parts):
            line += nodes.Text("，" if i else "")
            line += self._filtered(relation, f"{word(RELATIONS, relation)} {counts[relation]} 个")
        line += nodes.Text("。没有找到，不等于没有。" if parts else "")
        return line

    def _filtered(self, relation: str, text: str) -> nodes.Node:
        """The text, linked to those figures in the register where the book has one."""
        if REGISTER not in self.env.found_docs:
            return nodes.Text(text)
        page = self.env.app.builder.get_relative_uri(self.env.docname, REGISTER)
        return nodes.reference("", text, refuri=f"{page}#{filter_anchor('corroboration', relation)}")


def _squares(found: list[Verdict]) -> nodes.bullet_list:
    squares = nodes.bullet_list(classes=["squares"])
    for verdict in sorted(found, key=lambda v: _ORDER.index(v.corroboration)):
        figure, axis = verdict.figure, verdict_axes(verdict)[0]
        inner = nodes.inline(
            "",
            "",
            nodes.inline("", axis["shape"], classes=["shape"]),
            nodes.inline(
                "", f" {figure.label_zh} {figure.text}：{axis['word']}", classes=["visually-hidden"]
            ),
            classes=["square", axis["kind"]],
        )
        squares += nodes.list_item("", nodes.paragraph("", "", figure_link(figure.id, inner)))
    return squares


def _legend(found: list[Verdict]) -> nodes.paragraph:
    shapes = {v.corroboration: verdict_axes(v)[0]["shape"] for v in found}
    legend = "，".join(f"{shapes[r]} {word(RELATIONS, r)}" for r in _ORDER if r in shapes)
    return nodes.paragraph("", f"上图一格是一个数字，按别处怎么说排列：{legend}。", classes=["legend"])


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("finding", Finding)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
