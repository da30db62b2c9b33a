"""The lower layers know nothing of those above them, in whatever way a module is imported."""

import ast
from pathlib import Path

import networkx as nx
import pytest
from helpers_project import ROOT

_INTAKE_READING = {
    "grid",
    "grids",
    "guard",
    "delimited",
    "archive",
    "columns",
    "workbook",
    "sheet",
    "runs",
    "formats",
    "faults",
    "readings",
    "amounts",
}
_OFFICE_IN_PRIVACY = {"figurebook.office.personal_data", "figurebook.office.running_numbers"}
GROUND, PACKAGE, PRIVACY, READING, WRITING, FIGURES, OFFICE, ABOVE = range(8)
BELOW = {
    GROUND: set(),
    PACKAGE: {GROUND},
    PRIVACY: {GROUND, PACKAGE},
    READING: {GROUND, PACKAGE},
    WRITING: {GROUND, PACKAGE},
    FIGURES: {GROUND, PACKAGE},
    OFFICE: {GROUND, PACKAGE, PRIVACY, READING, WRITING, FIGURES},
}
NAMED = {
    "problems": GROUND,
    "progress": GROUND,
    "words": GROUND,
    "intake.spelling": GROUND,
    "errors": GROUND,
    **dict.fromkeys(
        (
            "about",
            "files",
            "descriptor",
            "tables",
            "validation",
            "table_rows",
            "cell_rules",
            "key_rules",
            "wanted",
            "seal",
            "usage",
            "stored_tables",
        ),
        PACKAGE,
    ),
    **dict.fromkeys(
        ("claims", "corroborate", "aggregate", "computations", "figures", "verify", "differences", "derived"),
        FIGURES,
    ),
}
_WRITING = {f"figurebook.systems.{name}" for name in ("sheets", "sheet_writer", "cells")}


def layer(module: str) -> int:
    """The layer of a module of the program; everything that is not named lies above the office."""
    name = module.removeprefix("wuqi.")
    if module in _WRITING:
        return WRITING
    if name in NAMED:
        return NAMED[name]
    if module in _OFFICE_IN_PRIVACY:
        return OFFICE
    if module.startswith("figurebook.privacy"):
        return PRIVACY
    if module.startswith("figurebook.office"):
        return READING if module.rpartition(".")[2] in _INTAKE_READING else OFFICE
    return ABOVE


def imports(folder: Path) -> nx.DiGraph:
    """Who imports whom among the modules below ``folder``, in functions and for type checkers too."""
    paths = {
        ".".join(p.relative_to(folder).with_suffix("").parts).removesuffix(".__init__"): p
        for p in (folder / "wuqi").rglob("*.py")
    }
    graph = nx.DiGraph()
    graph.add_nodes_from(paths)
    for module, path in paths.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                whole = [f"{node.module}.{alias.name}" for alias in node.names]
                names = [n if n in paths else node.module for n in whole]
            else:
                continue
            graph.add_edges_from((module, name) for name in names if name in paths and name != module)
    return graph


def upward(graph: nx.DiGraph) -> list[tuple[str, str]]:
    """The imports of a layer, or of one beside it, that its modules may not make."""
    return [
        (a, b) for a, b in graph.edges if layer(a) != ABOVE and layer(b) not in {layer(a), *BELOW[layer(a)]}
    ]


def test_no_module_imports_one_of_a_layer_above_it_or_beside_it():
    assert upward(imports(ROOT)) == []


def test_no_circle():
    assert [sorted(c) for c in nx.strongly_connected_components(imports(ROOT)) if len(c) > 1] == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("tables", "from figurebook.office.accept import accept"),
        ("tables", "def f():\n    from figurebook.privacy.limits import limits"),
        ("problems", "from wuqi import tables"),
        ("privacy/limits", "from figurebook.spreadsheets.reading.grid import Note"),
        ("intake/guard", "import figurebook.privacy.folding"),
        ("privacy/folding", "from figurebook.office.personal_data import discreet"),
        ("intake/accept", "from figurebook.notebooks.api import tables"),
    ],
)
def test_an_import_upwards_or_sideways_is_found(tmp_path, module, line):
    for other in (
        "tables",
        "problems",
        "notebook",
        "privacy/limits",
        "privacy/folding",
        "privacy/disclosure",
        "intake/grid",
        "intake/guard",
        "intake/accept",
    ):
        path = tmp_path / "wuqi" / f"{other}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(line if other == module else "", encoding="utf-8")
    [(found, _)] = upward(imports(tmp_path))
    assert found == "wuqi." + module.replace("/", ".")
