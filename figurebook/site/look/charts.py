"""Put charts into their pages with origin and data, and write the data as files.

A chart is an SVG that ``notebooks.charts.Chart`` made. One without alternative text, data or sources is a
warning, and warnings fail the build.
"""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from html import escape
from pathlib import Path, PurePosixPath

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from figurebook.notebooks.api import Shown
from figurebook.site.look import svg

logger = logging.getLogger(__name__)
FOLDER = "charts"  # in the site; a part of published addresses
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # the starts of cells that a spreadsheet computes
_MISSING = {"alt": "替代文字", "rows": "数据", "sources": "来源"}


def replace(app: Sphinx, doctree: nodes.document) -> None:
    """Turn every chart of a page into an element of it.

    Other images have their alternative text already.
    """
    charts = [i for i in doctree.findall(nodes.image) if i["uri"].endswith(".svg") and not i.get("alt")]
    for number, image in enumerate(charts, 1):
        name = PurePosixPath(app.env.docname).name + (f"-{number}" if number > 1 else "")
        text = (Path(app.srcdir) / image["uri"].lstrip("/")).read_text(encoding="utf-8")
        try:
            alt, about = svg.alt(text), svg.about(text)
            drawing = svg.inline(text, f"chart-{name}-")
        except (ET.ParseError, svg.ForeignError) as error:
            logger.warning("这不是本书的图：%s", error, location=image)
            continue
        if missing := [word for key, word in _MISSING.items() if not {"alt": alt, **about}.get(key)]:
            logger.warning("图没有%s，请用 nb.Chart 给出", "、".join(missing), location=image)
            continue
        file = f"{FOLDER}/{name}.csv"
        address = "../" * app.env.docname.count("/") + file
        image.replace_self(
            nodes.raw(
                "",
                figure(drawing, about, address),
                format="html",
                file=file,
                content=as_csv(about["columns"], about["rows"]),
            )
        )


def figure(drawing: str, about: dict, address: str) -> str:
    """The chart with origin and basis in its caption, and below it, folded, its data."""
    title = escape(about["title"])
    origins = "".join(f"<p>{escape(line)}</p>" for line in map(source_line, about["sources"]))
    data = Shown(about["title"], about["columns"], about["rows"])._repr_html_()
    return (
        f'<div class="chart"><figure>{drawing}<figcaption>{origins}</figcaption></figure>'
        "<details><summary>图中的数据</summary>"
        f'<div class="chart-data" role="region" aria-label="{title}" tabindex="0">{data}</div></details>'
        f'<p><a href="{escape(address)}" download>下载数据（CSV）</a></p></div>'
    )


def source_line(source: dict) -> str:
    """The origin and basis of some tables, in words."""
    return f"{'、'.join(source['titles'])}。来源：{source['origin']}；依据：{source['basis']}。"


def as_csv(columns: list[str], rows: list[list]) -> bytes:
    """The data as CSV in UTF-8 that Excel recognises.

    Numbers stay as they are. No text is computed as a formula.
    """
    out = io.StringIO()
    csv.writer(out).writerows([[_harmless(cell) for cell in row] for row in [columns, *rows]])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def write(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Write the data of a page's charts together with the page."""
    for node in doctree.findall(nodes.raw):
        if "file" in node:
            path = Path(app.outdir) / node["file"]
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(node["content"])


def setup(app: Sphinx) -> ExtensionMetadata:
    # Before Sphinx collects images (500), so that it does not publish the SVG as well.
    app.connect("doctree-read", replace, priority=400)
    app.connect("doctree-resolved", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
