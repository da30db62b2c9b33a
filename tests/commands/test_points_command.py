"""``python -m wuqi points``: what it says, what it writes, and what it refuses, leaving the file alone."""

import json

import openpyxl
import pytest
from click.testing import CliRunner
from support.project import ROOT, wuqi

from figurebook.cli.main import cli
from figurebook.datapackage.tables import Tables
from wuqi.systems.stars_and_points import model
from wuqi.systems.stars_and_points import takeaways as files

MADE = files.make(Tables.load())["s18-points-example.xlsx"]
ROW_KEYS = {
    "ties": ["period", "branch", "member", "points", "rank", "sharing"],
    "points": ["period", "branch", "member", "times", "counted", "points"],
    "ranking": ["period", "branch", "member", "points", "rank", "sharing"],
    "stars": ["period", "branch", "points", "stars", "rank", "sharing"],
    "rejected": ["id", "date", "sheet", "row", "says", "detail", "rule"],
    "corrections": ["id", "date", "action", "event", "recorded", "times_then", "reason"],
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(MADE)
    return path


def run(*arguments):
    return CliRunner().invoke(cli, ["points", *map(str, arguments)])


def test_it_says_every_view_with_its_title_and_the_sums(file):
    done = wuqi(ROOT, "points", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert all(title in lines for view, title in model.VIEWS.items() if view != "what_if")
    assert "2017 年第 1 季度\tB02\tB02-2\t23\t1\t2" in lines
    assert "E051\t2017-03-03\t积分记录\t53\t每条记录要写依据\tE051，参加服务群众的活动" in lines
    assert lines[-1].startswith("计入 48 条记录，4 条申诉与更正；被拒绝 5 条。")


def test_the_keys_of_the_json_stay(file):
    told = json.loads(run(file, "--json").stdout)
    assert list(told) == ["system", "counts", *ROW_KEYS]
    assert told["counts"] == {"events": 48, "changes": 4, "rejected": 5}
    for view, keys in ROW_KEYS.items():
        assert told[view], view
        assert all(list(row) == keys for row in told[view]), view
    assert [r["branch"] for r in told["ties"] if not r["member"]] == ["B02", "B03"] * 2


def test_the_updated_workbook_holds_what_was_read_and_what_is_said_of_it(file):
    book = openpyxl.load_workbook(file)
    book["积分记录"]["F2"] = "３"
    book.save(file)
    out = file.with_name("new.xlsx")
    assert run(file, "--out", out).exit_code == 0
    page = openpyxl.load_workbook(out)
    assert page["积分记录"]["F2"].value == 3
    assert page[model.VIEWS["ranking"]]["A2"].value == "2017 年第 1 季度"
    assert run(out, "--json").stdout == run(file, "--json").stdout
    assert sorted(p.name for p in file.parent.iterdir()) == ["book.xlsx", "new.xlsx"]


def test_what_was_refused_is_named_by_its_row_in_the_file_that_says_it(file):
    book = openpyxl.load_workbook(file)
    book["积分记录"].insert_rows(2, 3)  # left empty, and gone when written anew
    book.save(file)
    out = file.with_name("new.xlsx")
    told = json.loads(run(file, "--out", out, "--json").stdout)["rejected"]
    page = openpyxl.load_workbook(out)
    listed = list(page[model.VIEWS["rejected"]].iter_rows(min_row=2, values_only=True))
    assert [row[:4] for row in listed] == [
        (r["id"], r["date"], r["sheet"], r["row"] - 3 * (r["sheet"] == "积分记录")) for r in told
    ]
    assert all(str(page[row[2]][f"A{row[3]}"].value) == row[0] for row in listed)


def test_a_refused_file_is_named_by_its_cells_and_left_alone(file):
    book = openpyxl.load_workbook(file)
    book["积分记录"]["F3"] = "=1+1"
    book["更正与申诉"]["B2"] = "2017-02-30"
    book.save(file)
    before, out = file.read_bytes(), file.with_name("new.xlsx")
    done = wuqi(ROOT, "points", str(file), "--out", str(out))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert "文件 book.xlsx，工作表 积分记录，第 3 行，列 F（次数），值 “=1+1”" in done.stderr
    assert "文件 book.xlsx，工作表 更正与申诉，第 2 行，列 B（日期），值 “2017-02-30”" in done.stderr
    assert file.read_bytes() == before
    assert not out.exists()


NO_WORKBOOKS = [b"", b"PK\x03\x04", b"id,date\nE1,2017-01-01\n", MADE[:2000], MADE[:-200]]


@pytest.mark.parametrize("content", NO_WORKBOOKS)
def test_what_is_no_workbook_is_refused_and_left_alone(file, content):
    file.write_bytes(content)
    done = run(file, "--out", file.with_name("new.xlsx"))
    assert done.exit_code == 2
    assert "book.xlsx" in done.stderr
    assert [(p.name, p.read_bytes()) for p in file.parent.iterdir()] == [("book.xlsx", content)]


def test_a_sheet_that_is_missing_is_named(file):
    book = openpyxl.load_workbook(file)
    book.remove(book["更正与申诉"])
    book.save(file)
    done = run(file)
    assert done.exit_code == 2
    assert "更正与申诉" in done.stderr


@pytest.mark.parametrize("out", ["book.xlsx", "new.csv", "new", ".", "missing/../book.xlsx", "folder.xlsx"])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is(file, out):
    (file.parent / "folder.xlsx").mkdir()
    done = run(file, "--out", file.parent / out)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "--out" in done.stderr
    assert file.read_bytes() == MADE
    assert sorted(p.name for p in file.parent.iterdir()) == ["book.xlsx", "folder.xlsx"]


def test_a_file_that_is_not_there_is_named(tmp_path):
    done = run(tmp_path / "none.xlsx")
    assert done.exit_code == 2
    assert "none.xlsx" in done.stderr
