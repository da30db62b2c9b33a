"""What the site hands out: the data package, the notebooks and the source, as they are in the project."""

import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from frictionless import Package, system
from support.canaries import identity
from support.downloads import NOTEBOOK, committed, dead_links, downloads_book, git
from support.office_tables import office_tables, write_workbook
from support.project import DATA, ROOT, contents, every_notebook, replace_once, wuqi

from figurebook.notebooks.api import OVERLAY, STORE
from figurebook.privacy.id_numbers import IDENTITY
from figurebook.site.build_state import has_office_tables

DATA_ZIP, SOURCE_ZIP = "thirty-figures-data.zip", "thirty-figures-source.zip"
ENDINGS = (".zip", ".ipynb")


def site_of(project: Path) -> Path:
    return project / "_build" / "html"


def handed_out(site: Path) -> list[str]:
    """The downloads that a site has, apart from those of every site."""
    return sorted(n for n in contents(site) if n.endswith(ENDINGS) or n.startswith("data/"))


def links(page: Path) -> list[str]:
    return re.findall(r'href="([^"#]+)', page.read_text(encoding="utf-8"))


def unpacked(archive: Path, to: Path) -> Path:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(to)
    return to


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A small book in a git repository, with its site; not to be altered."""
    made = committed(downloads_book(tmp_path_factory.mktemp("downloads") / "project"))
    run = wuqi(made, "book")
    assert run.returncode == 0, run.stderr
    return made


@pytest.fixture
def copied(project: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(project, tmp_path / "project"))


# The whole site


def test_every_local_link_of_every_page_answers(site):
    assert dead_links(site) == []


def test_a_dead_link_would_be_found(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "a.csv").touch()
    page = '<a href="../a.csv#x">a</a> <a href="b.csv">b</a> <a href="https://example.org/c">c</a>'
    (tmp_path / "book" / "p.html").write_text(page, encoding="utf-8")
    assert dead_links(tmp_path) == ["book/p.html → b.csv"]


def test_the_dictionary_leads_to_the_file_of_each_table_and_to_the_whole_package(site):
    resources = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    expected = {f"../data/{r['path']}" for r in resources if "schema" in r}
    assert expected | {f"../{DATA_ZIP}", "../data/datapackage.json"} <= set(links(site / "book/data.html"))


@pytest.mark.parametrize("page", ["book/data", "book/rerun", "book/register"])
def test_a_path_in_code_that_is_a_file_of_the_site_is_a_link_to_it(site, page):
    html = (site / f"{page}.html").read_text(encoding="utf-8")
    paths = re.findall(r"<code[^>]*>(?:<span[^>]*>)*([\w./-]+)(?:</span>)*</code>", html)
    files = {p for p in paths if (site / p).is_file()}
    assert files or page == "book/register"  # it leads to its two files by name
    for path in files:
        assert html.count(f'href="../{path}"><code') == paths.count(path), path


def test_the_site_holds_the_data_package_as_it_is_in_the_project(site):
    assert contents(site / "data") == contents(DATA)


def test_a_notebook_s_page_leads_to_the_notebook_as_it_is_in_the_project(site):
    for notebook in every_notebook():
        page = site / notebook.relative_to(ROOT).with_suffix(".html")
        assert links(page).count(notebook.name) == 1, page.name
        assert (page.parent / notebook.name).read_bytes() == notebook.read_bytes()


def test_downloads_are_neither_pages_nor_searched(site):
    assert not re.search(r"<loc>[^<]*\.(?:csv|json|zip|ipynb|yaml)<", (site / "sitemap.xml").read_text())
    index = (site / "search-index.js").read_text(encoding="utf-8")
    assert "poor_households.csv" in index  # the dictionary names it
    assert "H-000001" not in index


def test_the_site_s_record_lists_every_download(site):
    listed = json.loads((site / "built-from.json").read_text(encoding="utf-8"))["files"]
    assert len(handed_out(site)) > 100
    assert set(handed_out(site)) <= set(listed)


# The data package


def is_valid(folder: Path) -> bool:
    with system.use_context(trusted=True):
        return Package(folder / "data" / "datapackage.json").validate().valid


def test_the_unpacked_data_package_is_valid_and_is_the_project_s(site, tmp_path):
    unpacked(site / DATA_ZIP, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["data"]
    assert contents(tmp_path / "data") == contents(DATA)
    assert is_valid(tmp_path)
    replace_once(tmp_path / "data" / "registers" / "weak_branches.csv", "\n", "\nX,\n")
    assert not is_valid(tmp_path)


def test_names_are_in_order_and_have_one_time(site):
    for name in (DATA_ZIP, SOURCE_ZIP):
        if (site / name).is_file():  # a site made without git has no source
            with zipfile.ZipFile(site / name) as archive:
                assert archive.namelist() == sorted(archive.namelist())
                assert len({entry.date_time for entry in archive.infolist()}) == 1


# The source


def test_the_source_holds_the_tracked_files_and_their_commit(project, tmp_path):
    source = contents(unpacked(site_of(project) / SOURCE_ZIP, tmp_path) / "thirty-figures")
    assert source.pop("COMMIT").decode() == git(project, "rev-parse", "HEAD")
    assert sorted(source) == sorted(git(project, "ls-files", "-z").split("\0")[:-1])
    assert source == {name: (project / name).read_bytes() for name in source}
    page = (site_of(project) / "book/data.html").read_text(encoding="utf-8")
    assert git(project, "rev-parse", "HEAD").strip() in page


def test_another_build_gives_the_same_archives_and_a_new_commit_another_source(copied, tmp_path):
    """What is not committed changes nothing, nor does the time of a file."""
    before = {name: (site_of(copied) / name).read_bytes() for name in (DATA_ZIP, SOURCE_ZIP)}
    (copied / "office.csv").write_text("untracked\n", encoding="utf-8")
    replace_once(copied / "pyproject.toml", "[", "# changed\n[")
    for path in (copied / "data").rglob("*"):
        os.utime(path, (10**9, 10**9))
    run = wuqi(copied, "book", "--out", tmp_path / "again")
    assert run.returncode == 0, run.stderr
    assert {name: (tmp_path / "again" / name).read_bytes() for name in before} == before
    git(copied, "commit", "--quiet", "--no-verify", "--all", "--message", "Change")
    assert "做好了" in wuqi(copied, "book").stdout  # though nothing that a page is made of has changed
    assert (site_of(copied) / DATA_ZIP).read_bytes() == before[DATA_ZIP]
    source = unpacked(site_of(copied) / SOURCE_ZIP, tmp_path / "source") / "thirty-figures"
    assert "# changed" in (source / "pyproject.toml").read_text(encoding="utf-8")
    assert not (source / "office.csv").exists()


def test_a_notebook_gives_its_outputs_again_from_the_source_alone(project, tmp_path):
    source = unpacked(site_of(project) / SOURCE_ZIP, tmp_path) / "thirty-figures"
    run = wuqi(source, "refresh", "--all")
    assert run.returncode == 0, run.stderr
    assert (source / f"{NOTEBOOK}.ipynb").read_bytes() == (
        site_of(project) / f"{NOTEBOOK}.ipynb"
    ).read_bytes()


def test_without_a_checkout_there_is_no_source_and_the_page_says_so(copied):
    shutil.rmtree(copied / ".git")
    run = wuqi(copied, "book")
    assert run.returncode == 0, run.stderr
    assert not (site_of(copied) / SOURCE_ZIP).exists()
    assert (site_of(copied) / DATA_ZIP).is_file()
    page = (site_of(copied) / "book/data.html").read_text(encoding="utf-8")
    assert "没有源码的压缩包：做这个站点的文件夹不是 git 检出，或者没有装 git。" in page
    assert dead_links(site_of(copied)) == []


# Privacy


def test_a_site_with_an_office_s_tables_hands_out_nothing_and_says_so(project, tmp_path):
    tables = {"软弱涣散组织": office_tables()["软弱涣散组织"]}
    path = write_workbook(tmp_path / "tables.xlsx", tables)
    run = wuqi(project, "book", "--data", path, "--out", tmp_path / "theirs")
    assert run.returncode == 0, run.stderr
    assert len(handed_out(site_of(project))) > 100
    assert handed_out(tmp_path / "theirs") == []
    assert [n for n, c in contents(tmp_path / "theirs").items() if "弱05".encode() in c] == []
    page = (tmp_path / "theirs" / "book/data.html").read_text(encoding="utf-8")
    assert "这里不提供数据、笔记和源码的下载" in page
    assert dead_links(tmp_path / "theirs") == []


@pytest.mark.parametrize("variable", [STORE, OVERLAY])
def test_tables_that_say_the_same_as_ours_are_an_office_s_too(monkeypatch, variable):
    assert not has_office_tables()
    monkeypatch.setenv(variable, "somewhere")
    assert has_office_tables()


def test_a_personal_number_in_a_download_stops_the_publication(copied):
    before = contents(site_of(copied))
    (copied / "notes.txt").write_text(f"{identity()}\n", encoding="utf-8")
    source = copied / "data/interview/source.json"
    entry = json.loads(source.read_text(encoding="utf-8"))
    source.write_text(json.dumps(entry | {"note": identity()}, ensure_ascii=False), encoding="utf-8")
    assert wuqi(copied, "seal").returncode == 0
    git(copied, "add", "--all")
    git(copied, "commit", "--quiet", "--no-verify", "--message", "Leak")
    run = wuqi(copied, "book")
    assert run.returncode == 1, run.stdout + run.stderr
    for name in ("data/interview/source.json", DATA_ZIP, SOURCE_ZIP):
        assert f"{name}：含有个人信息（{IDENTITY}）" in run.stderr
    assert identity() not in run.stderr
    assert contents(site_of(copied)) == before
