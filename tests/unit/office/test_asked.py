"""What a clerk is told to write: in yuan and in the office's words, as the empty tables ask for it."""

import io

import openpyxl
import pytest
from support.given import PACKAGE, ours

from figurebook.datapackage.validation.field_wording import entry_constraints
from figurebook.office.accept import check_office_files
from figurebook.office.recognise.sheets import givable
from figurebook.office.template import workbook

YUAN = "金额，以元为单位，可有两位小数，如 6005.50；也可写“0.6万元”"
POOR = "编号,村代码,人数,2015 年人均收入（元）,2016 年人均收入（{}）\nH-000001,610626001203,4,6000,{}"
# (file, its text, what must be said)
CASES = [
    ("贫困户", POOR.format("元", "六千"), f"这里应填{YUAN}。"),
    ("贫困户", POOR.format("万元", "六千"), "这里应填金额，以万元为单位，也可写“6005.50元”“0.6万元”。"),
    (
        "贫困户",
        POOR.replace("2016 年人均收入（{}）", "income_2016{}").format("", "六千"),
        "这里应填金额，以分为单位，也可写“6005.50元”“0.6万元”。",
    ),
    ("贫困户", POOR.format("元", "99999999"), "要求：不能为空，不小于 0 元，不大于 10,000,000 元。"),
    ("四型党组织", "编号,领域\n组1,城市", "要求：不能为空，只能是 农村、机关、社区、非公和社会组织 之一。"),
    ("软弱涣散组织", "编号,已整顿转化\n弱1,待定", "这里应填是或否。"),
    ("农村党支部", "编号,村代码,党员数,2016 年参加评议\n支1,610626001203,很多,是", "这里应填整数。"),
]


@pytest.mark.parametrize(("name", "text", "message"), CASES)
def test_a_fault_says_what_to_write(name, text, message, tmp_path):
    (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    assert [p.message for p in check_office_files(tmp_path, PACKAGE, ours)[1]] == [message]


def test_a_code_of_another_length_is_asked_for_in_words(tmp_path):
    (tmp_path / "行政村.csv").write_text("代码,名称,乡镇代码\n61062600120,某村,610626001", encoding="utf-8")
    [problem] = [p for p in check_office_files(tmp_path, PACKAGE, ours)[1] if p.rule == "constraint"]
    assert problem.message == "要求：不能为空，不能重复，须是 12 位数字。"


def test_the_empty_tables_ask_in_the_same_words():
    rows = openpyxl.load_workbook(io.BytesIO(workbook(PACKAGE)))["说明"].iter_rows(values_only=True)
    wanted = {(row[0], row[1]): row[2] for row in rows}
    assert wanted["贫困户", "2016 年人均收入（元）"] == f"{YUAN}，不小于 0 元，不大于 10,000,000 元"
    assert wanted["贫困户", "人数"] == "整数，不小于 1，不大于 30"
    assert wanted["四型党组织", "领域"] == "农村、机关、社区、非公和社会组织"
    assert wanted["软弱涣散组织", "已整顿转化"] == "是或否"
    assert wanted["行政村", "代码"] == "文字，须是 12 位数字"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("[0-9]{9}", "须是 9 位数字"),
        ("S[0-9]{2}", "须是 S 后跟 2 位数字"),
        ("[a-z-]+", "只用小写字母和连字符"),
        ("[a-z_]+", "只用小写字母和下划线"),
        ("S[0-9]+", "须是 S 后跟 数字"),
        ("[A-Z]{2}", "格式为 [A-Z]{2}"),
        ("[0-9]{2,4}", "格式为 [0-9]{2,4}"),
        ("a|b", "格式为 a|b"),
    ],
)
def test_a_pattern_is_said_in_words_where_it_has_any(pattern, words):
    assert entry_constraints({"type": "string", "constraints": {"pattern": pattern}}) == words


def test_decimals_are_asked_for_in_words():
    bounded = {"type": "number", "constraints": {"minimum": 0}}
    assert entry_constraints(bounded | {"decimals": 1}) == "不小于 0，小数不多于 1 位"
    assert entry_constraints(bounded) == "不小于 0"


def test_every_pattern_an_office_meets_has_words():
    patterns = {
        f["constraints"]["pattern"]
        for r in givable(PACKAGE).values()
        for f in r["schema"]["fields"]
        if "pattern" in f.get("constraints", {})
    }
    assert len(patterns) >= 4
    assert [
        p for p in patterns if "[" in entry_constraints({"type": "string", "constraints": {"pattern": p}})
    ] == []


@pytest.mark.parametrize(
    ("changed", "weaker"),
    [
        ({}, 0),
        ({"small-count": "9"}, 1),
        ({"interval": "2", "scan-han": "9"}, 2),
        ({"small-count": "20", "interval": "8", "scan-han": "2"}, 0),
    ],
)
def test_limits_weaker_than_the_book_s_are_told(changed, weaker, tmp_path):
    own = ours("privacy")
    own["value"] = [changed.get(name, value) for name, value in zip(own["id"], own["value"], strict=True)]
    own.to_csv(tmp_path / "privacy.csv", index=False)
    intake, problems = check_office_files(tmp_path, PACKAGE, ours)
    assert problems == []
    assert [n.count for n in intake.notes if n.kind == "weaker-limits"] == [weaker] * bool(weaker)
    assert all(name in n.message for n in intake.notes for name in changed if weaker)
