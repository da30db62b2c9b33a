"""Read what others published about a figure.

Source: ``data/published/corroboration.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.figures.registry import plain

# A contradiction is never hidden behind an agreement: the first of these that occurs is given.
_PRECEDENCE = ("differs", "agrees", "consistent")


@dataclass(frozen=True)
class Evidence:
    """One published value that bears on a figure, with its publication."""

    id: str
    figure: str
    value: Decimal
    unit: str
    as_of: str
    relation: str
    note: str
    title: str
    publisher: str
    date: str
    date_kind: str
    url: str | None
    independence: str


def evidence_on(tables: Tables, figure_id: str) -> list[Evidence]:
    """The published values that bear on a figure, in the table's order."""
    evidence = []
    for row in tables.rows_where("corroboration", "figure", figure_id):
        [publication] = tables.rows_where("publications", "id", row["publication"])
        evidence.append(
            Evidence(
                row["id"],
                row["figure"],
                plain(row["published_value"]),
                row["unit"],
                row["as_of"],
                row["relation"],
                _text(row["note"]) or "",
                publication["title"],
                publication["publisher"],
                publication["date"],
                publication["date_kind"],
                _text(publication["url"]),
                publication["independence"],
            )
        )
    return evidence


def relation(evidence: list[Evidence]) -> str:
    """The one word for a figure; ``none found`` without evidence.

    A difference outweighs an agreement.
    """
    relations = {e.relation for e in evidence}
    return next((r for r in _PRECEDENCE if r in relations), "none found")


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else value
