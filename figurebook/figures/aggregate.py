"""Compute exact counts, sums and means from a table.

This is the one place where a frame is asked for a count or a sum. An engine is asked for whole numbers only
(int64). Division happens once, in Python, on ``Fraction``: engines add floats in differing orders and round
differently. It is written on Narwhals, so the same code runs on pandas and on DuckDB. Rows with a missing
value take no part; a sum over no rows is None.

Money in fen is divided by 100. A ``number`` column must have ``decimals: N`` in its field: its values are
multiplied by 10^N and added as integers. What could pass int64, in a sum of any order or in a product, is
refused before the engine adds it. Pandas would wrap round in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import ceil, prod
from operator import mul
from types import MappingProxyType

import narwhals.stable.v2 as nw

from figurebook.datapackage.exact_numbers import LARGEST_DECIMAL, LARGEST_INTEGER
from figurebook.datapackage.tables import Table
from figurebook.errors import FigurebookError

FEN_PER_YUAN = 100
EVERY_ROW: Mapping[str, object] = MappingProxyType({})


class MeasureError(FigurebookError):
    """A number that cannot be computed exactly.

    The message names table and column and says why.
    """

    def __init__(self, table: Table, column: str, why: str):
        super().__init__(f"表 {table.name} 的列 {column} {why}")


def count(table: Table, where: Mapping[str, object] = EVERY_ROW) -> int:
    """The number of rows that equal ``where`` in every column named."""
    return int(_ask(_matching(table, where), rows=nw.len())["rows"])


def total(table: Table, column: str, where: Mapping[str, object] = EVERY_ROW) -> Fraction | None:
    """The sum of a column in its unit (yuan for money).

    MeasureError: it cannot be exact.
    """
    rows = _Rows(table, where, column)
    return Fraction(rows.sum(column), rows.per_unit(column)) if rows.number else None


def weighted_mean(
    table: Table, column: str, weight: str, where: Mapping[str, object] = EVERY_ROW
) -> Fraction | None:
    """The mean of a column, each row counted ``weight`` times.

    None when the weights add up to 0. MeasureError: it cannot be exact.
    """
    rows = _Rows(table, where, column, weight)
    weights = rows.sum(weight) if rows.number else 0
    # The unit of the weights is above and below the line.
    return Fraction(rows.sum(column, weight), weights * rows.per_unit(column)) if weights else None


def only(table: Table, column: str, where: Mapping[str, object] = EVERY_ROW) -> Fraction | None:
    """The value in the one row that matches and has one, else None.

    It is None when there is no such row, or several. A matching row with a missing value takes no part:
    beside one with a value it does not count. MeasureError: it cannot be exact.
    """
    rows = _Rows(table, where, column)
    return Fraction(rows.sum(column), rows.per_unit(column)) if rows.number == 1 else None


def percent_change(new: Fraction | None, old: Fraction | None) -> Fraction | None:
    """The percentage by which ``new`` exceeds ``old``.

    None when one is missing or ``old`` is 0.
    """
    return None if new is None or not old else (new / old - 1) * 100


@dataclass(frozen=True)
class _Whole:
    """A column as whole numbers of ``1 / scale``, up to ``limit``.

    ``inexact`` marks the cells with more decimals than that; None where there can be none.
    """

    number: nw.Expr
    scale: int
    limit: int
    inexact: nw.Expr | None = None


class _Rows:
    """The rows that match and have a value in each of ``columns``.

    ``number`` is the number of these rows.
    """

    def __init__(self, table: Table, where: Mapping[str, object], *columns: str):
        self._table, self._frame = table, _matching(table, where)
        types = self._frame.collect_schema()
        self._columns = {c: _whole(table, c, types) for c in columns}
        self._frame = self._frame.drop_nulls(list(columns))
        ends = {f"{end} {c}": getattr(nw.col(c), end)() for c in columns for end in ("min", "max")}
        answers = _ask(self._frame, rows=nw.len(), **ends)
        self.number = int(answers["rows"])
        self._largest = {
            c: self._bound(c, answers[f"min {c}"], answers[f"max {c}"]) for c in columns if self.number
        }

    def per_unit(self, column: str) -> int:
        """The size of the column's unit in the whole numbers that are summed."""
        return self._columns[column].scale * (FEN_PER_YUAN if self._table.unit(column) == "fen" else 1)

    def sum(self, *columns: str) -> int:
        """The sum of the products of the columns.

        MeasureError: a part of it might pass int64.
        """
        if self.number * prod(self._largest[c] for c in columns) > LARGEST_INTEGER:
            raise MeasureError(
                self._table,
                "、".join(columns),
                f"太大：{self.number} 行都按最大的算，合计超过 64 位整数，所以不算",
            )
        product = reduce(mul, (self._columns[c].number for c in columns))
        marks = {
            f"inexact {c}": mark.sum() for c in columns if (mark := self._columns[c].inexact) is not None
        }
        answers = _ask(self._frame, sum=product.sum(), **marks)
        for column in columns:
            if int(answers.get(f"inexact {column}", 0)):
                raise MeasureError(self._table, column, "有的数的小数位多于字段写明的 decimals，所以不算")
        return int(answers["sum"])

    def _bound(self, column: str, *ends: str) -> int:
        """The largest absolute value in whole numbers, rounded up."""
        whole = self._columns[column]
        if {*ends} & {"nan", "inf", "-inf"}:
            raise MeasureError(self._table, column, "有的值不是数，所以不算")
        largest = ceil(max(abs(Fraction(end)) for end in ends) * whole.scale)
        if largest > whole.limit:
            raise MeasureError(
                self._table, column, f"有的数超过 {whole.limit // whole.scale}，太大，所以不算"
            )
        return largest


def _whole(table: Table, column: str, types: Mapping[str, nw.dtypes.DType]) -> _Whole:
    """Make a column whole. MeasureError: it is missing, or cannot be made whole."""
    field = table.field(column)
    if field is None or column not in types:
        raise MeasureError(table, column, "没有")
    if field["type"] not in ("integer", "number"):
        raise MeasureError(table, column, "不是数，不能相加")
    if field["type"] == "number" and "decimals" not in field:
        raise MeasureError(table, column, "是小数，字段没有写明 decimals（小数位数），算不准，所以不算")
    dtype, cells = types[column], nw.col(column)
    if dtype.is_integer():
        return _Whole(cells.cast(nw.Int64), 1, LARGEST_INTEGER)
    scale = 10 ** field.get("decimals", 0)
    number = (cells * scale).round(0).cast(nw.Int64)
    if dtype.is_decimal():
        return _Whole(number, scale, LARGEST_INTEGER, cells * scale - number != 0)
    # Up to this limit the float nearest to a decimal leads back to it, and to no other.
    return _Whole(number, scale, LARGEST_DECIMAL, number / scale != cells)


def _matching(table: Table, where: Mapping[str, object]) -> nw.DataFrame | nw.LazyFrame:
    frame = nw.from_native(table.frame)
    return frame.filter(**where) if where else frame


def _ask(frame: nw.DataFrame | nw.LazyFrame, **expressions: nw.Expr) -> dict[str, str]:
    """One value for each expression, as text.

    A whole number would lose digits on its way through a float.
    """
    answer = frame.select(**{name: e.cast(nw.String) for name, e in expressions.items()})
    if isinstance(answer, nw.LazyFrame):
        answer = answer.collect(backend="pandas")
    [values] = answer.rows()
    return dict(zip(expressions, values, strict=True))
