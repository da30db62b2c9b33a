"""Make a page for each figure from the registry: ``figures/poverty-persons.html``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.typing import ExtensionMetadata

from figurebook.datapackage.bases import BASES
from figurebook.datapackage.tables import NoTableError, Tables
from figurebook.figures.answers import answer
from figurebook.figures.definitions import figure_measures, file_of
from figurebook.figures.evidence import Evidence
from figurebook.figures.measures import Measure
from figurebook.figures.verdicts import computed_text
from figurebook.figures.vocabulary import (
    CAUTIONS,
    DATE_WORDS,
    INDEPENDENCE,
    QUALIFIER_WORDS,
    REASONS,
    RELATIONS,
    word,
)
from figurebook.interview.trace import source
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
from figurebook.site.citation import book_version


def collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """``(page, context, template)`` of each figure, in the interview's order."""
    ids = list(verdicts())
    used = _notebooks(app)
    for i, figure_id in enumerate(ids):
        page = page_name(figure_id)
        context = {
            **_context(app, page, figure_id),
            "notebooks": [
                {"title": title, "link": app.builder.get_relative_uri(page, name)}
                for name, title, named in used
                if figure_id in named
            ],
        }
        context["prev"] = _neighbour(app, page, ids[i - 1]) if i else None
        context["next"] = _neighbour(app, page, ids[i + 1]) if i + 1 < len(ids) else None
        yield page, context, "figure.html"


def _context(app: Sphinx, page: str, figure_id: str) -> dict:
    assert isinstance(app.builder, StandaloneHTMLBuilder)  # no other builder asks for pages
    verdict, uri = verdicts()[figure_id], app.builder.get_relative_uri
    figure = verdict.figure
    resource = tables().resource(figure.table) if figure.table in tables().names else None
    title = f"{figure.label_zh} {figure.text}"
    measure = figure_measures().get(figure_id)
    return {
        "title": title,
        "figure": figure,
        "verdict": verdict,
        "axes": verdict_axes(verdict),
        "resource": resource,
        "answer": answer(verdict),
        "retelling": _retelling(app, page, figure_id),
        "caution": CAUTIONS.get(verdict.basis, ""),
        "description": f"据访谈，{title}。{answer(verdict)}",
        "computed": computed_text(verdict),
        "qualifier": QUALIFIER_WORDS[figure.qualifier],
        "period": _period(figure.period),
        "system": _system(app, page, figure.system),
        "sentence": sentence(measure, tables()),
        "cited_as": source(tables())["cited_as"],
        "declaration": app.builder.highlighter.highlight_block(repr(measure), "python") if measure else "",
        "figures_file": file_of("figures"),
        "rows": f"{len(getattr(tables(), figure.table).frame):,}" if resource else "",
        "origin": _origin(resource) if resource else {},
        "pointed": [
            f"{tables().resource(name)['title']}（{word(BASES, basis)}）"
            for name, basis in verdict.rests_on
            if name != figure.table
        ],
        "evidence": [_evidence(e) for e in verdict.evidence],
        "derived": [d for d in derived().values() if figure_id in d.figures],
        "version": book_version(),
        "address": page + ".html",
        "given": tables().given_by if tables().recorded else "",
        "links": {
            name: uri(page, f"book/{name}")
            for name in ("data", "verdicts", "publications", "register")
            if f"book/{name}" in app.env.found_docs
        },
        "table_anchor": f"table-{figure.table.replace('_', '-')}",
    }


def _retelling(app: Sphinx, page: str, figure_id: str) -> str:
    """The address of the paragraph that retells what the interview says; empty where there is none."""
    source = Path(app.srcdir, f"{INTERVIEW}.md")
    if not source.is_file() or f"{{num}}`{figure_id}" not in source.read_text(encoding="utf-8"):
        return ""
    return f"{app.builder.get_relative_uri(page, INTERVIEW)}#{anchor_of(figure_id)}"


def sentence(measure: Measure | None, tables: Tables) -> str:
    """One Chinese sentence on how a figure is computed, or why it is not."""
    if measure is None:
        return "没有登记计算方法。"
    try:
        return f"{measure.sentence(tables)}。"
    except NoTableError as error:
        return f"{error}。"


def _origin(resource: dict) -> dict[str, str]:
    """The origin of a table. Our package's notes are not true of an office's table."""
    if resource["name"] in tables().recorded:
        return {"content": resource["title"], "source": tables().given_by, "gaps": "换入者未作登记"}
    return {
        "content": resource["description"],
        "source": "；".join(s["title"] for s in resource["sources"]),
        "gaps": "；".join(resource["gaps"]) or "没有登记的缺口",
    }


def _evidence(e: Evidence) -> dict:
    return {
        "counted": e.counted_zh,
        "value": e.text,
        "as_of": e.as_of,
        "relation": word(RELATIONS, e.relation),
        "reason": REASONS.get(e.reason, ""),
        "kind": "no" if e.relation == "unlike" else "",
        "publication": f"{e.publisher}《{e.title}》",
        "url": e.url,
        "date": DATE_WORDS[e.date_kind].format(e.date),
        "independence": word(INDEPENDENCE, e.independence),
        "note": e.note,
    }


def _neighbour(app: Sphinx, page: str, figure_id: str) -> dict[str, str]:
    figure = verdicts()[figure_id].figure
    return {
        "title": escape(f"{figure.label_zh} {figure.text}"),  # the theme prints it as it is
        "link": app.builder.get_relative_uri(page, page_name(figure_id)),
    }


def _period(period: str | None) -> dict[str, str]:
    if period is None:
        return {"expression": "访谈未说明", "note": ""}
    row = next((r for r in tables().rows("periods") if r["id"] == period), {"expression": period, "note": ""})
    return {"expression": f"“{row['expression']}”", "note": "" if pd.isna(row["note"]) else row["note"]}


def _system(app: Sphinx, page: str, system: str | None) -> dict[str, str]:
    """The name of a system and the address of its page, "" without a page."""
    if system not in systems():
        return {"text": system or "", "link": ""}
    there = system_page(system)
    link = app.builder.get_relative_uri(page, there) if there in app.env.found_docs else ""
    return {"text": f"{system} {systems()[system]['term']}", "link": link}


def _notebooks(app: Sphinx) -> list[tuple[str, str, set[str]]]:
    """``(page, title, figure ids named in its code)`` for each notebook that names any."""
    notebooks = []
    for path in sorted((Path(app.srcdir) / "notebooks").rglob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
        name = path.relative_to(app.srcdir).with_suffix("").as_posix()
        if named := set(re.findall(r'"([a-z_]+\.[a-z_]+)"', code)) & set(verdicts()):
            notebooks.append((name, app.env.titles[name].astext(), named))
    return notebooks


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("figurebook.site.look.templates_path")
    app.connect("html-collect-pages", collect)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
