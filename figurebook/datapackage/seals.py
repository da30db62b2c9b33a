"""Seal the data package: write ``datapackage.json`` from the manifests.

The descriptor records what each file's bytes are. ``seal`` validates every table first. ``broken_seals`` is
the gate that compares: files changed, missing or listed nowhere, and a descriptor that its manifests no
longer make.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from figurebook import project
from figurebook.datapackage import manifests
from figurebook.datapackage.descriptor import exposed_personal_columns
from figurebook.datapackage.files import sha256
from figurebook.datapackage.problems import Problem, TablesError
from figurebook.datapackage.tables import whole_package
from figurebook.datapackage.validation.package_files import validate

DESCRIPTOR = "datapackage.json"
_RECORDED = ("usedBy", "hash", "bytes")  # of every file, by ``seal`` and ``usage.record``


def seal(data: Path) -> bool:
    """Write the descriptor; True when it changed. Refuses tables that do not validate."""
    package = manifests.read(data)
    files = {r["name"]: data / r["path"] for r in package["resources"]}
    tabular = [r["name"] for r in package["resources"] if "schema" in r]
    problems = [
        _missing(r) for r in package["resources"] if "schema" not in r and not files[r["name"]].is_file()
    ]
    problems += (
        exposed_personal_columns(package) + validate(package, files, tabular) + _unlisted(data, package)
    )
    if problems:
        raise TablesError(problems)
    path = data / DESCRIPTOR
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    package["resources"] = [_recorded(r, files[r["name"]], _users(before)) for r in package["resources"]]
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    if changed := text != before:
        path.write_text(text, encoding="utf-8")
    return changed


def broken_seals(data: Path) -> list[Problem]:
    """Report files and a descriptor that are no longer as sealed.

    A file may be missing, never sealed, changed since, described otherwise, or not listed at all.
    """
    package = whole_package(data)
    problems = []
    for resource in package["resources"]:
        path = data / resource["path"]
        if not path.is_file():
            problems.append(_missing(resource))
        elif not resource.keys() >= {*_RECORDED}:
            problems.append(
                Problem(resource["path"], "sha256", f"摘要、大小和“用于”还没有登记，{_advice()}。")
            )
        elif sha256(path) != resource["hash"]:
            problems.append(
                Problem(
                    resource["path"],
                    "sha256",
                    f"文件改过而登记没有改。若是有意修改，{_advice()}\uff1b若要换用自己的表，请用 --data。",
                )
            )
    return [*problems, *_outdated(package, manifests.read(data)), *_unlisted(data, package)]


def listed_files(package: dict) -> set[str]:
    """Every file of a data package: its descriptor, what this names, and the manifests."""
    resources = package["resources"]
    named = {r["path"] for r in resources} | {manifests.manifest_of(r) for r in resources}
    return {DESCRIPTOR, manifests.PACKAGE} | named


def _users(descriptor: str) -> dict[str, list[str]]:
    """The users of each table as a descriptor records them.

    A descriptor that cannot be read gives none: it is written anew.
    """
    try:
        return {r["name"]: r["usedBy"] for r in json.loads(descriptor)["resources"]}
    except (ValueError, KeyError, TypeError):
        return {}


def _recorded(resource: dict, path: Path, users: dict[str, list[str]]) -> dict:
    """A resource with the record of its file, before its long schema."""
    schema = {"schema": resource["schema"]} if "schema" in resource else {}
    return {
        **{k: v for k, v in resource.items() if k != "schema"},
        "usedBy": users.get(resource["name"], []),
        "hash": sha256(path),
        "bytes": path.stat().st_size,
        **schema,
    }


def _outdated(package: dict, made: dict) -> Iterator[Problem]:
    """Report keys on which the descriptor and its manifests differ."""
    if keys := _differing(package, made, ("resources",)):
        yield _otherwise(manifests.PACKAGE, keys)
    before = {r["name"]: r for r in package["resources"]}
    for resource in made["resources"]:
        if keys := _differing(before.get(resource["name"], {}), resource, _RECORDED):
            yield _otherwise(manifests.manifest_of(resource), keys)
    if list(before) != [r["name"] for r in made["resources"]]:
        yield _otherwise(manifests.PACKAGE, ["tables"])


def _differing(one: dict, other: dict, aside: tuple[str, ...]) -> list[str]:
    return [k for k in {**other, **one} if k not in aside and one.get(k) != other.get(k)]


def _otherwise(manifest: str, keys: list[str]) -> Problem:
    return Problem(manifest, "outdated", f"{DESCRIPTOR} 里的 {'、'.join(keys)} 与它说的不同，{_advice()}。")


def _missing(resource: dict) -> Problem:
    return Problem(
        resource["path"], "missing-file", "数据包里登记了它，文件却不在。请补上它，或从登记里删去。"
    )


def _unlisted(data: Path, package: dict) -> list[Problem]:
    files = {
        p.relative_to(data).as_posix()
        for p in data.rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    }
    return [
        Problem(
            path,
            "unlisted",
            f"请在 {manifests.PACKAGE} 的 tables 里写上它，表旁边放一个同名的 .yaml 说明它；或移出 data。",
        )
        for path in sorted(files - listed_files(package))
    ]


def _advice() -> str:
    return f"请运行 {project.command('seal')}"
