"""S04's files to take away: the ledger workbook, empty for use and with the example."""

from __future__ import annotations

from datetime import timedelta

from wuqi.mechanisms import three_lists as model
from wuqi.mechanisms.three_lists_book import write
from wuqi.tables import Tables

FILES = {"s04-ledger-empty.xlsx": "台账（空白，可直接填写）",
         "s04-ledger-example.xlsx": "台账（例表，没有真实的问题）"}


def make(tables: Tables) -> dict[str, bytes]:
    """The two workbooks; the example's views are as of a day after its last entry."""
    rules = model.rules(tables)
    book = model.example(rules, tables)
    today = max(e.on for e in book.history) + timedelta(days=1)
    return dict(zip(FILES, (write(model.ledger(rules)), write(book, today)), strict=True))
