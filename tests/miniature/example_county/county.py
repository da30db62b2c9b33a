"""Define the example county for the program."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from figurebook.county import County


def _figures() -> Iterable[tuple[str, Any]]:
    from example_county.figures import FIGURES

    return FIGURES


def _derived() -> Iterable[Any]:
    from example_county.derived_quantities import DERIVED

    return DERIVED


COUNTY = County(_figures, _derived)
