"""From tables to a site: what is right is built, and whatever is wrong leaves the last good site.

One site is really built; each test works on a copy of it, so none depends on another.
"""

import csv
import shutil
import sys
from pathlib import Path

import pytest
from support.canaries import identity, mobile
from support.project import (
    ROOT,
    contents,
    environment,
    load_notebook,
    python,
    save_notebook,
    source,
    wuqi,
)
from support.tables import own_register, read_rows, register, write_csv

from figurebook.privacy.id_numbers import IDENTITY, MOBILE
from figurebook.publishing.book import PublishError, in_place, reasons

NAME = "project"


@pytest.fixture
def built(book_built: Path) -> Path:
    """A small project whose site was built once; not to be altered."""
    return book_built


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A copy of the built project that a test may spoil."""
    return Path(shutil.copytree(built, tmp_path / NAME, symlinks=True))


@pytest.fixture
def small(small_built: Path, tmp_path: Path) -> Path:
    """A copy of the project of one page, for what needs no page from tables."""
    return Path(shutil.copytree(small_built, tmp_path / NAME, symlinks=True))


def site_of(project: Path) -> Path:
    return project / "_build" / "html"


def refused(project: Path, *arguments: str) -> str:
    """What ``book`` says when it refuses: on stderr, without a traceback, nothing left behind."""
    before = contents(site_of(project))
    run = wuqi(project, "book", *arguments)
    assert run.returncode == 1, run.stdout + run.stderr
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    assert contents(site_of(project)) == before
    assert [p.name for p in (project / "_build").iterdir()] == ["html"]
    return run.stderr


def test_the_site_is_whole(built):
    site = contents(site_of(built))
    assert {"index.html", "built-from.json", "search-index.js"} <= set(site)
    for stem in [f"notebooks/{p.stem}" for p in (built / "notebooks").glob("*.ipynb")] + [
        f"book/{p.stem}" for p in (built / "book").glob("*.md")
    ]:
        assert f"{stem}.html" in site
    assert [p.name for p in (built / "_build").iterdir()] == ["html"]


def test_the_site_names_no_path_of_this_machine(built):
    for name, data in contents(site_of(built)).items():
        assert str(built).encode() not in data, name
        assert str(ROOT).encode() not in data, name


def test_building_left_the_sources_as_they_were(built):
    assert contents(built / "data") == contents(ROOT / "data")
    for name, content in contents(built / "notebooks").items():
        assert content == (ROOT / "notebooks" / name).read_bytes(), name
    assert sorted(p.name for p in (built / "book").iterdir()) == [
        "_extra",
        "_static",
        "_toc.yml",
        "home.md",
        "register.md",
    ]


def test_a_second_run_changes_nothing(project):
    before = contents(site_of(project))
    times = {p: p.stat().st_mtime_ns for p in site_of(project).rglob("*")}
    run = wuqi(project, "book")
    assert (run.returncode, run.stderr) == (0, "")
    assert "没有变化" in run.stdout
    assert contents(site_of(project)) == before
    assert {p: p.stat().st_mtime_ns for p in site_of(project).rglob("*")} == times


def test_changed_values_are_refused(project):
    changed = {
        "data/published/rural_incomes.csv": "income_yuan",
        "data/registers/branches.csv": "members",
        "data/interview/figures.csv": "value",
    }
    for path, column in changed.items():
        rows = read_rows(project / path)
        place = rows[0].index(column)
        rows[1][place] = str(int(rows[1][place]) + 1)
        write_csv(project / path, rows)
    said = refused(project)
    assert [path for path in changed if path.removeprefix("data/") not in said] == []


def test_a_figure_that_differs_is_refused(project, tmp_path):
    overlay = tmp_path / "own"
    overlay.mkdir()
    write_csv(overlay / "weak_branches.csv", register("weak_branches")[:-1])
    said = refused(project, "--data", str(overlay))
    assert "staffing.weak_branches" in said
    assert "staffing.villages" not in said


def test_bad_tables_are_said_before_anything_is_built(project, tmp_path):
    overlay = tmp_path / "own"
    overlay.mkdir()
    rows = register("weak_branches")
    rows[3][rows[0].index("put_right")] = "perhaps"
    write_csv(overlay / "weak_branches.csv", rows)
    before = contents(project)
    run = wuqi(project, "book", "--data", str(overlay))
    assert run.returncode == 2
    assert "weak_branches.csv" in run.stderr
    assert "perhaps" in run.stderr
    assert "Traceback" not in run.stderr
    assert contents(project) == before


@pytest.mark.parametrize("exists", [True, False])
def test_no_tables_are_not_our_tables(project, tmp_path, exists):
    """A mistyped folder must not be told that nothing has changed."""
    if exists:
        (tmp_path / "own").mkdir()
    before = contents(project)
    run = wuqi(project, "book", "--data", str(tmp_path / "own"))
    assert (run.returncode, run.stdout) == (2, "")
    assert "文件 own：缺文件" in run.stderr
    assert contents(project) == before


def test_a_folder_with_other_things_is_not_overwritten(project, tmp_path):
    out = tmp_path / "holiday"
    out.mkdir()
    (out / "photo.txt").write_text("mine", encoding="utf-8")
    assert str(out) in refused(project, "--out", str(out))
    assert contents(tmp_path / "holiday") == {"photo.txt": b"mine"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["holiday", NAME]


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_place_that_cannot_be_a_folder_is_said(project, tmp_path, below):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert str(tmp_path / "file") in refused(project, "--out", str(tmp_path / "file" / below))
    assert (tmp_path / "file").read_text(encoding="utf-8") == "x"


def test_a_build_without_the_command_refuses_stale_notebooks(project, tmp_path):
    path = next((project / "notebooks").glob("04-*.ipynb"))
    notebook = load_notebook(path)
    cell = next(c for c in notebook["cells"] if c["cell_type"] == "code")
    cell["source"] = source(cell) + "\n# changed"
    save_notebook(path, notebook)
    run = python(
        project,
        "-c",
        "from jupyter_book.cli.main import main; main()",
        "build",
        str(project),
        "--toc",
        str(project / "book" / "_toc.yml"),
        "--path-output",
        str(tmp_path / "raw"),
        "-W",
        "-n",
        "--keep-going",
    )
    told = run.stdout + run.stderr
    assert run.returncode != 0
    assert "figurebook.site.stale_gate" in told or path.name in told
    assert f"{path.name}：代码改了" in told
    assert not (tmp_path / "raw" / "_build" / "html" / "index.html").exists()


def test_an_unknown_figure_fails_the_build_and_names_its_neighbours(small):
    path = small / "book" / "home.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n{num}`poverty.person`\n", encoding="utf-8")
    said = refused(small)
    assert "home.md" in said
    assert "poverty.person " in said
    assert "poverty.persons" in said


@pytest.mark.parametrize(
    ("log", "told"),
    [
        ("reading\na.md: WARNING: no such figure\nEnd", ["a.md: WARNING: no such figure"]),
        (
            "x\nsphinx.errors.SphinxError: 陈旧\n01：代码改了\nEnd",
            ["sphinx.errors.SphinxError: 陈旧", "01：代码改了"],
        ),
        (
            "Traceback\n  File\nNameError: name 'x'\n\nTraceback\n  File\nRuntimeError: =\n",
            ["NameError: name 'x'"],
        ),
        ("a\nb", ["a", "b"]),
    ],
)
def test_of_a_failed_build_what_says_why_is_told(log, told):
    assert reasons(log) == told


def test_a_remote_image_and_personal_numbers_are_refused_by_the_scan(small):
    """Personal numbers whoever's tables they are; each fault is named, no number is repeated."""
    path = small / "book" / "home.md"
    path.write_text(
        path.read_text(encoding="utf-8")
        + f"""
<img src="https://example.org/seal.svg" alt="A seal">

联系 {mobile()}。

{identity()}
""",
        encoding="utf-8",
    )
    said = refused(small)
    assert any("book/home.html" in x and "https://example.org/seal.svg" in x for x in said.splitlines())
    for number, kind in ((mobile(), MOBILE), (identity(), IDENTITY)):
        assert f"book/home.html：含有个人信息（{kind}）" in said
        assert number not in said
    assert "查过个人信息" not in said  # no values were searched


def test_a_project_with_other_tables_is_built_beside_ours(project, tmp_path):
    overlay, out = tmp_path / "own", tmp_path / "theirs"
    overlay.mkdir()
    write_csv(overlay / "weak_branches.csv", own_register("weak_branches"))
    before = {p: contents(project / p) for p in ("book", "data", "notebooks", "_build")}
    run = wuqi(project, "book", "--data", str(overlay), "--out", str(out))
    assert run.returncode == 0, run.stderr
    assert {p: contents(project / p) for p in before} == before
    ours = site_of(project)
    told = {p.stem for p in (out / "figures").iterdir() if "实际登记" in p.read_text(encoding="utf-8")}
    assert told == {"staffing-weak-branches"}
    for page, times in ((out, 1), (ours, 0)):
        assert (page / "book" / "register.html").read_text(encoding="utf-8").count("■ 实际登记") == times
    notebook = (out / "notebooks" / "04-weak-branches.html").read_text(encoding="utf-8")
    assert "实际登记" in notebook
    told = wuqi(project, "book", "--data", str(overlay), "--out", str(out))
    assert "没有变化" in told.stdout


def test_the_helpers_see_what_they_should(built):
    """The copies must run their own code: a suite that tested the original would prove nothing."""
    run = python(built, "-c", "import wuqi; print(wuqi.__file__)")
    assert Path(run.stdout.strip()).is_relative_to(built)
    assert environment(built)["PYTHONPATH"] == str(built)
    assert sys.executable
    with (built / "data" / "registers" / "weak_branches.csv").open(encoding="utf-8") as file:
        assert list(csv.reader(file)) == register("weak_branches")


def test_a_file_comes_into_its_place_only_when_it_is_done(tmp_path):
    out = tmp_path / "book.pdf"
    out.write_text("last", encoding="utf-8")

    def fail_half_way():
        with in_place(out, print) as target:
            target.write_text("half", encoding="utf-8")
            raise LookupError

    with pytest.raises(LookupError):
        fail_half_way()
    assert contents(tmp_path) == {"book.pdf": b"last"}
    with in_place(out, print) as target:
        target.write_text("new", encoding="utf-8")
        assert out.read_text(encoding="utf-8") == "last"
    assert contents(tmp_path) == {"book.pdf": b"new"}
    assert [p.name for p in tmp_path.iterdir()] == ["book.pdf"]


@pytest.mark.parametrize("place", ["folder", "file/book.pdf"])
def test_a_file_that_cannot_be_put_there_is_said(tmp_path, place):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(PublishError, match=r"--out"), in_place(tmp_path / place, print):
        pass
    assert contents(tmp_path) == {"file": b"x"}


def test_a_file_does_not_take_the_place_of_the_site(tmp_path, monkeypatch):
    """An edition builds the site first: with its own lock on that place it would wait for itself."""
    monkeypatch.setattr("figurebook.publishing.book.place", lambda: tmp_path / "html")
    with pytest.raises(PublishError, match=r"--out"), in_place(tmp_path / "html", print):
        pass
    assert list(tmp_path.iterdir()) == []
