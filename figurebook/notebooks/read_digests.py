"""Digest each part of a table that a notebook read.

A digest changes when that part changes, and with nothing else. The parts and their keys are those of
``Tables.all_reads``. The digest of rows or columns includes the schema and the basis of their table, which
say how they are read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pandas as pd

from figurebook.datapackage.tables import SYSTEM, Tables

SHORT = 16  # digits of a digest: enough to notice a change, not to keep out a forger
_SEAL = {"hash", "bytes", "usedBy"}  # properties of a table that no notebook shows


def read_digest(tables: Tables, part: str, key: str) -> str | int | dict[str, str] | None:
    """The current digest of one part; None for a missing table or column.

    ``counts`` gives the number of rows itself, ``rules`` one digest for each table with rules of the system.
    """
    readers: dict[str, Callable[..., str | int | dict[str, str] | None]] = {
        "tables": _table,
        "columns": _column,
        "rows": _rows,
        "counts": _count,
        "manifests": _manifest,
        "rules": _rules,
        "words": _words,
    }
    return readers[part](tables, *key.split("/", 2))


def without_repeats(reads: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The reads, without the parts of a table that was also read whole."""
    whole = {key for part, key in reads if part == "tables"}
    return {
        (part, key)
        for part, key in reads
        if part not in ("columns", "rows", "counts") or key.split("/")[0] not in whole
    }


def _table(tables: Tables, name: str) -> str | None:
    return tables.digest(name)[:SHORT] if name in tables else None


def _column(tables: Tables, name: str, column: str) -> str | None:
    if not _has(tables, name, column):
        return None
    return _part(tables, name, tables.text(name)[[column]])


def _rows(tables: Tables, name: str, column: str, value: str) -> str | None:
    return _part(tables, name, _where(tables, name, column, value)) if _has(tables, name, column) else None


def _count(tables: Tables, name: str) -> int | None:
    return tables.count(name) if name in tables else None


def _manifest(tables: Tables, name: str) -> str | None:
    if name not in tables:
        return None
    manifest = {k: v for k, v in tables.resource(name).items() if k not in _SEAL}
    given_by = tables.given_by if name in tables.recorded else None
    return _sha256(json.dumps([manifest, tables.basis(name), given_by], sort_keys=True))


def _rules(tables: Tables, system: str) -> dict[str, str]:
    rows_by_table = {name: _where(tables, name, SYSTEM, system) for name in tables.rule_tables}
    return {name: _part(tables, name, rows) for name, rows in rows_by_table.items() if len(rows)}


def _words(tables: Tables, _all: str) -> str:
    return _sha256(json.dumps([[*place, words] for place, words in tables.coded_columns().items()]))


def _has(tables: Tables, name: str, column: str) -> bool:
    return name in tables and column in tables.text(name)


def _where(tables: Tables, name: str, column: str, value: str) -> pd.DataFrame:
    text = tables.text(name)
    return text[(text[column] == value).fillna(False)]


def _part(tables: Tables, name: str, text: pd.DataFrame) -> str:
    read_as = json.dumps([tables.resource(name)["schema"], tables.basis(name)], sort_keys=True)
    return _sha256(text.to_csv(index=False, lineterminator="\n") + read_as)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:SHORT]
