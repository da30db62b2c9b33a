"""Find which figures, notebooks, modules and pages use each table.

Users are found, not declared. Figures name their table, and a notebook's stamp says what it read. Modules
and pages are searched for the table's name. ``datapackage.json`` keeps the answer (``usedBy``), so that
anyone who is about to change a table sees who uses it.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

from figurebook import project
from figurebook.datapackage.tables import read_package

STAMP = "figurebook"  # the key of a notebook's metadata that holds its stamp

_READ = ("tables", "columns", "rows", "counts")  # parts of a stamp by table; a manifest alone is no use of it
_BLIND = {"usage.py", "tables.py", "measures.py"}  # they name a table only as an example


def used_by() -> dict[str, list[str]]:
    """``{table: users}`` of the project: figure ids, then files, each sorted.

    A file stands as its path in the project, a module of either package as its path from the package on.
    """
    root = project.root()
    package = read_package(project.data())
    with (project.data() / "interview" / "figures.csv").open(encoding="utf-8", newline="") as lines:
        figures = list(csv.DictReader(lines))
    notebooks = {
        path: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((root / "notebooks").rglob("*.ipynb"))
    }
    modules = {
        path: path.relative_to(folder.parent).as_posix()
        for folder in project.packages()
        for path in folder.rglob("*.py")
    }
    read = {path: _read(n["metadata"].get(STAMP, {})) for path, n in notebooks.items()}
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in [*modules, *(root / "book").rglob("*.md")]
        if path.name not in _BLIND
    }
    # A notebook's outputs are long and use nothing: only its sources are searched.
    texts |= {path: "\n".join("".join(c["source"]) for c in n["cells"]) for path, n in notebooks.items()}
    users = {}
    for resource in package["resources"]:
        name, file = resource["name"], Path(resource["path"]).name
        mention = re.compile(
            rf"tables(?:\(\))?\.{name}\b|\bt\.{name}\b|\brules_of\([^)]*\)\[\"{name}\"\]"
            rf"|\.(?:rows|rows_where|column|count)\(\"{name}\""
            rf"|/{re.escape(file)}|\"{re.escape(file)}\"|\{{view}} {name}\b|\{{fact}}`{name}/"
            rf"|\b(?:Count|Total|WeightedMean|Only)\(\"{name}\""
        )
        files = {p for p, tables in read.items() if name in tables}
        files |= {p for p, text in texts.items() if (name in text or file in text) and mention.search(text)}
        users[name] = [f["id"] for f in figures if f["table"] == name]
        users[name] += sorted(modules.get(p) or p.relative_to(root).as_posix() for p in files)
    return users


def _read(stamp: dict) -> set[str]:
    """The tables of which a notebook read anything.

    Of the rule tables these are the ones with rules of its own system.
    """
    own = {table for digests in stamp.get("rules", {}).values() for table in digests}
    return own | {key.split("/")[0] for part in _READ for key in stamp.get(part, ())}


def record() -> None:
    """Write who uses each table into the package's descriptor."""
    package, users = read_package(project.data()), used_by()
    for resource in package["resources"]:
        resource["usedBy"] = users[resource["name"]]
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    (project.data() / "datapackage.json").write_text(text, encoding="utf-8")


def misrecorded() -> list[str]:
    """The tables whose recorded users are not those found."""
    users = used_by()
    return [r["name"] for r in read_package(project.data())["resources"] if r["usedBy"] != users[r["name"]]]
