"""Any table, in either format, comes back cell for cell as it was written, and no bytes at all raise."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.grids import cells_of, read, sound
from support.workbooks import SHEET, cell, packed, parts, sheet, workbook

from figurebook.datapackage.problems import Problem
from figurebook.spreadsheets.reading import columns
from figurebook.spreadsheets.reading.admission import FileRefusedError
from figurebook.spreadsheets.reading.grid import Grid, Note
from figurebook.spreadsheets.reading.grids import read_grids


def test_files_come_by_name_and_sheets_in_their_order(tmp_path):
    for name in ("b.csv", "a.csv"):
        (tmp_path / name).write_text("id\nH1\n", encoding="utf-8")
    (tmp_path / "ab.xlsx").write_bytes(workbook([["x"]], [["y"]], names=["2", "1"]))
    assert [(g.file, g.sheet) for g in read_grids(tmp_path)[0]] == [
        ("a.csv", None),
        ("ab.xlsx", "2"),
        ("ab.xlsx", "1"),
        ("b.csv", None),
    ]


def test_cells_are_counted_over_all_rows(monkeypatch):
    monkeypatch.setattr(columns, "MAX_CELLS", 10)
    table = columns.Columns()
    table.add([1, 2], [["a", "b"], ["c", "d"]], 2)
    table.add([3], [["e", "f", "g"]], 3)
    with pytest.raises(FileRefusedError, match="单元格超过"):
        table.add([4], [["h"]], 1)


# Laws

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_SHEET_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12
)


def _tables(text, least: int = 2):
    """Tables of which no row and no last column is blank: nobody sees such rows and columns."""
    whole = text.filter(lambda t: t.strip() and "_x" not in t)
    return st.integers(least, 5).flatmap(
        lambda width: st.lists(
            st.tuples(st.lists(text, min_size=width - 1, max_size=width - 1), whole).map(
                lambda r: [*r[0], r[1]]
            ),
            min_size=1,
            max_size=8,
        )
    )


@given(
    rows=_tables(_TEXT),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=150)
def test_any_table_comes_back_from_csv_cell_for_cell(rows, encoding, end):
    rows = [["编号甲乙", *rows[0][1:]], *rows[1:]]
    out = io.StringIO()
    csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    with tempfile.TemporaryDirectory() as folder:
        assert sound(Path(folder), out.getvalue().encode(encoding), "t.csv") == rows


@given(rows=_tables(_SHEET_TEXT, least=1))
@settings(max_examples=60)
def test_any_table_comes_back_from_a_workbook_cell_for_cell(rows):
    def as_text(book):
        for row in book.worksheets[0].iter_rows():
            for here in row:
                here.data_type = "s" if here.value is not None else here.data_type

    rows = [[" " if "_x" in t else t for t in row] for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        grids, _, problems = read(Path(folder), workbook(rows, change=as_text))
    assert problems == []
    assert cells_of(grids[0]) == rows


@given(st.one_of(st.floats(-1e14, 1e14), st.integers(-(10**15) + 1, 10**15 - 1)))
def test_a_number_comes_back_to_fifteen_digits(value):
    with tempfile.TemporaryDirectory() as folder:
        text = sound(Path(folder), cell(f'<c r="A2"><v>{value!r}</v></c>'))[1][0]
    assert "e" not in text.lower()
    assert float(text) == float(f"{value:.15g}")


_MOMENTS = st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2199, 12, 31))


@given(_MOMENTS.map(lambda d: d.replace(microsecond=0)), st.booleans())
def test_a_moment_comes_back(value, mac):
    def old(book):
        if mac and value.year > 1904:
            book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    with tempfile.TemporaryDirectory() as folder:
        data = workbook([["d"]], change=lambda book: (old(book), book.worksheets[0].append([value])))
        text = sound(Path(folder), data)[1][0]
    assert dt.datetime.fromisoformat(text) == value


# Fuzzing: whatever the bytes, grids, notes and problems come back, and nothing else.


def _told(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        grids, notes, problems = read(Path(folder), data, name)
        assert [p.name for p in Path(folder).iterdir()] == [name]
    assert all(isinstance(g, Grid) and not g.frame.empty for g in grids)
    assert all(isinstance(n, Note) for n in notes)
    assert all(isinstance(p, Problem) and str(p).isprintable() for p in problems)
    assert grids or problems
    for grid in grids:
        assert all(isinstance(c, str) for row in cells_of(grid) for c in row)
        assert grid.frame.index.is_monotonic_increasing
        assert grid.frame.index.is_unique


@given(st.binary(max_size=400))
@settings(max_examples=300)
def test_random_bytes_as_csv(data):
    _told(data, "t.csv")


@given(
    st.text(st.sampled_from('ab,"\n\r\t ;\uff0c\ufeff\u202e村'), max_size=80),
    st.sampled_from(["utf-8", "gb18030"]),
)
@settings(max_examples=300)
def test_random_csv(text, encoding):
    _told(text.encode(encoding), "t.csv")


@given(st.binary(max_size=200), st.booleans())
def test_random_bytes_as_a_workbook(data, like_a_zip):
    _told(b"PK\x03\x04" * like_a_zip + data, "t.xlsx")


_SOUND = workbook([["编号", "日期", "n"], ["H1", dt.date(2016, 7, 31), 2.5], ["=1+1", True, None]])
_PARTS = parts(_SOUND)
_FLIPS = st.lists(st.tuples(st.integers(0), st.integers(0, 255)), min_size=1, max_size=6)


def _flipped(data: bytes, flips) -> bytes:
    changed = bytearray(data)
    for at, value in flips:
        changed[at % len(changed)] = value
    return bytes(changed)


@given(_FLIPS)
@settings(max_examples=200)
def test_a_workbook_with_bytes_changed(flips):
    _told(_flipped(_SOUND, flips), "t.xlsx")


_READ_PARTS = ["_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", SHEET]


@given(st.sampled_from(_READ_PARTS), _FLIPS)
@settings(max_examples=200)
def test_a_workbook_with_bytes_changed_inside_a_part(part, flips):
    _told(packed({**_PARTS, part: _flipped(_PARTS[part], flips)}), "t.xlsx")


_ATTRIBUTES = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "A1",
        "A0",
        "1_0",
        "ZZZZ9",
        "n",
        "s",
        "b",
        "e",
        "d",
        "str",
        "9" * 5000,
        "1e400",
        "nan",
        "#N/A",
        "2016-13-01",
        "\u0661",
        "\uff19",
    ]
)


@given(st.lists(st.tuples(_ATTRIBUTES, _ATTRIBUTES, _ATTRIBUTES, _ATTRIBUTES), max_size=4), st.booleans())
@settings(max_examples=200)
def test_a_sheet_of_odd_cells(cells, formula):
    row = "".join(f'<c r="{r}" s="{s}" t="{t}">{"<f>x</f>" * formula}<v>{v}</v></c>' for r, s, t, v in cells)
    _told(sheet(f'<row r="1"><c r="A1"><v>1</v></c></row><row>{row}</row>'), "t.xlsx")
