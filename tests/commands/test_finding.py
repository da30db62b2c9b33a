"""The finding on the home page: computed, whole, and moved by what it is computed from."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from support.project import python
from support.small import small_book
from support.tables import read_rows, write_csv

from figurebook.figures.verdicts import verify
from figurebook.site.pages.finding import headline, independent_counts

HOME = "# 首页\n\n```{finding}\n```\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    project = small_book(tmp_path_factory.mktemp("finding") / "project", "08-poverty")
    home = project / "book" / "home.md"
    home.write_text(HOME + home.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
    return project


def built(project: Path) -> Path:
    for command in ("seal", "refresh", "book"):
        run = python(project, "-m", "wuqi", command)
        assert run.returncode == 0, run.stderr
    return project / "_build" / "html"


def text(site: Path, page: str) -> str:
    return re.sub(r"<[^>]+>", "", (site / page).read_text(encoding="utf-8"))


def squares(site: Path) -> list[tuple[str, str]]:
    """The squares in their order: where each leads, and its shape."""
    home = (site / "index.html").read_text(encoding="utf-8")
    part = home[home.index('<ul class="squares') :]
    part = part[: part.index("</ul>")]
    return re.findall(r'href="figures/([\w-]+)\.html".*?class="shape">(.)</span>', part, re.DOTALL)


def change(path: Path, row: str, **cells: str) -> None:
    header, *rows = read_rows(path)
    for cell in rows:
        if cell[0] == row:
            for column, value in cells.items():
                cell[header.index(column)] = value
    write_csv(path, [header, *rows])


def test_a_changed_row_moves_sentence_squares_counts_and_files(project):
    before = built(project)
    assert "一份也没有找到：没有同样的数，也没有不同的数" in text(before, "index.html")
    assert "不同的数的有 2 个" in text(before, "index.html")
    assert "有关 10 个，没有找到 18 个" in text(before, "index.html")
    assert [s for _, s in squares(before)] == ["✕"] * 2 + ["△"] * 10 + ["—"] * 18
    assert "与访谈不同" in text(before, "figures/poverty-persons.html")

    published = project / "data" / "published"
    for row, cells in {
        "poverty.persons/1": {"published_value": "13540", "as_of": "2016-12-31"},
        "poverty.persons/2": {"counted": "villages"},
    }.items():
        change(published / "corroboration.csv", row, **cells)
    change(published / "publications.csv", "yanandaily-2019-12-05", independence="independent")
    after = built(project)
    home = text(after, "index.html")
    assert "有同样的数的 1 个数字，有不同的数的 0 个数字" in home
    assert "不同的数的有 1 个" in home
    assert "相同 1 个，有关 10 个，没有找到 18 个" in home
    assert [s for _, s in squares(after)] == ["✕", "▲"] + ["△"] * 10 + ["—"] * 18
    assert squares(after)[1][0] == "poverty-persons"
    assert "别处公布过同一个数（延安日报，2019-12-05），独立于该县" in text(
        after, "figures/poverty-persons.html"
    )
    told = json.loads((after / "figures.json").read_text(encoding="utf-8"))
    [persons] = [f for f in told["figures"] if f["id"] == "poverty.persons"]
    assert persons["corroboration"] == "same"
    assert persons["answer"].startswith("别处公布过同一个数")
    assert told["summary"]["corroboration"] == {"same": 1, "related": 10, "unlike": 1, "none_found": 18}


def test_nothing_is_said_where_no_publications_were_looked_for(tables):
    found = verify(tables)
    assert independent_counts(found) == {"same": 0, "unlike": 0, "related": 0}
    assert "一份也没有找到" in headline(found)


@pytest.mark.parametrize(
    ("relation", "reason", "told"),
    [
        ("same", "", "有同样的数的 1 个数字，有不同的数的 0 个数字。"),
        ("unlike", "", "有同样的数的 0 个数字，有不同的数的 1 个数字。"),
        ("related", "another_date", "有不同的数的 0 个数字，时点不同或只是界限的 1 个数字。"),
        ("related", "bound", "有不同的数的 0 个数字，时点不同或只是界限的 1 个数字。"),
    ],
)
def test_an_independent_publication_on_the_same_thing_is_never_passed_over(tables, relation, reason, told):
    found = [v for v in verify(tables) if v.figure.id == "poverty.persons"]
    [verdict] = found
    piece = replace(verdict.evidence[0], independence="independent", relation=relation, reason=reason)
    assert headline([replace(verdict, evidence=(piece,))]).endswith(told)
    other = replace(piece, counted="villages", relation="related", reason="another_thing")
    assert "一份也没有找到" in headline([replace(verdict, evidence=(other,))])
