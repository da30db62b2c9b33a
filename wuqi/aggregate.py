"""The verbs that figures are written in; the one place that touches a frame.

Each verb asks the engine for whole numbers only (int64; money in fen) and returns a ``Ratio``.
Division and rounding happen once, in Python, on exact numbers: engines sum floats in differing
orders and round differently. Written on Narwhals, so the same definitions run on pandas and,
for tables that outgrow memory, on DuckDB and others. Rows with a missing value take no part; a
sum over no rows at all is "no value" (denominator 0), whether the engine calls it 0 or NULL.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import narwhals.stable.v2 as nw

from wuqi.errors import FigurebookError
from wuqi.tables import Table

FEN_PER_YUAN = 100


class DecimalColumnError(FigurebookError):
    """A column of decimals was to be summed: sums here are of whole numbers, and would cut them off."""

    def __init__(self, table: str, column: str):
        super().__init__(f"表 {table} 的 {column} 列是小数，还不能精确求和，所以没有算")


class Ratio(NamedTuple):
    """An exact result in the figure's unit (yuan for money)."""

    numerator: int
    denominator: int

    @property
    def value(self) -> Fraction | None:
        """The number, or None where there is none (denominator 0)."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


def count(table: Table, **where) -> Ratio:
    """How many rows equal ``where`` in every column named."""
    return Ratio(_ask(table, where, rows=nw.len())["rows"], 1)


def total(table: Table, column: str, **where) -> Ratio:
    """The sum of an integer column. DecimalColumnError for one of decimals, here and below."""
    got = _ask(table, where, [column], sum=_sum(nw.col(column)), rows=nw.len())
    return Ratio(got["sum"] or 0, _per_unit(table, column) if got["rows"] else 0)


def weighted_mean(table: Table, column: str, *, weight: str, **where) -> Ratio:
    """The mean of an integer column, each row counted ``weight`` times."""
    got = _ask(table, where, [column, weight],
               sum=_sum(nw.col(column) * nw.col(weight)), weights=_sum(nw.col(weight)))
    return Ratio(got["sum"] or 0, (got["weights"] or 0) * _per_unit(table, column))


def only(table: Table, column: str, **where) -> Ratio:
    """The value in the one row that matches and has one; no value when there are none or several.

    A matching row with a missing value takes no part: beside one with a value it does not count.
    """
    got = _ask(table, where, [column], value=_sum(nw.col(column)), rows=nw.len())
    return Ratio(got["value"] or 0, _per_unit(table, column) if got["rows"] == 1 else 0)


def percent_change(new: Ratio, old: Ratio) -> Ratio:
    """By how many per cent ``new`` exceeds ``old``; no value when ``old`` is 0 or missing."""
    if not (new.denominator and old.denominator and old.numerator):
        return Ratio(0, 0)
    change = (new.value / old.value - 1) * 100
    return Ratio(change.numerator, change.denominator)


def _sum(expression: nw.Expr) -> nw.Expr:
    """A sum as int64: an engine may widen it, and pandas would then take it for a float."""
    return expression.sum().cast(nw.Int64)


def _per_unit(table: Table, column: str) -> int:
    return FEN_PER_YUAN if table.unit(column) == "fen" else 1


def _ask(table: Table, where: dict, needed: tuple | list = (), **expressions) -> dict[str, int]:
    for field in table.schema["fields"]:
        if field["name"] in needed and field["type"] == "number":
            raise DecimalColumnError(table.name, field["name"])
    frame = nw.from_native(table.frame)
    if where:
        frame = frame.filter(**where)
    if needed:
        frame = frame.drop_nulls(list(needed))
    answer = frame.select(**expressions)
    if isinstance(answer, nw.LazyFrame):
        answer = answer.collect(backend="pandas")
    [values] = answer.rows()
    return {name: None if v is None or v != v else int(v)
            for name, v in zip(expressions, values, strict=True)}
