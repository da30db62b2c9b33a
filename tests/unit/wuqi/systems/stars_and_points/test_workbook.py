"""The points book as a workbook: nothing is lost on the way, and what cannot be read is named by its cell."""

import io
from datetime import date, datetime
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import examples, size

from figurebook.datapackage.problems import TablesError
from figurebook.datapackage.tables import Tables
from wuqi.systems.stars_and_points import model
from wuqi.systems.stars_and_points import takeaways as files
from wuqi.systems.stars_and_points.workbook import CHANGES, EVENTS, RULES, Filled, from_workbook, to_workbook

TABLES = Tables.load()
OURS = model.rules(TABLES)
MADE = files.make(TABLES)
WORD = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=4).filter(lambda s: s == s.strip())
CODE = st.from_regex(r"[A-Z][0-9]{1,3}", fullmatch=True)
DAYS = st.dates(date(2016, 1, 1), date(2018, 12, 31))
EVENT = st.builds(
    model.Event,
    CODE,
    DAYS,
    CODE,
    st.just("") | CODE,
    st.sampled_from([*OURS.items, "献血"]),
    st.integers(1, 100),
    WORD,
    WORD,
)
CHANGE = st.builds(
    model.Change,
    CODE,
    DAYS,
    st.sampled_from(["appeal", "correct", "uphold"]),
    CODE,
    st.none() | st.integers(0, 100),
    WORD,
    WORD,
)


def back(folder: Path, filled: Filled) -> Filled:
    """What is read from the workbook that is made of these contents."""
    path = folder / "book.xlsx"
    path.write_bytes(to_workbook(filled, filled.book()))
    return from_workbook(path, OURS.general)


@cache
def small_example() -> bytes:
    """The example saved by another program, without reports and prepared rows, to be read fast."""
    book, out = openpyxl.load_workbook(io.BytesIO(MADE["s18-points-example.xlsx"])), io.BytesIO()
    for page in book.worksheets:
        if page.title not in (RULES, EVENTS, CHANGES):
            book.remove(page)
        last = max((n for n, (value,) in enumerate(page.iter_rows(max_col=1, values_only=True), 1) if value))
        page.delete_rows(last + 1, page.max_row)
    book.save(out)
    return out.getvalue()


def edited(folder: Path, sheet: str, cells: dict) -> Path:
    """The example with these cells changed."""
    path = folder / "edited.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(small_example()))
    for place, value in cells.items():
        book[sheet][place] = value
    book.save(path)
    return path


def read_event(path: Path) -> model.Event:
    return from_workbook(path, OURS.general).entries[0]


@examples(12)
@given(st.lists(EVENT, max_size=12), st.lists(CHANGE, max_size=6))
def test_what_is_written_is_read_back_refused_entries_too(tmp_path_factory, events, changes):
    filled = Filled(OURS, [*events, *changes])
    assert back(tmp_path_factory.mktemp("book"), filled) == filled


def test_up_to_fifty_thousand_events_come_back_as_they_were(tmp_path):
    """All fifty thousand once a week: the law is the same for any number of them."""
    most = size(50_000, "events")
    entries = [
        model.Event(
            f"E{n:05}",
            date(2017, 1 + n % 12, 1 + n % 28),
            f"B{n % 70:02}",
            f"M{n % 40:02}",
            ("meeting", "study", "service", "task")[n % 4],
            1 + n % 5,
            f"签到表第 {n} 页",
        )
        for n in range(most)
    ]
    entries += [
        model.Change(f"C{n:05}", date(2017, 12, 31), "correct", f"E{n:05}", 9, "例")
        for n in range(most // 100)
    ]
    filled = Filled(OURS, entries)
    again = back(tmp_path, filled)
    assert again == filled
    assert len(again.book().events) == most
    assert again.book().totals() == filled.book().totals()


@pytest.mark.parametrize("name", files.FILES)
def test_the_files_read_back_and_are_made_again_byte_for_byte(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(MADE[name])
    filled = from_workbook(path, OURS.general)
    assert filled.rules.items == OURS.items
    assert to_workbook(filled, filled.book()) == MADE[name]


def test_the_empty_file_is_ready_to_fill_in(tmp_path):
    path = tmp_path / "empty.xlsx"
    path.write_bytes(MADE["s18-points-empty.xlsx"])
    page = openpyxl.load_workbook(path)[EVENTS]
    assert page.protection.sheet
    assert [page[f"{c}2"].protection.locked for c in "ABH"] == [False, False, True]
    assert page["H2"].data_type == page["H400"].data_type == "f"
    lists = {str(v.sqref): v.type for v in page.data_validations.dataValidation}
    assert lists["E2:E1048576"] == "list"
    assert all(
        "不是该县的规定" in row[5].value
        for row in openpyxl.load_workbook(path)[RULES].iter_rows(min_row=2, max_row=len(OURS.items) + 1)
    )


@pytest.mark.parametrize(
    ("cell", "value", "field", "read"),
    [
        ("A2", "Ｅ００１", "id", "E001"),
        ("A2", " E001 　", "id", "E001"),
        ("C2", "Ｂ０１", "branch", "B01"),
        ("D2", "Ｂ０１－１", "member", "B01-1"),
        ("F2", "２", "times", 2),
        ("F2", " ２ ", "times", 2),
        ("F2", 2.0, "times", 2),
        ("B2", "2017年1月10日", "on", date(2017, 1, 10)),
        ("B2", "２０１７－０１－１０", "on", date(2017, 1, 10)),
        ("B2", "2017/1/10", "on", date(2017, 1, 10)),
        ("B2", "20170110", "on", date(2017, 1, 10)),
        ("B2", datetime(2017, 1, 10), "on", date(2017, 1, 10)),
        ("G2", "签到表  ", "evidence", "签到表"),
        ("E2", "参加学习 ", "rule", "study"),
        ("E2", "献血", "rule", "献血"),
        ("G2", None, "evidence", ""),
        ("I2", "备注", "note", "备注"),
    ],
)
def test_what_people_type_is_read(tmp_path, cell, value, field, read):
    assert getattr(read_event(edited(tmp_path, EVENTS, {cell: value})), field) == read


HOSTILE = [
    (EVENTS, {"B2": "2017-02-30"}, 2, "B", "type"),
    (EVENTS, {"B2": "一月"}, 2, "B", "type"),
    (EVENTS, {"B2": None}, 2, "B", "constraint"),
    (EVENTS, {"B3": "0201-01-10"}, 3, "B", "constraint"),
    (EVENTS, {"B2": datetime(2017, 1, 10, 8)}, 2, "B", "type"),
    (EVENTS, {"F2": "=1+1"}, 2, "F", "type"),
    (EVENTS, {"F2": 0}, 2, "F", "constraint"),
    (EVENTS, {"F2": 101}, 2, "F", "constraint"),
    (EVENTS, {"F2": 1.5}, 2, "F", "type"),
    (EVENTS, {"F2": "两次"}, 2, "F", "type"),
    (EVENTS, {"A4": None}, 4, "A", "constraint"),
    (EVENTS, {"C2": None}, 2, "C", "constraint"),
    (EVENTS, {"E2": True}, 2, "E", "type"),
    (EVENTS, {"A1": "序号"}, 1, "A", "missing-column"),
    (EVENTS, {"J1": "又一列"}, 1, "J", "extra-column"),
    (EVENTS, {"J5": "多"}, 5, "J", "row-shape"),
    (CHANGES, {"C2": "删除"}, 2, "C", "constraint"),
    (CHANGES, {"D2": None}, 2, "D", "constraint"),
    (CHANGES, {"E2": -1}, 2, "E", "constraint"),
    (CHANGES, {"B2": "0201-01-10"}, 2, "B", "constraint"),
    (RULES, {"A2": "会议"}, 2, "A", "constraint"),
    (RULES, {"A3": "meeting"}, 3, "A", "duplicate-key"),
    (RULES, {"B3": "参加组织生活"}, 3, "B", "duplicate-key"),
    (RULES, {"C2": "村"}, 2, "C", "constraint"),
    (RULES, {"D2": "2.5"}, 2, "D", "type"),
    (RULES, {"D2": "9" * 20}, 2, "D", "constraint"),
    (RULES, {"E2": None}, 2, "E", "constraint"),
    (RULES, {"E2": 0}, 2, "E", "constraint"),
    (RULES, {"E10": 3}, 10, "E", "constraint"),
    (RULES, {"D11": 10}, 11, "D", "duplicate-key"),
]


@pytest.mark.parametrize(("sheet", "cells", "row", "column", "rule"), HOSTILE)
def test_a_cell_that_cannot_be_used_is_named(tmp_path, sheet, cells, row, column, rule):
    path = edited(tmp_path, sheet, cells)
    before = path.read_bytes()
    with pytest.raises(TablesError) as refused:
        from_workbook(path, OURS.general)
    (problem,) = refused.value.problems
    assert (problem.file, problem.sheet, problem.row, problem.column[0], problem.rule) == (
        "edited.xlsx",
        sheet,
        row,
        column,
        rule,
    )
    (given,) = cells.values()
    assert given is None or isinstance(given, datetime) or str(given).lower() in str(problem).lower()
    assert path.read_bytes() == before


def test_merged_headers_and_merged_rows_are_refused_by_their_cells(tmp_path):
    path = edited(tmp_path, EVENTS, {})
    book = openpyxl.load_workbook(path)
    book[EVENTS].merge_cells("A1:B1")
    book[CHANGES].merge_cells("D2:D3")
    book.save(path)
    with pytest.raises(TablesError) as refused:
        from_workbook(path, OURS.general)
    places = [(p.sheet, p.row, p.column[0]) for p in refused.value.problems]
    assert places == [(EVENTS, 1, "B"), (CHANGES, 3, "D")]


def test_rules_changed_in_the_workbook_are_the_rules_it_runs_under(tmp_path):
    added = {"A15": "donate", "B15": "献血", "C15": "党员", "D15": 1, "E15": 1}
    path = edited(tmp_path, RULES, {"D2": 7, **added})
    filled = from_workbook(path, OURS.general)
    assert filled.rules.items["meeting"].points == 7
    assert filled.rules.items["donate"].label == "献血"
    first = model.points(filled.book()).iloc[0]
    assert first["积分"] == 4 * 7 + 2 * 5
