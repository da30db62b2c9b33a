"""Workbooks go out and come back unchanged; what people type is read or refused by its cell."""

import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart
from support.project import ROOT
from support.workbooks import SHEET as PAGE
from support.workbooks import parts, tampered

from figurebook.datapackage.problems import TablesError
from figurebook.spreadsheets.reading import xlsx_rows as rows
from figurebook.spreadsheets.reading.filled_sheets import problem, read
from figurebook.spreadsheets.writing.layout import Column, Highlight, Sheet, letter
from figurebook.spreadsheets.writing.writer import write

KINDS = ("甲类", "乙类")
SHEET = Sheet(
    "清单",
    (
        Column("id", "编号", "id", required=True),
        Column("kind", "类别", "choice", choices=KINDS),
        Column("n", "件数", "integer", minimum=0, maximum=99),
        Column("day", "日期", "date", note="哪一天"),
        Column("text", "文字"),
        Column("late", "逾期", "formula", formula='IF(D{row}="","",TODAY()-D{row})'),
    ),
    spare=3,
    highlights=(Highlight("$F2>0"),),
)
TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1).map(str.strip).filter(bool)
ROW = st.fixed_dictionaries(
    {
        "id": st.from_regex(r"[A-Z][0-9]{1,3}", fullmatch=True),
        "kind": st.sampled_from([None, *KINDS]),
        "n": st.none() | st.integers(0, 99),
        "day": st.none() | st.dates(date(1950, 1, 1), date(2090, 1, 1)),
        "text": st.none() | TEXT,
    }
)


def saved(folder: Path, cells: dict, name: str = "in.xlsx") -> Path:
    """A workbook as another program would make it: a header, one good row, and these cells."""
    book = Workbook()
    page = book.active
    page.title = "清单"
    page.append([c.title for c in SHEET.columns])
    page.append(["A1", "甲类", 1, datetime(2016, 3, 5), "文"])
    for place, value in cells.items():
        page[place] = value
        if not isinstance(value, datetime):
            page[place].number_format = "General"
    book.save(folder / name)
    return folder / name


def value(folder: Path, place: str, given):
    """What is read from one cell."""
    (row,) = read(saved(folder, {place: given}), [SHEET])["清单"]
    return row[SHEET.columns["ABCDEF".index(place[0])].name]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=8))
def test_what_is_written_is_read_back(tmp_path, rows):
    path = tmp_path / "book.xlsx"
    path.write_bytes(write([(SHEET, rows)]))
    assert [r.values for r in read(path, [SHEET])["清单"]] == rows


def test_the_same_rows_make_the_same_bytes():
    rows = [{"id": "A1", "day": date(2016, 2, 29)}]
    assert write([(SHEET, rows)]) == write([(SHEET, rows)])
    assert write([(SHEET, rows)]) != write([(SHEET, [{"id": "A2"}])])


def test_drop_downs_colours_and_protection_are_there(tmp_path):
    (tmp_path / "b.xlsx").write_bytes(write([(SHEET, [{"id": "A1"}])]))
    book = load_workbook(tmp_path / "b.xlsx")
    page = book["清单"]
    assert page.protection.sheet
    assert (page["A2"].protection.locked, page["F2"].protection.locked) == (False, True)
    assert page["D2"].alignment.horizontal == "left", "not up against the next column"
    assert page["F5"].value == '=IF(D5="","",TODAY()-D5)'
    rules = {v.type: (str(v.sqref), v.formula1) for v in page.data_validations.dataValidation}
    assert rules["list"] == ("B2:B1048576", "'选项'!$A$1:$A$2")
    assert rules["whole"][0] == "C2:C1048576"
    assert [c.value for c in book["选项"]["A"]] == list(KINDS)
    ((where, marks),) = page.conditional_formatting._cf_rules.items()
    assert (str(where.sqref), marks[0].formula) == ("A2:F5", ["$F2>0"])
    assert letter(SHEET, "late") == "F"


def test_a_heading_stands_above_the_header_and_what_goes_by_rows_moves_down(tmp_path):
    report = Sheet("报告", SHEET.columns, highlights=SHEET.highlights, open=False, heading="截至 2016-03-10")
    (tmp_path / "b.xlsx").write_bytes(write([(report, [{"id": "A1", "day": date(2016, 2, 29)}])]))
    page = load_workbook(tmp_path / "b.xlsx")["报告"]
    assert [page[a].value for a in ("A1", "B1", "A2", "A3")] == ["截至 2016-03-10", None, "编号", "A1"]
    assert page["F3"].value == '=IF(D3="","",TODAY()-D3)'
    assert page.freeze_panes == "A3"
    assert page.print_title_rows == "$2:$2"
    assert {str(v.sqref) for v in page.data_validations.dataValidation} == {"B3", "C3", "D3"}
    assert [str(where.sqref) for where in page.conditional_formatting] == ["A3:F3"]


def test_notes_stand_on_the_first_sheet_and_say_what_is_not_printed(tmp_path):
    (tmp_path / "b.xlsx").write_bytes(write([(SHEET, [])], ["填什么", "谁的数"]))
    book = load_workbook(tmp_path / "b.xlsx")
    assert book.sheetnames[:2] == ["说明", "清单"]
    told = [c.value for c in book["说明"]["A"]]
    assert told[:3] == ["说明", "填什么", "谁的数"]
    assert "取消打印区域" in told[3]
    assert read(tmp_path / "b.xlsx", [SHEET])["清单"] == []
    (tmp_path / "c.xlsx").write_bytes(write([(replace(SHEET, spare=0), [])], ["填什么"]))
    assert [c.value for c in load_workbook(tmp_path / "c.xlsx")["说明"]["A"]] == ["说明", "填什么"]


@pytest.mark.parametrize(
    ("rows", "spare", "area"),
    [(1, 200, "$A$1:$F$24"), (40, 200, "$A$1:$F$41"), (1, 3, "$A$1:$F$5"), (0, 200, "$A$1:$F$24")],
)
def test_every_sheet_prints_on_a4_and_not_the_rows_prepared_for_typing(tmp_path, rows, spare, area):
    sheet = replace(SHEET, spare=spare)
    (tmp_path / "b.xlsx").write_bytes(write([(sheet, [{"id": f"A{n}"} for n in range(rows)])], ["说明"]))
    book = load_workbook(tmp_path / "b.xlsx")
    for page in (book["说明"], book["清单"]):
        assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
        assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.print_title_rows == "$1:$1"
    assert book["清单"].print_area == f"'清单'!{area}"


def test_a_long_header_has_room_for_its_lines(tmp_path):
    long = Sheet("表", (Column("a", "基层党建：责任清单落实"), Column("b", "短")))
    (tmp_path / "b.xlsx").write_bytes(write([(long, []), (SHEET, [])]))
    book = load_workbook(tmp_path / "b.xlsx")
    assert book["表"].row_dimensions[1].height == 2 * book["清单"].row_dimensions[1].height
    assert book["表"]["A1"].alignment.wrap_text


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    (tmp_path / "b.xlsx").write_bytes(write([(SHEET, [{"id": "A1", "text": "=1+1"}])]))
    assert load_workbook(tmp_path / "b.xlsx")["清单"]["E2"].data_type == "s"
    assert read(tmp_path / "b.xlsx", [SHEET])["清单"][0]["text"] == "=1+1"


@pytest.mark.parametrize(
    ("text", "stored"),
    [("_x0041_", "_x005F_x0041_"), ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"), ("_x41_", "_x41_")],
)
def test_text_that_looks_like_an_escaped_character_stays_text(tmp_path, text, stored):
    (tmp_path / "b.xlsx").write_bytes(write([(SHEET, [{"id": "A1", "text": text}])]))
    assert f">{stored}<" in parts((tmp_path / "b.xlsx").read_bytes())[PAGE].decode()
    assert read(tmp_path / "b.xlsx", [SHEET])["清单"][0]["text"] == text


@pytest.mark.parametrize(
    ("place", "given", "expected"),
    [
        ("A2", "  Ａ１２　", "A12"),
        ("A2", 12, "12"),
        ("A2", 12.0, "12"),
        ("A2", "A1\u200b", "A1"),
        ("B2", "甲类 ", "甲类"),
        ("C2", "１２", 12),
        ("C2", " 12　", 12),
        ("C2", 12.0, 12),
        ("C2", "", None),
        ("D2", "2016-3-5", date(2016, 3, 5)),
        ("D2", "２０１６－０３－０５", date(2016, 3, 5)),
        ("D2", "2016/3/5 ", date(2016, 3, 5)),
        ("D2", "2016.03.05", date(2016, 3, 5)),
        ("D2", "2016年3月5日", date(2016, 3, 5)),
        ("D2", "20160305", date(2016, 3, 5)),
        ("D2", 20160305, date(2016, 3, 5)),
        ("D2", datetime(2016, 2, 29), date(2016, 2, 29)),
        ("D2", "2016 年 2 月 29 日", date(2016, 2, 29)),
        ("E2", " 文　字 ", "文　字"),
        ("E2", 3, "3"),
        ("E2", 0.1 + 0.2, "0.3"),
        ("A2", "A²", "A²"),
    ],
)
def test_what_people_type_is_read_as_they_mean_it(tmp_path, place, given, expected):
    assert value(tmp_path, place, given) == expected


@pytest.mark.parametrize(
    ("place", "given", "rule"),
    [
        ("A2", "", "constraint"),
        ("A2", "　", "constraint"),
        ("A2", datetime(2016, 3, 5), "type"),
        ("B2", "丙类", "constraint"),
        ("C2", "十二", "type"),
        ("C2", 1.5, "type"),
        ("C2", "1,2", "type"),
        ("C2", "2²", "type"),
        ("C2", "1①", "type"),
        ("D2", "2016-3-5²", "type"),
        ("E2", True, "type"),
        ("A2", 610626199001011000, "type"),
        ("C2", -1, "constraint"),
        ("C2", 100, "constraint"),
        ("C2", "9" * 5000, "type"),
        ("D2", "9" * 5000, "type"),
        ("C2", True, "type"),
        ("C2", "=1+1", "type"),
        ("D2", "2016-2-30", "type"),
        ("D2", "2015-02-29", "type"),
        ("D2", "16-3-5", "type"),
        ("D2", "3月5日", "type"),
        ("D2", 42434, "type"),
        ("D2", 42434.5, "type"),
        ("D2", "2016-03/05", "type"),
        ("D2", "=TODAY()", "type"),
        ("D2", datetime(2016, 3, 5, 9, 30), "type"),
        ("D2", "2016-13-01", "type"),
        ("E2", "=A1", "type"),
        ("G2", "多", "row-shape"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_cell(tmp_path, place, given, rule):
    with pytest.raises(TablesError) as refusal:
        read(saved(tmp_path, {place: given}), [SHEET])
    (found,) = refusal.value.problems
    assert (found.file, found.sheet, found.row, found.rule) == ("in.xlsx", "清单", 2, rule)
    assert found.column.startswith(place[0])


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"C1": "数"}, "C"), ({"B1": None}, "B"), ({"G1": "新列"}, "G"), ({"A1": "类别", "B1": "编号"}, "A")],
)
def test_a_changed_header_is_refused_by_its_cell(tmp_path, cells, column):
    with pytest.raises(TablesError) as refusal:
        read(saved(tmp_path, cells), [SHEET])
    assert (refusal.value.problems[0].row, refusal.value.problems[0].column) == (1, column)


def test_merged_cells_are_refused_where_they_leave_a_hole(tmp_path):
    for merged, place in (("A1:B1", (1, "B")), ("A2:A3", (3, "A（编号）"))):
        book = load_workbook(saved(tmp_path, {"A3": "A2", "B3": "甲类"}))
        book["清单"].merge_cells(merged)
        book.save(tmp_path / "merged.xlsx")
        with pytest.raises(TablesError, match="取消合并") as refusal:
            read(tmp_path / "merged.xlsx", [SHEET])
        assert (refusal.value.problems[0].row, refusal.value.problems[0].column) == place


def merged(folder: Path, cells: dict, *ranges: str) -> Path:
    book = load_workbook(saved(folder, cells))
    for where in ranges:
        book["清单"].merge_cells(where)
    book.save(folder / "merged.xlsx")
    return folder / "merged.xlsx"


@pytest.mark.parametrize(
    ("where", "row", "column"),
    [
        ("D2:D3", 3, "D（日期）"),
        ("D2:E2", 2, "E（文字）"),
        ("C2:D3", 2, "D（日期）"),
        ("E1:E3", 2, "E（文字）"),
        ("C3:C9", 5, "C（件数）"),
    ],
)
def test_what_a_merged_cell_took_away_is_named_where_it_may_be_empty_too(tmp_path, where, row, column):
    with pytest.raises(TablesError) as refusal:
        read(merged(tmp_path, {"A3": "A2", "A5": "A3"}, where), [SHEET])
    (found,) = refusal.value.problems
    assert (found.sheet, found.row, found.column, where in found.message) == ("清单", row, column, True)


def test_merged_cells_that_took_nothing_away_are_passed_over(tmp_path):
    path = merged(tmp_path, {"A5": "A2"}, "E2:E4", "A7:F8", "F2:F5")  # empty rows, and what is not read
    assert [r["id"] for r in read(path, [SHEET])["清单"]] == ["A1", "A2"]


def test_too_many_merged_cells_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "MAX_MERGED", 2)
    path = merged(tmp_path, {}, "A7:B7", "A8:B8")
    assert len(read(path, [SHEET])["清单"]) == 1
    with pytest.raises(TablesError, match="合并的单元格超过 2 处"):
        read(merged(tmp_path, {}, "A7:B7", "A8:B8", "A9:B9"), [SHEET])


def test_a_copy_of_a_sheet_to_fill_in_is_not_passed_over(tmp_path):
    book = load_workbook(saved(tmp_path, {}))
    book.copy_worksheet(book["清单"]).title = "清单 (2)"
    book.create_sheet("自己的表").append(["编号", "类别", "别的"])
    book.save(tmp_path / "copy.xlsx")
    with pytest.raises(TablesError) as refusal:
        read(tmp_path / "copy.xlsx", [SHEET])
    (found,) = refusal.value.problems
    assert (found.rule, found.sheet) == ("duplicate-sheet", "清单 (2)")
    assert "“清单”" in found.message
    book.remove(book["清单 (2)"])
    book.save(tmp_path / "own.xlsx")
    assert len(read(tmp_path / "own.xlsx", [SHEET])["清单"]) == 1


def test_sheets_that_only_their_spelling_tells_apart_are_refused(tmp_path):
    book = load_workbook(saved(tmp_path, {}))
    book.create_sheet("清单\u200b")
    book.save(tmp_path / "names.xlsx")
    with pytest.raises(TablesError, match="看不见的字符"):
        read(tmp_path / "names.xlsx", [SHEET])


@pytest.mark.parametrize(
    ("run", "words"),
    [('<rPr><vertAlign val="superscript"/></rPr>', "上标"), ("<rPr><strike/></rPr>", "划掉")],
)
def test_raised_and_struck_digits_are_refused_by_their_cell(tmp_path, run, words):
    path = saved(tmp_path, {"C2": 987})
    rich = f'<c r="C2" t="inlineStr"><is><r><t>1</t></r><r>{run}<t>2</t></r></is></c>'
    page = re.sub('<c r="C2"[^>]*><v>987</v></c>', rich, parts(path.read_bytes())[PAGE].decode())
    path.write_bytes(tampered({PAGE: page.encode()}, path.read_bytes()))
    with pytest.raises(TablesError) as refusal:
        read(path, [SHEET])
    (found,) = refusal.value.problems
    assert (found.row, found.column, found.value, words in found.message) == (2, "C（件数）", "12", True)


def test_digits_that_a_workbook_does_not_keep_are_named_by_place_alone(tmp_path):
    with pytest.raises(TablesError) as refusal:
        read(saved(tmp_path, {"A2": 610626199001011000}), [SHEET])
    (found,) = refusal.value.problems
    assert (found.row, found.column, found.value) == (2, "A（编号）", None)
    assert "610626" not in str(found)


def test_zeros_that_a_number_format_puts_before_a_code_are_part_of_it(tmp_path):
    book = load_workbook(saved(tmp_path, {"A2": 7}))
    book["清单"]["A2"].number_format = "000"
    book.save(tmp_path / "zeros.xlsx")
    assert read(tmp_path / "zeros.xlsx", [SHEET])["清单"][0]["id"] == "007"


def test_styles_that_openpyxl_does_not_take_are_not_looked_at(tmp_path):
    path = saved(tmp_path, {})
    styles = parts(path.read_bytes())["xl/styles.xml"]
    assert b"<fill>" in styles
    path.write_bytes(
        tampered({"xl/styles.xml": re.sub(b"<fill>.*?</fill>", b"<fill/>", styles)}, path.read_bytes())
    )
    with pytest.raises(TypeError):
        load_workbook(path)
    assert len(read(path, [SHEET])["清单"]) == 1


def test_what_is_no_file_to_open_is_refused(tmp_path):
    path = saved(tmp_path, {})
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "link.xlsx").symlink_to(path)
    (tmp_path / "a.csv").write_bytes(path.read_bytes())
    for name, words in (
        ("folder.xlsx", "文件夹"),
        ("link.xlsx", "链接"),
        ("a.csv", "只读 .xlsx"),
        ("none.csv", "没有这个文件"),
    ):
        with pytest.raises(TablesError, match=words) as refusal:
            read(tmp_path / name, [SHEET])
        assert name in str(refusal.value)


def test_nothing_but_the_guarded_reader_opens_a_workbook():
    paths = [p for name in ("figurebook", "wuqi") for p in (ROOT / name).rglob("*.py")]
    sources = {p: p.read_text(encoding="utf-8") for p in paths}
    assert any("opened_workbook(" in text for text in sources.values())
    readers = re.compile(r"load_workbook|openpyxl\.reader|read_excel|ExcelFile")
    assert not [p for p, text in sources.items() if readers.search(text)]


def test_empty_rows_between_are_passed_over_and_numbers_stay_those_of_the_sheet(tmp_path):
    rows = read(saved(tmp_path, {"A5": "A9", "B7": "　"}), [SHEET])["清单"]
    assert [(r.number, r["id"]) for r in rows] == [(2, "A1"), (5, "A9")]
    assert str(problem(rows[1], "n", "constraint", "太少。")) == (
        "文件 in.xlsx，工作表 清单，第 5 行，列 C（件数），值 “”：超出允许的值（constraint）。太少。"
    )


def damaged(path: Path) -> None:
    with zipfile.ZipFile(path) as given:
        parts = {n: given.read(n) for n in given.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:200]
    with zipfile.ZipFile(path, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: p.write_bytes(b""),
        lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0" + b"0" * 600),
        lambda p: p.write_text("编号，类别", encoding="gb18030"),
        lambda p: p.write_bytes(p.read_bytes()[:900]),
        damaged,
        lambda p: p.unlink(),
    ],
    ids=["empty", "xls or with a password", "csv", "cut", "damaged", "gone"],
)
def test_a_file_that_is_no_workbook_is_refused_in_one_line(tmp_path, spoil):
    path = saved(tmp_path, {})
    spoil(path)
    with pytest.raises(TablesError) as refusal:
        read(path, [SHEET])
    assert "in.xlsx" in str(refusal.value)
    assert len(refusal.value.problems) == 1


def test_a_chart_is_no_sheet_to_read_whatever_its_name(tmp_path):
    book = load_workbook(saved(tmp_path, {}))
    book["清单"].title = "数"
    book.create_chartsheet("清单").add_chart(BarChart())
    book.save(tmp_path / "chart.xlsx")
    with pytest.raises(TablesError, match="缺工作表“清单”"):
        read(tmp_path / "chart.xlsx", [SHEET])


def test_a_missing_sheet_is_named_and_a_column_of_faults_is_cut_short(tmp_path):
    with pytest.raises(TablesError, match="另一张"):
        read(saved(tmp_path, {}), [SHEET, Sheet("另一张", SHEET.columns)])
    with pytest.raises(TablesError) as refusal:
        read(saved(tmp_path, {f"C{i}": "多" for i in range(2, 300)}), [SHEET])
    assert len(refusal.value.problems) == 100
