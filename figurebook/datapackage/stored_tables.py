"""The tables laid over a package, kept in a folder for the other processes of one build.

What is kept was accepted before, and nobody's data is in it: it is read back without being judged again.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from figurebook.datapackage.about import About
from figurebook.datapackage.files import read_strings
from figurebook.datapackage.tables import Tables

_ABOUT = "stored.json"


def store(tables: Tables, folder: Path) -> None:
    """Write the recorded tables of ``tables``, and whose they are, into ``folder``, which must be new."""
    folder.mkdir(parents=True)
    for name in tables.recorded:
        tables.text(name).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    known = {"tables": tables.recorded, **asdict(tables.about)}
    (folder / _ABOUT).write_text(json.dumps(known, ensure_ascii=False) + "\n", encoding="utf-8")


def load_stored_tables(folder: Path, root: Path | str | None = None) -> Tables:
    """The package at ``root``, or the project's, with the tables that ``store`` wrote.

    Raises TablesError as ``Tables.load`` does.
    """
    known = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
    frames = {n: read_strings(folder / f"{n}.csv") for n in known["tables"]}
    return Tables.load(root).with_recorded(frames, About(known["office"], known["date"]))
