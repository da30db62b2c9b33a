"""Set up the book's Sphinx extensions: the program's own in order, then the county's."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from figurebook import project

EXTENSIONS = (
    "look.page_context",
    "look.contents",
    "look.bundle",
    "stale_gate",
    "roles",
    "pages.finding",
    "pages.register",
    "pages.figure_pages",
    "pages.systems",
    "pages.takeaways",
    "pages.dictionary",
    "pages.downloads",
    "look.mathml",
    "look.charts",
    "look.code_folds",
    "pages.site_files",
    "search.index",
    "pages.own_tables_note",
)


def setup(app: Sphinx) -> ExtensionMetadata:
    for name in EXTENSIONS:
        app.setup_extension(f"{__name__}.{name}")
    for set_up in project.county().extensions():
        set_up(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
