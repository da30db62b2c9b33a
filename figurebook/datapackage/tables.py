"""Read the data package and hand out its tables.

``Tables.load()`` reads ``data/datapackage.json``; ``with_recorded`` puts an office's own tables in the
places of the package's. A table is read when it is first asked for.

What was read is remembered, and no more than was read. It may be a whole table, a column or the rows of one
key. It may also be the rules of one system, the number of rows, or the package's entry for the table.
Freshness depends on it.

A file of the package whose sha256 is the one recorded was validated when that was recorded. Any other is
validated against its Table Schema before a single value of it is used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from figurebook import project
from figurebook.datapackage import descriptor, exact_numbers
from figurebook.datapackage.about import About
from figurebook.datapackage.files import read_strings, sha256
from figurebook.datapackage.problems import Problem, TablesError
from figurebook.datapackage.validation.field_wording import code_words
from figurebook.errors import FigurebookError

UNDEFINED = "undefined"  # The table of what the rules leave undefined, and our default for it.
_RULES = ("rules", "default")  # The roles of rule tables and of that one.
SYSTEM = "system"  # The column of such a table that says whose rule a row is.
_DTYPES = {
    "integer": "Int64",
    "number": "Float64",
    "boolean": "boolean",
    "string": "string",
    "date": "string",
    "year": "Int64",
    "yearmonth": "string",
}
_TRUE = {"true", "True", "TRUE", "1"}
# They read all that the validator passes.
_READERS: dict[str, Callable[[str], object]] = {
    "integer": int,
    "number": float,
    "year": int,
    "boolean": _TRUE.__contains__,
}


class NoTableError(FigurebookError, AttributeError):
    """A table that the data package does not have; ``name`` says which."""

    def __init__(self, name: str):
        super().__init__(f"数据包里没有表 {name}")
        self.name = name


@dataclass(frozen=True)
class Table:
    """One table: ``frame`` holds its rows (pandas by default, any Narwhals-compatible frame)."""

    name: str
    frame: Any
    basis: str
    schema: dict = field(repr=False)

    def unit(self, column: str) -> str | None:
        """The unit of a column as the schema gives it (``"fen"`` for money), or None."""
        return (self.field(column) or {}).get("unit")

    def field(self, column: str) -> dict | None:
        """The schema's entry for a column; None for an unknown column."""
        return next((f for f in self.schema["fields"] if f["name"] == column), None)

    def words(self, column: str) -> dict:
        """The meanings of a column's codes, ``{code: word}``; empty without codes."""
        return next((code_words(f) for f in self.schema["fields"] if f["name"] == column), {})


class Tables:
    """The tables of a data package, by attribute: ``tables.poor_households``.

    ``changed`` names those whose file is not the one that was sealed.
    """

    _all_reads: ClassVar[set[tuple[str, str]]] = set()

    def __init__(self, root: Path, package: dict):
        self.root, self.package, self.about = root, package, About()
        self.changed: list[str] = []
        self._files = {r["name"]: root / r["path"] for r in package["resources"]}
        self._resources = {r["name"]: r for r in package["resources"] if "schema" in r}
        self._recorded: dict[str, pd.DataFrame] = {}
        self._texts: dict[str, pd.DataFrame] = {}
        self._cache: dict[str, Table] = {}

    @classmethod
    def load(cls, root: Path | str | None = None) -> Tables:
        """Open the package at ``root``, or the project's; TablesError names everything that is unusable."""
        root = Path(root) if root else project.data()
        tables = cls(root, whole_package(root))
        tables._validate()
        return tables

    def with_recorded(self, frames: Mapping[str, pd.DataFrame], about: About) -> Tables:
        """These tables with an office's own in their places.

        The frames hold text in the schema's notation, by table. They are taken as they are: they have been
        checked, and name no person.
        """
        tables = Tables(self.root, self.package)
        tables._texts, tables.changed = self._texts, self.changed  # of the same files
        tables._recorded = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
        tables.about = about
        return tables

    @property
    def names(self) -> list[str]:
        return list(self._resources)

    @classmethod
    def all_reads(cls) -> set[tuple[str, str]]:
        """``(part, key)`` of all that this process has read, through any instance.

        The key is ``table`` for the parts tables, manifests and counts, and ``table/column`` for columns. It
        is ``table/column/value`` for rows, a system for rules, and ``*`` for the words for codes.
        """
        return set(cls._all_reads)

    def __contains__(self, name: str) -> bool:
        """Whether there is such a table."""
        self._all_reads.add(("manifests", name))
        return name in self._resources

    def resource(self, name: str) -> dict:
        """The package's entry for a table."""
        self._all_reads.add(("manifests", name))
        if name not in self._resources:
            raise NoTableError(name)
        return self._resources[name]

    @property
    def rule_tables(self) -> list[str]:
        """The tables with rules of systems, and the one of undefined points."""
        return [n for n, r in self._resources.items() if r["role"] in _RULES]

    @property
    def recorded(self) -> list[str]:
        """The tables that an office put in, in the package's order."""
        return [n for n in self._resources if n in self._recorded]

    @property
    def given_by(self) -> str:
        """The office and the date of the tables put in, for readers."""
        return f"换入的登记表（{self.about.office or '单位没有写明'}，{self.about.date or '日期没有写明'}）"

    def basis(self, name: str) -> str:
        """``recorded`` for an office's own table, else what the package says."""
        self._all_reads.add(("manifests", name))
        return self._basis(name)

    def referred(self, name: str) -> list[str]:
        """The tables that a table's keys point at: it rests on them too."""
        self._all_reads.add(("manifests", name))
        keys = self._resources[name]["schema"].get("foreignKeys", [])
        return list(dict.fromkeys(k["reference"]["resource"] for k in keys if k["reference"]["resource"]))

    def text(self, name: str) -> pd.DataFrame:
        """A table's cells as text, an empty one missing.

        It is read once and must not be altered.
        """
        self._all_reads.add(("tables", name))
        return self._text(name)

    def rows(self, name: str) -> list[dict]:
        """The rows of a table; an empty list if the package has no such table.

        It is for tables that a county may do without.
        """
        self._all_reads.add(("tables", name))
        return self._table(name).frame.to_dict("records") if name in self._resources else []

    def rows_where(self, name: str, column: str, value: str | int) -> list[dict]:
        """The rows with that value in the column.

        An empty list if the package has no such table.
        """
        self._all_reads.add(("rows", f"{name}/{column}/{value}"))
        if name not in self._resources:
            return []
        return self._where(name, column, str(value)).to_dict("records")

    def column(self, name: str, column: str) -> list:
        """The values of one column, in the table's order."""
        self._all_reads.add(("columns", f"{name}/{column}"))
        return self._table(name).frame[column].tolist()

    def count(self, name: str) -> int:
        """The number of rows of a table."""
        self._all_reads.add(("counts", name))
        return len(self._text(name))

    def words(self, name: str, column: str) -> dict:
        """The meanings of a column's codes, ``{code: word}``.

        KeyError for a column that the table has not.
        """
        return self.coded_columns()[name, column]

    def coded_columns(self) -> dict[tuple[str, str], dict]:
        """The meanings of every column's codes, by table and column.

        Empty for a column without codes.
        """
        self._all_reads.add(("words", "*"))
        return {
            (name, field["name"]): code_words(field)
            for name, resource in self._resources.items()
            for field in resource["schema"]["fields"]
        }

    def rules_of(self, system: str) -> dict[str, pd.DataFrame]:
        """A system's rows in each rule table and in ``undefined``.

        They come without the column ``system``. A frame may be empty: of a table without a row of the system
        nothing but its columns is seen.
        """
        self._all_reads.add(("rules", system))
        return {
            name: self._where(name, SYSTEM, system).drop(columns=SYSTEM).reset_index(drop=True)
            for name in self.rule_tables
        }

    def digest(self, name: str) -> str:
        """sha256 over a table's bytes, schema and basis: all that a result can depend on."""
        meta = json.dumps([self._resources[name]["schema"], self._basis(name)], sort_keys=True)
        rows = (
            self._recorded[name].to_csv(index=False, lineterminator="\n").encode()
            if name in self._recorded
            else self._files[name].read_bytes()
        )
        return hashlib.sha256(rows + meta.encode()).hexdigest()

    def __getattr__(self, name: str) -> Table:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._resources:
            raise NoTableError(name)
        self._all_reads.add(("tables", name))
        return self._table(name)

    def _text(self, name: str) -> pd.DataFrame:
        if name in self._recorded:
            return self._recorded[name]
        if name not in self._texts:
            self._texts[name] = read_strings(self._files[name])
        return self._texts[name]

    def _table(self, name: str) -> Table:
        if name not in self._cache:
            resource = self._resources[name]
            text = self._text(name)
            if unfit := exact_numbers.unfit_numbers(text, resource["schema"], Path(resource["path"]).name):
                raise TablesError(unfit)
            frame = typed_frame(text, resource["schema"])
            self._cache[name] = Table(name, frame, self._basis(name), resource["schema"])
        return self._cache[name]

    def _where(self, name: str, column: str, value: str) -> pd.DataFrame:
        return self._table(name).frame[(self._text(name)[column] == value).fillna(False)]

    def _basis(self, name: str) -> str:
        return "recorded" if name in self._recorded else self._resources[name]["basis"]

    def _validate(self) -> None:
        if dangling := [
            Problem(
                r["path"],
                "foreign-key",
                f"数据包里没有它指向的表 {target}。请补上那张表，"
                f"或在它的 .yaml 里删去 refers_to，再运行 {project.command('seal')}。",
                column=k["fields"][0],
            )
            for r in self._resources.values()
            for k in r["schema"].get("foreignKeys", [])
            if (target := k["reference"]["resource"]) and target not in self._resources
        ]:
            raise TablesError(dangling)
        if bare := descriptor.exposed_personal_columns(self.package):
            raise TablesError(bare)
        self.changed = changed = [n for n in self._resources if not self._is_sealed(n)]
        if changed:
            # Keys can break in a table that points at a changed one, so such tables are checked too.
            pointing = [
                n
                for n in self._resources
                if {k["reference"]["resource"] for k in self._resources[n]["schema"].get("foreignKeys", [])}
                & set(changed)
            ]
            from figurebook.datapackage.validation.package_files import validate  # rarely needed

            problems = validate(self.package, self._files, sorted({*changed, *pointing}))
            if problems:
                raise TablesError(problems)

    def _is_sealed(self, name: str) -> bool:
        path = self._files[name]
        return path.is_file() and sha256(path) == self._resources[name].get("hash")


def package_name() -> str:
    """The name of the project's data package and of files made of the book."""
    return whole_package(project.data())["name"]


def read_package(root: Path) -> dict:
    """The descriptor of the data package at ``root``.

    Raises TablesError when it cannot be read.
    """
    path = root / "datapackage.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TablesError([Problem(str(path), "missing-file", "数据包的说明文件不在。")]) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise TablesError([Problem(str(path), "unreadable", f"不是合格的 JSON\uff1a{error}")]) from None


def whole_package(root: Path) -> dict:
    """The descriptor at ``root``; raises TablesError naming all that is missing."""
    package = read_package(root)
    if problems := descriptor.descriptor_problems(package):
        raise TablesError(problems)
    return package


def typed_frame(frame: pd.DataFrame, schema: dict) -> pd.DataFrame:
    """The frame with the schema's columns, in its order and in pandas' nullable types."""
    columns = {}  # arrays: to go through ``Series.map`` and ``astype`` takes three times as long
    for spec in schema["fields"]:
        name, dtype = spec["name"], _DTYPES[spec["type"]]
        cells = frame[name].array
        if spec["type"] in _READERS:
            read = _READERS[spec["type"]]
            objects = frame[name].to_numpy(dtype=object)
            cells = pd.array(
                [
                    None if missing else read(cell)
                    for cell, missing in zip(objects.tolist(), pd.isna(objects).tolist(), strict=True)
                ],
                dtype=dtype,
            )
        columns[name] = cells if cells.dtype == dtype else cells.astype(dtype)
    return pd.DataFrame(columns, index=frame.index)
