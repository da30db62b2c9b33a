"""What a workbook to take away says of itself on its first sheet: what to fill in, and whose numbers are."""

import json
from io import BytesIO

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from support.project import ROOT, load_notebook

from figurebook.datapackage.tables import Tables
from figurebook.systems.default_notes import NOT_SET
from wuqi.systems.funding import takeaways as funding_files
from wuqi.systems.inspection import takeaways as inspection_files
from wuqi.systems.target_responsibility import takeaways as target_responsibility_files
from wuqi.systems.three_lists import takeaways as three_lists_files

TABLES = Tables.load()
MADE = {
    name: (system, content)
    for system, files in (
        ("S04", three_lists_files),
        ("S06", inspection_files),
        ("S09", funding_files),
        ("S15", target_responsibility_files),
    )
    for name, content in files.make(TABLES).items()
}
BOOKS = {name: made for name, made in MADE.items() if name.endswith(".xlsx")}


def told(name: str) -> str:
    book = load_workbook(BytesIO(BOOKS[name][1]))
    assert book.sheetnames[0] == "说明"
    return "\n".join(str(c.value) for c in book["说明"]["A"])


@pytest.mark.parametrize("name", BOOKS)
def test_it_names_every_default_as_this_book_s_and_no_other(name):
    text, own = told(name), TABLES.undefined.frame.query("system == @BOOKS[@name][0]")
    assert "是本书的默认，不是该县的规定" in text
    for point in own.itertuples():
        assert (f"{point.id}：{point.default}" in text) == (point.default != NOT_SET), point.id


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("s04-ledger-empty.xlsx", "python -m wuqi ledger"),
        ("s04-ledger-example.xlsx", "python -m wuqi ledger"),
        ("s04-ledger-example.xlsx", "截至日期固定在 2016-03-10"),
        ("s04-ledger-empty.xlsx", "不写姓名"),
        ("s09-budget.xlsx", "社区 3 个取自国家统计局 2016 年清单"),
        ("s09-budget.xlsx", "S09.communities"),
        ("s09-budget.xlsx", "农村党员 4001 是“4,000 多名”的下限"),
        ("s09-budget.xlsx", "只在“个数”里填数"),
        ("s06-calendar.xlsx", "没有除去法定节假日，使用前请先剔除。"),
        ("s06-calendar.xlsx", "在“日程”里填得分"),
        ("s15-assessment.xlsx", "没有除去法定节假日，使用前请先剔除。"),
        ("s15-assessment.xlsx", "在“得分”里"),
    ],
)
def test_it_says_what_to_fill_in_and_where_numbers_are_from(name, said):
    assert said in told(name)


def test_the_calendar_says_that_holidays_are_in_it():
    calendar = Calendar.from_ical(MADE["s06-calendar.ics"][1])
    assert "没有除去法定节假日，使用前请先剔除。" in str(calendar["X-WR-CALDESC"])


def test_the_calendar_of_the_notebook_is_of_the_year_that_is_handed_over():
    cells = load_notebook(ROOT / "notebooks" / "systems" / "s06-inspection.ipynb")["cells"]
    shown = json.dumps([c.get("outputs", []) for c in cells], ensure_ascii=False)
    start = Calendar.from_ical(MADE["s06-calendar.ics"][1]).walk("VEVENT")[0].start
    assert f"{start.year} 年第 1 季度" in shown
    assert {y for y in range(2010, 2030) if f"{y} 年第 1 季度" in shown} == {start.year}
