"""A full set of somebody's own tables, made apart from the book: checked, verified, and a site of its own.

The workbook's personal columns hold canaries: strings that must be found nowhere in what is published.
"""

import json
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from support.office_tables import DATE, OFFICE, office_tables, write_csv_folder, write_workbook
from support.own_tables import CANARY, canary, searched
from support.project import contents, copy_project, wuqi
from support.small import plain_book
from support.tables import figure_ids

from figurebook.publishing.usb import pack, readme
from figurebook.site.citation import imprint

RECORDED = len(figure_ids()) - 1  # the villages are those of the national list, and stay what they are

# Tables whose ids no file names; the calendar and a chart name departments and weak branches.
WITH_IDS = ("产业示范点", "四型党组织", "农村党支部", "服务设施")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory) -> Path:
    return write_workbook(tmp_path_factory.mktemp("office") / "tables.xlsx", office_tables(canary))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write_csv_folder(tmp_path_factory.mktemp("office") / "csv", office_tables(canary))


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A project that no test alters."""
    return copy_project(tmp_path_factory.mktemp("own") / "project")


@pytest.fixture(scope="module")
def site(project: Path, workbook: Path) -> Path:
    """The site made from the workbook."""
    out = project.parent / "theirs"
    run = wuqi(project, "book", "--data", workbook, "--out", out)
    assert run.returncode == 0, run.stderr
    assert "查过个人信息" in run.stderr
    assert CANARY not in run.stdout + run.stderr
    return out


@pytest.mark.parametrize("given", ["workbook", "folder"])
def test_check_finds_nothing_wrong_and_tells_what_it_read_otherwise(project, given, request):
    path = request.getfixturevalue(given)
    before = contents(path.parent)
    run = wuqi(project, "check", path)
    assert run.returncode == 0, run.stdout
    assert f"单位：{OFFICE}；数据日期：{DATE}" in run.stdout
    assert "贫困户（poor_households）" in run.stdout
    assert "列名里写了单位" in run.stdout
    assert "没有发现问题" in run.stdout
    assert CANARY not in run.stdout
    assert contents(path.parent) == before


@pytest.mark.parametrize("given", ["workbook", "folder"])
def test_every_figure_holds_and_says_whose_table_it_rests_on(project, given, request):
    run = wuqi(project, "verify", "--data", request.getfixturevalue(given), "--json")
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["summary"]["result"] == {
        "reproduced": len(figure_ids()) - 1,
        "holds": 1,
        "differs": 0,
        "not_computed": 0,
    }
    assert told["summary"]["basis"] == {"recorded": RECORDED, "published": 1, "illustrative": 0, "stated": 0}
    persons = next(f for f in told["figures"] if f["id"] == "poverty.persons")
    assert persons["rests_on"] == [
        {"table": "poor_households", "basis": "recorded"},
        {"table": "villages", "basis": "published"},
    ]


def text_of(page: Path) -> str:
    return re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))


def test_the_site_says_recorded_wherever_it_should(site):
    figures = json.loads((site / "figures.json").read_text(encoding="utf-8"))["figures"]
    assert sum(f["basis"] == "recorded" for f in figures) == RECORDED
    for figure in figures:
        told = text_of(site / figure["page"])
        assert ("■ 实际登记" in told) == (figure["basis"] == "recorded"), figure["id"]
        assert "◇ 本书自编（示意）" not in told
    register = text_of(site / "book" / "register.html")
    assert register.count("■ 实际登记") == RECORDED
    assert "◇ 本书自编（示意）" not in register
    assert f"能用县里的登记表核对的 {RECORDED} 个" in text_of(site / "index.html").replace("\n", "")


def test_every_page_says_whose_tables_they_are(site):
    pages = [p for p in site.rglob("*.html") if p.parent.name in ("book", "notebooks", "systems")]
    assert len(pages) > 50
    for page in pages:
        assert f"换入的登记表（{OFFICE}，{DATE}）" in text_of(page), page.name


def test_a_citation_and_the_figures_for_programs_say_whose_tables_they_are(site):
    told = json.loads((site / "figures.json").read_text(encoding="utf-8"))
    assert (told["given"]["office"], told["given"]["date"]) == (OFFICE, DATE)
    assert "poor_households" in told["given"]["tables"]
    cited = text_of(site / "figures" / "poverty-persons.html")
    assert f"的判定（用换入的登记表（{OFFICE}，{DATE}）复算，不是公开的那一版）" in cited


def test_the_note_on_every_page_is_no_answer_to_a_search(site):
    index = (site / "search-index.js").read_text(encoding="utf-8")
    assert "对换入的表不适用" not in index


def test_charts_name_the_office_as_their_source(site):
    page = text_of(site / "notebooks" / "08-poverty.html")
    assert f"换入的登记表（{OFFICE}，{DATE}）；依据：实际登记" in page
    assert "自编的登记" not in page


def test_no_canary_is_anywhere_in_the_site(site):
    files = [p for p in site.rglob("*") if p.is_file()]
    assert {".html", ".svg", ".json", ".js", ".xlsx", ".csv", ".ics"} <= {p.suffix for p in files}
    assert [p.name for p in files if CANARY in searched(p) or CANARY in p.name] == []


def test_no_row_of_theirs_is_in_a_download(site):
    """Nothing of the book's own is handed out, and no other file than a page holds an id of theirs."""
    files = contents(site)
    assert [n for n in files if n.startswith("data/") or n.endswith((".zip", ".ipynb"))] == []
    ids = {str(row[0]) for name in WITH_IDS for row in office_tables()[name][1:]}
    assert len(ids) > 500
    other = [p for p in site.rglob("*") if p.is_file() and p.suffix not in (".html", ".js")]
    assert [p.name for p in other if any(i in searched(p) for i in ids)] == []
    assert "这里不提供数据、笔记和源码的下载" in text_of(site / "book" / "data.html")


def test_no_household_s_income_or_place_is_shown(site):
    page = text_of(site / "notebooks" / "systems" / "s16-poverty.html")
    assert "逐行的内容不显示" in page
    assert "3,800" not in page  # of the first household


def test_a_usb_edition_of_their_site_holds_no_canary(site, tmp_path):
    about, made = imprint()
    pack(site, tmp_path / "theirs.zip", readme(about), made)
    assert "实际登记" in searched(tmp_path / "theirs.zip")
    assert CANARY not in searched(tmp_path / "theirs.zip")


@pytest.mark.parametrize("place", ["村名", "编号"])
def test_a_canary_outside_the_personal_columns_stops_the_publication(project, tmp_path, place):
    tables = office_tables(canary)
    if place == "村名":
        tables["行政村"][5][2] = canary("贫困户", 7)
    else:
        tables["产业示范点"][5][0] = canary("第一书记", 3)
    path = write_workbook(tmp_path / "tables.xlsx", tables)
    run = wuqi(project, "book", "--data", path, "--out", tmp_path / "out")
    assert run.returncode == 2
    assert "personal" in run.stderr
    assert CANARY not in run.stdout + run.stderr
    assert not (tmp_path / "out").exists()


def test_a_difference_stops_the_publication_unless_it_is_allowed_and_then_is_in_plain_sight(
    project, tmp_path
):
    own = plain_book(tmp_path / "project", "04-weak-branches")
    tables = {"软弱涣散组织": office_tables()["软弱涣散组织"]}
    tables["软弱涣散组织"][1][2] = "否"
    path = write_workbook(tmp_path / "tables.xlsx", tables)
    run = wuqi(own, "book", "--data", path, "--out", tmp_path / "out")
    assert run.returncode == 1
    assert "（staffing.weak_branches）：所述 11 个，算得 10 个（表 软弱涣散组织）" in run.stderr
    assert not (tmp_path / "out").exists()
    run = wuqi(own, "book", "--data", path, "--out", tmp_path / "out", "--allow-differences")
    assert run.returncode == 0, run.stderr
    for page in ("index.html", "book/home.html"):
        told = text_of(tmp_path / "out" / page).replace("\n", "")
        assert "有 1 个数字与访谈所述不等或算不出" in told
        assert "访谈所述 11 个，复算 10 个，相差 -1 个；所据的表：软弱涣散组织（实际登记）。" in told
        assert "旁证复算" not in told


def test_an_edition_is_made_of_their_site_and_not_of_ours(tmp_path):
    own = plain_book(tmp_path / "project", "04-weak-branches")
    path = write_workbook(tmp_path / "tables.xlsx", {"软弱涣散组织": office_tables()["软弱涣散组织"]})
    run = wuqi(own, "usb", "--data", path, "--out", tmp_path / "theirs.zip")
    assert run.returncode == 0, run.stderr
    with zipfile.ZipFile(tmp_path / "theirs.zip") as archive:
        assert "换入的登记表" in archive.read("index.html").decode()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["project", "tables.xlsx", "theirs.zip"]
    assert not (own / "_build").exists()  # our own site was not needed


def test_a_template_that_is_filled_in_is_read_back(project, tmp_path):
    path = tmp_path / "template.xlsx"
    assert wuqi(project, "template", path).returncode == 0
    book = openpyxl.load_workbook(path)
    for n, row in enumerate(office_tables(canary)["软弱涣散组织"][1:], 2):
        for column, value in enumerate(row, 1):
            book["软弱涣散组织"].cell(n, column, value or None)
    book["说明"]["B2"], book["说明"]["B3"] = OFFICE, DATE
    book.save(path)
    run = wuqi(project, "check", path)
    assert run.returncode == 0, run.stdout
    assert f"单位：{OFFICE}；数据日期：{DATE}" in run.stdout
    assert "软弱涣散组织（weak_branches）：文件 template.xlsx，工作表 软弱涣散组织，13 行" in run.stdout
