"""Seals the data package: what each file's bytes are, and that no file goes unlisted.

``seal`` records sha256 and size of every table in ``datapackage.json``, after validating all of
them; ``broken_seals`` is the gate that compares.
"""

from __future__ import annotations

import json
from pathlib import Path

from wuqi.descriptor import public
from wuqi.files import sha256
from wuqi.problems import Problem, TablesError
from wuqi.tables import whole_package

_UNSEALED = {"datapackage.json"}
_RECORDED = {"hash", "bytes", "usedBy"}  # of every file, by ``reconstruct``


def seal(data: Path) -> bool:
    """Record the digests; True when the descriptor changed. Refuses tables that do not validate."""
    from wuqi.validate import validate  # brings Frictionless in, which few commands need

    package = whole_package(data)
    files = {r["name"]: data / r["path"] for r in package["resources"]}
    tabular = [r["name"] for r in package["resources"] if "schema" in r]
    problems = [_missing(r) for r in package["resources"]
                if "schema" not in r and not files[r["name"]].is_file()]
    problems += public(package) + validate(package, files, tabular) + _unlisted(data, package)
    if problems:
        raise TablesError(problems)
    for resource in package["resources"]:
        resource["hash"] = sha256(files[resource["name"]])
        resource["bytes"] = files[resource["name"]].stat().st_size
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    path = data / "datapackage.json"
    changed = text != path.read_text(encoding="utf-8")
    if changed:
        path.write_text(text, encoding="utf-8")
    return changed


def broken_seals(data: Path) -> list[Problem]:
    """Files missing, never sealed, changed since they were, or not listed at all."""
    package = whole_package(data)
    problems = []
    for resource in package["resources"]:
        path = data / resource["path"]
        if not path.is_file():
            problems.append(_missing(resource))
        elif _RECORDED - resource.keys():
            problems.append(Problem(resource["path"], "sha256", "摘要、大小和“用于”还没有登记，"
                                    "请运行 python -m wuqi reconstruct。"))
        elif sha256(path) != resource["hash"]:
            problems.append(Problem(
                resource["path"], "sha256",
                "文件改过而登记没有改。若是有意修改，请运行 python -m wuqi reconstruct\uff1b"
                "若要换用自己的表，请用 --data。"))
    return problems + _unlisted(data, package)


def _missing(resource: dict) -> Problem:
    return Problem(resource["path"], "missing-file",
                   "数据包里登记了它，文件却不在。请补上它，或从登记里删去。")


def _unlisted(data: Path, package: dict) -> list[Problem]:
    listed = {r["path"] for r in package["resources"]}
    found = {p.relative_to(data).as_posix() for p in data.rglob("*")
             if p.is_file() and "__pycache__" not in p.parts}
    return [Problem(path, "unlisted", "请在 datapackage.json 里登记它，或移出 data。")
            for path in sorted(found - listed - _UNSEALED)]
