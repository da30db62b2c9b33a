"""Refuse every build from notebooks that are stale or break a rule."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.typing import ExtensionMetadata

from figurebook import project
from figurebook.notebooks import freshness, lint
from figurebook.site.build_state import tables


def refuse(app: Sphinx) -> None:
    paths = freshness.notebooks(Path(app.srcdir) / "notebooks")
    if breaches := [b for p in paths for b in lint.check(p)]:
        raise ExtensionError("笔记不合规：\n" + "\n".join(map(str, breaches)))
    try:
        freshness.refuse_stale(paths, tables())
    except freshness.StaleError as error:
        raise ExtensionError(f"笔记已陈旧，请运行 {project.command('refresh')}：\n{error}") from None


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("builder-inited", refuse)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
