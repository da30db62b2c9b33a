"""Tell readers which tables an office put in, and which figures then differ.

A note at the head of every page names the tables that were put in. ``{differences}`` lists the figures whose
result is not the stated value. Both show nothing in the book's own site.
"""

from __future__ import annotations

from fractions import Fraction

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from figurebook.datapackage.bases import BASES
from figurebook.figures.registry import Figure, number
from figurebook.figures.verdicts import HOLDING, Verdict, computed_text
from figurebook.figures.vocabulary import word
from figurebook.site.build_state import tables, verdicts
from figurebook.site.roles import figure_link


class Differences(SphinxDirective):
    """The figures that differ or are not computed; nothing when there are no such figures."""

    def run(self) -> list[nodes.Node]:
        wrong = [v for v in verdicts().values() if v.result not in HOLDING]
        if not wrong:
            return []
        lead = nodes.paragraph(
            "",
            "",
            nodes.strong("", f"按这里的表，有 {len(wrong)} 个数字与访谈所述不等或算不出。"),
            nodes.Text("制作者知道这一点，仍选择出版；差在哪里，由表看得出，为什么差，本书不知道。"),
        )
        listed = nodes.bullet_list("", *(nodes.list_item("", _line(v)) for v in wrong))
        return [nodes.container("", lead, listed, classes=["caution", "differences"])]


def note(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Put a note below the page's title: the office and its tables."""
    names = tables().recorded
    if not names:
        return
    titles = "、".join(tables().resource(n)["title"] for n in names)
    text = nodes.paragraph(
        "",
        "",
        nodes.strong("", f"{tables().given_by}："),
        nodes.Text(
            f"{titles}，共 {len(names)} 张，都是“{word(BASES, 'recorded')}”。"
            f"正文、笔记和数据字典里说这些表怎样来、怎样造（“{word(BASES, 'illustrative')}”）、"
            "为什么与访谈相合的话，说的是本书原来的表，对换入的表不适用；其余的表仍是本书的。"
        ),
    )
    title = next(iter(doctree.findall(nodes.title)), None)
    if title is not None and isinstance(title.parent, nodes.section):
        title.parent.insert(
            title.parent.index(title) + 1, nodes.container("", text, classes=["caution", "own-tables"])
        )


def _line(verdict: Verdict) -> nodes.paragraph:
    """One figure: the stated value, the computed one, and the table."""
    figure = verdict.figure
    names = tables().names
    table = tables().resource(figure.table)["title"] if figure.table in names else figure.table
    result = (
        f"算不出（{verdict.reason}）"
        if verdict.computed is None
        else f"复算 {computed_text(verdict)}，相差 {_difference(verdict.computed, figure)}"
    )
    return nodes.paragraph(
        "",
        "",
        figure_link(figure.id, nodes.inline("", figure.label_zh)),
        nodes.Text(
            f"：访谈所述 {figure.text}，{result}；所据的表：{table}（{word(BASES, verdict.basis)}）。"
        ),
    )


def _difference(computed: Fraction, figure: Figure) -> str:
    """Computed less stated value, with its sign and as many digits as the computed value."""
    change = computed - Fraction(figure.value)
    decimals = figure.decimals + (0 if computed.denominator == 1 else 1)
    return f"{'+' if change > 0 else ''}{number(change, decimals)} {figure.unit}"


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("differences", Differences)
    app.connect("doctree-resolved", note)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
