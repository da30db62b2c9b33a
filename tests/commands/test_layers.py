"""The layers of the two packages, held by import-linter; each contract is shown broken on a copy."""

import shutil
import tomllib
from pathlib import Path

import pytest
from support.project import ROOT, python

PACKAGES = ("figurebook", "wuqi")
LINT = "from importlinter.cli import lint_imports_command as lint; lint()"


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    """The modules of both packages and the contracts, without anything else of the project."""
    to = tmp_path_factory.mktemp("layers")
    shutil.copy(ROOT / "pyproject.toml", to)
    for path in (p for package in PACKAGES for p in (ROOT / package).rglob("*.py")):
        copied = to / path.relative_to(ROOT)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copied)
    return to


def lint(project: Path, *contracts: str) -> tuple[int, str]:
    """The exit code of import-linter in a project, and all that it says."""
    chosen = [word for name in contracts for word in ("--contract", name)]
    done = python(project, "-c", LINT, "--no-logo", "--no-cache", *chosen, COLUMNS="300")
    return done.returncode, done.stdout + done.stderr


def with_line(project: Path, module: str, line: str, *contracts: str) -> tuple[int, str]:
    """``lint`` with a line added to a module, which is made if it is not there; both are as before after."""
    path = project / (module.replace(".", "/") + ".py")
    before = path.read_text(encoding="utf-8") if path.is_file() else None
    path.write_text(f"{before or ''}\n\n{line}\n", encoding="utf-8")
    try:
        return lint(project, *contracts)
    finally:
        path.unlink() if before is None else path.write_text(before, encoding="utf-8")


def contracts() -> list[dict]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]


def test_the_project_keeps_every_contract():
    code, said = lint(ROOT)
    assert code == 0, said
    assert f"{len(contracts())} kept, 0 broken" in said


def test_a_copy_keeps_them_too_so_that_a_failure_below_is_the_line_that_was_added(sources):
    code, said = lint(sources)
    assert code == 0, said


def test_no_contract_lets_an_import_off():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert settings["root_packages"] == list(PACKAGES)
    assert settings["exclude_type_checking_imports"] is False
    words = {key for contract in settings["contracts"] for key in contract}
    assert words == {
        "id",
        "name",
        "type",
        "containers",
        "exhaustive",
        "layers",
        "source_modules",
        "forbidden_modules",
        "ancestors",
    }


# A module of each layer, with a module of the next layer up or of one beside it.
UPWARDS = [
    ("cli.main", "__main__"),
    ("publishing.usb", "cli.common"),
    ("site.roles", "publishing.usb"),
    ("systems.ties", "site.roles"),
    ("notebooks.charts", "systems.ties"),
    ("office.template", "notebooks.lint"),
    ("interview.numerals", "office.template"),
    ("privacy.limits", "interview.numerals"),
    ("privacy.limits", "spreadsheets.reading.grid"),
    ("spreadsheets.reading.grid", "figures.registry"),
    ("figures.registry", "privacy.limits"),
    ("figures.registry", "spreadsheets.reading.grid"),
    ("spreadsheets.writing.layout", "privacy.folding"),
    ("datapackage.tables", "figures.registry"),
    ("errors", "datapackage.bases"),
    ("project", "datapackage.bases"),
    ("text_forms", "cli.main"),
]


@pytest.mark.parametrize(("module", "above"), UPWARDS)
def test_an_import_of_a_layer_above_or_beside_is_found(sources, module, above):
    module, above = f"figurebook.{module}", f"figurebook.{above}"
    code, said = with_line(sources, module, f"import {above}", "layers")
    assert code == 1
    assert "0 kept, 1 broken" in said
    assert f"{module} -> {above} (l." in said


def test_every_boundary_between_layers_is_tried():
    [layers] = (c["layers"] for c in contracts() if c["id"] == "layers")
    rows = [[name.strip() for name in row.replace("|", ":").split(":")] for row in layers]
    place = {name: i for i, row in enumerate(rows) for name in row}
    tried = {(place[a.split(".")[0]], place[b.split(".")[0]]) for a, b in UPWARDS}
    assert {(i + 1, i) for i in range(len(rows) - 1)} <= tried


@pytest.mark.parametrize(
    "line",
    [
        "def f():\n    from figurebook.office.accept import accept\n    return accept",
        "import typing\nif typing.TYPE_CHECKING:\n    from figurebook.office.accept import accept",
        "from figurebook.office import accept",
    ],
    ids=["in a function", "for a type checker", "by the package"],
)
def test_an_import_counts_wherever_it_stands(sources, line):
    code, said = with_line(sources, "figurebook.datapackage.tables", line, "layers")
    assert code == 1
    assert "figurebook.datapackage.tables -> figurebook.office" in said


def test_a_module_without_a_layer_is_found(sources):
    code, said = with_line(sources, "figurebook.helpers", "", "layers")
    assert code == 1
    assert "figurebook.helpers" in said


@pytest.mark.parametrize("module", ["figurebook.__init__", "figurebook.project", "figurebook.cli.main"])
def test_a_program_that_imports_the_county_is_found(sources, module):
    code, said = with_line(sources, module, "def f():\n    import wuqi.county", "county")
    assert code == 1
    assert f"{module.removesuffix('.__init__')} -> wuqi.county (l." in said


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("figurebook.errors", "from figurebook import project"),
        ("figurebook.office.recognise.columns", "import figurebook.office.check.keys"),
        ("figurebook.spreadsheets.reading.grid", "import figurebook.spreadsheets.reading.xlsx_sheet"),
        ("wuqi.figures", "import wuqi.county"),
    ],
)
def test_a_circle_of_modules_or_packages_is_found(sources, module, line):
    code, said = with_line(sources, module, line, "circles")
    assert code == 1
    assert "0 kept, 1 broken" in said


CIRCLES = """
import grimp, networkx
graph = grimp.build_graph("figurebook", "wuqi", exclude_type_checking_imports=False, cache_dir=None)
edges = [(m, n) for m in graph.modules for n in graph.find_modules_directly_imported_by(m)]
assert len(edges) > 500
print([sorted(c) for c in networkx.strongly_connected_components(networkx.DiGraph(edges)) if len(c) > 1])
"""


def circles(project: Path) -> str:
    """The circles of modules; a package with a module in it too, which no contract looks at."""
    done = python(project, "-c", CIRCLES)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_no_package_imports_a_module_that_imports_it():
    assert circles(ROOT) == "[]"


def test_a_package_that_imports_a_module_that_imports_it_is_found(sources):
    path = sources / "figurebook" / "privacy" / "__init__.py"
    before = path.read_text(encoding="utf-8")
    module = sources / "figurebook" / "privacy" / "outsider.py"
    path.write_text("import figurebook.privacy.outsider", encoding="utf-8")
    module.write_text("def f():\n    from figurebook.privacy import limit", encoding="utf-8")
    try:
        assert circles(sources) == "[['figurebook.privacy', 'figurebook.privacy.outsider']]"
    finally:
        path.write_text(before, encoding="utf-8")
        module.unlink()
