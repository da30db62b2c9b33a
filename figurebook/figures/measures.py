"""Measures: how a figure is computed from tables, written as a value.

``Total("poor_households", "persons")`` computes itself (``compute``). It says how in Chinese (``sentence``)
and in English (``english``). It knows the tables that it reads (``reads``) and what is wrong with it
(``faults``). Results are exact fractions in the unit of the column (yuan for money in fen), or None where
there is no value.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from fractions import Fraction
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from figurebook.datapackage.tables import Tables
from figurebook.figures import aggregate

SCALES = {"万": 10**4, "亿": 10**8}
_BY_NAME = ("weight", "where")  # arguments that a declaration writes with their names
_PYTHON = {"integer": int, "year": int, "number": int | float}  # of a value by its field's type; else str


class MeasureFault(NamedTuple):
    """A mistake in a measure: a problem's rule, its message, and the column."""

    rule: str
    message: str
    column: str | None = None


class Measure(ABC):
    """A way to compute one number from tables.

    Its ``repr`` is the declaration as a county writes it.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]  # each kind of measure is a dataclass

    @property
    @abstractmethod
    def reads(self) -> tuple[str, ...]:
        """The names of the tables that it reads, each once."""

    @abstractmethod
    def compute(self, tables: Tables) -> Fraction | None:
        """The number. NoTableError: a table is not there. MeasureError: it cannot be exact."""

    @abstractmethod
    def sentence(self, tables: Tables) -> str:
        """Say how in Chinese, with the titles of tables and columns.

        NoTableError: a table is not there.
        """

    @property
    @abstractmethod
    def english(self) -> str:
        """The same in English, with the names of tables and columns."""

    @abstractmethod
    def faults(self, tables: Tables) -> Iterator[MeasureFault]:
        """Report what is wrong with it for these tables."""

    def __repr__(self) -> str:
        attributes = {f.name: getattr(self, f.name) for f in fields(self)}
        arguments = [
            f"{name}={_written(v)}" if name in _BY_NAME else _written(v)
            for name, v in attributes.items()
            if v != {}
        ]
        return f"{type(self).__name__}({', '.join(arguments)})"


class _OfRows(Measure):
    """A measure of some rows of one ``table``.

    These rows equal ``where`` in every column named there.
    """

    table: str
    where: Mapping[str, object]

    def __post_init__(self) -> None:
        if isinstance(self.where, Mapping):
            object.__setattr__(self, "where", MappingProxyType(dict(self.where)))

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.table,)

    @property
    def _columns(self) -> tuple[str, ...]:
        """The columns that it computes with."""
        return tuple(getattr(self, f.name) for f in fields(self) if f.name in ("column", "weight"))

    def faults(self, tables: Tables) -> Iterator[MeasureFault]:
        if self.table not in tables.names:
            yield MeasureFault(
                "foreign-key", f"数据包里没有表 {self.table}。{_near(self.table, tables.names)}"
            )
        elif not isinstance(self.where, Mapping):
            yield MeasureFault("type", '条件要写成 where={"列": 值}。')
        else:
            spec_of = {f["name"]: f for f in tables.resource(self.table)["schema"]["fields"]}
            for column in (*self._columns, *self.where):
                if column not in spec_of:
                    yield MeasureFault(
                        "missing-column", f"表 {self.table} 没有这一列。{_near(column, spec_of)}", column
                    )
            for column in self._columns:
                if column in spec_of:
                    yield from _not_summed(spec_of[column])
            for column, value in self.where.items():
                if column in spec_of and not _can_equal(spec_of[column], value):
                    yield MeasureFault("type", f"表 {self.table} 的这一列不会有 {value!r} 这个值。", column)

    def _rows(self, tables: Tables) -> tuple[str, str]:
        """The table in Chinese, and the condition on its rows: "" for none."""
        resource = tables.resource(self.table)
        spec_of = {f["name"]: f for f in resource["schema"]["fields"]}
        return f"“{resource['title']}”表", "、".join(_condition(spec_of[c], v) for c, v in self.where.items())

    def _place(self, tables: Tables) -> str:
        table, rows = self._rows(tables)
        return f"{table}里{rows}的行" if rows else f"{table}里各行"

    def _title(self, column: str, tables: Tables) -> str:
        schema = tables.resource(self.table)["schema"]
        return next(f"“{f['title']}”" for f in schema["fields"] if f["name"] == column)

    @property
    def _where_in_english(self) -> str:
        condition = " and ".join(
            f"{c} is {'true' if v is True else 'false' if v is False else v}" for c, v in self.where.items()
        )
        return f" where {condition}" if condition else ""


@dataclass(frozen=True, repr=False)
class Count(_OfRows):
    """The number of rows."""

    table: str
    where: Mapping[str, object] = field(default_factory=dict, hash=False)

    def compute(self, tables: Tables) -> Fraction | None:
        return Fraction(aggregate.count(getattr(tables, self.table), self.where))

    def sentence(self, tables: Tables) -> str:
        table, rows = self._rows(tables)
        return f"数一数{table}里{rows}的行有多少" if rows else f"数一数{table}一共有多少行"

    @property
    def english(self) -> str:
        return f"number of rows of {self.table}{self._where_in_english}"


@dataclass(frozen=True, repr=False)
class Total(_OfRows):
    """The sum of a column."""

    table: str
    column: str
    where: Mapping[str, object] = field(default_factory=dict, hash=False)

    def compute(self, tables: Tables) -> Fraction | None:
        return aggregate.total(getattr(tables, self.table), self.column, self.where)

    def sentence(self, tables: Tables) -> str:
        return f"把{self._place(tables)}的{self._title(self.column, tables)}加起来"

    @property
    def english(self) -> str:
        return f"sum of {self.column} in {self.table}{self._where_in_english}"


@dataclass(frozen=True, repr=False)
class WeightedMean(_OfRows):
    """The mean of a column, each row counted ``weight`` times."""

    table: str
    column: str
    weight: str
    where: Mapping[str, object] = field(default_factory=dict, hash=False)

    def compute(self, tables: Tables) -> Fraction | None:
        return aggregate.weighted_mean(getattr(tables, self.table), self.column, self.weight, self.where)

    def sentence(self, tables: Tables) -> str:
        column, by = (self._title(c, tables) for c in (self.column, self.weight))
        return f"把{self._place(tables)}的{column}乘以{by}，加起来，再除以{by}之和"

    @property
    def english(self) -> str:
        return f"mean of {self.column} weighted by {self.weight} in {self.table}{self._where_in_english}"


@dataclass(frozen=True, repr=False)
class Only(_OfRows):
    """The value of a column in the one row that has one."""

    table: str
    column: str
    where: Mapping[str, object] = field(default_factory=dict, hash=False)

    def compute(self, tables: Tables) -> Fraction | None:
        return aggregate.only(getattr(tables, self.table), self.column, self.where)

    def sentence(self, tables: Tables) -> str:
        return f"取{self._place(tables)}（只有一行）的{self._title(self.column, tables)}"

    @property
    def english(self) -> str:
        return f"the one value of {self.column} in {self.table}{self._where_in_english}"


class _OfMeasures(Measure):
    """A measure of other measures; it has no value where one of them has none."""

    @property
    @abstractmethod
    def _zh(self) -> str:
        """The Chinese sentence, with a place for that of each part."""

    @property
    @abstractmethod
    def _en(self) -> str:
        """The same in English."""

    @property
    def _parts(self) -> tuple[Measure, ...]:
        return tuple(v for f in fields(self) if isinstance(v := getattr(self, f.name), Measure))

    @property
    def reads(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for part in self._parts for name in part.reads))

    def compute(self, tables: Tables) -> Fraction | None:
        values = [part.compute(tables) for part in self._parts]
        present = [value for value in values if value is not None]
        return self._of(*present) if len(present) == len(values) else None

    @abstractmethod
    def _of(self, *values: Fraction) -> Fraction | None:
        """The number from those of the parts."""

    def sentence(self, tables: Tables) -> str:
        return self._zh.format(*(part.sentence(tables) for part in self._parts))

    @property
    def english(self) -> str:
        return self._en.format(*(part.english for part in self._parts))

    def faults(self, tables: Tables) -> Iterator[MeasureFault]:
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, Measure):
                yield from value.faults(tables)
            elif f.name != "unit":
                yield _no_measure(value)


@dataclass(frozen=True, repr=False)
class PercentChange(_OfMeasures):
    """The percentage by which ``new`` exceeds ``old``; no value when ``old`` is 0."""

    new: Measure
    old: Measure

    _zh = "（{}）比（{}）增长的百分比"
    _en = "percent change of ({}) over ({})"

    def _of(self, *values: Fraction) -> Fraction | None:
        new, old = values
        return aggregate.percent_change(new, old)


@dataclass(frozen=True, repr=False)
class Share(_OfMeasures):
    """The percentage that ``part`` is of ``whole``; no value when ``whole`` is 0."""

    part: Measure
    whole: Measure

    _zh = "（{}）占（{}）的百分比"
    _en = "({}) as a percentage of ({})"

    def _of(self, *values: Fraction) -> Fraction | None:
        part, whole = values
        return part / whole * 100 if whole else None


@dataclass(frozen=True, repr=False)
class Difference(_OfMeasures):
    """``first`` less ``second``."""

    first: Measure
    second: Measure

    _zh = "（{}）减去（{}）"
    _en = "({}) less ({})"

    def _of(self, *values: Fraction) -> Fraction:
        first, second = values
        return first - second


@dataclass(frozen=True, repr=False)
class Scaled(_OfMeasures):
    """A measure in ``unit``: 万 (ten thousand) or 亿 (a hundred million)."""

    measure: Measure
    unit: str

    def _of(self, *values: Fraction) -> Fraction:
        (value,) = values
        return value / SCALES[self.unit]

    @property
    def _zh(self) -> str:
        return f"（{{}}）换成以“{self.unit}”为单位"

    @property
    def _en(self) -> str:
        return f"({{}}) / {SCALES[self.unit]}"

    def faults(self, tables: Tables) -> Iterator[MeasureFault]:
        yield from super().faults(tables)
        if self.unit not in SCALES:
            yield MeasureFault("type", f"单位只能是{'、'.join(SCALES)}。")


def faults(declared: object, tables: Tables) -> Iterator[MeasureFault]:
    """Report what is wrong with a county's declaration of a measure."""
    if isinstance(declared, Measure):
        yield from declared.faults(tables)
    else:
        yield _no_measure(declared)


def _no_measure(value: object) -> MeasureFault:
    return MeasureFault("type", f"{value!r} 不是一种算法，要写成 {'、'.join(_KINDS)} 之一。")


_KINDS = [k.__name__ for k in (Count, Total, WeightedMean, Only, PercentChange, Share, Difference, Scaled)]


def _not_summed(spec: dict) -> Iterator[MeasureFault]:
    """Report why a column cannot be added up exactly."""
    if spec["type"] not in ("integer", "number"):
        yield MeasureFault("type", "这一列不是数，不能相加。", spec["name"])
    elif spec["type"] == "number" and "decimals" not in spec:
        yield MeasureFault(
            "type", "这一列是小数，数据包的说明里没有写 decimals（小数位数），加起来不准。", spec["name"]
        )


def _can_equal(spec: dict, value: object) -> bool:
    """Whether a cell of the column can have this value."""
    if spec["type"] == "boolean" or isinstance(value, bool):
        return spec["type"] == "boolean" and isinstance(value, bool)
    choices = spec.get("constraints", {}).get("enum")
    return isinstance(value, _PYTHON.get(spec["type"], str)) and (choices is None or value in choices)


def _condition(spec: dict, value: object) -> str:
    """``“类别”为“水塘”（pond）``; the words for a code are its field's categories."""
    if isinstance(value, bool):
        text = "“是”" if value else "“否”"
    else:
        words = {c["value"]: c["label"] for c in spec.get("categories", ())}
        text = f"“{words[value]}”（{value}）" if value in words else f" {value} "
    return f"“{spec['title']}”为{text}"


def _near(name: object, names: Mapping[str, object] | list[str]) -> str:
    similar = get_close_matches(str(name), list(names), n=3)
    return f"相近的有 {'、'.join(similar)}。" if similar else ""


def _written(value: object) -> str:
    """A value as a declaration writes it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_written(k)}: {_written(v)}" for k, v in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
