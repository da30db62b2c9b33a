"""The wheel: the program alone, whole, and able to make another county's book from wherever it lies."""

import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from support.miniature import make_miniature
from support.project import MADE, ROOT, python


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    """Built from what is here, with no index, beside the sources and not among them."""
    made, source = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("source")
    shutil.copytree(ROOT / "figurebook", source / "figurebook", ignore=MADE)
    shutil.copytree(ROOT / "wuqi", source / "wuqi", ignore=MADE)
    for name in ("pyproject.toml", "requirements.in"):
        shutil.copy(ROOT / name, source)
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", made]
    build = [sys.executable, "-m", "pip", "wheel", *options, source]
    done = subprocess.run(build, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    [path] = made.glob("*.whl")
    return zipfile.ZipFile(path)


def test_it_holds_the_program_alone_with_all_that_is_no_module(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"figurebook"}
    sources = {p.relative_to(ROOT).as_posix() for p in (ROOT / "figurebook").rglob("*") if p.is_file()}
    sources = {name for name in sources if "__pycache__" not in name}
    assert {Path(name).suffix for name in sources} >= {".py", ".html", ".css", ".js", ".toml"}
    assert sources <= set(wheel.namelist())


def test_it_declares_what_it_runs_with_and_nothing_of_the_tests(wheel):
    [metadata] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    needed = Parser().parsestr(wheel.read(metadata).decode()).get_all("Requires-Dist")
    names = {Requirement(line).name for line in needed}
    assert names == listed("requirements.in")
    assert {"pandas", "jupyter-book"} <= names
    assert names.isdisjoint(listed("requirements-test.in"))


def listed(file: str) -> set[str]:
    """The names of what a file of requirements asks for."""
    lines = (line.split("#")[0].strip() for line in (ROOT / file).read_text(encoding="utf-8").splitlines())
    return {Requirement(line).name for line in lines if line}


def test_unpacked_elsewhere_it_makes_the_miniatures_whole_book(wheel, tmp_path):
    wheel.extractall(tmp_path / "program")
    project = make_miniature(tmp_path / "project")
    assert not (project / "figurebook").exists()
    path = f"{tmp_path / 'program'}"
    place = python(project, "-c", "import figurebook; print(figurebook.__file__)", PYTHONPATH=path)
    assert Path(place.stdout.strip()).is_relative_to(tmp_path / "program")
    for command in (["seal"], ["refresh"], ["seal"], ["verify"], ["book"]):
        done = python(project, "-m", "figurebook", *command, PYTHONPATH=path)
        assert done.returncode == 0, done.stderr
    assert (project / "_build" / "html" / "figures" / "ponds-total.html").is_file()
    assert (project / "_build" / "html" / "_static" / "site.css").is_file()
