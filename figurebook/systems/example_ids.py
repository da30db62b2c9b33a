"""Identifiers for the units of an example: what is invented is never told of a unit that exists."""

from __future__ import annotations


def fictitious(count: int) -> list[str]:
    """``count`` identifiers of no unit anywhere, in order, of one width: 例01， 例02 and on."""
    width = max(2, len(str(count)))
    return [f"例{n:0{width}}" for n in range(1, count + 1)]
