"""Validates table files against their Table Schemas, in words a clerk can act on.

Frictionless finds the faults; this module says them in Chinese, with file, row, column and value.
"""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

from frictionless import Detector, Package, Resource, Schema, system

from wuqi.problems import Problem
from wuqi.tables import encoding_of

TYPES_ZH = {"integer": "整数", "number": "数", "boolean": "true 或 false", "string": "文字",
            "date": "日期（如 2016-07-31）", "year": "年份"}


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
    if path.suffix.lower() == ".xlsx":
        if not zipfile.is_zipfile(path):
            return [Problem(path.name, "unreadable", "不是完整的 XLSX 文件，请用 Excel 或 WPS 重新另存。")]
        return []
    if path.stat().st_size == 0:
        return [Problem(path.name, "unreadable", "文件是空的，第一行应是列名。")]
    if encoding_of(path) is None:
        return [Problem(path.name, "encoding", "既不是 UTF-8 也不是 GB18030，请另存为其中之一。")]
    return []


def _labels(path: Path) -> list[str]:
    if path.suffix.lower() == ".xlsx":
        import openpyxl

        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            row = next(book.worksheets[0].iter_rows(max_row=1, values_only=True), ())
        finally:
            book.close()
        return ["" if cell is None else str(cell) for cell in row]
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
    problems += [Problem(path.name, "duplicate-column", "同名的列只能有一个。", row=1, column=c)
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
        report = package.get_resource(name).validate()
    return [_problem(error, sound[name], schema) for error in report.tasks[0].errors]


def _resource(name: str, path: Path, schema: dict) -> Resource:
    form = path.suffix.lower().lstrip(".")
    return Resource(name=name, path=str(path), format=form,
                    encoding=encoding_of(path) if form == "csv" else "utf-8",
                    schema=Schema.from_descriptor(schema), detector=Detector(schema_sync=True))


def _problem(error, path: Path, schema: dict) -> Problem:
    kind = error.type
    row = getattr(error, "row_number", None)
    labels = [f["name"] for f in schema["fields"]]
    column = getattr(error, "field_name", None)
    value = getattr(error, "cell", None)
    if kind == "type-error":
        spec = next(f for f in schema["fields"] if f["name"] == column)
        return Problem(path.name, "type", f"这里应填{TYPES_ZH[spec['type']]}。",
                       row=row, column=column, value=value)
    if kind in {"constraint-error", "unique-error"}:
        spec = next(f for f in schema["fields"] if f["name"] == column)
        return Problem(path.name, "constraint", f"要求：{_constraints(spec)}。",
                       row=row, column=column, value=value or "")
    if kind == "primary-key":
        keys = schema["primaryKey"]
        keys = [keys] if isinstance(keys, str) else keys
        cells = dict(zip(_labels(path), error.cells, strict=False))
        return Problem(path.name, "duplicate-key", "这个键在前面的行里已经出现，每行的键要不同。",
                       row=row, column="、".join(keys), value="、".join(str(cells.get(k)) for k in keys))
    if kind == "foreign-key":
        return Problem(path.name, "foreign-key",
                       f"在表 {error.reference_name} 的列 {'、'.join(error.reference_field_names)} 里找不到这个值，请改正或先把它加到那张表。",
                       row=row, column="、".join(error.field_names), value="、".join(map(str, error.field_cells)))
    if kind in {"missing-cell", "extra-cell", "blank-row"}:
        return Problem(path.name, "row-shape", f"每行应有 {len(labels)} 个单元格，空行请删去。", row=row,
                       column=column or None)
    return Problem(path.name, "unreadable", f"{error.title}:{error.note}。请重新导出这张表。", row=row)


def _constraints(spec: dict) -> str:
    words = {"required": "不能为空", "unique": "不能重复", "minimum": "不小于 {}", "maximum": "不大于 {}",
             "enum": "只能是 {} 之一", "pattern": "格式为 {}", "minLength": "不少于 {} 字", "maxLength": "不多于 {} 字"}
    parts = []
    for key, bound in spec.get("constraints", {}).items():
        shown = "、".join(map(str, bound)) if isinstance(bound, list) else bound
        parts.append(words[key].format(shown))
    return ",".join(parts)
