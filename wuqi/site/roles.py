"""Roles that put numbers into prose, so that none is typed by hand.

``{num}`poverty.persons` `` a figure of the interview, with a link to its row in the register;
``{fact}`county_facts/poor_households` `` a published value, its publication in the title;
``{tally}`corroboration/none found` `` how many figures have that verdict.
An id that does not exist fails the build, with the nearest ids there are.
"""

from __future__ import annotations

import difflib

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import make_refnode

from wuqi.claims import find, load_figures, number, plain
from wuqi.site.verdicts import in_words, label, tables, verdicts
from wuqi.verify import summary

REGISTER = "book/register"  # the page that holds the figures
# The column that holds the value of a published table, and its unit where no column gives one.
FACTS = {"county_facts": ("id", "value", None), "rural_incomes": ("id", "income_yuan", "元"),
         "poverty_lines": ("year", "line_yuan", "元"), "register_sizes": ("id", "persons", "人"),
         "corroboration": ("id", "published_value", None)}


class Num(SphinxRole):
    """A figure: value and unit, its verdict in the title, linked to the register."""

    def run(self):
        try:
            figure = find(load_figures(tables()), self.text)
        except KeyError as error:
            return _fail(self, str(error.args[0]))
        verdict = verdicts()[figure.id]
        inner = nodes.inline(self.rawtext, figure.text, classes=["num", f"basis-{verdict.basis}"])
        inner["title"] = f"{figure.label_zh}：{in_words(verdict)}"
        return [figure_link(figure.id, inner)], []


class Fact(SphinxRole):
    """A published value with its unit; the title names the publication."""

    def run(self):
        table, _, key = self.text.partition("/")
        if table not in FACTS:
            return _fail(self, f"没有可引用的表 {table}；可用：{'、'.join(FACTS)}")
        column, value, unit = FACTS[table]
        frame = getattr(tables(), table).frame
        row = frame[frame[column].astype("string") == key]
        if len(row) != 1:
            near = difflib.get_close_matches(key, list(frame[column].astype("string")), n=3, cutoff=0.3)
            return _fail(self, f"表 {table} 没有 {key}；相近：{'、'.join(near) or '无'}")
        row = row.iloc[0]
        exact = plain(row[value])
        decimals = max(0, -exact.as_tuple().exponent)
        publication = tables().publications.frame.set_index("id").loc[row["publication"]]
        node = nodes.inline(self.rawtext, f"{number(exact, decimals)} {unit or row['unit']}",
                            classes=["fact"])
        node["title"] = f"{publication['publisher']}《{publication['title']}》{publication['date']}"
        return [node], []


class Tally(SphinxRole):
    """How many figures have a given verdict on an axis."""

    def run(self):
        axis, _, value = self.text.partition("/")
        counted = summary(list(verdicts().values()))
        if value not in counted.get(axis, {}):
            known = "、".join(f"{a}/{v}" for a in counted for v in counted[a])
            return _fail(self, f"没有判定 {self.text}；可用：{known}")
        return [nodes.Text(str(counted[axis][value]))], []


def _fail(role: SphinxRole, message: str):
    return [], [role.inliner.reporter.error(message, line=role.lineno)]


def figure_link(figure_id: str, inner: nodes.Node) -> addnodes.pending_xref:
    """A link to a figure's place in the register that keeps ``inner`` as it is."""
    return addnodes.pending_xref("", inner, refdomain="", reftype="figure", refexplicit=True,
                                 reftarget=label(figure_id), refwarn=True)


def _resolve(app, _env, node, inner):
    if node["reftype"] != "figure":
        return None
    return make_refnode(app.builder, node["refdoc"], REGISTER, node["reftarget"], inner)


def _visit_inline(translator, node) -> None:
    title = node.get("title")
    attributes = {"title": title} if title else {}
    translator.body.append(translator.starttag(node, "span", "", **attributes))


def _depart_inline(translator, node) -> None:
    translator.body.append("</span>")


def setup(app):
    app.add_role("num", Num())
    app.add_role("fact", Fact())
    app.add_role("tally", Tally())
    app.connect("missing-reference", _resolve)
    app.add_node(nodes.inline, override=True, html=(_visit_inline, _depart_inline))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
