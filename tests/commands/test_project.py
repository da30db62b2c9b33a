"""The project around the book: one version, locked requirements, short modules, no host, no machine."""

import json
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from support.project import ROOT

import figurebook

MAX_LINES, MAX_TEST_LINES = 400, 500
MAX_MODULES = 15  # in one folder; the eighteen systems have one of their own
EXTENSION_LINES = 200
# Built from pieces, so that this file does not hold what it forbids.
HOSTS = re.compile(
    "|".join(
        map(
            re.escape,
            (
                "py" + "pi.org",
                "pythonhosted" + ".org",
                "npmjs" + ".org",
                "npmjs" + ".com",
                "deb.debian" + ".org",
            ),
        )
    )
)
MACHINE = re.compile(r"(?<![\w.])/(?:root|work|home/\w+|Users/\w+)/\w")


def tracked() -> list[Path]:
    """The files of the project: those git tracks or would take up."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts() -> dict[Path, str]:
    """The project's text files; pictures are left out."""
    return {p: p.read_text(encoding="utf-8") for p in tracked() if p.suffix not in {".png", ".ico"}}


def test_one_version_everywhere():
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {package["version"], citation["version"], changes.group(1)} == {figurebook.__version__}
    assert figurebook.__version__ in (ROOT / "book" / "cite.md").read_text(encoding="utf-8")


def test_the_citation_has_what_the_format_requires():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert all(a.get("name") or a.get("family-names") for a in citation["authors"])


def locked(text: str) -> dict[str, str]:
    """``{name: entry}`` for every requirement of a lock file."""
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    return {re.match(r"[\w.-]+", e).group().lower(): e for e in entries}


def test_every_requirement_is_locked_with_hashes_and_without_an_address():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    entries = locked(text)
    assert [n for n, e in entries.items() if "==" not in e or "--hash=sha256:" not in e] == []
    assert "://" not in text
    files = [ROOT / name for name in ("requirements.in", "requirements-test.in")]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    wanted = [Requirement(line.split("#")[0].strip()) for line in lines if line.split("#")[0].strip()]
    for requirement in wanted:
        version = re.search(r"==([^\s;\\]+)", entries[requirement.name.lower()]).group(1)
        assert requirement.specifier.contains(version), requirement.name


def test_an_unhashed_requirement_would_be_seen():
    assert "--hash" not in locked("alpha==1 \\\n    --hash=sha256:0\nbeta==2\n")["beta"]


@pytest.mark.parametrize("pattern", [HOSTS, MACHINE], ids=["registry host", "machine path"])
def test_no_file_names_a_registry_host_or_a_path_of_one_machine(pattern):
    # The tests of the two checks that look for such paths hold made-up ones.
    holding = ("unit/notebooks/test_lint.py", "unit/publishing/test_site_scan.py")
    allowed = {ROOT / "tests" / name for name in holding}
    assert all(path.is_file() for path in allowed)
    assert [p.name for p, text in texts().items() if p not in allowed and pattern.search(text)] == []


def test_the_patterns_find_what_they_forbid():
    assert HOSTS.search("https://" + "py" + "pi.org/simple")
    assert MACHINE.search("open('/" + "root/x')")


def test_modules_stay_short():
    long = {
        p.name: n
        for p in tracked()
        if p.suffix == ".py"
        if (n := len(p.read_text(encoding="utf-8").splitlines()))
        > (MAX_TEST_LINES if p.is_relative_to(ROOT / "tests") else MAX_LINES)
    }
    assert long == {}


def crowded(modules: list[Path]) -> dict[str, int]:
    """The folders with too many modules; ``__init__`` and ``__main__`` are none."""
    folders = Counter(p.parent for p in modules if not p.stem.startswith("__"))
    return {folder.as_posix(): n for folder, n in folders.items() if n > MAX_MODULES}


def test_no_folder_is_crowded():
    own = [p.relative_to(ROOT) for p in tracked() if p.suffix == ".py"]
    own = [p for p in own if p.parts[0] in ("figurebook", "wuqi") and p.parent != Path("wuqi/systems")]
    assert len(own) > 100
    assert crowded(own) == {}
    assert crowded([Path(f"figurebook/cli/a{n}.py") for n in range(16)]) == {"figurebook/cli": 16}


def test_the_workflow_tests_all_three_pythons_weekly_and_publishes():
    flow = yaml.safe_load((ROOT / ".github" / "workflows" / "book.yml").read_text(encoding="utf-8"))
    assert flow["jobs"]["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert "schedule" in flow[True]  # YAML 1.1 reads the key ``on`` as true
    assert "test" in flow["jobs"]["publish"]["needs"]


def test_ci_calls_the_two_commands_of_the_readme():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in ("make book", "make test"):
        assert f"\n{command}" in script
        assert f"\n{command}" in readme
    assert "set -euo pipefail" in script


def test_make_serves_any_county():
    assert "wuqi" not in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_root_holds_what_the_design_lists_and_nothing_more():
    names = {p.relative_to(ROOT).parts[0] for p in tracked()}
    assert names == {
        "_config.yml",
        "requirements.in",
        "requirements-test.in",
        "requirements.txt",
        "pyproject.toml",
        "Makefile",
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "GLOSSARY.md",
        "CITATION.cff",
        "LICENSE",
        "LICENSE-CONTENT.md",
        ".gitignore",
        ".git-blame-ignore-revs",
        ".pre-commit-config.yaml",
        ".binder",
        ".ci",
        ".github",
        "benchmarks",
        "book",
        "data",
        "figurebook",
        "notebooks",
        "tests",
        "wuqi",
    }


EXTENSIONS = sorted(p for p in (ROOT / "figurebook" / "site").rglob("*.py") if p.stem != "__init__")
TESTED_WITH_MORE = {"own_tables_note": "own_tables"}


def test_the_extensions_are_found():
    assert len(EXTENSIONS) > 20


@pytest.mark.parametrize("path", EXTENSIONS, ids=lambda p: p.stem)
def test_an_extension_is_small_and_has_a_test_file(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= EXTENSION_LINES
    name = TESTED_WITH_MORE.get(path.stem, path.stem)
    assert list((ROOT / "tests").rglob(f"test_{name}.py"))
