"""Show on a system's page its card, figures, undefined points, model and rules.

The directives are ``{system-card} S04``, ``{system-figures} S04``, ``{undefined} S04`` and ``{model} S04``. A
page's own words stand between them.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from figurebook import project
from figurebook.figures.registry import figures_by_system
from figurebook.notebooks.api import plain_cell
from figurebook.site.build_state import system_page, systems, tables, verdict_axes, verdicts
from figurebook.site.docutils_tables import definition_list, table
from figurebook.site.roles import figure_link, page_link
from figurebook.systems.rule_tables import readable_rules


class _OfSystem(SphinxDirective):
    """A directive whose one argument is a system's id."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        if self.arguments[0] not in systems():
            return self.refused(f"没有制度 {self.arguments[0]}")
        return self.show(self.arguments[0], systems()[self.arguments[0]])

    def show(self, system: str, row: dict[str, Any]) -> list[nodes.Node]:
        """The nodes that the directive puts into the page."""
        raise NotImplementedError

    def refused(self, message: str) -> list:
        """An error at the directive's place; it stops the publication."""
        return [self.state.document.reporter.error(message, line=self.lineno)]


class Card(_OfSystem):
    """Name, parts, place in the interview and related systems."""

    def show(self, system: str, row: dict[str, Any]) -> list[nodes.Node]:
        related = row["related"].split(";") if row["related"] else []
        if unknown := [s for s in related if s not in systems()]:
            return self.refused(f"制度 {system} 说它与 {'、'.join(unknown)} 有关，systems 表里没有")
        where = f"原文第 {row['start']}–{row['end']} 字符，该段文字的 sha256 摘要 {row['quote_sha256'][:12]}…"
        rows = [
            ("编号与名称", f"{system} {row['term']}（{row['label_en']}）"),
            ("访谈列出的各部分", row["parts"] or "没有列出"),
            ("在访谈里的位置", where),
            ("有关的制度（本书的归纳）", _joined([system_link(s) for s in related]) or "没有登记"),
        ]
        return [definition_list(rows)]


class Figures(_OfSystem):
    """The system's figures with their verdicts."""

    def show(self, system: str, row: dict[str, Any]) -> list[nodes.Node]:
        ids = figures_by_system(tables()).get(system, ())
        if not ids:
            return [nodes.paragraph("", "访谈在这里没有给出数字。")]
        rows = [
            (
                [figure_link(i, nodes.inline("", verdicts()[i].figure.label_zh))],
                verdicts()[i].figure.text,
                *(f"{a['shape']} {a['word']}" for a in verdict_axes(verdicts()[i])),
            )
            for i in ids
        ]
        return [table(("名称", "访谈所述", "旁证", "依据", "复算"), rows, numbers=[1])]


class Undefined(_OfSystem):
    """Each point that the interview leaves open, the default chosen here, and why."""

    def show(self, system: str, row: dict[str, Any]) -> list[nodes.Node]:
        shown: list[nodes.Node] = []
        for point in [p for p in tables().rows("undefined") if p["system"] == system]:
            shown += [
                nodes.paragraph(
                    "",
                    "",
                    nodes.strong("", point["point"]),
                    nodes.Text(" "),
                    nodes.literal("", point["id"]),
                    classes=["point"],
                ),
                definition_list([("本书的默认", point["default"]), ("理由", point["reason"])]),
            ]
        return shown


class Model(_OfSystem):
    """The place of the model, the questions it answers, and its rules with their origins."""

    def show(self, system: str, row: dict[str, Any]) -> list[nodes.Node]:
        models = project.county().systems()
        if system not in models:
            return self.refused(f"制度 {system} 没有模型：{project.SETTING} 所指的县没有登记它")
        model = models[system].model
        link = page_link(f"notebooks/systems/{system.lower()}-{row['slug']}", "笔记")
        shown: list[nodes.Node] = [
            nodes.paragraph(
                "",
                "",
                nodes.Text("运行与结果见"),
                link,
                nodes.Text("，模块是 "),
                nodes.literal("", f"{model.__name__.replace('.', '/')}.py"),
                nodes.Text("。它回答："),
            ),
            table(("函数", "回答什么"), [([nodes.literal("", f)], t) for f, t in model.VIEWS.items()]),
        ]
        for title, frame in readable_rules(tables(), system):
            rows = [[plain_cell(c) for c in row] for row in frame.itertuples(index=False)]
            shown.append(table(list(frame), rows, ["rules"], title=f"规则：{title}"))
        return shown


def system_link(system: str) -> addnodes.pending_xref:
    """A link to a system's page, with its id and term."""
    return page_link(system_page(system), f"{system} {systems()[system]['term']}")


def _joined(links: list) -> list[nodes.Node]:
    joined: list[nodes.Node] = []
    for link in links:
        joined += [nodes.Text("、"), link] if joined else [link]
    return joined


def setup(app: Sphinx) -> ExtensionMetadata:
    for name, directive in (
        ("system-card", Card),
        ("system-figures", Figures),
        ("undefined", Undefined),
        ("model", Model),
    ):
        app.add_directive(name, directive)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
