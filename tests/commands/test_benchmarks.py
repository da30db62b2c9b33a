"""Every benchmark runs, once and on little: what it measures is for whoever runs it, not for a test."""

import re
import shutil
from importlib import import_module
from pathlib import Path

import pytest
from support.drawn import drawn
from support.project import NO_BROWSER, ROOT, python
from support.small import small_book

from figurebook.publishing import book

# What is run of each, and a line that it must end with, numbers as N.
ONCE = {
    "book.py": (["1"], "nbval, wall time of two workers to one: N"),
    "ledger.py": (["30"], "N read N µs N B"),
    "own_tables.py": (["--pairs", "1", "40"], "N verify N N N N"),
    "pages.py": (["1"], "(kB with gzip, requests; medians of N cold builds)"),
    "points.py": (["40"], "N N N N N N"),
    "fuzz_intake.py": (["1"], "N inputs"),
}
# They make the book, or compute every figure, several times: one of them at a run, all of them weekly.
SLOW = ["book.py", "own_tables.py", "pages.py"]
# The fuzzer has wheels for few platforms. In its place: each input that it would begin with, once.
FUZZER = """
import contextlib, pathlib

def instrument_imports(include):
    return contextlib.nullcontext()

def Setup(arguments, one):
    global inputs, run
    inputs, run = sorted(pathlib.Path(arguments[-1]).iterdir()), one

def Fuzz():
    for path in inputs:
        run(path.read_bytes())
    print(len(inputs), "inputs")
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A book of a few pages with the benchmarks, which measure the project they lie in."""
    project = small_book(tmp_path_factory.mktemp("measured") / "project", "08-poverty")
    shutil.copytree(ROOT / "benchmarks", project / "benchmarks", ignore=shutil.ignore_patterns("__pycache__"))
    (project / "atheris.py").write_text(FUZZER, encoding="utf-8")
    return project


def test_those_that_build_take_all_that_a_site_is_made_from(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    copied = {p.name for p in import_module("book").project(tmp_path, "off").iterdir()}
    assert copied >= set(book._INPUTS)


def test_every_benchmark_is_run_here():
    assert {p.name for p in (ROOT / "benchmarks").glob("*.py")} == set(ONCE)


@pytest.mark.parametrize("name", [n for n in ONCE if n not in SLOW] + drawn(SLOW, 1, "benchmarks"))
def test_a_benchmark_runs(project, name):
    arguments, last = ONCE[name]
    run = python(project, "-m", f"benchmarks.{name.removesuffix('.py')}", *arguments)
    if "BrowserError" in run.stderr:
        pytest.skip(NO_BROWSER + run.stderr.splitlines()[-1])
    assert run.returncode == 0, run.stdout + run.stderr
    told = re.sub(r"\d[\d,.]*", "N", run.stdout.splitlines()[-1])
    assert " ".join(told.split()) == last
