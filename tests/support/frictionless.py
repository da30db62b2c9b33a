"""Find the faults of a data package with Frictionless, as an oracle of our validator."""

import csv
from pathlib import Path

from frictionless import Dialect, Package, Resource, Schema, system
from frictionless.formats import CsvControl

from figurebook.datapackage.files import encoding_of

# Frictionless, once imported, lets the process read longer cells; our reader is tested with Python's limit.
csv.field_size_limit(131_072)

_RULES = {
    "type-error": "type",
    "constraint-error": "constraint",
    "primary-key": "duplicate-key",
    "unique-error": "duplicate-key",
    "foreign-key": "foreign-key",
    "missing-cell": "row-shape",
    "extra-cell": "row-shape",
    "blank-row": "row-shape",
}
_ORDER = ("row-shape", "type", "constraint", "duplicate-key", "foreign-key")  # a cell is judged in
Fault = tuple[str, str, int, str | None]  # file, rule, row, columns


def faults(package: dict, files: dict[str, Path], name: str) -> set[Fault]:
    """The faults in the rows of the table ``name``, whose header must be right."""
    resources = {r["name"]: r for r in package["resources"]}
    schema = resources[name]["schema"]
    involved = {name} | {k["reference"]["resource"] for k in schema.get("foreignKeys", [])}
    schemas = {
        n: schema if n == name else {k: v for k, v in resources[n]["schema"].items() if k != "foreignKeys"}
        for n in involved
    }
    with system.use_context(trusted=True):
        whole = Package(resources=[_resource(n, files[n], schemas[n]) for n in involved])
        report = whole.get_resource(name).validate(limit_errors=100_000)
    with files[name].open(encoding=encoding_of(files[name]), newline="") as file:
        labels = next(csv.reader(file))
    errors = _roots(report.tasks[0].errors, labels, schema)
    return {
        (files[name].name, _RULES[e.type], e.row_number, "、".join(_columns(e, schema)) or None)
        for e in errors
    }


def _resource(name: str, path: Path, schema: dict) -> Resource:
    # Cells are judged as they will be read: nothing is guessed, and all cells are text.
    control = CsvControl(delimiter=",", quote_char='"', skip_initial_space=False)
    return Resource(
        name=name,
        path=str(path),
        format="csv",
        encoding=encoding_of(path),
        dialect=Dialect(header_rows=[1], controls=[control]),
        schema=Schema.from_descriptor({**schema, "fieldsMatch": "equal"}),
    )


def _roots(errors: list, labels: list[str], schema: dict) -> list:
    """The errors, without those that only follow from another error.

    One cell is one fault, an empty key too. A cell of the wrong kind is no key, and a repeated key points
    nowhere.
    """
    faulty: set[tuple[int, str]] = set()
    roots = []
    for error in sorted(errors, key=lambda e: _ORDER.index(_RULES[e.type])):
        cells = dict(zip(labels, error.cells, strict=False))
        columns = _columns(error, schema)
        is_of_a_key = _RULES[error.type] in {"duplicate-key", "foreign-key"}
        if (
            any(c not in cells for c in columns)  # a row that is too short is a fault already
            or (is_of_a_key and any((error.row_number, c) in faulty for c in columns))
            or (error.type == "primary-key" and not any(cells[c] for c in columns))
        ):
            continue
        roots.append(error)
        faulty |= {(error.row_number, c) for c in columns}
    return roots


def _columns(error, schema: dict) -> list[str]:
    if _RULES[error.type] == "row-shape":
        return []
    if error.type == "primary-key":
        return schema["primaryKey"]
    return error.field_names if error.type == "foreign-key" else [error.field_name]
