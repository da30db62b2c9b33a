"""Give notebooks what they import: tables, verdicts in words, HTML tables, charts with origins."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterable
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import pandas as pd

from figurebook import project
from figurebook.datapackage.bases import BASES
from figurebook.datapackage.tables import Tables
from figurebook.figures.evidence import evidence_on
from figurebook.figures.registry import find, load_figures
from figurebook.figures.verdicts import computed_text, figure_verdict
from figurebook.figures.vocabulary import INDEPENDENCE, RELATIONS, RESULTS, word
from figurebook.notebooks.charts import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PAPER,
    PURPLE,
    SKY,
    VERMILION,
    Chart,
    axes,
    bars,
    mark_hidden,
    only_labels,
)
from figurebook.privacy.hidden_value import Hidden, lengths, value_or_dash
from figurebook.privacy.small_counts import rounded_column, rows_of, with_hidden_counts

__all__ = [
    "BLUE",
    "GREY",
    "INK",
    "ORANGE",
    "PAPER",
    "PURPLE",
    "SKY",
    "VERMILION",
    "Chart",
    "Shown",
    "axes",
    "bars",
    "basis",
    "checks",
    "claims",
    "each",
    "explain",
    "is_sentence",
    "lengths",
    "mark_hidden",
    "only_labels",
    "origins",
    "plain_cell",
    "published",
    "rounded_column",
    "rows_of",
    "show",
    "sources",
    "stated",
    "tables",
    "with_hidden_counts",
]

project.make_county_importable()

OVERLAY = "FIGUREBOOK_DATA"  # a folder of somebody's tables
STORE = "FIGUREBOOK_TABLES"  # where a build keeps them
SENTENCE = 14  # characters; a longer cell is read, not glanced at
_HAN = re.compile("[\u4e00-\u9fff]")
_QUANTITY = re.compile("[\\d,]*\\.?\\d+ [\u591a]{0,1}[^\\d\\s]{1,3}")  # as a figure is printed: 4,000 多名
CITED = 4  # publications a caption has room for; with more it gives the sources of the package


def tables() -> Tables:
    """The tables of the book: ours, or ours with those of ``--data`` laid over them."""
    # A notebook of ours needs neither import below, and a module that is not loaded cannot make it stale.
    if folder := os.environ.get(STORE):
        from figurebook.datapackage.stored_tables import load_stored_tables

        return load_stored_tables(Path(folder))
    if overlay := os.environ.get(OVERLAY):
        from figurebook.office.lay_over import load_with

        return load_with(overlay)
    return Tables.load()


class Shown:
    """An HTML table with a caption, and headers that a screen reader can use."""

    def __init__(self, title: str, columns: Iterable[str], rows: Iterable[Iterable]):
        self.title, self.columns, self.rows = title, list(columns), [list(r) for r in rows]

    def __repr__(self) -> str:
        lines = [self.title, " | ".join(self.columns)]
        return "\n".join(lines + [" | ".join(plain_cell(c) for c in r) for r in self.rows])

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th scope="col"{_class(self.rows, i)}>{html.escape(c)}</th>' for i, c in enumerate(self.columns)
        )
        body = "\n".join(
            "<tr>"
            + "".join(f"<td{_class(self.rows, i)}>{html.escape(plain_cell(c))}</td>" for i, c in enumerate(r))
            + "</tr>"
            for r in self.rows
        )
        return (
            f'<table class="shown"><caption>{html.escape(self.title)}</caption>\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"
        )


def show(title: str, frame: pd.DataFrame) -> Shown:
    """A frame as a table, its column names as headers."""
    return Shown(title, frame.columns, frame.itertuples(index=False))


def claims(t: Tables, *ids: str) -> Shown:
    """The interview's statements on the figures named; on all of them if none is."""
    figures = load_figures(t)
    return Shown(
        "访谈所述",
        ["名称", "数值", "制度", "时间", "说明", "编号"],
        [
            [f.label_zh, f.text, f.system, _period(t, f.period), f.note or "—", f.id]
            for f in (find(figures, i) for i in ids or figures)
        ],
    )


def sources(t: Tables, *names: str) -> Shown:
    """The tables a notebook rests on, with their basis and known gaps."""
    return Shown(
        "所用的表",
        ["表", "内容", "行数", "依据", "已知缺口"],
        [[n, t.resource(n)["title"], t.count(n), word(BASES, t.basis(n)), _gaps(t, n)] for n in names],
    )


def basis(t: Tables, name: str) -> str:
    """The word for a table's basis, to stand beside the table's name."""
    return word(BASES, t.basis(name))


def origins(t: Tables, *names: str, **keys: list) -> list[dict]:
    """The origins of a chart's tables with their basis; tables of one origin stand together.

    A keyword takes only the rows with these primary keys: ``county_facts=["villages"]``. KeyError for a key
    that is not there.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for name in (*names, *keys):
        groups.setdefault((_origin(t, name, keys.get(name)), t.basis(name)), []).append(name)
    return [
        {
            "tables": same,
            "titles": [t.resource(n)["title"] for n in same],
            "origin": origin,
            "basis": word(BASES, basis),
        }
        for (origin, basis), same in groups.items()
    ]


def each(frame: pd.DataFrame, form: str) -> str:
    """The rows of a frame in words: ``form`` with its columns, in braces, filled in."""
    return "；".join(
        form.format_map(dict(zip(frame.columns, map(value_or_dash, r), strict=True)))
        for r in frame.itertuples(index=False)
    )


def explain(t: Tables, *ids: str) -> Shown:
    """The three answers on each figure, never mixed: corroboration, basis and result."""
    figures = load_figures(t)
    verdicts = [figure_verdict(find(figures, i), t, evidence_on(t, i)) for i in ids or figures]
    return Shown(
        "判定",
        ["名称", "所述", "算得", "旁证", "依据", "复算"],
        [
            [
                d.figure.label_zh,
                d.figure.text,
                computed_text(d),
                word(RELATIONS, d.corroboration),
                word(BASES, d.basis),
                word(RESULTS, d.result),
            ]
            for d in verdicts
        ],
    )


def published(t: Tables, *ids: str) -> Shown:
    """Every outside publication on the figures named, agreeing or not."""
    figures = load_figures(t)
    return Shown(
        "别处所载",
        ["名称", "公布值", "时点", "关系", "出版物", "独立性", "说明"],
        [
            [
                find(figures, i).label_zh,
                e.text,
                e.as_of,
                word(RELATIONS, e.relation),
                f"{e.publisher}《{e.title}》{e.date}",
                word(INDEPENDENCE, e.independence),
                e.note or "—",
            ]
            for i in ids
            for e in evidence_on(t, i)
        ],
    )


def stated(t: Tables, figure_id: str) -> int | float:
    """The value the interview states, in the figure's unit."""
    value = find(load_figures(t), figure_id).value
    return int(value) if value == value.to_integral() else float(value)


def checks(tests: dict[str, bool]) -> Shown:
    """The checks on a notebook's input, by name; AssertionError naming those that fail."""
    if failed := [name for name, passed in tests.items() if not passed]:
        raise AssertionError(f"输入检查没有通过：{'、'.join(failed)}")
    return Shown("输入检查", ["检查", "结果"], [[name, "通过"] for name in tests])


def _origin(t: Tables, name: str, keys: list | None) -> str:
    if name in t.recorded:
        return t.given_by
    resource = t.resource(name)
    if keys is not None or any(f["name"] == "publication" for f in resource["schema"]["fields"]):
        cited = dict.fromkeys(t.column(name, "publication") if keys is None else _cited(t, name, keys))
        if len(cited) <= CITED:
            publications = [t.rows_where("publications", "id", i)[0] for i in cited]
            kinds = t.words("publications", "date_kind")
            return "；".join(
                f"{p['publisher']}《{p['title']}》（{kinds[p['date_kind']]} {p['date']}）"
                for p in publications
            )
    return "；".join(s["title"] for s in resource["sources"])


def _cited(t: Tables, name: str, keys: list) -> list[str]:
    """The publications of the rows with these primary keys; KeyError for a missing key."""
    [key] = t.resource(name)["schema"]["primaryKey"]
    publications = []
    for value in keys:
        rows = t.rows_where(name, key, value)
        if not rows:
            raise KeyError(value)
        publications += [row["publication"] for row in rows]
    return publications


def _gaps(t: Tables, name: str) -> str:
    """The known gaps of a table. Our package knows none of an office's table."""
    return "换入者未作登记" if name in t.recorded else "；".join(t.resource(name)["gaps"]) or "—"


def _period(t: Tables, period: str | None) -> str:
    if period is None:
        return "未说明"
    return next((row["expression"] for row in t.rows_where("periods", "id", period)), period)


def _class(rows: list[list], i: int) -> str:
    values = [r[i] for r in rows if not _missing(r[i]) and not isinstance(r[i], Hidden)]
    if values and all(isinstance(x, Real) or _QUANTITY.fullmatch(str(x)) for x in values):
        return ' class="number"'
    return ' class="sentence"' if is_sentence(str(x) for x in values) else ""


def is_sentence(cells: Iterable[str]) -> bool:
    """Whether a column holds Chinese sentences, which need room, and not words or codes."""
    return max((len(c) for c in cells if _HAN.search(c)), default=0) > SENTENCE


def plain_cell(value: Any) -> str:
    """A cell as readers see it: thousands separated, two decimals at most, — for nothing."""
    if _missing(value):
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Integral):
        return f"{value:,}"
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, Real) else str(value)


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or value != value
