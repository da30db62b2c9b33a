"""List the default rules of a system for a workbook's sheet 说明."""

from __future__ import annotations

from figurebook.datapackage.tables import Tables

NOT_SET = "不设"


def defaults(tables: Tables, system: str) -> list[str]:
    """One line on whose defaults they are, then one for each default: id and text."""
    frame = tables.rules_of(system)["undefined"]
    own = frame[frame["default"] != NOT_SET]
    return [
        "下面各条访谈没有说明，是本书的默认，不是该县的规定，请换成自己的：",
        *(f"{row.id}：{row.default}" for row in own.itertuples()),
    ]
