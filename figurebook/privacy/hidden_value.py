"""Stand in for a value that is not shown, in tables, charts and words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd


class Hidden(str):
    """The words in place of a value, unchanged by any number format."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        return str(self)


NOTHING = Hidden("—")  # there is no value: of nobody there is no mean


def value_or_dash(value: Any) -> Any:
    """The value, or NOTHING where there is none."""
    return NOTHING if value is None or value is pd.NA or value != value else value


def lengths(values: Iterable) -> list:
    """Values as lengths of bars: a hidden one has none, nor has a missing one."""
    return [0.0 if isinstance(value_or_dash(v), Hidden) else v for v in values]
