"""List the figures with their verdicts: ``{register}`` as a table to filter, ``{glance}`` as a grid.

``{verdict}`poverty.persons` `` is one verdict in a line of text.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.typing import ExtensionMetadata

from figurebook.datapackage.bases import BASES
from figurebook.figures.registry import find, load_figures
from figurebook.figures.verdicts import summary
from figurebook.figures.vocabulary import RELATIONS, RESULTS, word
from figurebook.site.build_state import tables, verdict_axes, verdicts
from figurebook.site.docutils_tables import table
from figurebook.site.roles import figure_link


def filter_anchor(axis: str, value: str) -> str:
    """The anchor on the register's page that leaves only the rows with a value: ``corroboration-unlike``.

    ``register.js`` hides the others; without scripts all rows stay.
    """
    return f"{axis}-{value}".replace("_", "-")


class Register(SphinxDirective):
    """The ways to filter, and a row for each figure, linked to its page."""

    def run(self) -> list[nodes.Node]:
        rows, kinds = [], []
        for figure_id, verdict in verdicts().items():
            figure = verdict.figure
            rows.append(
                (
                    [figure_link(figure_id, nodes.inline("", figure.label_zh))],
                    figure.text,
                    *([_axis(a)] for a in verdict_axes(verdict)),
                    figure.system,
                )
            )
            kinds.append(
                [
                    filter_anchor(axis, value)
                    for axis, value in (
                        ("corroboration", verdict.corroboration),
                        ("basis", verdict.basis),
                        ("result", verdict.result),
                    )
                ]
            )
        columns = ("名称", "访谈所述", "旁证", "依据", "复算", "制度")
        shown = table(columns, rows, classes=["register"], numbers=[1])
        body = next(iter(shown.findall(nodes.tbody)))
        for row, classes in zip(body.findall(nodes.row), kinds, strict=True):
            row["classes"] = classes
        return [_filters(), shown]


def _filters() -> nodes.container:
    """A line for each question: how many figures have each answer, each a link that leaves only those."""
    lines = []
    for axis, name, words in (
        ("corroboration", "旁证", RELATIONS),
        ("basis", "依据", BASES),
        ("result", "复算", RESULTS),
    ):
        line = nodes.paragraph("", f"{name}：")
        for value, count in summary(list(verdicts().values()))[axis].items():
            if count:
                anchor = filter_anchor(axis, value)
                line += nodes.reference("", f"{word(words, value)} {count}", refid=anchor, ids=[anchor])
                line += nodes.Text(" ")
        lines.append(line)
    return nodes.container("", *lines, classes=["filters"])


class Glance(SphinxDirective):
    """Value, label and verdict of every figure; each tile leads to the figure's page."""

    def run(self) -> list[nodes.Node]:
        items = nodes.bullet_list(classes=["glance"])
        for figure_id, verdict in verdicts().items():
            figure = verdict.figure
            tile = nodes.inline(
                "",
                "",
                nodes.strong("", figure.text),
                nodes.inline("", figure.label_zh, classes=["label"]),
                *(_axis(a) for a in verdict_axes(verdict)),
            )
            items += nodes.list_item("", nodes.paragraph("", "", figure_link(figure_id, tile)))
        return [items]


class InWords(SphinxRole):
    """The three axes of one figure, in words."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            verdict = verdicts()[find(load_figures(tables()), self.text).id]
        except KeyError as error:
            return [], [self.inliner.reporter.error(str(error.args[0]), line=self.lineno)]
        return [nodes.Text("；".join(f"{a['name']}：{a['word']}" for a in verdict_axes(verdict)))], []


def _axis(axis: dict[str, str]) -> nodes.inline:
    return nodes.inline("", f"{axis['shape']} {axis['word']}", classes=["axis", axis["kind"]])


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("register", Register)
    app.add_directive("glance", Glance)
    app.add_role("verdict", InWords())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
