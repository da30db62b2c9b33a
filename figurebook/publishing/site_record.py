"""What a site consists of, written into the site itself: anyone can tell whether it is whole.

``built-from.json`` holds ``inputs``, one digest over everything the site was made from, and ``files``,
``{path: sha256}`` of every other file of the site.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

NAME = "built-from.json"
_OF_THE_SYSTEM = {".DS_Store", "Thumbs.db", "desktop.ini"}  # what file managers leave in folders they show


def write(site: Path, inputs: str) -> None:
    """Record what the site was made from and the files it now has."""
    files = {name: digest(site / name) for name in _files(site)}
    text = json.dumps({"inputs": inputs, "files": files}, indent=0)
    (site / NAME).write_text(text + "\n", encoding="utf-8")


def inputs(site: Path) -> str | None:
    """What the site was made from, None when there is no site."""
    return _read(site).get("inputs")


def is_whole(site: Path) -> bool:
    """Whether every file that was published is there, unchanged."""
    files = _read(site).get("files")
    return files is not None and all(
        (site / name).is_file() and digest(site / name) == known for name, known in files.items()
    )


def unpublished_files(folder: Path) -> list[str]:
    """Files of a folder that were not published there: somebody's own, or all of them if it is no site."""
    known = _read(folder)
    if "inputs" in known and "files" not in known:  # published before files were listed: none can be told
        return []
    return [name for name in _files(folder) if name not in known.get("files", {})]


def digest(path: Path) -> str:
    """sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(folder: Path) -> list[str]:
    paths = (p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir())
    return sorted(
        p.relative_to(folder).as_posix() for p in paths if p != folder / NAME and p.name not in _OF_THE_SYSTEM
    )


def _read(site: Path) -> dict:
    try:
        found = json.loads((site / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
