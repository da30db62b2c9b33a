"""Small helpers that turn rows into docutils tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes


def table(columns: Sequence[str], rows: Iterable[Sequence], classes: Sequence[str] = ()) -> nodes.table:
    """A docutils table; a cell is a string or a list of inline nodes, a row may carry an id first."""
    group = nodes.tgroup(cols=len(columns))
    group += [nodes.colspec(colwidth=1) for _ in columns]
    head = nodes.row()
    head += [_entry([nodes.Text(c)]) for c in columns]
    group += nodes.thead("", head)
    body = nodes.tbody()
    for cells in rows:
        row = nodes.row()
        row += [_entry(c if isinstance(c, list) else [nodes.Text(str(c))]) for c in cells]
        body += row
    group += body
    return nodes.table("", group, classes=["wide", *classes])


def _entry(inline: list) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", "", *inline))
