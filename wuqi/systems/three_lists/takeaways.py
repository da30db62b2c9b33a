"""Make S04's files: the ledger workbook, empty for use and with the example."""

from __future__ import annotations

from datetime import timedelta

from figurebook.datapackage.tables import Tables
from wuqi.systems.three_lists import model
from wuqi.systems.three_lists.workbook import notes, write

FILES = {
    "s04-ledger-empty.xlsx": "台账（空白，可直接填写）",
    "s04-ledger-example.xlsx": "台账（例表，没有真实的问题）",
}


def make(tables: Tables) -> dict[str, bytes]:
    """The two workbooks; the example's views are as of the day after its last entry."""
    rules = model.rules(tables)
    book = model.example(rules)
    today = max(e.on for e in book.history) + timedelta(days=1)
    lines = notes(tables)
    example = [f"例表：问题是造的，单位是虚的，编号不指向任何单位。截至日期固定在 {today}。", *lines]
    made = write(model.ledger(rules), notes=lines), write(book, today, notes=example)
    return dict(zip(FILES, made, strict=True))
