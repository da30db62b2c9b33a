"""S06's files: the calendar reads back as it was made, and the workbook's formulas agree with the model."""

import io
from datetime import date, timedelta
from itertools import pairwise

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from support.office import office_saves

from figurebook.datapackage.tables import Tables
from figurebook.spreadsheets.reading.filled_sheets import read
from figurebook.systems.ranking import ranks
from wuqi.systems.inspection import model
from wuqi.systems.inspection import takeaways as files

TABLES = Tables.load()
BOOK = model.Year(model.rules(TABLES), files.YEAR, model.units(TABLES))
MADE = files.make(TABLES)


@pytest.fixture(scope="module")
def events():
    return Calendar.from_ical(MADE["s06-calendar.ics"]).walk("VEVENT")


def test_it_makes_the_files_it_names_and_the_same_each_time():
    assert list(MADE) == list(files.FILES)
    assert files.make(TABLES) == MADE


def test_the_calendar_holds_every_visit_once_as_a_whole_day(events):
    found = {str(e["uid"]).split("@")[0]: e for e in events}
    assert len(found) == len(events)
    assert {i: e.start for i, e in found.items()} == {i: v.on for i, v in BOOK.visits.items()}
    assert all(e.end - e.start == timedelta(days=1) and type(e.start) is date for e in events)


def test_every_event_has_what_the_format_asks_for_and_names_its_unit(events):
    names = TABLES.townships.frame.set_index("code")["name"]
    for e in events:
        assert e.DTSTAMP.isoformat() == "2017-01-01T00:00:00+00:00"
        assert files.NOTE in str(e["description"])
    told = {str(e["summary"]) for e in events}
    assert {f"月暗访乡镇：{n}" for n in names} <= told
    lines = MADE["s06-calendar.ics"].decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert all(len(line.encode()) <= 75 for line in lines), "lines must be folded"


def test_every_village_is_in_the_calendar_every_quarter(events):
    days = {v: [] for v in TABLES.villages.frame["code"]}
    for e in events:
        unit = str(e["description"]).split("，")[0]
        if unit in days:
            days[unit].append(e.start)
    for found in days.values():
        assert [(d.month - 1) // 3 for d in sorted(found)] == [0, 1, 2, 3]
        assert all(a < b for a, b in pairwise(sorted(found)))


def test_the_workbook_reads_back_as_it_was_written(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(MADE["s06-calendar.xlsx"])
    sheet = files.visit_sheet(BOOK)
    rows = read(path, [sheet])[sheet.title]
    assert [(r["id"], r["on"], r["unit"], r["points"]) for r in rows] == [
        (v.id, v.on, v.unit, None) for v in BOOK.visits.values()
    ]


def test_only_formulas_and_reports_are_locked():
    book = load_workbook(io.BytesIO(MADE["s06-calendar.xlsx"]))
    page = book["日程"]
    assert page.protection.sheet
    assert [c.protection.locked for c in page[2]] == [False] * 8 + [True, False]
    assert all(c.protection.locked for c in book["每月次数"][2])
    assert [c.protection.locked for c in book["权重"][2]] == [False, False, True]
    assert [c.protection.locked for c in book["名次"][2]] == [False] * 4 + [True] * 6


def test_an_office_program_computes_the_ranks_of_the_model(tmp_path):
    book = model.Year(model.rules(TABLES), files.YEAR, model.units(TABLES))
    given = load_workbook(io.BytesIO(MADE["s06-calendar.xlsx"]))
    rows = given["日程"].iter_rows(min_row=2)
    for n, (cells, v) in enumerate(zip(rows, book.visits.values(), strict=True)):
        if n % 50:
            cells[6].value = 50 + 5 * (n * n % 10)
            book.score(v.on, v.id, cells[6].value)
    given.save(tmp_path / "filled.xlsx")
    saved = office_saves(tmp_path / "saved", tmp_path / "filled.xlsx")["filled.xlsx"]
    computed = load_workbook(saved, data_only=True)
    shown = {row[0]: row for row in computed["名次"].iter_rows(min_row=2, values_only=True)}
    for kind in model.KINDS:
        totals = book.totals(kind)
        places = ranks(totals)
        own = [r for r in shown.values() if r[2] == model.KINDS[kind]]
        assert {r[0]: r[8] for r in own if r[8] != "未排"} == places
        assert {r[0] for r in own if r[9] == "并列"} == {
            u for u in places if list(places.values()).count(places[u]) > 1
        }
        assert all(abs(shown[u][7] - float(totals[u])) < 1e-6 for u in totals)
    assert computed["权重"]["C2"].value == "合计 100"
    assert {r[8] for r in computed["日程"].iter_rows(min_row=2, values_only=True)} == {"已打分", "到期未打分"}
