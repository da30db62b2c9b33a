"""Somebody's files, damage and changes, before a build or under way: nothing is lost, nothing said wrongly.

Everything is real: processes and Sphinx. The book has one page.
"""

import shutil
from pathlib import Path

import pytest
from support.project import contents, wuqi
from support.small import write_page
from support.stopped import begin, site_of, wait_for, work_of

from figurebook.publishing import site_record


@pytest.fixture
def project(small_built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_built, tmp_path / "project"))


def test_somebodys_file_in_the_site_is_not_lost(project):
    (site_of(project) / "notes").mkdir()
    (site_of(project) / "notes" / "mine.txt").write_text("mine", encoding="utf-8")
    unchanged = wuqi(project, "book")
    assert (unchanged.returncode, unchanged.stderr) == (0, "")
    write_page(project, "another")
    before = contents(project)
    run = wuqi(project, "book")
    assert run.returncode == 1
    assert "notes/mine.txt" in run.stderr
    assert "排版" not in run.stderr  # said before anything is built
    assert contents(project) == before


def test_somebodys_file_that_comes_while_it_is_built_is_not_lost(project):
    write_page(project, "another")
    run = begin(project)
    wait_for(lambda: work_of(project, "_build"), run)
    (site_of(project) / "mine.txt").write_text("mine", encoding="utf-8")
    before = contents(site_of(project))
    said, error = run.communicate()
    assert run.returncode == 1, said
    assert "mine.txt" in error
    assert contents(site_of(project)) == before
    assert [p.name for p in (project / "_build").iterdir()] == ["html"]


def test_many_files_of_somebodys_are_counted_not_listed(project):
    for n in range(20):
        (site_of(project) / f"mine-{n:02}.txt").write_text("mine", encoding="utf-8")
    write_page(project, "another")
    error = wuqi(project, "book").stderr
    assert "20 个" in error
    assert "mine-04.txt" in error
    assert "mine-05.txt" not in error


def test_a_manifest_that_cannot_be_read_refuses_rather_than_overwrites(project):
    (site_of(project) / site_record.NAME).write_text("{", encoding="utf-8")
    before = contents(project)
    run = wuqi(project, "book")
    assert run.returncode == 1
    assert "--out" in run.stderr
    assert contents(project) == before


def test_a_damaged_site_is_made_again_and_not_called_unchanged(project):
    page = site_of(project) / "book" / "home.html"
    whole = page.read_bytes()
    page.write_bytes(whole[:-1])
    run = wuqi(project, "book")
    assert run.returncode == 0, run.stderr
    assert "没有变化" not in run.stdout
    assert "缺了或改了" in run.stderr
    assert page.read_bytes() == whole
    assert site_record.is_whole(site_of(project))


def test_what_changes_while_it_is_built_is_not_said_to_be_in_the_site(project):
    path = "data/datapackage.json"
    write_page(project, "another")
    before = contents(site_of(project))
    run = begin(project)
    wait_for(lambda: work_of(project, "_build"), run)
    with (project / path).open("a", encoding="utf-8") as file:
        file.write("\n")
    said, error = run.communicate()
    assert run.returncode == 1, said
    assert path in error
    assert contents(site_of(project)) == before
