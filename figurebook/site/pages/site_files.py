"""Write the site's other files: front page, figures as data, sitemap, 404 page."""

from __future__ import annotations

import csv
import json
import posixpath
import re
from html import escape
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from figurebook.figures.answers import answer
from figurebook.figures.evidence import Evidence
from figurebook.figures.verdicts import Verdict, summary
from figurebook.site.build_state import page_name, tables, verdicts
from figurebook.site.citation import book_version

_HOME = "book/home"
_LINK = re.compile(r'\b(href|src|action)="(?![a-z]+:|#|/)([^"]+)"')
_NOT_LISTED = {"404.html", "search.html", f"{_HOME}.html"}  # index.html is the home page
_REGISTERED = ("system", "label_zh", "label_en", "start", "end", "quote_sha256")
_PUBLISHED = (
    "counted",
    "unit",
    "qualifier",
    "as_of",
    "relation",
    "reason",
    "equation",
    "publisher",
    "title",
    "date",
    "url",
    "independence",
)
COLUMNS = (
    "id",
    "system",
    "label_zh",
    "label_en",
    "claimed",
    "unit",
    "qualifier",
    "computed",
    "result",
    "basis",
    "corroboration",
    "table",
    "start",
    "end",
    "quote_sha256",
    "page",
)


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the files once every page is there."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    home = (site / f"{_HOME}.html").read_text(encoding="utf-8")
    (site / "index.html").write_text(front_door(home), encoding="utf-8")
    base = _slashed(app.config.html_baseurl or "")
    lost = app.builder.templates.render("not-found.html", {"base": base, "site_title": app.config.html_title})
    (site / "404.html").write_text(lost, encoding="utf-8")
    write_figures(site, list(verdicts().values()), _office())
    (site / "sitemap.xml").write_text(sitemap(site, base), encoding="utf-8")


def front_door(home: str) -> str:
    """The home page as ``index.html``; its links, written for ``book/``, start at the top."""

    def moved(match: re.Match) -> str:
        parts = re.match(r"([^?#]*)([?#]?)(.*)", match[2])
        assert parts  # any text matches
        address, mark, rest = parts.groups()
        return f'{match[1]}="{posixpath.normpath(posixpath.join("book", address))}{mark}{rest}"'

    return _LINK.sub(moved, home).replace('data-content_root="../"', 'data-content_root="./"')


def write_figures(site: Path, all_verdicts: list[Verdict], office: dict | None) -> None:
    """Write ``figures.json`` and ``figures.csv``: the registry with the axes of every verdict.

    ``office`` has the office, the date and the names of the tables that it put in. It is None for the book's
    own site.
    """
    rows = [
        {
            **v.as_json(),
            **{c: getattr(v.figure, c) for c in _REGISTERED},
            "page": page_name(v.figure.id) + ".html",
        }
        for v in all_verdicts
    ]
    figures = [
        {
            **{c: row[c] for c in (*COLUMNS, "corroboration_reason", "rests_on")},
            "answer": answer(v),
            "published": [_published(e) for e in v.evidence],
        }
        for row, v in zip(rows, all_verdicts, strict=True)
    ]
    text = json.dumps(
        {"version": book_version(), "given": office, "figures": figures, "summary": summary(all_verdicts)},
        ensure_ascii=False,
        indent=1,
    )
    (site / "figures.json").write_text(text + "\n", encoding="utf-8")
    # With a byte order mark, which Excel needs to read Chinese.
    with (site / "figures.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)


def _office() -> dict | None:
    t = tables()
    return {"office": t.about.office, "date": t.about.date, "tables": t.recorded} if t.recorded else None


def _published(e: Evidence) -> dict:
    return {"value": float(e.value), **{k: getattr(e, k) for k in _PUBLISHED}}


def sitemap(site: Path, base: str) -> str:
    """The pages as absolute addresses below ``base``. Without it they are relative, with a note."""
    pages = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html") if "_static" not in p.parts)
    base = _slashed(base)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    if not base:
        lines.append("<!-- No base address is configured (html_baseurl): addresses are relative. -->")
    lines.append('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">')
    lines += [f"<url><loc>{escape(base + p)}</loc></url>" for p in pages if p not in _NOT_LISTED]
    return "\n".join([*lines, "</urlset>", ""])


def _slashed(base: str) -> str:
    """A base address with one ``/`` at its end; "" stays."""
    return base and base.rstrip("/") + "/"


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("figurebook.site.look.templates_path")
    app.connect("build-finished", write, priority=950)  # after the pages are in their final form
    return {"parallel_read_safe": True, "parallel_write_safe": True}
