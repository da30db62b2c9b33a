"""List the figures with their verdicts: ``{register}`` as a table, ``{glance}`` as a grid.

``{verdict}`poverty.persons` `` is one verdict in a line of text.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.typing import ExtensionMetadata

from figurebook.figures.registry import find, load_figures
from figurebook.site.build_state import tables, verdict_axes, verdicts
from figurebook.site.docutils_tables import table
from figurebook.site.roles import figure_link


class Register(SphinxDirective):
    """A row for each figure, linked to its page."""

    def run(self) -> list[nodes.Node]:
        rows = []
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
        return [table(("名称", "访谈所述", "旁证", "依据", "复算", "制度"), rows, numbers=[1])]


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
