"""``{register}``: the thirty figures with their verdicts; ``{glance}``: the same as a grid."""

from __future__ import annotations

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from wuqi.claims import number
from wuqi.notebook import computed_text
from wuqi.site.build import table
from wuqi.site.roles import figure_link
from wuqi.site.verdicts import label, tables, verdicts
from wuqi.verify import Verdict
from wuqi.words import BASES, INDEPENDENCE, RELATIONS, RESULTS, word

# A shape beside each word, so that a verdict is not told by colour alone.
SHAPES = {"reproduced": "●", "holds": "●", "differs": "✕", "not computed": "○",
          "agrees": "▲", "consistent": "△", "none found": "—"}


class Register(SphinxDirective):
    """One section a figure: what was said, what was computed, what others published."""

    def run(self):
        found = []
        for verdict in verdicts().values():
            figure = verdict.figure
            target = nodes.target("", "", ids=[label(figure.id)], names=[label(figure.id)])
            self.state.document.note_explicit_target(target)
            found += [target, nodes.rubric("", f"{figure.label_zh} {figure.text}"), _card(verdict)]
        return found


class Glance(SphinxDirective):
    """Value, label and verdict of every figure, linked to its place in the register."""

    def run(self):
        items = nodes.bullet_list(classes=["glance"])
        for verdict in verdicts().values():
            figure = verdict.figure
            text = nodes.inline("", "", nodes.strong("", figure.text), nodes.Text(" " + figure.label_zh))
            link = figure_link(figure.id, text)
            relation = verdict.corroboration.replace(" ", "-")
            words = nodes.inline("", _axes(verdict), classes=["axes", f"relation-{relation}"])
            items += nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(" "), words))
        return [items]


def _axes(verdict: Verdict) -> str:
    return (f"{SHAPES[verdict.result]} {word(RESULTS, verdict.result)} · {word(BASES, verdict.basis)}"
            f" · {SHAPES[verdict.corroboration]} {_corroboration(verdict)}")


def _corroboration(verdict: Verdict) -> str:
    told = word(RELATIONS, verdict.corroboration)
    return told if verdict.corroboration == "none found" else f"旁证{told}"


def _card(verdict: Verdict) -> nodes.table:
    figure = verdict.figure
    rows = [
        ("编号", [nodes.literal("", figure.id)]),
        ("所述", f"{figure.text}；时间：{_period(figure.period)}；{figure.note or '访谈未作其他说明'}"),
        ("位置", f"原文第 {figure.start} 至 {figure.end} 字符（从 0 数），属制度 {figure.system}"),
        ("复算", f"{SHAPES[verdict.result]} {word(RESULTS, verdict.result)}："
                 f"由表 {figure.table} 算得 {computed_text(verdict)}"),
        ("依据", f"{word(BASES, verdict.basis)}：{BASES[verdict.basis][1]}"),
        ("旁证", f"{SHAPES[verdict.corroboration]} {word(RELATIONS, verdict.corroboration)}"
                 f"：{RELATIONS[verdict.corroboration][1]}"),
    ]
    for e in verdict.evidence:
        rows.append((f"· {word(RELATIONS, e.relation)}", _evidence(e)))
    return table(("项", "内容"), rows, ["card"])


def _evidence(e) -> list:
    name = f"{e.publisher}《{e.title}》"
    source = nodes.reference("", name, refuri=e.url) if e.url else nodes.Text(name)
    return [nodes.Text(f"{number(e.value)} {e.unit}（{e.as_of}）。"), source,
            nodes.Text(f"，{_date(e)}；{word(INDEPENDENCE, e.independence)}。{e.note}")]


def _date(e) -> str:
    return {"published": f"{e.date} 发布", "reprint": f"{e.date} 转载",
            "cutoff": f"数据截止 {e.date}，发布日未查到"}[e.date_kind]


def _period(period: str | None) -> str:
    if period is None:
        return "访谈未说明"
    frame = tables().periods.frame
    return frame.loc[frame["id"] == period, "expression"].item()


def setup(app):
    app.add_directive("register", Register)
    app.add_directive("glance", Glance)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
