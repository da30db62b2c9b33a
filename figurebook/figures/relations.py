"""How a published number bears on a figure of the interview: one rule, computed and never typed.

The same thing and equal to the precision of both is ``same``, at another date ``related``. The same thing
outside both precisions is ``unlike``, whatever the date, unless the interview's own change joins the two
(an equation). A published bound that holds is ``related``. Another thing is never more than ``related``.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

# What is said of a figure with several publications: a difference is never hidden behind anything.
_PRECEDENCE = ("unlike", "same", "related")
# Of several reasons why publications are related, the one that comes closest to the figure is said.
_CLOSENESS = ("another_date", "equation", "bound", "another_thing")


class Span(NamedTuple):
    """The numbers that a stated number may stand for, both ends included; ``high`` is None for no end.

    A bound has no end and leaves ``low`` itself out.
    """

    low: Fraction
    high: Fraction | None

    def meets(self, other: Span) -> bool:
        """Whether one number may be meant by both."""
        return self._reaches(other) and other._reaches(self)

    def _reaches(self, other: Span) -> bool:
        if self.high is None:
            return True
        return other.low < self.high if other.high is None else other.low <= self.high


class Relation(NamedTuple):
    """A value of ``vocabulary.RELATIONS`` and, where it is ``related``, one of ``vocabulary.REASONS``."""

    relation: str
    reason: str = ""


def span(value: Decimal, qualifier: str, decimals: int | None = None) -> Span:
    """The numbers that ``value`` may stand for.

    ``exact`` is itself, ``at_least`` more than itself, ``rounded`` half a step around itself. The step is
    that of the last of ``decimals``, or without them of the last digit that is no zero.
    """
    exact = Fraction(value)
    if qualifier == "at_least":
        return Span(exact, None)
    if qualifier == "exact":
        return Span(exact, exact)
    exponent = value.normalize().as_tuple().exponent if decimals is None else -decimals
    half = Fraction(10) ** int(exponent) / 2
    return Span(exact - half, exact + half)


def relation(
    stated: Span, published: Span, *, is_same_thing: bool, is_same_date: bool, is_joined: bool
) -> Relation:
    """How one published number bears on a stated one; ``is_joined`` says that an equation joins them."""
    if not is_same_thing:
        return Relation("related", "equation" if is_joined else "another_thing")
    if stated.meets(published):
        if published.high is None:
            return Relation("related", "bound")
        return Relation("same") if is_same_date else Relation("related", "another_date")
    return Relation("related", "equation") if is_joined else Relation("unlike")


def strongest(relations: Iterable[str]) -> str:
    """The one word for a figure: a difference outweighs an equal number; ``none_found`` if there is none."""
    found = set(relations)
    return next((r for r in _PRECEDENCE if r in found), "none_found")


def closest_reason(reasons: Iterable[str]) -> str:
    """The one reason for a figure; empty if there is none."""
    found = set(reasons)
    return next((r for r in _CLOSENESS if r in found), "")
