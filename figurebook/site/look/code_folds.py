"""Fold the code of notebooks: one click or key opens a cell, with or without scripts.

A reader comes for the finding and the chart. The code stays in the page, where the search finds it.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_OPENING = '<details class="code"><summary>代码（{} 行）</summary>'


def fold(app: Sphinx, doctree: nodes.document) -> None:
    """Put each cell's code into an element that is closed at first."""
    if app.builder.format != "html":
        return
    for cell in list(doctree.findall(_is_code)):
        lines = cell.astext().count("\n") + 1
        place = cell.parent.index(cell)
        cell.parent.insert(place + 1, nodes.raw("", "</details>", format="html"))
        cell.parent.insert(place, nodes.raw("", _OPENING.format(lines), format="html"))


def _is_code(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and "cell_input" in node["classes"]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("doctree-read", fold)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
