"""A workbook is read cell for cell as it is stored; what looks otherwise or is left aside is told."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.grids import cells_of, read, sound
from support.workbooks import MAIN, cell, packed, parts, shared, sheet, tampered, workbook

from figurebook.spreadsheets.reading.grid import Note
from figurebook.spreadsheets.reading.xlsx_sheet import letters


def test_a_workbook_with_several_sheets(tmp_path):
    def hide(book):
        book["乙"].sheet_state = "hidden"
        book["丁"].sheet_state = "veryHidden"

    data = workbook([["编号"], ["H1"]], [["b"]], [], [["d"]], names=["甲", "乙", "丙", "丁"], change=hide)
    grids, notes, problems = read(tmp_path, data)
    assert [(g.sheet, cells_of(g)) for g in grids] == [
        ("甲", [["编号"], ["H1"]]),
        ("乙", [["b"]]),
        ("丁", [["d"]]),
    ]
    assert [(n.kind, n.sheet) for n in notes] == [("hidden-sheet", "乙"), ("hidden-sheet", "丁")]
    assert problems == []


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (3, "General", "3"),
        (-12, "General", "-12"),
        (999_999_999_999_999, "General", "999999999999999"),
        (0.1 + 0.2, "General", "0.3"),
        (1e-7, "General", "0.0000001"),
        (123456.789, "0.00", "123456.789"),
        (1e14, "General", "100000000000000"),
        (-0.0, "General", "0"),
        (2.50, "0.00", "2.5"),
        (True, "General", "true"),
        (False, "General", "false"),
        ("007", "General", "007"),
        (" x ", "@", " x "),
        ("1e5", "General", "1e5"),
        ("=", "General", "="),
        (7, "00000", "00007"),
        (0.35, "0%", "0.35"),
        (dt.date(2016, 7, 31), None, "2016-07-31"),
        (dt.datetime(2016, 7, 31, 12, 30), None, "2016-07-31 12:30:00"),
        (dt.datetime(2016, 7, 31, 23, 59, 59), None, "2016-07-31 23:59:59"),
        (dt.time(8, 5), None, "08:05:00"),
        (dt.timedelta(hours=25, minutes=3), None, "25:03:00"),
        (dt.date(1900, 2, 28), None, "1900-02-28"),
        (dt.date(1900, 3, 1), None, "1900-03-01"),
    ],
)
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
    assert sound(tmp_path, workbook([["编号"]], change=fill))[1] == [text]


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (
            '<c r="A2" t="inlineStr"><is><r><t>甲</t></r><r><t xml:space="preserve"> 村</t></r></is></c>',
            "甲 村",
        ),
        ('<c r="A2" t="inlineStr"><is><t>甲</t><rPh sb="0" eb="1"><t>jia</t></rPh></is></c>', "甲"),
        ('<c r="A2" t="inlineStr"><is><t>a_x000D_b_x005F_x000D_c_xD800_</t></is></c>', "a\rb_x000D_c_xD800_"),
        ('<c r="A2" t="d"><v>2016-07-31T00:00:00</v></c>', "2016-07-31"),
        ('<c r="A2" t="b"><v>1</v></c>', "true"),
        ('<c r="A2"><v>1.0E3</v></c>', "1000"),
        ('<c r="A2"><v>-0.0</v></c>', "0"),
        ('<c r="A2"><v>007</v></c>', "7"),
        ('<c r="A2" s="999"><v>7</v></c>', "7"),
        ("<c><v>7</v></c>", "7"),
        ('<c r="A2"><f>3+4</f><v>7</v></c>', "7"),
        ('<c r="A2" t="str"><f>"a"</f><v>a</v></c>', "a"),
    ],
)
def test_a_cell_from_its_xml(xml, text, tmp_path):
    assert sound(tmp_path, cell(xml))[1] == [text]


def test_shared_strings_of_all_kinds(tmp_path):
    strings = (
        "<si><t>编号</t></si><si><r><t>甲</t></r><r><t>村</t></r></si><si/>"
        "<si><t>乙</t><rPh sb='0' eb='1'><t>yi</t></rPh></si>"
    )
    rows = "".join(f'<row r="{i + 1}"><c r="A{i + 1}" t="s"><v>{i}</v></c></row>' for i in range(4))
    assert sound(tmp_path, shared(strings, rows)) == [["编号"], ["甲村"], ["乙"]]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (14, "2016-07-31"),
        (27, "2016-07-31"),
        (31, "2016-07-31"),
        (57, "2016-07-31"),
        (32, "2016-07-31"),
        (1, "42582"),
    ],
)
def test_dates_that_chinese_excel_has_built_in(number, text, tmp_path):
    styles = (
        f'<styleSheet xmlns="{MAIN}"><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
        f'<xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    )
    data = tampered({"xl/styles.xml": styles.encode()}, cell('<c r="A2" s="1"><v>42582</v></c>'))
    assert sound(tmp_path, data)[1] == [text]


@pytest.mark.parametrize("serial", ["60", "-5", "99999999", "1E999"])
def test_a_serial_number_of_no_day_is_told(serial, tmp_path):
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    data = tampered({"xl/styles.xml": styles.encode()}, cell(f'<c r="A2"><v>{serial}</v></c>'))
    _, _, problems = read(tmp_path, data)
    assert [(p.rule, p.row, p.column, p.value) for p in problems] == [("type", 2, "A", serial)]
    assert "不是任何一天" in problems[0].message


def test_the_strict_variant_of_the_format(tmp_path):
    strict = {
        name: content.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, content in parts(workbook([["编号"], [3]])).items()
    }
    assert sound(tmp_path, packed(strict)) == [["编号"], ["3"]]


def test_formulas_are_counted_and_their_results_read(tmp_path):
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1+1</f><v>2</v></c></row>'
        '<row r="2"><c r="B2" t="str"><f>IF(A1=1,"","x")</f><v></v></c></row>'
    )
    grids, notes, problems = read(tmp_path, sheet(rows))
    assert cells_of(grids[0]) == [["1", "2"]]
    assert problems == []
    assert notes == [
        Note("t.xlsx", "formula", notes[0].message, "表1", count=2, examples=((1, "B1", ""), (2, "B2", "")))
    ]


def test_what_looks_otherwise_than_it_is_stored_is_told(tmp_path):
    def fill(book):
        table = book.worksheets[0]
        for i, code in enumerate(("0%", '0!.0,"万"', "#,##0", '0.00"元"', "0,,", "yyyy年m月"), 2):
            table.cell(i, 1, 12345).number_format = code
        table.merge_cells("A2:A4")
        table.merge_cells("A5:B5")
        table.row_dimensions[3].hidden = True
        table.column_dimensions["B"].hidden = True

    _, notes, problems = read(tmp_path, workbook([["编号"]], change=fill))
    assert problems == []
    told = {n.kind: (n.count, [e[:2] for e in n.examples]) for n in notes}
    # Merging takes the values of the cells below the first away.
    assert told == {
        "number-format": (3, [(2, "A2（格式 0%）"), (5, 'A5（格式 0.00"元"）'), (6, "A6（格式 0,,）")]),
        "merged": (1, [(2, "A2:A4")]),
        "hidden": (2, [(0, "第 2 至 2 列"), (3, "第 3 行")]),
    }


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ('"B"00', True),
        ('"610626"000000', True),
        ("0\\.0000", True),
        ('0"."0000', True),
        ("0!.0000", True),
        ('"¥"#,##0', True),
        ("\\B0", True),
        ("0", False),
        ("000000", False),
        ("#,##0.00", False),
        ('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', False),
        ("0\\ 000", False),
        ('"("0")"', False),
    ],
)
def test_text_that_a_number_format_puts_between_the_digits_is_told(code, told, tmp_path):
    def fill(book):
        book.worksheets[0]["A2"].number_format = code

    _, notes, _ = read(tmp_path, workbook([["编号"], [1203]], change=fill))
    assert [n.kind for n in notes] == ["number-format"] * told


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("xl/vbaProject.bin", "macro"),
        ("xl/externalLinks/externalLink1.xml", "external-link"),
        ("xl/connections.xml", "connection"),
        ("xl/embeddings/oleObject1.bin", "embedded"),
        ("xl/comments1.xml", "comment"),
        ("xl/threadedComments/threadedComment1.xml", "comment"),
        ("xl/media/image1.png", "picture"),
        ("xl/pivotTables/pivotTable1.xml", "pivot"),
    ],
)
def test_what_is_left_aside_is_told_and_not_opened(part, kind, tmp_path):
    grids, notes, problems = read(tmp_path, tampered({part: b"\0 not even XML"}))
    assert [(n.kind, n.count) for n in notes] == [(kind, 1)]
    assert (len(grids), problems) == (1, [])


def test_a_workbook_with_macros_is_read_and_the_macros_told(tmp_path):
    grids, notes, problems = read(tmp_path, tampered({"xl/vbaProject.bin": b"x"}), "t.XLSM")
    assert cells_of(grids[0]) == [["编号", "人口"], ["H1", "3"]]
    assert [n.kind for n in notes] == ["macro"]
    assert problems == []


def test_a_sheet_of_another_kind_is_left_aside(tmp_path):
    def add(book):
        book.create_chartsheet("图").add_chart(openpyxl.chart.BarChart())

    _, notes, problems = read(tmp_path, workbook([["编号"]], change=add))
    assert ("not-a-table", "图") in [(n.kind, n.sheet) for n in notes]
    assert problems == []


@given(st.integers(1, 16_384))
def test_the_letters_of_a_column(number):
    assert letters(number) == openpyxl.utils.get_column_letter(number)
