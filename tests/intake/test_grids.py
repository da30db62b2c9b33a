"""Tables are read cell for cell as they are written, and nothing that is read raises."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from helpers_workbooks import MAIN, SHEET, cell, packed, parts, shared, sheet, tampered, workbook
from hypothesis import given, settings
from hypothesis import strategies as st

from wuqi.intake import columns, delimited, faults
from wuqi.intake.given import Grid, Note
from wuqi.intake.grids import read_grids
from wuqi.intake.guard import RefusedError
from wuqi.intake.sheet import letters
from wuqi.problems import Problem


def _read(tmp_path, data: bytes, name: str = "t.xlsx"):
    (tmp_path / name).write_bytes(data)
    return read_grids(tmp_path / name)


def _cells(grid: Grid) -> list[list[str]]:
    return grid.frame.to_numpy().tolist()


def _sound(tmp_path, data: bytes, name: str = "t.xlsx") -> list[list[str]]:
    """The cells of the only table, where nothing was wrong."""
    grids, _, problems = _read(tmp_path, data, name)
    assert problems == []
    assert len(grids) == 1
    return _cells(grids[0])


# CSV

@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_csv_in_every_encoding_and_with_every_line_end(encoding, end, tmp_path):
    text = end.join(["编号\x2c村", "H1\x2c甲村", "", 'H2\x2c"乙\x2c村"', ""])
    grids, notes, problems = _read(tmp_path, text.encode(encoding), "t.csv")
    assert (notes, problems) == ([], [])
    assert _cells(grids[0]) == [["编号", "村"], ["H1", "甲村"], ["H2", "乙\x2c村"]]
    assert list(grids[0].frame.index) == [1, 2, 4], "an empty line is a row of the spreadsheet"
    assert (grids[0].file, grids[0].sheet) == ("t.csv", None)
    assert list(grids[0].frame.columns) == [0, 1]
    assert set(grids[0].frame.dtypes) == {np.dtype(object)}


def test_a_line_break_in_a_cell_does_not_count_as_a_row(tmp_path):
    grids, _, _ = _read(tmp_path, b'a,b\n"1\n2\n3",x\n4,y\n', "t.csv")
    assert list(grids[0].frame.index) == [1, 2, 3]
    assert grids[0].frame.at[2, 0] == "1\n2\n3"


def test_the_mark_of_gb18030_is_no_part_of_the_first_cell(tmp_path):
    assert _sound(tmp_path, "\ufeff编号\x2cn\n".encode("gb18030"), "t.csv") == [["编号", "n"]]


def test_a_quoted_first_cell_after_the_mark(tmp_path):
    assert _sound(tmp_path, '"编\x2c号"\x2cn\n'.encode("utf-8-sig"), "t.csv") == [["编\x2c号", "n"]]


def test_invisible_characters_within_cells_are_kept(tmp_path):
    hidden = ["\u200bH1", "甲\u202e村", "\ufeffx"]
    assert _sound(tmp_path, ("a,b,c\n" + ",".join(hidden)).encode(), "t.csv")[1] == hidden


def test_only_a_header_is_a_table_without_rows(tmp_path):
    assert _sound(tmp_path, b"id,n\n", "t.csv") == [["id", "n"]]


def test_one_column_is_a_table(tmp_path):
    assert _sound(tmp_path, b"id\nH1\nH2\n", "t.csv") == [["id"], ["H1"], ["H2"]]


def test_titles_of_one_cell_may_stand_above_a_table(tmp_path):
    rows = _sound(tmp_path, "某表\n\n单位\uff1a元\nid\x2cn\x2cm\nH1\x2c3\x2c4\n".encode(), "t.csv")
    assert rows == [["某表", "", ""], ["单位\uff1a元", "", ""], ["id", "n", "m"], ["H1", "3", "4"]]


def test_within_a_table_one_cell_is_a_fault(tmp_path):
    _, _, problems = _read(tmp_path, b"id,n\nH1,3\nH2\nH3,4\n", "t.csv")
    assert [(p.rule, p.row) for p in problems] == [("row-shape", 3)]


def test_of_two_rows_that_differ_the_first_counts(tmp_path):
    _, _, problems = _read(tmp_path, b"id,n\nH1,3,4\n", "t.csv")
    assert [(p.rule, p.row) for p in problems] == [("row-shape", 2)]


def test_empty_cells_at_the_end_of_a_row_or_of_all_rows_are_no_fault(tmp_path):
    assert _sound(tmp_path, b"id,n,\nH1,3,,,\nH2,4,\n", "t.csv") == [["id", "n"], ["H1", "3"], ["H2", "4"]]


def test_misshapen_rows_after_the_first_thousands_are_found(tmp_path):
    rows = [b"H,1\n"] * 50_000
    rows[45_000] = b"H\n"
    _, _, problems = _read(tmp_path, b"".join(rows), "t.csv")
    assert [(p.rule, p.row) for p in problems] == [("row-shape", 45_001)]


def test_a_row_of_one_cell_that_begins_a_block_is_no_title(tmp_path):
    _, _, problems = _read(tmp_path, b"H,1\n" * delimited._SAMPLE + b"H\n", "t.csv")
    assert [(p.rule, p.row) for p in problems] == [("row-shape", delimited._SAMPLE + 1)]


def test_of_very_many_faults_the_rest_is_counted(tmp_path):
    _, _, problems = _read(tmp_path, b"a,b\n" * 2000 + b"a\n" * (faults.MAX_TOLD + 7), "t.csv")
    assert len(problems) == faults.MAX_TOLD + 1
    assert "还有 7 处" in problems[-1].message


def test_a_delimiter_within_cells_is_not_taken_for_one(tmp_path):
    rows = [["id", "说明"], ["H1", "一\uff0c二"], ["H2", "三\uff0c四"], ["H3", "五\uff0c六"], ["H4", "a;b|c"]]
    text = "\n".join("\x2c".join(row) for row in rows)
    assert _sound(tmp_path, text.encode(), "t.csv") == rows


def test_a_block_that_ends_inside_a_character_is_still_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "_CHUNK", 7)
    text = "编号\x2c村\n" + "".join(f"H{i}\x2c甲乙丙\n" for i in range(20))
    for encoding in ("utf-8", "gb18030"):
        assert _sound(tmp_path, text.encode(encoding), "t.csv")[20] == ["H19", "甲乙丙"]
    data = text.encode("gb18030")
    _, _, problems = _read(tmp_path, data[:70] + b"\xff" + data[70:], "t.csv")
    assert [(p.rule, p.row) for p in problems] == [("encoding", data[:70].count(b"\n") + 1)]


def test_the_row_of_a_broken_character_is_its_own_wherever_a_block_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "_CHUNK", 8)  # ends two bytes into the second character
    data = "甲乙".encode("utf-8-sig") + b"\xff\nH1\n"
    assert [(p.rule, p.row) for p in _read(tmp_path, data, "t.csv")[2]] == [("encoding", 1)]


def test_cells_are_counted_over_all_rows(monkeypatch):
    monkeypatch.setattr(columns, "MAX_CELLS", 10)
    table = columns.Columns()
    table.add([1, 2], [["a", "b"], ["c", "d"]], 2)
    table.add([3], [["e", "f", "g"]], 3)
    with pytest.raises(RefusedError, match="单元格超过"):
        table.add([4], [["h"]], 1)


# XLSX

def test_a_workbook_with_several_sheets(tmp_path):
    def hide(book):
        book["乙"].sheet_state = "hidden"
        book["丁"].sheet_state = "veryHidden"

    data = workbook([["编号"], ["H1"]], [["b"]], [], [["d"]], names=["甲", "乙", "丙", "丁"], change=hide)
    grids, notes, problems = _read(tmp_path, data)
    assert [(g.sheet, _cells(g)) for g in grids] == [
        ("甲", [["编号"], ["H1"]]), ("乙", [["b"]]), ("丁", [["d"]])]
    assert [(n.kind, n.sheet) for n in notes] == [("hidden-sheet", "乙"), ("hidden-sheet", "丁")]
    assert problems == []


@pytest.mark.parametrize(("value", "code", "text"), [
    (3, "General", "3"), (-12, "General", "-12"), (999_999_999_999_999, "General", "999999999999999"),
    (0.1 + 0.2, "General", "0.3"), (1e-7, "General", "0.0000001"), (123456.789, "0.00", "123456.789"),
    (1e14, "General", "100000000000000"), (-0.0, "General", "0"), (2.50, "0.00", "2.5"),
    (True, "General", "true"), (False, "General", "false"), ("007", "General", "007"), (" x ", "@", " x "),
    ("1e5", "General", "1e5"), ("=", "General", "="), (7, "00000", "00007"), (0.35, "0%", "0.35"),
    (dt.date(2016, 7, 31), None, "2016-07-31"),
    (dt.datetime(2016, 7, 31, 12, 30), None, "2016-07-31 12:30:00"),
    (dt.datetime(2016, 7, 31, 23, 59, 59), None, "2016-07-31 23:59:59"), (dt.time(8, 5), None, "08:05:00"),
    (dt.timedelta(hours=25, minutes=3), None, "25:03:00"), (dt.date(1900, 2, 28), None, "1900-02-28"),
    (dt.date(1900, 3, 1), None, "1900-03-01")])
@pytest.mark.parametrize("epoch", [1900, 1904])
def test_a_cell_as_text(value, code, text, epoch, tmp_path):
    def fill(book):
        if epoch == 1904:
            book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        here = book.worksheets[0]["A2"]
        here.value = value
        here.number_format = code or here.number_format
        if value == "=":
            here.data_type = "s"

    if epoch == 1904 and isinstance(value, dt.date) and value.year < 1904:
        value, text = dt.date(1904, 1, 2), "1904-01-02"
    assert _sound(tmp_path, workbook([["编号"]], change=fill))[1] == [text]


@pytest.mark.parametrize(("xml", "text"), [
    ('<c r="A2" t="inlineStr"><is><r><t>甲</t></r><r><t xml:space="preserve"> 村</t></r></is></c>', "甲 村"),
    ('<c r="A2" t="inlineStr"><is><t>甲</t><rPh sb="0" eb="1"><t>jia</t></rPh></is></c>', "甲"),
    ('<c r="A2" t="inlineStr"><is><t>a_x000D_b_x005F_x000D_c_xD800_</t></is></c>', "a\rb_x000D_c_xD800_"),
    ('<c r="A2" t="d"><v>2016-07-31T00:00:00</v></c>', "2016-07-31"),
    ('<c r="A2" t="b"><v>1</v></c>', "true"),
    ('<c r="A2"><v>1.0E3</v></c>', "1000"),
    ('<c r="A2"><v>-0.0</v></c>', "0"),
    ('<c r="A2"><v>007</v></c>', "7"),
    ('<c r="A2" s="999"><v>7</v></c>', "7"),
    ('<c><v>7</v></c>', "7"),
    ('<c r="A2"><f>3+4</f><v>7</v></c>', "7"),
    ('<c r="A2" t="str"><f>"a"</f><v>a</v></c>', "a"),
])
def test_a_cell_from_its_xml(xml, text, tmp_path):
    assert _sound(tmp_path, cell(xml))[1] == [text]


def test_shared_strings_of_all_kinds(tmp_path):
    strings = ("<si><t>编号</t></si><si><r><t>甲</t></r><r><t>村</t></r></si><si/>"
               "<si><t>乙</t><rPh sb='0' eb='1'><t>yi</t></rPh></si>")
    rows = "".join(f'<row r="{i + 1}"><c r="A{i + 1}" t="s"><v>{i}</v></c></row>' for i in range(4))
    assert _sound(tmp_path, shared(strings, rows)) == [["编号"], ["甲村"], ["乙"]]


@pytest.mark.parametrize(("number", "text"), [(14, "2016-07-31"), (27, "2016-07-31"), (31, "2016-07-31"),
                                              (57, "2016-07-31"), (32, "2016-07-31"), (1, "42582")])
def test_dates_that_chinese_excel_has_built_in(number, text, tmp_path):
    styles = f'<styleSheet xmlns="{MAIN}"><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>' \
             f'<xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    data = tampered({"xl/styles.xml": styles.encode()}, cell('<c r="A2" s="1"><v>42582</v></c>'))
    assert _sound(tmp_path, data)[1] == [text]


@pytest.mark.parametrize("serial", ["60", "-5", "99999999", "1E999"])
def test_a_serial_number_of_no_day_is_told(serial, tmp_path):
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    data = tampered({"xl/styles.xml": styles.encode()}, cell(f'<c r="A2"><v>{serial}</v></c>'))
    _, _, problems = _read(tmp_path, data)
    assert [(p.rule, p.row, p.column, p.value) for p in problems] == [("type", 2, "A", serial)]
    assert "不是任何一天" in problems[0].message


def test_the_strict_variant_of_the_format(tmp_path):
    strict = {name: content.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships")
        for name, content in parts(workbook([["编号"], [3]])).items()}
    assert _sound(tmp_path, packed(strict)) == [["编号"], ["3"]]


def test_formulas_are_counted_and_their_results_read(tmp_path):
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1+1</f><v>2</v></c></row>' \
           '<row r="2"><c r="B2" t="str"><f>IF(A1=1,"","x")</f><v></v></c></row>'
    grids, notes, problems = _read(tmp_path, sheet(rows))
    assert _cells(grids[0]) == [["1", "2"]]
    assert problems == []
    assert notes == [Note("t.xlsx", "formula", notes[0].message, "表1", count=2,
                          examples=((1, "=A1+1", ""), (2, '=IF(A1=1,"","x")', "")))]


def test_what_looks_otherwise_than_it_is_stored_is_told(tmp_path):
    def fill(book):
        table = book.worksheets[0]
        for i, code in enumerate(("0%", '0!.0,"万"', "#,##0", '0.00"元"', "0,,", "yyyy年m月"), 2):
            table.cell(i, 1, 12345).number_format = code
        table.merge_cells("A2:A4")
        table.merge_cells("A5:B5")
        table.row_dimensions[3].hidden = True
        table.column_dimensions["B"].hidden = True

    _, notes, problems = _read(tmp_path, workbook([["编号"]], change=fill))
    assert problems == []
    told = {n.kind: (n.count, [e[:2] for e in n.examples]) for n in notes}
    # Merging takes the values of the cells below the first away.
    assert told == {"number-format": (3, [(2, "0%"), (5, '0.00"元"'), (6, "0,,")]),
                    "merged": (1, [(2, "A2:A4")]),
                    "hidden": (2, [(0, "第 2 至 2 列"), (3, "第 3 行")])}


@pytest.mark.parametrize(("part", "kind"), [
    ("xl/vbaProject.bin", "macro"), ("xl/externalLinks/externalLink1.xml", "external-link"),
    ("xl/connections.xml", "connection"), ("xl/embeddings/oleObject1.bin", "embedded"),
    ("xl/comments1.xml", "comment"), ("xl/threadedComments/threadedComment1.xml", "comment"),
    ("xl/media/image1.png", "picture"), ("xl/pivotTables/pivotTable1.xml", "pivot")])
def test_what_is_left_aside_is_told_and_not_opened(part, kind, tmp_path):
    grids, notes, problems = _read(tmp_path, tampered({part: b"\0 not even XML"}))
    assert [(n.kind, n.count) for n in notes] == [(kind, 1)]
    assert (len(grids), problems) == (1, [])


def test_a_workbook_with_macros_is_read_and_the_macros_told(tmp_path):
    grids, notes, problems = _read(tmp_path, tampered({"xl/vbaProject.bin": b"x"}), "t.XLSM")
    assert _cells(grids[0]) == [["编号", "人口"], ["H1", "3"]]
    assert [n.kind for n in notes] == ["macro"]
    assert problems == []


def test_a_sheet_of_another_kind_is_left_aside(tmp_path):
    def add(book):
        book.create_chartsheet("图").add_chart(openpyxl.chart.BarChart())

    _, notes, problems = _read(tmp_path, workbook([["编号"]], change=add))
    assert ("not-a-table", "图") in [(n.kind, n.sheet) for n in notes]
    assert problems == []


def test_files_come_by_name_and_sheets_in_their_order(tmp_path):
    for name in ("b.csv", "a.csv"):
        (tmp_path / name).write_text("id\nH1\n", encoding="utf-8")
    (tmp_path / "ab.xlsx").write_bytes(workbook([["x"]], [["y"]], names=["2", "1"]))
    assert [(g.file, g.sheet) for g in read_grids(tmp_path)[0]] == [
        ("a.csv", None), ("ab.xlsx", "2"), ("ab.xlsx", "1"), ("b.csv", None)]


@given(st.integers(1, 16_384))
def test_the_letters_of_a_column(number):
    assert letters(number) == openpyxl.utils.get_column_letter(number)


# Laws

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
_SHEET_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
                      max_size=12)


def _tables(text, least: int = 2):
    """Tables of which no row and no last column is blank: nobody sees such rows and columns."""
    whole = text.filter(lambda t: t.strip() and "_x" not in t)
    return st.integers(least, 5).flatmap(lambda width: st.lists(
        st.tuples(st.lists(text, min_size=width - 1, max_size=width - 1), whole).map(lambda r: [*r[0], r[1]]),
        min_size=1, max_size=8))


@given(rows=_tables(_TEXT), encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
       end=st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=150)
def test_any_table_comes_back_from_csv_cell_for_cell(rows, encoding, end):
    rows = [["编号甲乙", *rows[0][1:]], *rows[1:]]
    out = io.StringIO()
    csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    with tempfile.TemporaryDirectory() as folder:
        assert _sound(Path(folder), out.getvalue().encode(encoding), "t.csv") == rows


@given(rows=_tables(_SHEET_TEXT, least=1))
@settings(max_examples=60)
def test_any_table_comes_back_from_a_workbook_cell_for_cell(rows):
    def as_text(book):
        for row in book.worksheets[0].iter_rows():
            for here in row:
                here.data_type = "s" if here.value is not None else here.data_type

    rows = [[" " if "_x" in t else t for t in row] for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        grids, _, problems = _read(Path(folder), workbook(rows, change=as_text))
    assert problems == []
    assert _cells(grids[0]) == rows


@given(st.one_of(st.floats(-1e14, 1e14), st.integers(-10 ** 15 + 1, 10 ** 15 - 1)))
def test_a_number_comes_back_to_fifteen_digits(value):
    with tempfile.TemporaryDirectory() as folder:
        text = _sound(Path(folder), cell(f'<c r="A2"><v>{value!r}</v></c>'))[1][0]
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
        text = _sound(Path(folder), data)[1][0]
    assert dt.datetime.fromisoformat(text) == value


# Fuzzing: whatever the bytes, grids, notes and problems come back, and nothing else.

def _told(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        grids, notes, problems = _read(Path(folder), data, name)
        assert [p.name for p in Path(folder).iterdir()] == [name]
    assert all(isinstance(g, Grid) and not g.frame.empty for g in grids)
    assert all(isinstance(n, Note) for n in notes)
    assert all(isinstance(p, Problem) and str(p).isprintable() for p in problems)
    assert grids or problems
    for grid in grids:
        assert all(isinstance(c, str) for row in _cells(grid) for c in row)
        assert grid.frame.index.is_monotonic_increasing
        assert grid.frame.index.is_unique


@given(st.binary(max_size=400))
@settings(max_examples=300)
def test_random_bytes_as_csv(data):
    _told(data, "t.csv")


@given(st.text(st.sampled_from('ab,"\n\r\t ;\uff0c\ufeff\u202e村'), max_size=80),
       st.sampled_from(["utf-8", "gb18030"]))
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


_ATTRIBUTES = st.sampled_from(["", "0", "-1", "A1", "A0", "1_0", "ZZZZ9", "n", "s", "b", "e", "d", "str",
                               "9" * 5000, "1e400", "nan", "#N/A", "2016-13-01", "\u0661", "\uff19"])


@given(st.lists(st.tuples(_ATTRIBUTES, _ATTRIBUTES, _ATTRIBUTES, _ATTRIBUTES), max_size=4), st.booleans())
@settings(max_examples=200)
def test_a_sheet_of_odd_cells(cells, formula):
    row = "".join(f'<c r="{r}" s="{s}" t="{t}">{"<f>x</f>" * formula}<v>{v}</v></c>' for r, s, t, v in cells)
    _told(sheet(f'<row r="1"><c r="A1"><v>1</v></c></row><row>{row}</row>'), "t.xlsx")
