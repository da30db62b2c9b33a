"""Print tables by directives: ``{data-dictionary}``, ``{view} TABLE`` and ``{words} AXIS``."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from figurebook.datapackage.bases import BASES
from figurebook.datapackage.tables import Table
from figurebook.datapackage.validation.field_wording import code_words
from figurebook.figures.registry import decimals, number, plain
from figurebook.figures.vocabulary import INDEPENDENCE, RELATIONS, RESULTS, word
from figurebook.notebooks.api import plain_cell
from figurebook.site.build_state import tables, verdicts
from figurebook.site.docutils_tables import table
from figurebook.site.roles import figure_link

AXES = {"RESULTS": RESULTS, "BASES": BASES, "RELATIONS": RELATIONS, "INDEPENDENCE": INDEPENDENCE}


class DataDictionary(SphinxDirective):
    """A section for each table: its provenance and its fields."""

    def run(self) -> list[nodes.Node]:
        sections: list[nodes.Node] = []
        for name in tables().names:
            resource = tables().resource(name)
            label = f"table-{name.replace('_', '-')}"
            section = nodes.section(
                "",
                nodes.title("", f"{resource['title']}（{name}）"),
                nodes.paragraph("", resource["description"]),
                _provenance(resource),
                _fields(resource),
                ids=[label],
                names=[label],
            )
            self.state.document.note_explicit_target(section)
            sections.append(section)
        return sections


class View(SphinxDirective):
    """The rows of a table, under the titles of its schema.

    ``columns`` selects and orders the columns. ``only`` names a column of codes, then the codes whose
    rows are shown.
    """

    required_arguments = 1
    option_spec = {"columns": directives.unchanged_required, "only": directives.unchanged_required}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        if self.arguments[0] not in tables().names:
            return self._refused(f"数据包里没有表 {self.arguments[0]}")
        source = getattr(tables(), self.arguments[0])
        titles = {f["name"]: f["title"] for f in source.schema["fields"]}
        columns = self.options.get("columns", " ".join(titles)).split()
        only = self.options.get("only", "").split()
        if unknown := [c for c in (*columns, *only[:1]) if c not in titles]:
            return self._refused(f"表 {source.name} 没有列 {'、'.join(unknown)}；有：{'、'.join(titles)}")
        fields = {f["name"]: f for f in source.schema["fields"]}
        frame = source.frame
        if only:
            column, *codes = only
            words = code_words(fields[column])
            if unknown := [c for c in codes if c not in words]:
                return self._refused(
                    f"表 {source.name} 的列 {column} 没有代码 {'、'.join(unknown)}；有：{'、'.join(words)}"
                )
            frame = frame[frame[column].isin(codes)]
        # A number whose row has no unit is no quantity: a seed is not 2,016 of anything.
        bare = frame["unit"].isna() if "unit" in fields else [False] * len(frame)
        rows = [
            [_cell(source, fields[n], c, b) for n, c in zip(columns, r, strict=True)]
            for b, r in zip(bare, frame[columns].itertuples(index=False), strict=True)
        ]
        numbers = [i for i, c in enumerate(columns) if fields[c]["type"] in ("number", "integer")]
        return [table([titles[c] for c in columns], rows, numbers=numbers)]

    def _refused(self, message: str) -> list:
        """An error at the directive's place; it stops the publication."""
        return [self.state.document.reporter.error(message, line=self.lineno)]


class Words(SphinxDirective):
    """The values of an axis (``RESULTS``, ``BASES`` …) with their meanings."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        if self.arguments[0] not in AXES:
            message = f"没有判定的用语 {self.arguments[0]}；可用：{'、'.join(AXES)}"
            return [self.state.document.reporter.error(message, line=self.lineno)]
        axis = AXES[self.arguments[0]]
        rows = [(short, long, code) for code, (short, long) in axis.items()]
        return [table(("判定", "意思", "英文"), rows)]


def _cell(source: Table, field: dict, cell: Any, bare: bool) -> str | list[nodes.Node]:
    """A cell for readers: words for codes, names for keys, every published digit."""
    keys = {k["fields"][0]: k["reference"]["resource"] for k in source.schema.get("foreignKeys", [])}
    points_to = keys.get(field["name"])
    if points_to == "figures":
        return [figure_link(cell, nodes.inline("", verdicts()[cell].figure.label_zh))]
    if points_to == "publications":
        row = tables().publications.frame.set_index("id").loc[cell]
        return f"{row['publisher']}《{row['title']}》"
    words = code_words(field)
    if cell in words:
        return words[cell]
    return str(plain(cell)) if bare and isinstance(cell, float) else _exact(cell)


def _exact(cell: Any) -> str:
    """A cell as text; a published number keeps every digit."""
    if not isinstance(cell, float) or cell != cell:
        return plain_cell(cell)
    value = plain(cell)
    return number(value, decimals(value))


def _provenance(resource: dict) -> nodes.bullet_list:
    basis = tables().basis(resource["name"])
    if resource["name"] in tables().recorded:  # our package's notes are not true of an office's table
        line = nodes.paragraph("", f"依据：{word(BASES, basis)}；{tables().given_by}")
        return nodes.bullet_list("", nodes.list_item("", line))
    lines = [
        f"依据：{word(BASES, basis)}",
        [
            nodes.Text("文件："),
            nodes.literal("", f"data/{resource['path']}"),  # ``downloads`` makes a link of it
            nodes.Text(f"，{resource['bytes']:,} 字节"),
        ],
        f"来源：{'；'.join(s['title'] for s in resource['sources'])}",
        f"许可：{'；'.join(x['title'] for x in resource['licenses'])}",
        f"用于：{'、'.join(resource['usedBy']) or '—'}",
        f"已知缺口：{'；'.join(resource['gaps']) or '—'}",
        resource["hash"],
    ]
    inline = [line if isinstance(line, list) else [nodes.Text(line)] for line in lines]
    return nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph("", "", *i)) for i in inline))


def _fields(resource: dict) -> nodes.table:
    schema = resource["schema"]
    keys = {k["fields"][0]: k["reference"] for k in schema.get("foreignKeys", [])}
    rows = []
    for field in schema["fields"]:
        notes = [f"{code} {meaning}" for code, meaning in code_words(field).items()]
        notes.append(field.get("description", ""))
        if field["name"] in schema.get("primaryKey", []):
            notes.append("主键")
        if reference := keys.get(field["name"]):
            notes.append(f"指向 {reference['resource']}.{reference['fields'][0]}")
        if field.get("constraints", {}).get("required"):
            notes.append("必填")
        if field.get("personal"):
            notes.append("在真实的表里属个人信息")
        rows.append(
            (
                [nodes.literal("", field["name"])],
                field["title"],
                field["type"],
                field.get("unit", "—"),
                "；".join(n for n in notes if n) or "—",
            )
        )
    return table(("字段", "名称", "类型", "单位", "说明"), rows)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("data-dictionary", DataDictionary)
    app.add_directive("view", View)
    app.add_directive("words", Words)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
