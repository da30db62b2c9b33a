"""Join the site's style sheets and scripts into one file of each.

Extensions and the theme register their files with Sphinx as usual. The files are gathered while pages are
written, and joined when all pages are. Files that no page asks for are removed. The theme's own scripts
(Bootstrap, 1.5 MB of icons, a search dialog) are left out: the book's pages use none of them.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from figurebook.site.look.purge import purge, words

STYLES, SCRIPTS = "site.css", "site.js"
# Sheets that stand in the theme's template, which layout.html replaces, and are not registered with Sphinx.
_THEME_STYLES = ["styles/theme.css", "styles/pydata-sphinx-theme.css", "styles/sphinx-book-theme.css"]
_LEFT_OUT = {
    "scripts/sphinx-book-theme.js",
    "doctools.js",
    "sphinx_highlight.js",
    "translations.js",
    "searchtools.js",
    "language_data.js",
}
_REFERRED = re.compile(r"""_static/([^"'?#)\s&]+)""")


class Bundle:
    """The files registered for the pages of one build, in order."""

    def __init__(self) -> None:
        self.styles = list(_THEME_STYLES)
        self.scripts: list[str] = []

    def gather(
        self,
        _app: Sphinx,
        _pagename: str,
        _template: str,
        context: dict[str, Any],
        _doctree: nodes.document | None,
    ) -> None:
        """Note the files that a page would ask for."""
        for kind, names in (("css_files", self.styles), ("script_files", self.scripts)):
            for asset in context[kind]:
                name = (getattr(asset, "filename", None) or "").split("?")[0].removeprefix("_static/")
                if name and name not in names and name not in _LEFT_OUT:
                    names.append(name)

    def write(self, app: Sphinx, exception: Exception | None) -> None:
        """Join the files, drop unused rules, remove what no page refers to."""
        if exception or app.builder.format != "html":
            return
        site, static = Path(app.outdir), Path(app.outdir) / "_static"
        scripts = ";\n".join((static / s).read_text(encoding="utf-8") for s in self.scripts)
        pages = [p.read_text(encoding="utf-8") for p in site.rglob("*.html") if static not in p.parents]
        styles = "\n".join((static / s).read_text(encoding="utf-8") for s in self.styles)
        used = words(scripts).union(*map(words, pages))
        kept = {STYLES, SCRIPTS}.union(*(_REFERRED.findall(page) for page in pages))
        used |= set().union(
            *(
                words((static / k).read_text(encoding="utf-8"))
                for k in kept
                if k.endswith(".js") and (static / k).is_file()
            )
        )
        (static / STYLES).write_text(purge(styles, used), encoding="utf-8")
        (static / SCRIPTS).write_text(scripts, encoding="utf-8")
        for path in [p for p in static.rglob("*") if p.is_file()]:
            if path.relative_to(static).as_posix() not in kept:
                path.unlink()
        for folder in [p for p in static.iterdir() if p.is_dir()]:
            if not any(p.is_file() for p in folder.rglob("*")):
                shutil.rmtree(folder)


def setup(app: Sphinx) -> ExtensionMetadata:
    bundle = Bundle()
    app.connect("html-page-context", bundle.gather, priority=900)
    app.connect("build-finished", bundle.write, priority=900)  # after pydata has written pygments.css
    return {"parallel_read_safe": True, "parallel_write_safe": False}
