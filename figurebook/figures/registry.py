"""The registry: what the interview states, figure by figure.

Source: ``data/interview/figures.csv``. ``start`` and ``end`` are character offsets into the interview (see
``data/interview/source.json``) of the numeral with its unit. ``quote_sha256`` is the digest of that span, so
that anyone who holds the article can check the place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from figurebook.datapackage.tables import Tables

QUALIFIERS = ("exact", "at_least", "rounded")


@dataclass(frozen=True)
class Figure:
    """One figure of the interview, with its place in the text.

    ``value`` is in ``unit``, to the precision it was stated at. ``counted`` is a code of table ``counted``.
    """

    id: str
    system: str
    label_zh: str
    label_en: str
    value: Decimal
    unit: str
    qualifier: str
    period: str | None
    start: int
    end: int
    quote_sha256: str
    counted: str
    table: str
    note: str

    @property
    def decimals(self) -> int:
        """Digits after the point in the claim: its own precision."""
        return decimals(self.value)

    @property
    def text(self) -> str:
        """Value and unit as the pages print them, ``4,000 多名``."""
        more = "多" if self.qualifier == "at_least" else ""
        return f"{number(self.value, self.decimals)} {more}{self.unit}"


class Registry(Mapping[str, Figure]):
    """The figures by id, in the interview's order.

    Only the rows asked for are read: stamps rely on it.
    """

    def __init__(self, tables: Tables):
        self._tables = tables
        self._read: dict[str, Figure] = {}

    def __getitem__(self, figure_id: str) -> Figure:
        if figure_id not in self._read:
            rows = self._tables.rows_where("figures", "id", figure_id)
            if not rows:
                raise KeyError(figure_id)
            clean: dict[str, Any] = {k: None if pd.isna(v) else v for k, v in rows[-1].items()}
            clean["value"] = plain(clean["value"])
            clean["note"] = clean["note"] or ""
            self._read[figure_id] = Figure(**clean)
        return self._read[figure_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables.column("figures", "id"))

    def __len__(self) -> int:
        return self._tables.count("figures")


def load_figures(tables: Tables) -> Registry:
    """The registry by id, in the interview's order."""
    return Registry(tables)


def figures_by_system(tables: Tables) -> dict[str, tuple[str, ...]]:
    """The ids of the figures of each system that has any, in the text's order."""
    found: dict[str, tuple[str, ...]] = {}
    for figure, system in zip(
        tables.column("figures", "id"), tables.column("figures", "system"), strict=True
    ):
        found[system] = (*found.get(system, ()), figure)
    return found


def find(figures: Mapping[str, Figure], figure_id: str) -> Figure:
    """The figure of that id; KeyError names the nearest ids that exist."""
    if figure_id not in figures:
        import difflib  # hardly ever needed

        near = difflib.get_close_matches(figure_id, figures, n=3, cutoff=0.3)
        raise KeyError(f"没有编号为 {figure_id} 的数字；相近的编号：{'、'.join(near) or '无'}")
    return figures[figure_id]


def plain(value: float) -> Decimal:
    """A table's number as the decimal it was written as.

    13.9 → 13.9, 4500.0 → 4500.
    """
    decimal = Decimal(repr(float(value)))
    return decimal.quantize(Decimal(1)) if decimal == decimal.to_integral() else decimal


def decimals(value: Decimal) -> int:
    """Digits after the point of a number as it was written."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def rounded(value: Fraction, decimals: int) -> Decimal:
    """``value`` to so many decimals, halves away from zero （四舍五入）， exactly."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    result = Decimal(whole).scaleb(-decimals)
    return -result if value < 0 else result


def number(value: Fraction | Decimal | int | float, decimals: int = 0) -> str:
    """A number for readers: thousands separated, ``decimals`` after the point."""
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    return f"{rounded(exact, decimals):,.{decimals}f}"
