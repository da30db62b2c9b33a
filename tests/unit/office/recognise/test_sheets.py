"""Which sheet or file is which table, and whose tables they are."""

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from support.canaries import identity, mobile
from support.project import DATA

from figurebook.datapackage.about import About
from figurebook.datapackage.tables import read_package
from figurebook.office.recognise import sheets
from figurebook.office.recognise.sheets import assign, givable, no_table_problem
from figurebook.office.recognise.tables import read
from figurebook.office.template import workbook
from figurebook.spreadsheets.reading.grid import Grid

PACKAGE = read_package(DATA)


def sheet(name, file="全县.xlsx", rows=(("x",),), hidden=False):
    frame = pd.DataFrame([list(r) for r in rows], dtype=object, index=range(1, len(rows) + 1))
    return Grid(Path(file), name, frame, hidden=hidden)


def csv(name, rows=(("x",),)):
    return sheet(None, f"{name}.csv", rows)


def tables(*grids, folder=Path("/nowhere")):
    found = assign(folder, list(grids), PACKAGE)
    return found, [(p.file, p.rule, p.sheet) for p in found.problems]


@pytest.mark.parametrize(
    "name",
    [
        "poor_households",
        "贫困户",
        "Poor Households",
        "ＰＯＯＲ＿households",
        " 贫困户 ",
        "01-贫困户",
        "01_poor_households",
        "表1 贫困户",
        "附表3贫困户",
        "贫困户表",
        "贫困户登记表",
        "贫困户\x281\x29",
        "poor_households（2）",
        "贫困户\u200b",
        "1.贫困户",
    ],
)
def test_a_table_is_known_by_either_name_and_harmless_additions(name):
    for grid in (csv(name), sheet(name)):
        found, problems = tables(grid)
        assert problems == []
        assert found.tables == {"poor_households": grid}


@pytest.mark.parametrize("name", givable(PACKAGE))
def test_every_register_and_rule_is_known_by_its_title(name):
    grid = csv(givable(PACKAGE)[name]["title"])
    assert assign(Path("x"), [grid], PACKAGE).tables == {name: grid}


def test_what_is_undefined_is_told_and_not_read():
    found, problems = tables(csv("undefined"))
    assert (found.tables, problems) == ({}, [])
    assert [(n.file, n.kind) for n in found.notes] == [("undefined.csv", "unknown-sheet")]


@pytest.mark.parametrize("name", ["figures", "agreements", "rural_incomes"])
def test_only_registers_rules_and_settings_can_be_given(name):
    found, problems = tables(csv(name))
    assert found.tables == {}
    assert problems == [(f"{name}.csv", "unknown-file", None)]
    assert {r["role"] for r in givable(PACKAGE).values()} == {"register", "rules", "setting"}


def test_the_file_names_the_table_when_its_one_sheet_does_not():
    grid = sheet("Sheet1", "贫困户.xlsx")
    found, problems = tables(grid, sheet("Sheet2", "贫困户.xlsx", ()))
    assert (found.tables, problems) == ({"poor_households": grid}, [])


def test_a_file_and_its_one_sheet_must_not_contradict_each_other():
    found, problems = tables(sheet("行政村", "贫困户.xlsx"))
    assert found.tables == {}
    assert problems == [("贫困户.xlsx", "unknown-file", "行政村")]


def test_a_table_given_twice_is_refused():
    found, problems = tables(csv("贫困户"), sheet("poor_households"))
    assert problems == [("全县.xlsx", "unknown-file", "poor_households")]
    assert "贫困户.csv" in found.problems[0].message


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (False, False, ""),
        (False, True, "这一个是隐藏的。"),
        (True, False, "那一个是隐藏的。"),
        (True, True, "两个都是隐藏的。"),
    ],
)
def test_of_two_that_are_one_table_neither_is_to_be_thrown_away_unread(first, second, words):
    found, _ = tables(sheet("贫困户", hidden=first), sheet("贫困户 (2)", hidden=second))
    [problem] = found.problems
    assert problem.message.endswith(f"。{words}若是分开登记的，请合成一张表；若是重复的，请只留一个。")


def test_other_sheets_of_a_workbook_are_left_aside_and_told():
    found, problems = tables(sheet("贫困户"), sheet("通讯录"), sheet("Sheet3", rows=()))
    assert problems == []
    assert [(n.kind, n.sheet) for n in found.notes] == [("unknown-sheet", "通讯录")]


def test_the_choices_of_our_own_template_are_nothing_to_tell():
    grid = sheet("Sheet1", "贫困户.xlsx")
    found, problems = tables(grid, sheet("选项", "贫困户.xlsx", hidden=True))
    assert (found.tables, problems, found.notes) == ({"poor_households": grid}, [], [])
    found, _ = tables(sheet("贫困户"), sheet("选项"), sheet("选项 2", hidden=True))
    assert [n.sheet for n in found.notes] == ["选项", "选项 2"]


def test_a_template_tells_of_no_sheet_that_is_not_a_table(tmp_path):
    (tmp_path / "登记表.xlsx").write_bytes(workbook(PACKAGE))
    kinds = {n.kind for n in read(tmp_path / "登记表.xlsx", PACKAGE).notes}
    assert kinds == {"empty-table"}


def test_a_name_near_a_tables_is_a_slip_and_told_which():
    found, problems = tables(sheet("贫困户"), sheet("产业示范"), sheet("2016年行政村情况"))
    assert problems == [
        ("全县.xlsx", "unknown-file", "产业示范"),
        ("全县.xlsx", "unknown-file", "2016年行政村情况"),
    ]
    assert "“产业示范点”（demonstration_sites）" in found.problems[0].message
    assert "“行政村”（villages）" in found.problems[1].message


def test_a_file_in_which_nothing_is_a_table_is_one_problem():
    found, problems = tables(sheet("甲"), sheet("乙"), csv("readme"))
    assert problems == [("全县.xlsx", "unknown-file", None), ("readme.csv", "unknown-file", None)]
    assert "贫困户（poor_households）" in found.problems[0].message


def test_a_sheet_of_explanation_does_not_excuse_a_workbook_without_a_table():
    _, problems = tables(csv("贫困户"), sheet("说明"), sheet("甲"))
    assert problems == [("全县.xlsx", "unknown-file", "甲")]


def test_a_name_of_a_thousand_characters_is_refused_like_any_other():
    assert tables(csv("甲" * 1000))[1] == [("甲" * 1000 + ".csv", "unknown-file", None)]


def test_nothing_at_all_lists_what_there_could_be():
    problem = no_table_problem(Path("/x/表"), PACKAGE, named=False)
    assert (problem.file, problem.rule) == ("表", "missing-file")
    assert all(f"{r['title']}（{name}）" in problem.message for name, r in givable(PACKAGE).items())


ABOUT = [["填表说明", ""], ["单位名称", " 某县委组织部 "], ["数据日期", "2016年12月31日"], ["", ""]]


@pytest.mark.parametrize("grid", [sheet("说明", rows=ABOUT), csv("说明", ABOUT), csv("about", ABOUT)])
def test_the_sheet_of_explanation_says_whose_and_of_when(grid):
    found, problems = tables(grid, sheet("贫困户"))
    assert problems == []
    assert found.about == About("某县委组织部", "2016-12-31")


HINT = "填在左边一格：出版时写在站点上的单位名称"


@pytest.mark.parametrize(
    "row",
    [
        ["填表单位", "某局"],
        ["填报单位：", "某局"],
        ["单位", "某局"],
        ["单位名称", "", "某局"],
        ["单位名称", "某局", HINT],
        ["单位名称", HINT, "某局"],
    ],
)
def test_an_office_may_be_told_in_other_words_or_one_cell_on(row):
    found, problems = tables(sheet("说明", rows=[row]))
    assert (found.about, problems) == (About("某局"), [])


@pytest.mark.parametrize("row", [["单位", "元"], ["单位名称", "", HINT], ["单位名称", ""], ["单位名称"]])
def test_a_hint_or_a_unit_is_no_office(row):
    found, problems = tables(sheet("说明", rows=[row]))
    assert (found.about, problems) == (About(), [])


@pytest.mark.parametrize("label", ["填报日期", "数据日期（年月日）", "数据日期\x28年月日\x29"])
def test_a_day_may_be_told_in_other_words(label):
    assert tables(sheet("说明", rows=[[label, "2016年12月31日"]]))[0].about == About(None, "2016-12-31")


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ([["单位名称", "<b>某县</b>"]], "constraint"),
        ([["单位名称", "甲" * 61]], "constraint"),
        ([["单位名称", "[某县](x)"]], "constraint"),
        ([["单位名称", "=某县"]], "constraint"),
        ([["单位名称", "甲" * 59 + "!"]], "constraint"),
        ([["数据日期", "去年底"]], "type"),
        ([["数据日期", "2016-02-30"]], "type"),
    ],
)
def test_what_it_says_must_be_a_plain_name_and_a_day(rows, rule):
    found, problems = tables(sheet("说明", rows=rows))
    assert problems == [("全县.xlsx", rule, "说明")]
    assert found.problems[0].row == 1
    assert found.about == About()


@pytest.mark.parametrize(
    ("day", "rules"),
    [("2016-12-31", []), ("2020-02-29", []), ("2020-03-01", ["constraint"]), ("3016-12-31", ["constraint"])],
)
def test_a_day_still_to_come_is_none_of_any_data(day, rules, monkeypatch, tmp_path):
    class Then(date):
        @classmethod
        def today(cls):
            return cls(2020, 2, 29)

    monkeypatch.setattr(sheets, "date", Then)
    (tmp_path / "datapackage.json").write_text(json.dumps({"created": f"{day}T08:00:00Z"}), encoding="utf-8")
    for found, _ in (tables(sheet("说明", rows=[["数据日期", day]])), tables(folder=tmp_path)):
        assert [p.rule for p in found.problems] == rules
        assert found.about == About(None, None if rules else day)


@pytest.mark.parametrize("number", [mobile(), identity()])
@pytest.mark.parametrize("label", ["单位名称", "数据日期"])
def test_a_number_of_a_person_is_refused_without_being_told(number, label, tmp_path):
    said = f"某县 联系人{number}"
    found, problems = tables(sheet("说明", rows=[[label, said]]))
    assert problems == [("全县.xlsx", "personal", "说明")]
    descriptor = {"created": said} if label == "数据日期" else {"contributors": [{"title": said}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    also, problems = tables(folder=tmp_path)
    assert problems == [("datapackage.json", "personal", None)]
    assert (found.about, also.about) == (About(), About())
    assert number not in str(found.problems + also.problems)


def test_two_that_contradict_each_other_are_refused():
    _, problems = tables(sheet("说明", rows=ABOUT), csv("说明", [["数据日期", "2017-12-31"]]))
    assert problems == [("nowhere", "refused", None)]


@pytest.mark.parametrize(
    ("descriptor", "about", "rule"),
    [
        ({"title": "某县", "created": "2016-12-31T08:00:00Z"}, About("某县", "2016-12-31"), None),
        ({"title": "甲", "contributors": [{"title": "某县委组织部"}]}, About("某县委组织部"), None),
        ({"title": PACKAGE["title"]}, About(), None),
        ({"title": 7, "contributors": {"title": "甲"}, "created": []}, About(), None),
        ({"contributors": ["甲"]}, About(), None),
        ({"title": "<script>"}, About(), "constraint"),
        ({"created": "昨天"}, About(), "type"),
        ([], About(), "unreadable"),
    ],
)
def test_a_descriptor_in_the_folder_says_it_too(tmp_path, descriptor, about, rule):
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    found, problems = tables(csv("贫困户"), folder=tmp_path)
    assert found.about == about
    assert problems == ([("datapackage.json", rule, None)] if rule else [])


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\x00", b"[" * 200_000, b" " * 1_000_001])
def test_a_descriptor_that_is_none_is_refused(tmp_path, content):
    (tmp_path / "datapackage.json").write_bytes(content)
    assert tables(folder=tmp_path)[1] == [("datapackage.json", "unreadable", None)]


def test_a_descriptor_that_leads_elsewhere_is_not_followed(tmp_path):
    (tmp_path / "other.json").write_text('{"title": "甲"}', encoding="utf-8")
    (tmp_path / "datapackage.json").symlink_to(tmp_path / "other.json")
    assert tables(folder=tmp_path)[0].about == About()
