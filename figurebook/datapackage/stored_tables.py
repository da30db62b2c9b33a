"""Save an office's tables for the other processes of one build.

The tables were accepted before they are saved, and hold no personal data. So they are read back without
being checked again.
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
    """Write the recorded tables, and whose they are, into a new ``folder``."""
    folder.mkdir(parents=True)
    for name in tables.recorded:
        tables.text(name).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    contents = {"tables": tables.recorded, **asdict(tables.about)}
    (folder / _ABOUT).write_text(json.dumps(contents, ensure_ascii=False) + "\n", encoding="utf-8")


def load_stored_tables(folder: Path, root: Path | str | None = None) -> Tables:
    """The package at ``root``, or the project's, with the tables that ``store`` wrote.

    Raises TablesError as ``Tables.load`` does.
    """
    contents = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
    frames = {n: read_strings(folder / f"{n}.csv") for n in contents["tables"]}
    return Tables.load(root).with_recorded(frames, About(contents["office"], contents["date"]))
