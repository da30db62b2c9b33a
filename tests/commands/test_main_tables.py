"""Commands on a user's own tables: the empty ones made, filled ones checked, unusable ones named by cell."""

import json
from pathlib import Path

import openpyxl
import pytest
from support.commands import HAN, own_folder, refused, refused_together, run, run_together
from support.project import ROOT, contents
from support.tables import register, write_csv, write_xlsx


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return own_folder(tmp_path)


@pytest.fixture
def short(own: Path) -> Path:
    """A valid overlay with one weak branch too few."""
    write_csv(own / "weak_branches.csv", register("weak_branches")[:-1])
    return own


def test_a_figure_that_cannot_be_computed_does_not_hold(own):
    rows = register("funding_rates")
    write_csv(own / "funding_rates.csv", [r for r in rows if r[0] != "training"])
    said, _ = run("verify", "--data", own, code=1)
    row = next(line for line in said.splitlines() if line.startswith("funding.training"))
    assert "算不出" in row
    assert "funding_rates" in row


def test_verify_exits_with_1_when_a_figure_differs(short):
    said, errors = run("verify", "--data", short, "--json", code=1)
    assert errors == ""
    told = json.loads(said)
    (wrong,) = [f for f in told["figures"] if f["result"] == "differs"]
    assert wrong["id"] == "staffing.weak_branches"
    assert (wrong["claimed"], wrong["computed"], wrong["basis"]) == (11, 10, "recorded")
    assert told["summary"]["result"]["differs"] == 1
    said, _ = run("verify", "--data", short, code=1)
    assert [line.split("\t")[0] for line in said.splitlines() if "不等" in line and "\t" in line] == [
        "staffing.weak_branches"
    ]


def unusable(*paths: Path) -> dict[str, str]:
    """What each command that reads tables says of each path; by ``command path``."""
    checks = [f"check {path}" for path in paths]
    told = run_together(ROOT, *checks)
    # What check finds is what it was asked for; to the others it is an error.
    assert {said.code for said in told.values()} == {2}
    assert all(HAN.search(said.out) and "Traceback" not in said.error for said in told.values())
    others = [f"{command} --data {path}" for command in ("verify", "book") for path in paths]
    return {command: said.out for command, said in told.items()} | refused_together(ROOT, *others)


def test_unusable_tables_exit_with_2_and_name_the_cell(own):
    rows = register("weak_branches")
    rows[2][rows[0].index("put_right")] = "perhaps"
    write_xlsx(own / "weak_branches.xlsx", rows, sheet="2016")
    for command, said in unusable(own).items():
        missing = [p for p in ("weak_branches.xlsx", "2016", "3", "put_right", "perhaps") if p not in said]
        assert missing == [], command


def test_a_folder_without_tables_exits_with_2(own, tmp_path):
    (own / "a.md").write_text("x", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for command, said in unusable(own / "no", own / "a.md", tmp_path / "empty").items():
        assert Path(command).name in said, command
        assert "请" in said, command


def test_check_lists_every_usable_table(own):
    write_csv(own / "weak_branches.csv", register("weak_branches"))
    write_xlsx(own / "poor_households.xlsx", register("poor_households"))
    said, errors = run("check", own, code=0)
    assert errors == ""
    assert "贫困户（poor_households）：文件 poor_households.xlsx，工作表 Sheet1，5,115 行" in said
    assert "软弱涣散组织（weak_branches）：文件 weak_branches.csv，11 行" in said
    assert "没有发现问题" in said


def test_check_does_not_judge_figures(short):
    assert "weak_branches.csv" in run("check", short, code=0)[0]


def test_check_names_every_problem_of_every_file(own):
    for name, column, value in (("weak_branches", "put_right", "perhaps"), ("branches", "members", "many")):
        rows = register(name)
        rows[1][rows[0].index(column)] = value
        write_csv(own / f"{name}.csv", rows)
    before = contents(own)
    said, coded = run_together(ROOT, f"check {own}", f"check {own} --json").values()
    assert (said.code, said.error, coded.code) == (2, "", 2)
    assert "问题 2 处" in said.out
    assert "perhaps" in said.out
    assert "many" in said.out
    told = json.loads(coded.out)
    assert sorted(p["value"] for p in told["problems"]) == ["many", "perhaps"]
    assert contents(own) == before


def test_check_writes_a_marked_copy_and_never_over_anything(own, tmp_path):
    rows = register("weak_branches")
    rows[2][rows[0].index("put_right")] = "perhaps"
    write_csv(own / "weak_branches.csv", rows)
    marked = tmp_path / "marked.xlsx"
    run("check", own, "--marked", marked, code=2)
    book = openpyxl.load_workbook(marked)
    assert book["weak_branches"]["C3"].value == "perhaps"
    assert book["weak_branches"]["C3"].fill.fill_type == "solid"
    before = marked.read_bytes()
    places = (marked, tmp_path / "marked.csv")
    told = refused_together(ROOT, *(f"check {own} --marked {place}" for place in places))
    assert all("--marked" in said for said in told.values())
    assert marked.read_bytes() == before


@pytest.mark.parametrize("out", ["empty.xlsx", "empty"])
def test_template_writes_what_check_then_reads(tmp_path, out):
    place = tmp_path / out
    assert str(place) in run("template", place, code=0)[0]
    said, _ = run("check", place, code=2)
    assert "missing-file" in said  # nothing is filled in yet
    before = contents(tmp_path)
    assert "不覆盖" in refused("template", place)
    assert contents(tmp_path) == before


def test_a_template_of_a_kind_that_is_not_written_is_no_folder_of_that_name(tmp_path):
    places = [tmp_path / name for name in ("t.xls", "t.csv", "t.et", "T.XLS")]
    told = refused_together(ROOT, *(f"template {place}" for place in places))
    assert all(".xlsx" in said for said in told.values())
    assert list(tmp_path.iterdir()) == []
