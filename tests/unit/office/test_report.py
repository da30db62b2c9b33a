"""What ``check`` says: counts first, then twenty of each kind; in JSON everything."""

from pathlib import Path

import pandas as pd
import pytest
from support.project import DATA

from figurebook.datapackage.about import About
from figurebook.datapackage.problems import Problem
from figurebook.datapackage.tables import read_package
from figurebook.office.office_tables import Intake, OfficeTable
from figurebook.office.report import as_json, as_text
from figurebook.spreadsheets.reading.grid import Note

PACKAGE = read_package(DATA)
FRAME = pd.DataFrame(
    {"id": ["W1", "W2"], "village_code": [None, None], "put_right": ["true", "true"]}, index=[4, 5]
)
GIVEN = OfficeTable("weak_branches", Path("表.xlsx"), "软弱涣散组织", FRAME, {"id": "编号"}, aside=("电话",))
NOTE = Note("表.xlsx", "digits", "全角数字读作半角", "软弱涣散组织", "编号", 3, ((4, "Ｗ１", "W1"),))


def problems(many: int) -> list[Problem]:
    return [
        Problem("表.xlsx", "type", "这里应填整数。", "软弱涣散组织", n, "编号", f"v{n}") for n in range(many)
    ]


def test_what_was_read_is_named_with_its_place_rows_and_owner():
    told = as_text(Intake({"weak_branches": GIVEN}, about=About("某单位", "2016-12-31")), [], PACKAGE)
    assert "单位：某单位；数据日期：2016-12-31" in told
    assert "软弱涣散组织（weak_branches）：文件 表.xlsx，工作表 软弱涣散组织，2 行" in told
    assert told.endswith("没有发现问题，可用。")


def test_tables_that_stay_ours_are_named_with_their_basis():
    told = as_text(Intake({"weak_branches": GIVEN}), [], PACKAGE)
    (line,) = [x for x in told.splitlines() if "其余仍用本书的表" in x]
    assert "贫困户（本书自编（示意））" in line
    assert "行政村（公开发布）" in line
    assert "软弱涣散组织" not in line


def test_what_is_read_otherwise_is_told_with_an_example():
    told = as_text(Intake({"weak_branches": GIVEN}, (NOTE,)), [], PACKAGE)
    assert "共 3 处" in told
    assert "全角数字读作半角（3 处），例如 第 4 行 “Ｗ１” 读作 “W1”" in told


@pytest.mark.parametrize(("many", "shown", "more"), [(1, 1, False), (20, 20, False), (21, 20, True)])
def test_counts_come_first_and_then_twenty_of_a_kind(many, shown, more):
    lines = as_text(Intake({}), problems(many), PACKAGE).splitlines()
    at = lines.index(f"问题 {many} 处：类型不对 {many}")
    listed = [x for x in lines[at + 1 :] if "这里应填整数" in x]
    assert len(listed) == shown
    assert any("还有 1 处" in x for x in lines) == more
    assert lines[-1].startswith("没有改动任何文件")


def test_the_commonest_kind_is_counted_first():
    told = as_text(Intake({}), [Problem("a", "encoding", "x"), *problems(2)], PACKAGE)
    assert "问题 3 处：类型不对 2，编码不对 1" in told


def test_json_holds_everything():
    told = as_json(Intake({"weak_branches": GIVEN}, (NOTE,), about=About("某单位")), problems(50), PACKAGE)
    assert (told["office"], told["date"]) == ("某单位", None)
    assert told["tables"] == [
        {"table": "weak_branches", "file": "表.xlsx", "sheet": "软弱涣散组织", "rows": 2, "aside": ["电话"]}
    ]
    assert told["counts"] == {"type": 50}
    assert len(told["problems"]) == 50
    assert told["problems"][7] == {
        "file": "表.xlsx",
        "sheet": "软弱涣散组织",
        "row": 7,
        "column": "编号",
        "value": "v7",
        "rule": "type",
        "message": "这里应填整数。",
    }
    assert told["notes"][0]["examples"] == [{"row": 4, "written": "Ｗ１", "read": "W1"}]
