"""Write the index of the built pages, and the page that searches it.

Sphinx's own search needs words, but Chinese has no blanks between words. It also drops digits. A book is
small enough to be searched character by character, so the index is the pages' text itself.
``figurebook/site/theme/static/search.js`` does the search.
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
_THOUSANDS = 1000  # an example with a thousands separator shows that it may be left out
_NO_CONTENT = {"search.html", "404.html", "index.html"}  # the last is a copy of the home page
_LAST = 950  # after all other changes to the pages


def keys(figure: Figure) -> list[str]:
    """A reader's words for a figure: value, value with unit, in 万 too, labels, id."""
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
    """One entry for each page: first those of ``order``, then all others by name.

    ``named`` has the search keys by page.
    """
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
    """The pages in the order of the table of contents."""
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
    # Older JavaScript ends a line at some line separators. No page text holds them: they count as blanks.
    listed = list(entries(Path(app.outdir), [*_reading_order(app), *named], named))
    text = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / INDEX).write_text(f"window.searchIndex = {text};\n", encoding="utf-8")


def _ours(app: Sphinx) -> bool:
    return app.builder.name == "html"  # the one-page book of the PDF has nothing to search


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("figurebook.site.look.templates_path")
    app.connect("builder-inited", without_sphinx_index)
    app.connect("html-collect-pages", page)
    app.connect("build-finished", write, priority=_LAST)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
