"""The book's Sphinx extensions, set up by one name: the program's own in their order, then the county's."""

from __future__ import annotations

from figurebook import project

EXTENSIONS = (
    "page",
    "contents",
    "bundle",
    "gate",
    "roles",
    "register",
    "figure_pages",
    "systems",
    "takeaways",
    "dictionary",
    "mathml",
    "charts",
    "site_files",
    "search",
    "own_tables",
)


def setup(app):
    for name in EXTENSIONS:
        app.setup_extension(f"{__name__}.{name}")
    for set_up in project.county().extensions():
        set_up(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
