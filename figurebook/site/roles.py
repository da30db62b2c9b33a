"""Put numbers into prose by roles, so that none is typed by hand.

- ``{num}`poverty.persons` ``: a figure, or a quantity derived from figures, with a card and a link to the
  figure's page.
- ``{num}`funding.training 万` ``: the same in ten thousands.
- ``{fact}`county_facts/poor_households` ``: a published value, its publication in the title.
- ``{tally}`corroboration/none_found` ``: the number of figures with that verdict.
- ``{system}`S05` ``: the number of a system, linked to its page.

An id that does not exist fails the build. The error names the nearest ids.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from figurebook.figures.registry import decimals, number, plain
from figurebook.figures.verdicts import summary
from figurebook.site.build_state import (
    INTERVIEW,
    anchor_of,
    derived,
    page_name,
    system_page,
    systems,
    tables,
    verdict_axes,
    verdicts,
)

WAN = 10_000
_SAID = "figures retold on this page"


class Num(SphinxRole):
    """Value and unit, linked to the figure's page, with the verdict on a card.

    The card shows on hover and on keyboard focus.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name, _, scale = self.text.partition(" ")
        if scale not in ("", "万"):
            return _fail(self, f"{self.text}：编号后面只能写“万”")
        if name in verdicts():
            figure = verdicts()[name].figure
            text = _in_wan(figure.value, figure.unit, figure.qualifier) if scale else figure.text
            card = [figure.label_zh, text] + [
                f"{a['shape']} {a['name']}：{a['word']}" for a in verdict_axes(verdicts()[name])
            ]
            node = _inline(self.rawtext, text, ["num"], card)
            if self.env.docname == INTERVIEW and name not in self.env.temp_data.setdefault(_SAID, set()):
                self.env.temp_data[_SAID].add(name)
                node["ids"] = [anchor_of(name)]
            return [figure_link(name, node)], []
        if name in derived():
            quantity = derived()[name]
            text = _in_wan(quantity.value, quantity.unit) if scale else quantity.text
            card = [quantity.label_zh, f"{quantity.sign} {text}", quantity.formula]
            return [
                figure_link(quantity.figures[0], _inline(self.rawtext, text, ["num"], card), "derived")
            ], []
        return _fail(self, f"没有编号为 {name} 的数字；相近的编号：{_near(name, [*verdicts(), *derived()])}")


class Fact(SphinxRole):
    """A published value with its unit; the title names the publication."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        table, _, key = self.text.partition("/")
        citable = {n: fact for n in tables().names if (fact := tables().resource(n).get("fact"))}
        if table not in citable:
            return _fail(self, f"没有可引用的表 {table}；可用：{'、'.join(citable) or '无'}")
        fact = citable[table]
        column, value = fact["key"], fact["value"]
        frame = getattr(tables(), table).frame
        row = frame[frame[column].astype("string") == key]
        if len(row) != 1:
            return _fail(self, f"表 {table} 没有 {key}；相近：{_near(key, frame[column].astype('string'))}")
        row = row.iloc[0]
        exact = plain(row[value])
        publication = tables().publications.frame.set_index("id").loc[row["publication"]]
        node = _inline(
            self.rawtext, f"{number(exact, decimals(exact))} {fact.get('unit') or row['unit']}", ["fact"]
        )
        node["title"] = f"{publication['publisher']}《{publication['title']}》{publication['date']}"
        return [node], []


class Tally(SphinxRole):
    """The number of figures that have a verdict on an axis."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        axis, _, value = self.text.partition("/")
        counted = summary(list(verdicts().values()))
        if value not in counted.get(axis, {}):
            choices = "、".join(f"{a}/{v}" for a in counted for v in counted[a])
            return _fail(self, f"没有判定 {self.text}；可用：{choices}")
        return [nodes.Text(str(counted[axis][value]))], []


class System(SphinxRole):
    """The number of a system, linked to its page."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if self.text not in systems():
            return _fail(self, f"没有制度 {self.text}；相近：{_near(self.text, systems())}")
        return [page_link(system_page(self.text), self.text)], []


def figure_link(figure_id: str, inner: nodes.inline, anchor: str = "") -> addnodes.pending_xref:
    """A link to a figure's page from any page."""
    return addnodes.pending_xref(
        "",
        inner,
        reftype="figure",
        refexplicit=True,
        refwarn=True,
        refdomain=None,
        reftarget=page_name(figure_id),
        anchor=anchor,
    )


def page_link(page: str, text: str) -> addnodes.pending_xref:
    """A link to a page of the book, by its path from the top."""
    return addnodes.pending_xref(
        "",
        nodes.inline("", text),
        reftype="doc",
        refdomain="std",
        refwarn=True,
        refexplicit=True,
        reftarget=f"/{page}",
    )


def _inline(rawtext: str, text: str, classes: list[str], card: Sequence[str] = ()) -> nodes.inline:
    # Writers fold line breaks in attributes, so bars separate the card's lines.
    return nodes.inline(rawtext, text, classes=classes, card="|".join(card))


def _in_wan(value: Decimal | Fraction, unit: str, qualifier: str = "exact") -> str:
    scaled = plain(float(value / WAN))
    more = "多" if qualifier == "at_least" else ""
    return f"{number(scaled, decimals(scaled))} 万{more}{unit}"


def _near(name: str, names: Iterable[str]) -> str:
    return "、".join(difflib.get_close_matches(name, list(names), n=3, cutoff=0.3)) or "无"


def _fail(role: SphinxRole, message: str) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    return [], [role.inliner.reporter.error(message, line=role.lineno)]


def _resolve(
    app: Sphinx, _env: BuildEnvironment, node: addnodes.pending_xref, inner: nodes.TextElement
) -> nodes.reference | None:
    if node["reftype"] != "figure":
        return None
    uri = app.builder.get_relative_uri(node["refdoc"], node["reftarget"])
    return nodes.reference("", "", inner, internal=True, refuri=f"{uri}#{node['anchor']}".rstrip("#"))


def _visit_inline(translator: HTML5Translator, node: nodes.Element) -> None:
    attributes = {"title": node.get("title"), "data-card": node.get("card")}
    translator.body.append(
        translator.starttag(node, "span", "", **{k: v for k, v in attributes.items() if v})
    )


def _depart_inline(translator: HTML5Translator, node: nodes.Element) -> None:
    translator.body.append("</span>")


def setup(app: Sphinx) -> ExtensionMetadata:
    for name, role in (("num", Num()), ("fact", Fact()), ("tally", Tally()), ("system", System())):
        app.add_role(name, role)
    app.connect("missing-reference", _resolve)
    app.add_node(nodes.inline, override=True, html=(_visit_inline, _depart_inline))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
