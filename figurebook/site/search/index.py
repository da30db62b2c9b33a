"""Full-text search: an index of the built pages, and the page that searches it.

Sphinx's own search knows words, and Chinese is written without them; it drops digits, too. A book is
small enough to look through character by character, so the index is the pages' text itself.
``figurebook/site/theme/static/search.js`` does the looking.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.typing import ExtensionMetadata

from figurebook.figures.registry import Figure, load_figures
from figurebook.site.build_state import page_name, tables
from figurebook.site.search.page_text import read

INDEX = "search-index.js"  # a script, not JSON: a page opened from a folder may load nothing else
_THOUSANDS = 1000  # an example with a separator shows that it may be left out
_NO_CONTENT = {"search.html", "404.html", "index.html"}  # the last is the home page once more
_LAST = 950  # after whatever else is done to the pages


def keys(figure: Figure) -> list[str]:
    """What a reader may call a figure: value, value with unit, in 万 too, labels, id."""
    amounts = [f"{figure.value:f}"]
    if figure.value >= 10_000:
        amounts.append(f"{(figure.value / Decimal(10_000)).normalize():f}万")
    return [
        *amounts,
        *(a + figure.unit for a in amounts),
        figure.text,
        figure.label_zh,
        figure.label_en,
        figure.id,
    ]


def entries(site: Path, order: Iterable[str], named: dict[str, list[str]]) -> Iterator[dict]:
    """One entry a page: those of ``order`` first, then all others by name; ``named`` are keys by page."""
    others = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))
    for name in dict.fromkeys([*order, *others]):
        path = site / name
        if name in _NO_CONTENT or not path.is_file():
            continue
        if page := read(path.read_text(encoding="utf-8")):
            yield {
                "url": name,
                "title": page.title or name,
                "kind": _kind(name),
                "keys": named.get(name, []),
                "sections": [[s.anchor, s.heading, s.text] for s in page.sections],
            }


def _kind(name: str) -> str:
    return {"figures": "数字", "notebooks": "笔记"}.get(name.split("/")[0], "页面")


def _reading_order(app: Sphinx) -> Iterator[str]:
    """Pages as the table of contents has them."""
    due = [app.config.root_doc]
    while due:
        name = due.pop(0)
        yield f"{name}.html"
        due = [*app.env.toctree_includes.get(name, []), *due]


def without_sphinx_index(app: Sphinx) -> None:
    """Keep Sphinx from writing its own index and search page."""
    if isinstance(app.builder, StandaloneHTMLBuilder) and _ours(app):
        app.builder.search = False


def page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The search page, which Sphinx writes like any other."""
    if _ours(app):
        figures = list(load_figures(tables()).values())
        example = next((f for f in figures if f.value >= _THOUSANDS), next(iter(figures), None))
        yield (
            "search",
            {"title": "搜索", "description": "在全书里查找字、词、数字和编号。", "example": example},
            "search-page.html",
        )


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the index beside the pages it was read from."""
    if exception or not _ours(app):
        return
    named = {f"{page_name(f.id)}.html": keys(f) for f in load_figures(tables()).values()}
    # No page text holds the line separators that end a line of older JavaScript: they count as blanks.
    found = list(entries(Path(app.outdir), [*_reading_order(app), *named], named))
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / INDEX).write_text(f"window.searchIndex = {text};\n", encoding="utf-8")


def _ours(app: Sphinx) -> bool:
    return app.builder.name == "html"  # the one-page book of the PDF has nothing to search


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("figurebook.site.look.templates_path")
    app.connect("builder-inited", without_sphinx_index)
    app.connect("html-collect-pages", page)
    app.connect("build-finished", write, priority=_LAST)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
