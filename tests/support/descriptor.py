"""Change a descriptor for a test."""

import json
from pathlib import Path

GONE = object()


def put(package: dict, path: str, value: object) -> None:
    """Set or remove the value at a path such as ``crews schema fields 2 title``."""
    *steps, last = path.split()
    place = package
    if steps:
        name = steps.pop(0)
        place = next(r for r in package["resources"] if r["name"] == name)
    for step in steps:
        place = place[int(step) if step.isdigit() else step]
    key = int(last) if last.isdigit() else last
    if value is GONE:
        del place[key]
    else:
        place[key] = value


def rewrite(folder: Path, package: dict) -> None:
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
