"""Small helpers that turn rows into docutils tables and lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from docutils import nodes

from figurebook.notebooks.api import is_sentence


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence],
    classes: Sequence[str] = (),
    numbers: Collection[int] = (),
    title: str = "",
) -> nodes.table:
    """A docutils table, its title above it; a cell is a string or a list of inline nodes.

    The columns at the positions ``numbers`` are aligned as numbers; those of sentences get room.
    """
    rows = [[c if isinstance(c, list) else [nodes.Text(str(c))] for c in cells] for cells in rows]
    kinds = [
        ["number"]
        if i in numbers
        else ["sentence"]
        if is_sentence("".join(n.astext() for n in r[i]) for r in rows)
        else []
        for i in range(len(columns))
    ]
    group = nodes.tgroup(cols=len(columns))
    group += [nodes.colspec(colwidth=1) for _ in columns]
    head = nodes.row()
    head += [_entry([nodes.Text(c)], kind) for c, kind in zip(columns, kinds, strict=True)]
    group += nodes.thead("", head)
    body = nodes.tbody()
    for cells in rows:
        row = nodes.row()
        row += [_entry(c, kind) for c, kind in zip(cells, kinds, strict=True)]
        body += row
    group += body
    caption = [nodes.title("", title)] if title else []
    return nodes.table("", *caption, group, classes=["wide", *classes])


def definition_list(rows: Iterable[tuple[str, str | list]]) -> nodes.definition_list:
    """Names and what is said of each, side by side, one below the other on a phone."""
    return nodes.definition_list(
        "",
        *(
            nodes.definition_list_item(
                "",
                nodes.term("", name),
                nodes.definition(
                    "", nodes.paragraph("", "", *(told if isinstance(told, list) else [nodes.Text(told)]))
                ),
            )
            for name, told in rows
        ),
        classes=["said"],
    )


def _entry(inline: list, classes: list[str]) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", "", *inline), classes=classes)
