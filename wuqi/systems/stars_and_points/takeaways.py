"""Make S18's files: the points book empty, and filled with the example."""

from __future__ import annotations

from figurebook.datapackage.tables import Tables
from wuqi.systems.stars_and_points import model
from wuqi.systems.stars_and_points.workbook import Filled, to_workbook

FILES = {
    "s18-points-empty.xlsx": "积分簿：空白，填好后用 python -m wuqi points 算分",
    "s18-points-example.xlsx": "积分簿：填好的例子，有同分、有申诉、有被拒绝的记录",
}


def make(tables: Tables) -> dict[str, bytes]:
    """``{file name: content}``; the same tables give the same bytes."""
    rules = model.rules(tables)
    books = zip(FILES, (model.PointsBook(rules), model.example(rules)), strict=True)
    return {name: to_workbook(Filled(rules, book.entries), book) for name, book in books}
