"""The points book in an office program."""

import openpyxl
from support.office import office_saves

from figurebook.datapackage.tables import Tables
from wuqi.systems.stars_and_points import model
from wuqi.systems.stars_and_points import takeaways as files
from wuqi.systems.stars_and_points.workbook import CHANGES, EVENTS, from_workbook

TABLES = Tables.load()
OURS = model.rules(TABLES)
MADE = files.make(TABLES)


def test_what_an_office_program_saved_is_read_as_it_was_and_its_formulas_agree_with_the_model(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(MADE["s18-points-example.xlsx"])
    saved = office_saves(tmp_path / "saved", path)["book.xlsx"]
    filled = from_workbook(path, OURS.general)
    assert from_workbook(saved, OURS.general) == filled
    page = openpyxl.load_workbook(saved, data_only=True)
    worth = {row[0]: row[7] for row in page[EVENTS].iter_rows(min_row=2, values_only=True) if row[0]}
    assert worth["E049"] == "没有这一项"
    book = filled.book()
    assert all(
        worth[e.id] == e.times * OURS.items[e.rule].points for e in book.events.values() if e.id != "E001"
    )
    assert [row[6] for row in page[CHANGES].iter_rows(min_row=2, max_row=5, values_only=True)] == [2, 3, 2, 3]
