"""Record what a built site was made from and the digest of each file.

``built-from.json`` lies in the site itself, so anyone can check that the site is whole. It holds ``inputs``,
one digest over everything the site was made from, and ``files``, ``{path: sha256}`` of every other file.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

NAME = "built-from.json"
_OF_THE_SYSTEM = {".DS_Store", "Thumbs.db", "desktop.ini"}  # files that file managers leave in folders


def write(site: Path, inputs: str) -> None:
    """Record the digest of the site's inputs and the files it now has."""
    files = {name: digest(site / name) for name in _files(site)}
    text = json.dumps({"inputs": inputs, "files": files}, indent=0)
    (site / NAME).write_text(text + "\n", encoding="utf-8")


def inputs(site: Path) -> str | None:
    """The digest of the site's inputs; None when there is no site."""
    return _read(site).get("inputs")


def is_whole(site: Path) -> bool:
    """Whether every published file is there, unchanged."""
    files = _read(site).get("files")
    return files is not None and all(
        (site / name).is_file() and digest(site / name) == recorded for name, recorded in files.items()
    )


def unpublished_files(folder: Path) -> list[str]:
    """The files of a folder that no build published; all files without a record."""
    record = _read(folder)
    if "inputs" in record and "files" not in record:  # an old record that lists no files
        return []
    return [name for name in _files(folder) if name not in record.get("files", {})]


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
        record = json.loads((site / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}
