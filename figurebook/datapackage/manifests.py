"""Build the descriptor from the YAML manifests beside the tables.

A YAML file beside each table says what it is; ``package.yaml`` says what all share. They are written by
hand; ``seals`` writes the descriptor to ``datapackage.json``. Every value is read as text and turned into
what its key wants, so that no bare word becomes a date or a truth value. All that is wrong is reported at
once, one line for each key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from figurebook.datapackage.descriptor import REGISTRY, registry_faults
from figurebook.datapackage.manifest_keys import (
    FIELD_KEYS,
    NOT_WRITTEN,
    PACKAGE_KEYS,
    TABLE_KEYS,
    ManifestValueError,
    text,
)
from figurebook.datapackage.problems import Problem, TablesError
from figurebook.text_forms import bare

PACKAGE = "package.yaml"
_CONSTRAINTS = ("required", "unique", "minimum", "maximum", "pattern")
_CSV = {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
_JSON = {"format": "json", "mediatype": "application/json"}


_Base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the first where there is libyaml


class _Loader(_Base):
    """YAML in which every scalar is text and no key stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        keys = set()
        for key, _ in node.value:
            wrong = (
                "键要是一个词"
                if not isinstance(key.value, str)
                else f"“{key.value}”写了两次"
                if key.value in keys
                else ""
            )
            if wrong:
                raise yaml.constructor.ConstructorError(None, None, wrong, key.start_mark)
            keys.add(key.value)
        return super().construct_mapping(node, deep)


@dataclass
class _File:
    """One manifest while it is read, with the problems found in it."""

    name: str
    problems: list[Problem] = field(default_factory=list)

    def say(self, key: str, how: str) -> None:
        self.problems.append(Problem(self.name, "unreadable", f"{key}：{how}。"))

    def take(
        self, mapping: object, readers: dict[str, Callable], needed: tuple[str, ...], where: str = ""
    ) -> dict:
        """Read the keys of a mapping, each with its reader.

        Keys that are wrong, unknown or missing are reported.
        """
        if not isinstance(mapping, dict):
            self.say(where.removesuffix(".") or "整个文件", "要写成键和值，一个键一行")
            return {}
        values = {}
        for key, value in mapping.items():
            if key not in readers:
                self.say(f"{where}{key}", f"没有这个键，可以写 {'、'.join(readers)}")
                continue
            try:
                values[key] = readers[key](value)
            except ManifestValueError as error:
                self.say(f"{where}{key}", str(error))
        for key in needed:
            if key not in mapping:
                self.say(f"{where}{key}", NOT_WRITTEN)
        return values


def read(data: Path) -> dict:
    """The descriptor that the manifests in ``data`` make, without digests and users.

    TablesError names each manifest and key that is missing or wrong.
    """
    head = _File(PACKAGE)
    missing = "数据包要有它，写明 name、title、license、licenses 和 tables"
    package = head.take(
        _load(data, PACKAGE, missing), PACKAGE_KEYS, ("name", "title", "license", "licenses", "tables")
    )
    licenses = {}
    for name, entry in package.get("licenses", {}).items():
        licenses[name] = {
            "name": name,
            **head.take(entry, {"title": text, "path": text}, ("title",), f"licenses.{name}."),
        }
    if licenses and "license" in package and package["license"] not in licenses:
        head.say("license", f"licenses 里没有 {package['license']}")
    names = [PurePosixPath(t).name for t in package.get("tables", [])]
    for name in sorted({n for n in names if names.count(n) > 1}):
        head.say("tables", f"{name} 不止一项，名称不能重复")
    if head.problems:
        raise TablesError(head.problems)
    files, problems = {}, []
    for place in package["tables"]:
        try:
            files[place] = _table(data, place, package["license"], licenses)
        except TablesError as error:
            problems += error.problems
    if not problems:
        problems = [*_references(files), *_registry(files)]
    if problems:
        raise TablesError(problems)
    own = {k: package[k] for k in ("name", "title", "description") if k in package}
    return {
        **own,
        "profile": "data-package",
        **({"version": v} if (v := package.get("version")) else {}),
        "licenses": [licenses[package["license"]]],
        "resources": list(files.values()),
    }


def manifest_of(resource: dict) -> str:
    """The manifest of a table, as a path in ``data``."""
    return str(PurePosixPath(resource["path"]).with_suffix(".yaml"))


def _load(data: Path, name: str, missing: str) -> object:
    try:
        return yaml.load((data / name).read_text(encoding="utf-8"), _Loader)
    except FileNotFoundError:
        raise TablesError([Problem(name, "missing-file", f"{missing}。")]) from None
    except UnicodeDecodeError:
        raise TablesError([Problem(name, "encoding", "不是 UTF-8，请另存为 UTF-8。")]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise TablesError(
            [
                Problem(
                    name,
                    "unreadable",
                    f"不是合格的 YAML（{error.problem}）。",
                    row=mark.line + 1 if mark else None,
                )
            ]
        ) from None
    except yaml.YAMLError as error:
        raise TablesError(
            [Problem(name, "unreadable", "不是合格的 YAML（" + " ".join(str(error).split()) + "）。")]
        ) from None


def _table(data: Path, place: str, usual: str, licenses: dict) -> dict:
    file = _File(f"{place}.yaml")
    missing = f"{PACKAGE} 的 tables 里写了它，文件却不在：请补上它，或从 tables 里删去"
    entry = file.take(
        _load(data, file.name, missing),
        TABLE_KEYS,
        ("title", "description", "role", "basis", "sources", "gaps"),
    )
    path = str(PurePosixPath(place).with_name(entry.get("file", f"{PurePosixPath(place).name}.csv")))
    license_ = entry.get("license", usual)
    if license_ not in licenses:
        file.say("license", f"{PACKAGE} 的 licenses 里没有 {license_}")
    is_csv = path.endswith(".csv")
    if is_csv and "fields" not in entry:
        file.say("fields", "没有写，请写明每一列")
    fields = [_field(file, name, spec) for name, spec in entry.get("fields", {}).items()]
    fact = (
        file.take(entry["fact"], {"key": text, "value": text, "unit": text}, ("key", "value"), "fact.")
        if "fact" in entry
        else None
    )
    columns = {f["name"] for f in fields}
    for key, named in (
        ("key", entry.get("key", [])),
        *((f"fact.{k}", [fact[k]]) for k in ("key", "value") if fact and k in fact),
    ):
        if lacking := [c for c in named if c not in columns]:
            file.say(key, f"没有列 {'、'.join(lacking)}")
    for problem in _headings(fields):
        file.say(*problem)
    if file.problems:
        raise TablesError(file.problems)
    made = {
        "name": PurePosixPath(place).name,
        "path": path,
        **{k: entry[k] for k in ("title", "description", "role", "row") if k in entry},
        **({"fact": fact} if fact else {}),
        **(_CSV if is_csv else _JSON),
        **{k: entry[k] for k in ("basis", "maker") if k in entry},
        "sources": [{"title": s} for s in entry["sources"]],
        "licenses": [licenses[license_]],
        "gaps": entry["gaps"],
    }
    return made | ({"schema": _schema(entry, fields)} if fields else {})


def _field(file: _File, name: str, spec: object) -> dict:
    where = f"fields.{name}."
    entry = file.take(spec, FIELD_KEYS, ("title", "type"), where)
    values = list(entry.get("words", entry.get("values", [])))
    if "words" in entry and "values" in entry:
        file.say(f"{where}values", "写了 words，就不写 values")
    if "open" in entry and "words" not in entry:
        file.say(f"{where}open", "写了 words 才能写 open")
    if "within" in entry and "refers_to" not in entry:
        file.say(f"{where}within", "写了 refers_to 才能写 within")
    if "decimals" in entry and entry.get("type") != "number":
        file.say(f"{where}decimals", "只有 type 是 number 的列才写")
    as_type = int if entry.get("type") == "integer" else str
    rules = {key: entry[key] for key in _CONSTRAINTS if key in entry}
    if values and "open" not in entry:
        rules["enum"] = [as_type(v) for v in values]
    made = {
        "name": name,
        **{
            k: entry[k]
            for k in (
                "type",
                "title",
                "description",
                "unit",
                "decimals",
                "personal",
                "synonyms",
                "refers_to",
                "within",
            )
            if k in entry
        },
    }
    if "words" in entry:
        made["categories"] = [{"value": as_type(v), "label": w} for v, w in entry["words"].items()]
    return made | ({"constraints": rules} if rules else {})


def _headings(fields: list[dict]) -> Iterator[tuple[str, str]]:
    """Headings that would name two columns."""
    columns: dict[str, str] = {}
    for spec in fields:
        for heading in (spec["name"], spec.get("title", ""), *spec.get("synonyms", ())):
            other = columns.setdefault(bare(heading), spec["name"]) if heading else spec["name"]
            if other != spec["name"]:
                yield f"fields.{spec['name']}", f"“{heading}”也是列 {other} 的名称，认列名时分不清"


def _schema(entry: dict, fields: list[dict]) -> dict:
    keys = []
    for spec in fields:
        if "refers_to" in spec:
            table, column = spec.pop("refers_to")
            within = [w] if (w := spec.pop("within", None)) else []
            keys.append(
                {
                    "fields": [*within, spec["name"]],
                    "reference": {"resource": table, "fields": [*within, column]},
                }
            )
    keys.sort(key=lambda k: len(k["fields"]))
    return {
        "fields": fields,
        **({"primaryKey": entry["key"]} if "key" in entry else {}),
        **({"foreignKeys": keys} if keys else {}),
    }


def _references(files: dict[str, dict]) -> Iterator[Problem]:
    """Keys into tables or columns that there are not."""
    columns = {r["name"]: {f["name"] for f in r.get("schema", {}).get("fields", ())} for r in files.values()}
    for place, resource in files.items():
        file = _File(f"{place}.yaml")
        for key in resource.get("schema", {}).get("foreignKeys", ()):
            there, where = key["reference"], f"fields.{key['fields'][-1]}.refers_to"
            if there["resource"] not in columns:
                file.say(where, f"没有表 {there['resource']}，请补上那张表，或删去这一行")
                continue
            for table, named in ((resource["name"], key["fields"]), (there["resource"], there["fields"])):
                if lacking := [c for c in named if c not in columns[table]]:
                    file.say(where, f"表 {table} 没有列 {'、'.join(lacking)}")
        yield from file.problems


def _registry(files: dict[str, dict]) -> Iterator[Problem]:
    place = next((p for p, r in files.items() if r["name"] == REGISTRY), None)
    columns = {REGISTRY: {f["name"] for f in files[place]["schema"]["fields"]}} if place else {}
    for problem in registry_faults(columns):
        yield Problem(f"{place}.yaml" if place else PACKAGE, problem.rule, problem.message)
