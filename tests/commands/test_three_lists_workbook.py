"""The ledger's workbook: both ways without loss, and every cell that cannot be read named."""

import json
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from support.drawn import size
from support.office import office_saves

from figurebook.cli.main import cli
from figurebook.datapackage.problems import TablesError
from figurebook.datapackage.tables import Tables
from wuqi.systems.three_lists import model, takeaways
from wuqi.systems.three_lists import workbook as ledger_book

TABLES = Tables.load()
RULES = model.rules(TABLES)
EXAMPLE = model.example(RULES)
TODAY = date(2016, 3, 20)
MADE = ledger_book.write(EXAMPLE, spare=3)


def changed(path: Path, *cells: tuple) -> Path:
    """The example's workbook with cells ``(sheet, address, value)`` set, in a file."""
    book = load_workbook(BytesIO(MADE))
    for sheet, address, value in cells:
        book[sheet][address] = value
    book.save(path)
    return path


def read(path: Path) -> model.Ledger:
    return ledger_book.read(path, RULES, TODAY)[0]


def test_up_to_five_thousand_problems_come_back_as_they_were(tmp_path):
    """All five thousand once a week: the law is the same for any number of them."""
    most = size(5_000, "problems")
    book = model.example(RULES, most)
    path = tmp_path / "a.xlsx"
    path.write_bytes(ledger_book.write(book))
    back, _ = ledger_book.read(path, RULES, date(2100, 1, 1))
    assert len(back.subjects) == most
    assert back.history.digest() == book.history.digest()
    assert back.rules == book.rules


TEXT = st.sampled_from(["=1+1", "_x0041_", "甲\n乙", "2016-03-05", "007", "甲　乙", "甲\u200b乙"]) | st.text(
    st.characters(exclude_categories=["C"]), min_size=1, max_size=20
).map(str.strip).filter(bool)


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5),
    st.dates(date(2000, 1, 1), date(2016, 1, 1)),
    st.booleans(),
)
def test_any_wording_comes_back(tmp_path_factory, words, day, own_deadline):
    book = model.ledger(RULES)
    due = {"due": day.isoformat()} if own_deadline else {}
    for n, (problem, note) in enumerate(words):
        book.apply(day, f"P{n}", "register", source="city", problem=problem, note=note, **due)
        book.apply(day, f"P{n}", "task", task="T", text=note)
    path = tmp_path_factory.mktemp("any") / "a.xlsx"
    path.write_bytes(ledger_book.write(book, spare=1))
    assert read(path).history.digest() == book.history.digest()


def test_what_typing_does_to_cells_is_read_rightly(tmp_path):
    path = changed(
        tmp_path / "a.xlsx",
        ("问题清单", "A2", "Ｐ００１　"),
        ("办理记录", "A2", "2016年1月4日"),
        ("办理记录", "A3", "２０１６-０１-０４"),
        ("办理记录", "E5", "例０２"),
        ("办理记录", "C2", "登记 "),
        ("规则", "B2", "１"),
        ("问题清单", "A20", "  "),
    )
    assert read(path).history.digest() == EXAMPLE.history.digest()


def test_saved_by_libreoffice_it_reads_the_same_and_its_formulas_say_what_the_model_says(tmp_path):
    path = changed(
        tmp_path / "a.xlsx", ("问题清单", "D2", "2016-01-31"), ("规则", "B2", 2), ("截至", "A2", TODAY)
    )
    saved = office_saves(tmp_path / "office", path)["a.xlsx"]
    book = read(path)
    assert read(saved).history.digest() == book.history.digest()
    shown = {
        r[0]: r[4:]
        for r in load_workbook(saved, data_only=True)["问题清单"].iter_rows(
            min_row=2, max_row=17, values_only=True
        )
    }
    opened = model.open_items(book, TODAY).set_index("问题")
    for name in book.subjects:
        item, (start, assigned, tasks, closed, due, late) = book.item(name), shown[name]
        assert (assigned, tasks) == (bool(item.unit), len(item.tasks))
        if name in opened.index:
            assert (closed, start, due) == ("没有销号", item.opened.isoformat(), opened.at[name, "到期日"])
            assert late == max(0, (TODAY - item.due).days), "counted to the day of its own sheet"
        else:
            assert (closed, due) == ("已销号", None)


def test_the_workbook_s_own_deadlines_count(tmp_path):
    book = read(changed(tmp_path / "a.xlsx", ("规则", "B2", 2), ("规则", "B4", 1), ("规则", "C4", "个月")))
    assert book.item("P001").due == date(2016, 3, 4)
    assert book.item("P003").due == date(2016, 2, 11)
    assert book.item("P002").due == EXAMPLE.item("P002").due


def test_formulas_and_highlights_reach_every_prepared_row():
    book = load_workbook(BytesIO(MADE))
    page = book["问题清单"]
    assert page.max_row == 1 + 16 + 3
    assert all(str(page.cell(r, c).value).startswith("=IF($A") for r in range(2, 21) for c in range(5, 11))
    assert page["A20"].protection.locked is False
    assert page["J20"].protection.locked is True
    (coloured,) = page.conditional_formatting
    assert str(coloured.sqref) == "A2:J20"
    assert len(coloured.rules) == 2


HOSTILE = [
    # what is changed; where it must be named; a word of the reason
    ([("问题清单", "A3", "P001")], ("问题清单", 3, "A（问题编号）"), "重复"),
    ([("任务清单", "B4", "T1")], ("任务清单", 4, "B（任务编号）"), "重复"),
    ([("问题清单", "B2", "县督查通报")], ("问题清单", 2, "B（来源）"), "只能是"),
    ([("问题清单", "C2", None)], ("问题清单", 2, "C（问题）"), "不能空着"),
    ([("问题清单", "C2", "=1+1")], ("问题清单", 2, "C（问题）"), "公式"),
    ([("问题清单", "D2", "2016-01-03")], ("办理记录", 2, "C（动作）"), "S04.due"),
    ([("问题清单", "D2", "2016-02-30")], ("问题清单", 2, "D（通报另定的期限）"), "没有这一天"),
    (
        [("问题清单", "A18", "P999"), ("问题清单", "B18", "群众反映"), ("问题清单", "C18", "例")],
        ("问题清单", 18, "A（问题编号）"),
        "办理记录里没有它的登记",
    ),
    ([("责任清单", "A14", "P001"), ("责任清单", "B14", "U1")], ("责任清单", 14, "B（责任单位）"), "交办"),
    ([("办理记录", "B2", "P999")], ("办理记录", 2, "B（问题编号）"), "问题清单里没有"),
    ([("办理记录", "D4", "T9")], ("办理记录", 4, "D（任务编号）"), "任务清单里没有"),
    ([("办理记录", "E5", "U9")], ("办理记录", 5, "E（单位）"), "责任清单里没有"),
    ([("办理记录", "E5", None)], ("办理记录", 5, "E（单位）"), "S04.unit"),
    ([("办理记录", "C5", "销号"), ("办理记录", "E5", None)], ("办理记录", 5, "C（动作）"), "S04.responsible"),
    ([("办理记录", "C5", "删除")], ("办理记录", 5, "C（动作）"), "只能是"),
    ([("办理记录", "A5", "2016-01-05")], ("办理记录", 5, "A（日期）"), "date-order"),
    ([("办理记录", "A5", "2017-01-05")], ("办理记录", 5, "A（日期）"), "晚于"),
    ([("办理记录", "A5", "一月五日")], ("办理记录", 5, "A（日期）"), "不是日期"),
    ([("办理记录", "A5", "1999-01-05")], ("办理记录", 5, "C（动作）"), "value"),
    ([("办理记录", "D2", "T1")], ("办理记录", 2, "D（任务编号）"), "不填这一列"),
    ([("办理记录", "E16", "例04")], ("办理记录", 16, "E（单位）"), "S04.verifier"),
    ([("规则", "B2", 0)], ("规则", 2, "B（整改期限）"), "应在"),
    ([("规则", "A2", "群众反映")], ("规则", 4, "A（来源）"), "重复"),
    ([("截至", "A2", "三月")], ("截至", 2, "A（固定的截至日期）"), "不是日期"),
    (
        [("截至", "A2", "2016-03-10"), ("截至", "A3", "2016-03-11")],
        ("截至", 3, "A（固定的截至日期）"),
        "只能有一个",
    ),
    ([("问题清单", "B1", "来自")], ("问题清单", 1, "B"), "表头"),
]


@pytest.mark.parametrize(("cells", "place", "reason"), HOSTILE, ids=[str(c[0][0][:2]) for c in HOSTILE])
def test_a_hostile_cell_is_named_and_the_file_left_alone(tmp_path, cells, place, reason):
    path = changed(tmp_path / "a.xlsx", *cells)
    before = path.read_bytes()
    with pytest.raises(TablesError) as refused:
        read(path)
    named = {(p.sheet, p.row, p.column): str(p) for p in refused.value.problems}
    assert place in named
    assert reason in named[place]
    assert path.read_bytes() == before


def test_a_merged_header_is_named(tmp_path):
    book = load_workbook(BytesIO(MADE))
    book["任务清单"].merge_cells("A1:B1")
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(TablesError) as refused:
        read(tmp_path / "a.xlsx")
    assert "任务清单，第 1 行，列 B" in str(refused.value)


def test_of_one_problem_only_the_first_refused_row_is_named(tmp_path):
    with pytest.raises(TablesError) as refused:
        read(changed(tmp_path / "a.xlsx", ("办理记录", "A3", "2017-01-04"), ("办理记录", "A6", "2017-01-04")))
    assert [(p.sheet, p.row) for p in refused.value.problems] == [("办理记录", 3), ("办理记录", 6)]


@pytest.fixture
def example(tmp_path) -> Path:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(MADE)
    return path


def command(*arguments, code: int) -> str:
    done = CliRunner().invoke(cli, ["ledger", *map(str, arguments)])
    assert done.exit_code == code, done.output
    return done.output


def test_the_command_s_json_has_the_day_the_counts_and_every_view(example):
    said = json.loads(command(example, "--today", "2016-03-20", "--json", code=0))
    assert list(said) == ["today", "problems", "entries", "digest", *model.VIEWS]
    assert (said["today"], said["problems"], said["entries"]) == ("2016-03-20", 16, len(EXAMPLE.history))
    assert [r["问题"] for r in said["unassigned"]] == ["P001", "P009"]
    assert [r["问题"] for r in said["unverified"]] == ["P008", "P016"]
    assert said["closure"][-1] == {
        "来源": "合计",
        "问题": 16,
        "已销号": 4,
        "其中没有核验": 2,
        "销号率（%）": 25.0,
        "核验过的销号率（%）": 12.5,
        "重开过": 2,
    }
    assert said["overdue"][0] == {
        "问题": "P003",
        "来源": "群众反映",
        "责任单位": "例03",
        "到期日": "2016-01-26",
        "逾期天数": 54,
    }


def test_the_command_counts_to_the_workbook_s_day_unless_it_is_told_another(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(takeaways.make(TABLES)["s04-ledger-example.xlsx"])
    assert json.loads(command(path, "--json", code=0))["today"] == "2016-03-10"
    assert json.loads(command(path, "--json", "--today", "2016-04-01", code=0))["today"] == "2016-04-01"
    assert "晚于截至日期 2016-03-08" in command(path, "--today", "2016-03-08", code=2)


def test_a_workbook_without_a_day_counts_to_this_one(example):
    day = json.loads(command(example, "--json", code=0))["today"]
    assert day in {date.today().isoformat(), (date.today() - timedelta(days=1)).isoformat()}


@pytest.mark.parametrize("day", ["2016-03-10", date(2016, 3, 10), "2016年3月10日"])
def test_a_day_is_read_as_it_is_typed(tmp_path, day):
    path = changed(tmp_path / "a.xlsx", ("截至", "A2", day))
    assert ledger_book.read(path, RULES)[1] == date(2016, 3, 10)


def test_the_sheets_of_results_and_the_lists_count_to_one_day():
    book = load_workbook(BytesIO(takeaways.make(TABLES)["s04-ledger-example.xlsx"]))
    assert book["截至"]["A2"].value.date() == date(2016, 3, 10)
    assert f"{ledger_book.DAY}!$B$2" in book["问题清单"]["J2"].value
    formulas = [c.value for page in book for row in page.iter_rows() for c in row if c.data_type == "f"]
    assert [f for f in formulas if "TODAY" in f] == [book["截至"]["B2"].value]
    for title in model.VIEWS.values():
        assert book[title]["A1"].value == f"截至 2016-03-10：{title}"


def test_the_command_s_table_shows_every_view(example):
    said = command(example, "--today", "2016-03-20", code=0)
    assert "截至 2016-03-20：问题 16 件" in said
    assert [line for line in said.splitlines() if line.startswith("【")] == [
        f"【{title}】{n} 行" for title, n in zip(model.VIEWS.values(), (12, 3, 11, 2, 2, 4, 7), strict=True)
    ]


def test_the_updated_workbook_reads_back_and_shows_the_views(example, tmp_path):
    out = tmp_path / "new.xlsx"
    command(example, "--today", "2016-03-20", "--out", out, code=0)
    assert read(out).history.digest() == EXAMPLE.history.digest()
    page = load_workbook(out)[model.VIEWS["unassigned"]]
    assert [c.value for c in page["A"]] == ["截至 2016-03-20：还没有责任单位的", "问题", "P001", "P009"]
    assert page.protection.sheet


def test_a_refused_workbook_is_left_alone_and_nothing_is_written(tmp_path):
    path = changed(tmp_path / "a.xlsx", ("办理记录", "C5", "重开"), ("办理记录", "E5", None))
    before = path.read_bytes()
    said = command(path, "--today", "2016-03-20", "--out", tmp_path / "new.xlsx", code=2)
    assert "文件 a.xlsx，工作表 办理记录，第 5 行，列 C（动作），值 “重开”：规则不许（refused）" in said
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04", b"a,b\n1,2\n"])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    path = tmp_path / "a.xlsx"
    if content is not None:
        path.write_bytes(content)
    assert "文件 a.xlsx" in command(path, code=2)


def test_the_workbook_itself_a_folder_and_another_kind_of_file_are_not_written_to(example, tmp_path):
    folder, before = tmp_path / "folder.xlsx", example.read_bytes()
    folder.mkdir()
    for out, told in ((folder, "是文件夹"), (example, "另一个"), (tmp_path / "new.csv", "另一个")):
        assert told in command(example, "--today", "2016-03-20", "--out", out, code=2)
    assert example.read_bytes() == before


def test_the_files_to_take_away(tmp_path):
    made = takeaways.make(TABLES)
    assert list(made) == list(takeaways.FILES)
    assert made == takeaways.make(TABLES), "the same tables give the same bytes"
    for name, entries in zip(made, (0, len(EXAMPLE.history)), strict=True):
        (tmp_path / name).write_bytes(made[name])
        assert len(read(tmp_path / name).history) == entries
