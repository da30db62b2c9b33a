"""One digit of one stored output is changed in each notebook: nbval must name exactly that cell."""

import copy
import functools
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from support.drawn import drawn
from support.project import ROOT, committed_notebooks, environment, load_notebook, save_notebook

ALL = [p.name for p in committed_notebooks()]
NOTEBOOKS = drawn(ALL, 4, "altered notebooks")  # nbval runs each as a whole; all of them once a week
# One digit that is text, not a part of a tag, an entity or an SVG coordinate's last place; in a chart,
# one that is drawn and one of the data that it carries.
_DIGITS = [
    ("text/plain", re.compile(r"\d")),
    ("text/html", re.compile(r"(?<=>)[^<&]*?(\d)")),
    ("image/svg+xml", re.compile(r'<path d="M (\d)')),
    ("image/svg+xml", re.compile(r'"rows": \D*(\d)')),
]


def changed(text: str, digit: re.Pattern) -> str | None:
    """The text with its first such digit replaced by the next one; None where it has none."""
    match = digit.search(text)
    if not match:
        return None
    place = match.end() - 1
    return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]


def mutations(notebook: dict) -> list[tuple[int, dict]]:
    """Every way to change one digit of one stored output: the number among code cells, the result."""
    found = []
    codes = [i for i, c in enumerate(notebook["cells"]) if c["cell_type"] == "code"]
    for number, place in enumerate(codes):
        for k, output in enumerate(notebook["cells"][place]["outputs"]):
            for kind, digit in _DIGITS:
                stored = output.get("data", {}).get(kind, [])
                altered = changed("".join(stored), digit)
                if altered is not None:
                    mutant = copy.deepcopy(notebook)
                    mutant["cells"][place]["outputs"][k]["data"][kind] = altered.splitlines(keepends=True)
                    found.append((number, mutant))
    return found


@functools.cache
def mutants() -> dict[str, tuple[int, dict]]:
    """The cell altered in each notebook, and the notebook: another kind of output and place in each."""
    found = {}
    for turn, name in enumerate(ALL):
        ways = mutations(load_notebook(ROOT / "notebooks" / name))
        assert len(ways) >= 5
        # The same on every run; the first is the last way there is, the data of a chart.
        found[name] = ways[(turn * 7 - 1) % len(ways)]
    return found


@pytest.fixture(scope="module")
def passed(tmp_path_factory) -> dict[str, dict[str, bool]]:
    """For each notebook drawn, which cells passed under nbval after one was altered."""
    folder = tmp_path_factory.mktemp("altered")
    for name in NOTEBOOKS:
        save_notebook(folder / name, mutants()[name][1])
    report = folder / "report.xml"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval",
            "--nbval-current-env",
            "-n",
            "2",
            "--dist",
            "loadfile",
            "-p",
            "no:cacheprovider",
            "-q",
            f"--rootdir={folder}",
            f"--junitxml={report}",
            "-c",
            str(_config(folder)),
            str(folder),
        ],
        cwd=folder,
        env=environment(ROOT, FIGUREBOOK_PROJECT=str(ROOT)),  # the copies lie in no project
        check=False,
        capture_output=True,
        text=True,
    )
    passed: dict[str, dict[str, bool]] = {}
    for case in ET.parse(report).iter("testcase"):
        (name,) = re.findall(r"[\w-]+\.ipynb$", case.get("classname"))
        broken = case.find("failure") is not None or case.find("error") is not None
        passed.setdefault(name, {})[case.get("name")] = not broken
    return passed


def _config(folder: Path) -> Path:
    """An empty configuration: the project's own would select and order other tests."""
    path = folder / "pytest.ini"
    path.write_text("[pytest]\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_nbval_names_the_altered_cell_and_no_other(passed, name):
    told = passed[name]
    notebook = load_notebook(ROOT / "notebooks" / name)
    assert len(told) == sum(c["cell_type"] == "code" for c in notebook["cells"])
    assert [case for case, good in told.items() if not good] == [f"Cell {mutants()[name][0]}"]


def test_there_are_ten_and_several_kinds_of_output_are_altered(passed):
    assert len(mutants()) == 10
    assert set(passed) == set(NOTEBOOKS)
    assert len({cell for cell, _ in mutants().values()}) >= 3


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("text/plain", "x 19", ["x 29"]),
        ("text/html", '<b class="a1">no 9</b>', ['<b class="a1">no 0</b>']),
        ("text/html", "<b>&#39;</b>", [None]),
        ("text/plain", "none", [None]),
        (
            "image/svg+xml",
            '"rows": [["a", 17]] <path d="M 2 3"',
            ['"rows": [["a", 17]] <path d="M 3 3"', '"rows": [["a", 27]] <path d="M 2 3"'],
        ),
    ],
)
def test_a_mutation_changes_one_digit(kind, text, expected):
    assert [changed(text, digit) for of, digit in _DIGITS if of == kind] == expected
