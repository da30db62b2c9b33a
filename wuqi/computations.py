"""The computations of the figures by id; ``wuqi.figures``, which a county writes, registers them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from wuqi.aggregate import Ratio
from wuqi.tables import Tables

_COMPUTATIONS: dict[str, Callable[[Tables], Ratio]] = {}


def figure(figure_id: str):
    """Register a function as the computation of a figure; an id is computed in one place."""
    def register(function):
        if figure_id in _COMPUTATIONS:
            raise ValueError(f"figure {figure_id} is computed twice")
        _COMPUTATIONS[figure_id] = function
        return function
    return register


def computations() -> dict[str, Callable[[Tables], Ratio]]:
    """Every computation by the id of its figure, in the county's order."""
    import_module("wuqi.figures")
    return _COMPUTATIONS
