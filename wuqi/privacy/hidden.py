"""A cell that is not shown: what stands in its place, in tables, charts and words alike."""

from __future__ import annotations

from collections.abc import Iterable


class Hidden(str):
    """The words in place of a value; they stay what they are under whatever number format."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        return str(self)


def lengths(values: Iterable) -> list:
    """Values as lengths of bars: a hidden one has none."""
    return [0.0 if isinstance(v, Hidden) else v for v in values]
