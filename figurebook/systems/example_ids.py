"""Make invented identifiers for example units, never those of a real unit."""

from __future__ import annotations


def fictitious(count: int) -> list[str]:
    """``count`` invented identifiers in order, all of one width: 例01， 例02 and on."""
    width = max(2, len(str(count)))
    return [f"例{n:0{width}}" for n in range(1, count + 1)]
