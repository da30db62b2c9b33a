"""Compute the quantities that follow from the interview's figures alone.

So no page types them by hand. A county writes each as a value::

    DerivedQuantity("a.size", "户均人数", "人", 2, FigureValue("a.b") / FigureValue("a.c"))

Its formula says itself in Chinese and names the figures that it rests on. A bound such as 4,000+ has no
derived value here: it would be a bound again, and look like a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from figurebook.figures.registry import Figure, number
from figurebook.figures.relations import Span, span

_RANKS = {"+": 1, "-": 1, "×": 2, "÷": 2}
_COMMUTATIVE = "+×"


class Formula:
    """Arithmetic over figures, written with ``+ - * /``, also with whole numbers."""

    @property
    def rank(self) -> int:
        return 3  # binds more tightly than any sign

    def value(self, numbers: Mapping[str, Fraction]) -> Fraction:
        """The exact number, of the figures' numbers by id."""
        raise NotImplementedError

    def text(self, figures: Mapping[str, Figure]) -> str:
        """The formula in Chinese: labels for ids."""
        raise NotImplementedError

    @property
    def ids(self) -> tuple[str, ...]:
        """The figures that it rests on, in their order, each once."""
        return ()

    def __add__(self, other: Formula | int) -> Formula:
        return _Sign("+", self, _formula(other))

    def __radd__(self, other: int) -> Formula:
        return _Sign("+", _formula(other), self)

    def __sub__(self, other: Formula | int) -> Formula:
        return _Sign("-", self, _formula(other))

    def __rsub__(self, other: int) -> Formula:
        return _Sign("-", _formula(other), self)

    def __mul__(self, other: Formula | int) -> Formula:
        return _Sign("×", self, _formula(other))

    def __rmul__(self, other: int) -> Formula:
        return _Sign("×", _formula(other), self)

    def __truediv__(self, other: Formula | int) -> Formula:
        return _Sign("÷", self, _formula(other))

    def __rtruediv__(self, other: int) -> Formula:
        return _Sign("÷", _formula(other), self)


@dataclass(frozen=True)
class FigureValue(Formula):
    """A figure's value as the interview states it."""

    figure: str

    def value(self, numbers: Mapping[str, Fraction]) -> Fraction:
        return numbers[self.figure]

    def text(self, figures: Mapping[str, Figure]) -> str:
        return figures[self.figure].label_zh

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.figure,)


@dataclass(frozen=True)
class _Number(Formula):
    whole: int

    def value(self, numbers: Mapping[str, Fraction]) -> Fraction:
        return Fraction(self.whole)

    def text(self, figures: Mapping[str, Figure]) -> str:
        return str(self.whole)


@dataclass(frozen=True)
class _Sign(Formula):
    sign: str
    left: Formula
    right: Formula

    @property
    def rank(self) -> int:
        return _RANKS[self.sign]

    def value(self, numbers: Mapping[str, Fraction]) -> Fraction:
        left, right = self.left.value(numbers), self.right.value(numbers)
        if self.sign in "+-":
            return left + right if self.sign == "+" else left - right
        return left * right if self.sign == "×" else left / right

    def text(self, figures: Mapping[str, Figure]) -> str:
        left, right = self.left.text(figures), self.right.text(figures)
        if self.left.rank < self.rank:
            left = f"（{left}）"
        if self.right.rank < self.rank or (self.right.rank == self.rank and self._is_ordered):
            right = f"（{right}）"
        return f"{left} {self.sign} {right}"

    @property
    def _is_ordered(self) -> bool:
        """Whether the right side needs its brackets although it binds as tightly."""
        return not (
            self.sign in _COMMUTATIVE and isinstance(self.right, _Sign) and self.right.sign == self.sign
        )

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.left.ids, *self.right.ids)))


@dataclass(frozen=True)
class DerivedQuantity:
    """A quantity in ``unit`` with so many ``decimals``, and the formula for it."""

    id: str
    label_zh: str
    unit: str
    decimals: int
    formula: Formula

    def value(self, figures: Mapping[str, Figure]) -> Fraction:
        """The exact number, of the figures as the interview states them."""
        return self.formula.value({i: Fraction(figures[i].value) for i in self.formula.ids})

    def span(self, figures: Mapping[str, Figure]) -> Span:
        """The least and the largest value that the precision of its figures leaves open."""
        ends = [[s.low, s.high or s.low] for s in map(stated_span, (figures[i] for i in self.formula.ids))]
        values = [
            self.formula.value(dict(zip(self.formula.ids, corner, strict=True))) for corner in product(*ends)
        ]
        return Span(min(values), max(values))

    def faults(self, figures: Mapping[str, Figure]) -> Iterator[str]:
        """Report what is wrong with the formula or the id.

        A figure may be missing from the registry, or be only a bound. A division may be by nothing.
        """
        if self.id in figures:
            yield "有一个数字已经用了这个编号"
        unknown = [i for i in self.formula.ids if i not in figures]
        bounds = [i for i in self.formula.ids if i in figures and figures[i].qualifier == "at_least"]
        yield from (f"所用的数字 {i} 没有登记" for i in unknown)
        yield from (f"所用的数字 {i} 只是一个界限，由它推不出数" for i in bounds)
        if not unknown:
            try:
                self.value(figures)
            except ZeroDivisionError:
                yield "除数是 0"


@dataclass(frozen=True)
class DerivedValue:
    """A derived quantity with its exact value.

    ``figures`` are the ids it rests on; ``formula`` is in words.
    """

    id: str
    label_zh: str
    value: Fraction
    unit: str
    decimals: int
    figures: tuple[str, ...]
    formula: str

    @property
    def sign(self) -> str:
        """The sign before ``text``: ``=``, or ``≈`` when it is rounded."""
        return "=" if (self.value * 10**self.decimals).denominator == 1 else "≈"

    @property
    def text(self) -> str:
        """Value and unit as the pages print them."""
        return f"{number(self.value, self.decimals)} {self.unit}"


def quantities(
    derived: Mapping[str, DerivedQuantity], figures: Mapping[str, Figure]
) -> dict[str, DerivedValue]:
    """All derived quantities by id, from the figures as stated.

    Those with faults are refused before this.
    """
    return {
        d.id: DerivedValue(
            d.id,
            d.label_zh,
            d.value(figures),
            d.unit,
            d.decimals,
            d.formula.ids,
            d.formula.text(figures),
        )
        for d in derived.values()
    }


def stated_span(figure: Figure) -> Span:
    """The numbers that a figure may stand for, to the precision it was stated at."""
    return span(figure.value, figure.qualifier, figure.decimals)


def _formula(value: Formula | int) -> Formula:
    if not isinstance(value, Formula | int):
        raise TypeError(f"a formula is made of figures and whole numbers, not of {value!r}")
    return value if isinstance(value, Formula) else _Number(value)
