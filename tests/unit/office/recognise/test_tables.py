"""From files to tables: the same table however it is written, every difference told, nothing quoted
that may be about a person."""

import csv
import io
from collections import Counter
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from support.project import DATA

from figurebook.datapackage.about import About
from figurebook.datapackage.problems import RULES_ZH
from figurebook.datapackage.tables import read_package
from figurebook.office.recognise.sheets import givable
from figurebook.office.recognise.tables import of_grids, read
from figurebook.office.template import csv_files, workbook
from figurebook.spreadsheets.reading.grid import Grid

PACKAGE = read_package(DATA)
RESOURCES = givable(PACKAGE)
ENGLISH = ["id", "village_code", "persons", "income_2015", "income_2016"]
CHINESE = ["编号", "村代码", "人数", "2015 年人均收入（分）", "2016 年人均收入（分）"]
ROW = ["H1", "610626001203", "4", "600550", "684170"]
CANARY = "CANARY-7Q2X-0001"


def save(path, rows, encoding="utf-8"):
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def grid(rows, name="poor_households"):
    width = max(map(len, rows))
    frame = pd.DataFrame(
        [[*r, *[""] * (width - len(r))] for r in rows], dtype=object, index=range(1, len(rows) + 1)
    )
    return Grid(Path(f"{name}.csv"), None, frame[(frame != "").any(axis=1)])


def taken(rows, name="poor_households"):
    """One table read, and what was told: (kind, column, count)."""
    intake = of_grids(Path("/nowhere"), [grid(rows, name)], PACKAGE)
    return intake, [(n.kind, n.column, n.count) for n in intake.notes]


def all_text(intake):
    return "\n".join([str(n) for n in intake.notes] + [str(p) for p in intake.problems])


def test_our_own_tables_are_read_as_they_are_with_nothing_to_tell():
    for folder, kept in (("registers", []), ("rules", ["undefined.csv"])):
        intake = read(DATA / folder, PACKAGE)
        assert [note.file for note in intake.notes] == kept
        assert (intake.problems, intake.about) == ((), About())
        for name, table in intake.tables.items():
            expected = pd.read_csv(DATA / RESOURCES[name]["path"], dtype=object, keep_default_na=False)
            expected = expected.where(expected != "", None)
            expected.index += 2
            assert_frame_equal(table.frame, expected, check_index_type=False)
            assert dict(table.written) == {}
            assert all(value is None or type(value) is str for value in table.frame.to_numpy().ravel())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_make_no_difference(tmp_path, encoding):
    save(tmp_path / "贫困户.csv", [CHINESE, ROW], encoding)
    assert read(tmp_path, PACKAGE).tables["poor_households"].frame.to_numpy().tolist() == [ROW]


def test_a_workbook_with_all_that_offices_do(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "01 贫困户"
    for row in (
        ["某县贫困户登记表"],
        [],
        ["序号", *CHINESE[:4], "2016年人均收入（元）"],
        [1, "H1", 610626001203, 4, 600550, 6841.7],
        [],
        [2, "H2", "610626001203", "3人", "4500元", 5000],
        ["合计", None, None, 7, None, None],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:F1")
    about = book.create_sheet("说明")
    about.append(["单位名称", "某县委组织部"])
    about.append(["数据日期", "2016年12月31日"])
    book.save(tmp_path / "全县.xlsx")
    intake = read(tmp_path / "全县.xlsx", PACKAGE)
    table = intake.tables["poor_households"]
    assert intake.problems == ()
    assert intake.about == About("某县委组织部", "2016-12-31")
    assert table.frame.to_numpy().tolist() == [
        ["H1", "610626001203", "4", "600550", "684170"],
        ["H2", "610626001203", "3", "450000", "500000"],
    ]
    assert (table.frame.index.tolist(), table.sheet) == ([4, 6], "01 贫困户")
    assert table.aside == ("序号",)
    assert table.totals["persons"].to_dict() == {7: "7"}
    assert table.headers["income_2016"] == "2016年人均收入（元）"
    assert table.as_written(6, "persons") == "3人"
    assert table.as_written(4, "id") == "H1"
    assert {(n.kind, n.column, n.count) for n in intake.notes} == {
        ("title-row", None, 1),
        ("total-row", None, 1),
        ("blank-row", None, 1),
        ("extra-column", None, 1),
        ("unit", "人数", 1),
        ("unit", "2015 年人均收入（分）", 1),
        ("heading-unit", "2016年人均收入（元）", 2),
    }


ODD = {
    "only headings": ([ENGLISH], None, [("empty-table", None, 1)], ["missing-file"]),
    "no headings": ([ROW, ROW], None, [], ["missing-column"]),
    "headings twice in a row": ([CHINESE, ENGLISH, ROW], [ROW], [("repeated-heading", None, 1)], []),
    "headings on every page": ([ENGLISH, ROW, ENGLISH, ROW], [ROW, ROW], [("repeated-heading", None, 1)], []),
    "a heading in one cell of a row": ([ENGLISH, ["id", *ROW[1:]]], [["id", *ROW[1:]]], [], []),
    "a heading alone in a row": ([ENGLISH, ["id"], ROW], [["id", None, None, None, None], ROW], [], []),
    "a total": ([ENGLISH, ROW, ["合 计", "", "4"]], [ROW], [("total-row", None, 1)], []),
    "a total and a blank row": ([ENGLISH, ROW, ["总计"], ["　"]], [ROW], [("total-row", None, 1)], []),
    "a total that is not the last": ([ENGLISH, ["合计", *ROW[1:]], ROW], [["合计", *ROW[1:]], ROW], [], []),
    "nothing but a total": (
        [ENGLISH, ["合计"]],
        None,
        [("total-row", None, 1), ("empty-table", None, 1)],
        ["missing-file"],
    ),
    "blank rows": ([ENGLISH, ROW, [""], ["\u3000", "\u200b"], ROW], [ROW, ROW], [("blank-row", None, 2)], []),
    "something beside an empty row": (
        [[*ENGLISH, "x"], [*ROW, ""], ["", "", "", "", "", CANARY], [*ROW, ""]],
        [ROW, ROW],
        [("blank-row", None, 1), ("extra-column", None, 1)],
        [],
    ),
    "too wide": (
        [[*ENGLISH, *["x"] * 300], [*ROW, *[CANARY] * 300]],
        [ROW],
        [("extra-column", None, 300)],
        [],
    ),
    "a duplicate heading": ([[*ENGLISH, "人数"], [*ROW, "4"]], None, [], ["duplicate-column"]),
    "two columns missing": ([ENGLISH[:3], ROW[:3]], None, [], ["missing-column", "missing-column"]),
    "an unknown unit": ([[*ENGLISH[:4], "income_2016（美元）"], ROW], None, [], ["missing-column"]),
    "a code that became a float": (
        [ENGLISH, ["H1", "6.10626E+11", *ROW[2:]]],
        [["H1", "6.10626E+11", *ROW[2:]]],
        [],
        [],
    ),
    "a formula": ([ENGLISH, ["=1+1", *ROW[1:]]], [["=1+1", *ROW[1:]]], [], []),
    "a separator that is none": ([ENGLISH, [*ROW[:4], "1,23"]], [[*ROW[:4], "1,23"]], [], []),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_tables(case):
    rows, expected, notes, rules = ODD[case]
    intake, told = taken(rows)
    frames = [t.frame.to_numpy().tolist() for t in intake.tables.values()]
    assert frames == ([] if expected is None else [expected])
    assert told == notes
    assert [p.rule for p in intake.problems] == rules
    assert all(p.rule in RULES_ZH for p in intake.problems)
    assert CANARY not in all_text(intake)


def test_an_absent_optional_column_is_empty_and_told():
    intake, told = taken([["编号", "已整顿转化"], ["W1", "是"]], "weak_branches")
    assert intake.tables["weak_branches"].frame.to_numpy().tolist() == [["W1", None, "true"]]
    assert told == [("missing-optional", "村代码", 1), ("boolean", "已整顿转化", 1)]


def test_a_row_that_only_says_nothing_is_no_row():
    intake, told = taken(
        [["id", "village_code", "put_right"], ["W1", "-", "true"], ["", "-", ""]], "weak_branches"
    )
    assert intake.tables["weak_branches"].frame.to_numpy().tolist() == [["W1", None, "true"]]
    assert told == [("blank-row", None, 1), ("missing", "village_code", 1)]
    assert dict(intake.tables["weak_branches"].written) == {(2, "village_code"): "-"}


def test_of_a_personal_column_notes_show_only_the_rows():
    intake, _ = taken([ENGLISH, [f" {CANARY}", "６１０６２６００１２０３", *ROW[2:]]])
    by_column = {n.column: n.examples for n in intake.notes}
    assert by_column == {
        "id": ((2, "", ""),),
        "village_code": ((2, "６１０６２６００１２０３", "610626001203"),),
    }
    assert CANARY not in all_text(intake)
    assert intake.tables["poor_households"].as_written(2, "id") == f" {CANARY}"


def test_of_many_other_columns_the_first_are_named():
    intake, told = taken([[*ENGLISH, *[f"x{i}" for i in range(300)]], ROW])
    assert told == [("extra-column", None, 300)]
    assert intake.notes[0].message.endswith("x18、x19 等。")
    assert len(intake.tables["poor_households"].aside) == 300


def test_at_most_twenty_examples_are_kept():
    intake, told = taken([ENGLISH, *[[f"H{i}", "610626001203", "4人", "1", "1"] for i in range(50)]])
    assert told == [("unit", "persons", 50)]
    assert [e[0] for e in intake.notes[0].examples] == list(range(2, 22))


def test_a_file_that_cannot_be_read_is_not_also_a_table_that_is_not_there(tmp_path):
    (tmp_path / "贫困户.xlsx").write_bytes(b"PK\x03\x04")
    intake = read(tmp_path, PACKAGE)
    assert intake.problems
    assert "missing-file" not in [p.rule for p in intake.problems]


def test_nothing_given_is_told(tmp_path):
    intake = read(tmp_path, PACKAGE)
    assert [p.rule for p in intake.problems] == ["missing-file"]


@pytest.mark.parametrize("files", [csv_files(PACKAGE), {"表.xlsx": workbook(PACKAGE)}])
def test_empty_tables_are_to_be_filled_in(tmp_path, files):
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    [problem] = read(tmp_path, PACKAGE).problems
    assert (problem.rule, problem.message) == ("missing-file", "各表都只有列名，没有一行数据。请填好再来。")


def test_a_descriptor_is_told_as_read(tmp_path):
    save(tmp_path / "贫困户.csv", [CHINESE, ROW])
    (tmp_path / "datapackage.json").write_text('{"title": "某局"}', encoding="utf-8")
    (tmp_path / "readme.txt").write_text("x", encoding="utf-8")
    intake = read(tmp_path, PACKAGE)
    assert intake.about == About("某局")
    assert [(n.kind, n.file) for n in intake.notes] == [
        ("descriptor", "datapackage.json"),
        ("not-a-table", "readme.txt"),
    ]


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
# How a canonical text may be written otherwise, and the kinds that are then told.
WAYS = {
    "id": [
        (lambda t: t, ()),
        (lambda t: f" {t}\u3000", ("blanks",)),
        (lambda t: t.translate(WIDE), ("full-width",)),
        (lambda t: f"\u200b{t}", ("invisible",)),
    ],
    "village_code": [
        (lambda t: t, ()),
        (lambda t: t.translate(WIDE), ("full-width",)),
        (lambda t: f"{t}.0", ("decimal-zero",)),
        (lambda t: f"\t{t}", ("blanks",)),
    ],
    "persons": [
        (lambda t: t, ()),
        (lambda t: f"{t}人", ("unit",)),
        (lambda t: f"{t}.0", ("decimal-zero",)),
        (lambda t: f"{t.translate(WIDE)} ", ("blanks", "full-width")),
    ],
    "income_2015": [
        (lambda t: t, ()),
        (lambda t: f"{int(t):,}", ("thousands",)),
        (lambda t: f"{int(t) // 100}.{int(t) % 100:02}元", ("unit",)),
        (lambda t: f"{int(t) // 100:,}.{int(t) % 100:02}元", ("thousands", "unit")),
    ],
    "income_2016": [
        (lambda t: f"{int(t) // 100}.{int(t) % 100:02}", ("heading-unit",)),
        (lambda t: f"{int(t) // 100}.{int(t) % 100:02}元", ("unit",)),
    ],
}
HEADS = {
    "id": ["id", "编号", "编 号"],
    "village_code": ["village_code", "村代码"],
    "persons": ["人数（人）", "persons"],
    "income_2015": ["2015年人均收入/分", "income_2015", "２０１５ 年人均收入（分）"],
    "income_2016": ["2016年人均收入（元）", "income_2016 (yuan)"],
}
FENS = st.integers(100_000, 10**9)
CELLS = st.tuples(st.integers(0, 91), st.integers(1, 30), FENS, FENS)


@settings(max_examples=40)
@given(
    st.data(),
    st.lists(CELLS, min_size=1, max_size=6),
    st.permutations(ENGLISH),
    st.integers(0, 3),
    st.booleans(),
)
def test_however_a_table_is_written_it_is_the_same_table(data, cells, order, titles, extra):
    canonical = [
        [f"H{i}", f"6106260012{v:02}", *map(str, numbers)] for i, (v, *numbers) in enumerate(cells, 1)
    ]
    expected, rows = {}, []
    for number, row in enumerate(canonical, titles + 2):
        written = []
        for name in order:
            value = row[ENGLISH.index(name)]
            way, kinds = data.draw(st.sampled_from(WAYS[name]))
            text = way(value)
            written.append(text)
            if text != value:
                expected[number, name] = (text, set(kinds) - ({"thousands"} if "," not in text else set()))
        rows.append(written + [CANARY] * extra)
    head = [data.draw(st.sampled_from(HEADS[name])) for name in order] + ["户主"] * extra
    intake, told = taken([*[["某县贫困户登记表"]] * titles, head, *rows])
    table = intake.tables["poor_households"]
    assert intake.problems == ()
    assert table.frame.to_numpy().tolist() == canonical
    assert table.frame.index.tolist() == list(range(titles + 2, titles + 2 + len(rows)))
    assert dict(table.written) == {place: text for place, (text, _) in expected.items()}
    counted = Counter((kind, table.headers[n]) for (_, n), (_, kinds) in expected.items() for kind in kinds)
    assert {(k, c): n for k, c, n in told if k not in {"extra-column", "title-row"}} == counted
    assert ("title-row" in [n.kind for n in intake.notes]) == bool(titles)
    assert ("户主" in all_text(intake)) == extra
    assert CANARY not in all_text(intake)
    assert not any(f"H{i}" in all_text(intake) for i in range(1, len(rows) + 1))


ODDITIES = ["", " ", "-", "合计", "id", "编号", "true", "是", "农村", "1,234", "4元", "\u200b", "nan"]
ANYTHING = st.one_of(st.sampled_from(ODDITIES), st.text(max_size=6), st.integers(-99, 10**13).map(str))


@settings(max_examples=100)
@given(
    st.sampled_from(list(RESOURCES)),
    st.lists(st.lists(ANYTHING, min_size=12, max_size=12), max_size=6),
    st.booleans(),
)
def test_anything_is_read_without_raising_and_reading_it_again_changes_nothing(name, rows, with_head):
    fields = [f["name"] for f in RESOURCES[name]["schema"]["fields"]]
    intake, _ = taken([fields if with_head else ["x"], *[r[: len(fields)] for r in rows]], name)
    for table in intake.tables.values():
        cells = table.frame.to_numpy()
        again, told = taken([fields, *[["" if c is None else c for c in row] for row in cells]], name)
        assert again.tables[name].frame.to_numpy().tolist() == cells.tolist()
        assert told == []
        assert dict(again.tables[name].written) == {}


@settings(max_examples=100)
@given(
    st.lists(st.lists(ANYTHING, min_size=1, max_size=6), min_size=1, max_size=8),
    st.sampled_from(["poor_households", "贫困户", "说明", "about", "乡镇表", "甲"]),
)
def test_no_content_raises(rows, name):
    intake, _ = taken(rows, name)
    assert all(p.rule in RULES_ZH and str(p) for p in intake.problems)
