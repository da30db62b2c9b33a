"""Validates the package's own CSV files against their Table Schemas.

Frictionless finds the faults; this module says them in Chinese, with file, row, column and value. An
office's tables are judged by ``wuqi.intake.checks``, which must be quick; a test holds the two together.
"""

from __future__ import annotations

import csv
from pathlib import Path

from frictionless import Dialect, Package, Resource, Schema, system
from frictionless.formats import CsvControl

from wuqi.files import encoding_of
from wuqi.problems import Problem
from wuqi.wanted import TYPES_ZH, constraints

_MAX_PROBLEMS = 100_000
_SHAPE = {"missing-cell", "extra-cell", "blank-row"}


def validate(package: dict, files: dict[str, Path], names: list[str]) -> list[Problem]:
    """Every fault of the tables ``names``: files first, then headers, then cells and keys."""
    resources = {r["name"]: r for r in package["resources"]}
    problems: list[Problem] = []
    sound = {}
    wanted = set(names) | {key["reference"]["resource"] for n in names
                           for key in resources[n]["schema"].get("foreignKeys", [])}
    for name in sorted(wanted):
        faults = _file(files[name]) or _header(files[name], resources[name]["schema"])
        problems += faults if name in names else []
        if not faults:
            sound[name] = files[name]
    for name in names:
        if name in sound:
            problems += _content(name, resources, sound)
    return problems


def _file(path: Path) -> list[Problem]:
    if not path.is_file():
        return [Problem(path.name, "missing-file", "表的文件不在，请补上。")]
    if path.stat().st_size == 0:
        return [Problem(path.name, "unreadable", "文件是空的，第一行应是列名。")]
    if encoding_of(path) is None:
        return [Problem(path.name, "encoding", "既不是 UTF-8 也不是 GB18030，请另存为其中之一。")]
    return []


def _labels(path: Path) -> list[str]:
    with path.open(encoding=encoding_of(path), newline="") as file:
        return next(csv.reader(file), [])


def _header(path: Path, schema: dict) -> list[Problem]:
    labels = _labels(path)
    expected = [f["name"] for f in schema["fields"]]
    listed = "、".join(expected)
    problems = [Problem(path.name, "missing-column", f"请补上这一列；应有的列：{listed}。", row=1, column=c)
                for c in expected if c not in labels]
    problems += [Problem(path.name, "extra-column", f"表的定义里没有这一列，请删去；应有的列：{listed}。",
                         row=1, column=c or "（空列名）")
                 for c in dict.fromkeys(labels) if c not in expected]
    problems += [Problem(path.name, "duplicate-column", "同名的列只能有一个，请删去或改名。", row=1, column=c)
                 for c in expected if labels.count(c) > 1]
    return problems


def _content(name: str, resources: dict, sound: dict[str, Path]) -> list[Problem]:
    schema = dict(resources[name]["schema"])
    # A key into a table that is itself unsound cannot be judged; that table has been reported.
    schema["foreignKeys"] = [k for k in schema.get("foreignKeys", [])
                             if (k["reference"]["resource"] or name) in sound]
    involved = {name} | {k["reference"]["resource"] for k in schema["foreignKeys"]}
    schemas = {n: schema if n == name else
               {k: v for k, v in resources[n]["schema"].items() if k != "foreignKeys"}
               for n in involved}
    with system.use_context(trusted=True):
        package = Package(resources=[_resource(n, sound[n], schemas[n]) for n in involved])
        report = package.get_resource(name).validate(limit_errors=_MAX_PROBLEMS)
    labels = _labels(sound[name])
    errors = _roots(report.tasks[0].errors, labels, schema)
    return list(dict.fromkeys(_problem(e, sound[name], schema, labels) for e in errors))


def _roots(errors: list, labels: list[str], schema: dict) -> list:
    """Without the errors that only follow from another: one cell is one fault, an empty key too."""
    rows = {e.row_number for e in errors if e.type in _SHAPE}
    keys = schema.get("primaryKey", [])

    def follows(error) -> bool:
        cells = dict(zip(labels, getattr(error, "cells", []), strict=False))
        if error.type == "primary-key":
            return error.row_number in rows or not any(cells.get(k) for k in keys)
        return (error.type == "constraint-error" and error.row_number in rows
                and error.field_name not in cells)

    return [e for e in errors if not follows(e)]


def _resource(name: str, path: Path, schema: dict) -> Resource:
    # Cells are judged as ``read_strings`` will read them: nothing is guessed, and all cells are text.
    control = CsvControl(delimiter=",", quote_char='"', skip_initial_space=False)
    return Resource(name=name, path=str(path), format="csv", encoding=encoding_of(path),
                    dialect=Dialect(header_rows=[1], controls=[control]),
                    schema=Schema.from_descriptor({**schema, "fieldsMatch": "equal"}))


def _problem(error, path: Path, schema: dict, labels: list[str]) -> Problem:
    kind = error.type
    row = getattr(error, "row_number", None)
    column = getattr(error, "field_name", None)
    cells = dict(zip(labels, getattr(error, "cells", []), strict=False))
    spec = next((f for f in schema["fields"] if f["name"] == column), None)
    if kind == "type-error":
        return Problem(path.name, "type", f"这里应填{TYPES_ZH[spec['type']]}。",
                       row=row, column=column, value=cells.get(column, ""))
    if kind == "constraint-error":
        return Problem(path.name, "constraint", f"要求：{constraints(spec)}。",
                       row=row, column=column, value=cells.get(column, ""))
    if kind in {"primary-key", "unique-error"}:
        keys = schema["primaryKey"] if kind == "primary-key" else [column]
        return Problem(path.name, "duplicate-key", "这个值在前面的行里已经出现，每行要不同。",
                       row=row, column="、".join(keys), value="、".join(cells.get(k, "") for k in keys))
    if kind == "foreign-key":
        return Problem(path.name, "foreign-key",
                       f"在表 {error.reference_name} 的列 {'、'.join(error.reference_field_names)} "
                       "里找不到这个值，请改正或先把它加到那张表。",
                       row=row, column="、".join(error.field_names),
                       value="、".join(cells.get(n, "") for n in error.field_names))
    if kind in _SHAPE:
        return Problem(path.name, "row-shape", f"每行应有 {len(labels)} 个单元格，空行请删去。", row=row)
    return Problem(path.name, "unreadable", f"{error.title}：{error.note}。请重新导出这张表。", row=row)
