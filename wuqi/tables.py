"""Reads the data package and hands out its tables.

``Tables.load()`` reads ``data/datapackage.json``; ``Tables.load(overlay=DIR)`` lets the tables in
DIR (``<table>.csv`` or ``<table>.xlsx``) take the place of the package's registers. A table is read
when it is first asked for, and what was read is remembered: freshness depends on it.

A file whose sha256 is the one recorded in the package was validated when that was recorded; any
other file is validated against its Table Schema before a single value of it is used.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from wuqi.problems import Problem, TablesError

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
_DTYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean", "string": "string",
           "date": "string", "year": "Int64", "yearmonth": "string"}
_READERS = {"integer": int, "number": float, "year": int}
_TRUE = {"true", "True", "TRUE", "1"}
_OTHER_FORMATS = {".xls", ".xlsm", ".et", ".ods", ".tsv", ".txt"}


@dataclass(frozen=True)
class Table:
    """One table: ``frame`` holds its rows (pandas by default, any Narwhals-compatible frame)."""

    name: str
    frame: Any
    basis: str
    schema: dict = field(repr=False)
    title: str = ""

    def unit(self, column: str) -> str | None:
        """The unit of a column as the schema gives it (``"fen"`` for money), or None."""
        return next((f.get("unit") for f in self.schema["fields"] if f["name"] == column), None)


class Tables:
    """The tables of a data package, by attribute: ``tables.poor_households``."""

    _all_reads: ClassVar[set[str]] = set()

    def __init__(self, root: Path, overlay: Path | None, package: dict, files: dict[str, Path]):
        self.root, self._overlay, self._package, self._files = root, overlay, package, files
        self._resources = {r["name"]: r for r in package["resources"] if "schema" in r}
        self._cache: dict[str, Table] = {}
        self._repeats: dict[str, bool] = {}

    @classmethod
    def load(cls, overlay: Path | str | None = None, root: Path | str = DATA) -> Tables:
        """Open the package at ``root``; raises TablesError naming every unusable file."""
        root = Path(root)
        package = read_package(root)
        files = {r["name"]: root / r["path"] for r in package["resources"]}
        if overlay is not None:
            overlay = Path(overlay)
            files |= overlay_files(overlay, package)
        tables = cls(root, overlay, package, files)
        tables._validate()
        return tables

    @property
    def names(self) -> list[str]:
        return list(self._resources)

    @classmethod
    def all_reads(cls) -> set[str]:
        """The tables that this process has read so far, through whatever instance."""
        return set(cls._all_reads)

    def resource(self, name: str) -> dict:
        return self._resources[name]

    def basis(self, name: str) -> str:
        """``recorded`` for somebody's own table put in by overlay, else what the package says.

        Our own rows laid over ourselves, in whatever file format or order, stay what they are.
        """
        own = self._given(name) and not self._repeats_ours(name)
        return "recorded" if own else self._resources[name]["basis"]

    def digest(self, name: str) -> str:
        """sha256 over a table's bytes, schema and basis: all that a result can depend on."""
        meta = json.dumps([self._resources[name]["schema"], self.basis(name)], sort_keys=True)
        return hashlib.sha256(self._files[name].read_bytes() + meta.encode()).hexdigest()

    def __getattr__(self, name: str) -> Table:
        if name.startswith("_") or name not in self._resources:
            raise AttributeError(f"no table {name!r} in the data package")
        if name not in self._cache:
            resource = self._resources[name]
            frame = typed(read_strings(self._files[name]), resource["schema"])
            self._cache[name] = Table(name, frame, self.basis(name), resource["schema"],
                                      resource["title"])
        self._all_reads.add(name)
        return self._cache[name]

    def _given(self, name: str) -> bool:
        return self._overlay is not None and self._files[name].parent == self._overlay

    def _repeats_ours(self, name: str) -> bool:
        if name not in self._repeats:
            schema, ours = (self._resources[name][key] for key in ("schema", "path"))
            rows = [sorted(map(str, typed(read_strings(path), schema).itertuples(index=False)))
                    for path in (self._files[name], self.root / ours) if path.is_file()]
            self._repeats[name] = len(rows) == 2 and rows[0] == rows[1]
        return self._repeats[name]

    def _validate(self) -> None:
        changed = [n for n in self._resources if not self._is_sealed(n)]
        if changed:
            # Keys can break in a table that points at a changed one, so those are checked too.
            pointing = [n for n in self._resources
                        if {k["reference"]["resource"] for k in
                            self._resources[n]["schema"].get("foreignKeys", [])} & set(changed)]
            from wuqi.validate import validate  # costs a third of a second; rarely needed

            problems = validate(self._package, self._files, sorted({*changed, *pointing}))
            if problems:
                raise TablesError(problems)

    def _is_sealed(self, name: str) -> bool:
        path = self._files[name]
        return (not self._given(name) and path.is_file()
                and sha256(path) == self._resources[name].get("hash"))


def sha256(path: Path) -> str:
    """The digest of a file in the package's notation, ``sha256:<hex>``."""
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def read_package(root: Path) -> dict:
    """The descriptor of the data package at ``root``; raises TablesError when unreadable."""
    path = root / "datapackage.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TablesError([Problem(str(path), "missing-file", "数据包的说明文件不在。")]) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise TablesError([Problem(str(path), "unreadable", f"不是合格的 JSON\uff1a{error}")]) from None


def overlay_files(folder: Path, package: dict) -> dict[str, Path]:
    """The tables a folder gives: ``{table: path}``. Only registers and rules can be replaced."""
    registers = [r["name"] for r in package["resources"] if r["path"].startswith(("registers/", "rules/"))]
    if not folder.is_dir():
        raise TablesError([Problem(str(folder), "missing-file", "没有这个文件夹。请给出放表的文件夹。")])
    found: dict[str, Path] = {}
    problems = []
    for path in sorted(folder.iterdir()):
        suffix = path.suffix.lower()
        if path.name.startswith((".", "~$")) or suffix not in {".csv", ".xlsx", *_OTHER_FORMATS}:
            continue
        if suffix in _OTHER_FORMATS:
            if path.stem in registers:  # passing it over would leave our own table in its place
                problems.append(Problem(path.name, "unknown-file", "只读 CSV 和 XLSX，请另存为其中之一。"))
        elif path.stem not in registers:
            problems.append(Problem(path.name, "unknown-file",
                                    f"文件名应是表名，可用的表名：{'、'.join(registers)}。"))
        elif path.stem in found:
            problems.append(Problem(path.name, "unknown-file",
                                    f"与 {found[path.stem].name} 是同一张表，请只留一个。"))
        else:
            found[path.stem] = path
    if not found and not problems:
        problems.append(Problem(str(folder), "missing-file",
                                "文件夹里没有表。请放入 <表名>.csv 或 <表名>.xlsx，"
                                f"表名：{'、'.join(registers)}。"))
    if problems:
        raise TablesError(problems)
    return found


def encoding_of(path: Path) -> str | None:
    """``utf-8-sig`` or ``gb18030``, whichever decodes the whole file, else None."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            data.decode(encoding)
            return encoding
        except UnicodeDecodeError:
            continue
    return None


def read_strings(path: Path) -> pd.DataFrame:
    """A table as written, every cell a string, an empty cell missing."""
    if path.suffix.lower() == ".xlsx":
        return pd.read_excel(path, dtype="string", keep_default_na=False, na_values=[""])
    return pd.read_csv(path, dtype="string", keep_default_na=False, na_values=[""],
                       encoding=encoding_of(path))


def typed(frame: pd.DataFrame, schema: dict) -> pd.DataFrame:
    """The frame with the schema's columns, in its order and in pandas' nullable types."""
    columns = {}
    for spec in schema["fields"]:
        column = frame[spec["name"]]
        if spec["type"] == "boolean":
            column = column.map(lambda v: v in _TRUE, na_action="ignore")
        elif spec["type"] in _READERS:  # those of the validator, so that what it passed can be read
            column = column.map(_READERS[spec["type"]], na_action="ignore")
        columns[spec["name"]] = column.astype(_DTYPES[spec["type"]])
    return pd.DataFrame(columns)
