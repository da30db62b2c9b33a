"""What the sheet 说明 of a workbook says of a system's numbers that are nobody's but this book's."""

from __future__ import annotations

from figurebook.datapackage.tables import Tables

NOT_SET = "不设"


def defaults(tables: Tables, system: str) -> list[str]:
    """A line that says whose they are, and a line for each point that this book filled in, with its id."""
    frame = tables.rules_of(system)["undefined"]
    own = frame[frame["default"] != NOT_SET]
    return [
        "下面各条访谈没有说明，是本书的默认，不是该县的规定，请换成自己的：",
        *(f"{row.id}：{row.default}" for row in own.itertuples()),
    ]
