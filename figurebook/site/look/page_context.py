"""Give each page's template what its head and foot need.

The theme is a child of sphinx-book-theme. The description of a page is its first paragraph of substance.
Search engines and shared links show it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from figurebook.site.citation import book_version, imprint

THEME = Path(__file__).parent.parent / "theme"
STYLES = ("book.css", "charts.css", "search.css")  # in the theme's folder static
SCRIPTS = ("book.js", "register.js")
_LAST = 800  # after what other extensions register
_DESCRIPTION = 110  # characters; search engines cut longer ones
_SUBSTANCE = 20  # characters; a shorter paragraph is a subtitle or an address
_PERMALINK = re.compile(r'title="Link to this \w+"')  # Sphinx's Chinese catalogue lacks it
_COVERS = "本页涉及"  # starts the paragraph that lists figures and systems; it is no description


def describe(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Fill in the values that every page's head and foot need."""
    context["site_title"] = app.config.html_title or app.config.project
    context["site_version"] = book_version()
    if "body" in context:
        context["body"] = _PERMALINK.sub('title="到这里的链接"', context["body"])
    if pagename == app.config.root_doc and context.get("pageurl"):
        context["pageurl"] = app.config.html_baseurl.rstrip("/") + "/index.html"  # the same page
    context.setdefault("description", _description(doctree) or _title())


@cache
def _title() -> str:
    """Title and subtitle of the book, for a page without a description."""
    about, _ = imprint()
    return "：".join(about[k] for k in ("title", "subtitle") if about[k])


def _description(doctree: nodes.document | None) -> str:
    for paragraph in doctree.findall(nodes.paragraph) if doctree else ():
        text = paragraph.astext().replace("\n", "")
        if len(text) >= _SUBSTANCE and not text.startswith(_COVERS):
            return text if len(text) <= _DESCRIPTION else text[: _DESCRIPTION - 1] + "…"
    return ""


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_html_theme("figurebook", str(THEME))
    for name in STYLES:
        app.add_css_file(name, priority=_LAST)
    for name in SCRIPTS:
        app.add_js_file(name, priority=_LAST)
    app.connect("html-page-context", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
