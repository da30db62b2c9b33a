"""Rank by exact scores; equal scores share a rank: 1, 1, 3."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction


def ranks(scores: Mapping[str, Fraction]) -> dict[str, int]:
    """The rank of each name, best first; equal scores in order of the names."""
    ordered = sorted(scores, key=lambda name: (-scores[name], name))
    best: dict[Fraction, int] = {}
    for place, name in enumerate(ordered, 1):
        best.setdefault(scores[name], place)
    return {name: best[scores[name]] for name in ordered}


def tied(ranking: Mapping[str, int]) -> dict[str, list[str]]:
    """The others that share each name's rank; empty for a name alone on its rank."""
    return {
        name: [other for other, r in ranking.items() if r == rank and other != name]
        for name, rank in ranking.items()
    }


def exact(value: Fraction) -> str:
    """A number as readers write it, nothing rounded: ``62``, ``62 又 1/4``, ``-1/3``."""
    whole, rest = divmod(abs(value.numerator), value.denominator)
    sign = "-" if value < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole} 又 {rest}/{value.denominator}" if whole else f"{sign}{rest}/{value.denominator}"
