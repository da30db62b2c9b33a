"""Turn rows into docutils tables and lists."""

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
    """A docutils table with its title above it.

    A cell is a string or a list of inline nodes. The columns at the positions ``numbers`` are aligned as
    numbers. Columns of sentences get room.
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
    """Names and texts side by side; on a phone each text stands below its name."""
    return nodes.definition_list(
        "",
        *(
            nodes.definition_list_item(
                "",
                nodes.term("", name),
                nodes.definition(
                    "", nodes.paragraph("", "", *(text if isinstance(text, list) else [nodes.Text(text)]))
                ),
            )
            for name, text in rows
        ),
        classes=["said"],
    )


def _entry(inline: list, classes: list[str]) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", "", *inline), classes=classes)
