"""Make charts for tests, and compute colours as people see them."""

from collections.abc import Iterable
from itertools import pairwise

import pandas as pd

from figurebook.notebooks import charts

SOURCES = [{"tables": ["t"], "titles": ["表甲", "表乙"], "origin": "某处《某书》", "basis": "公开发布"}]
DATA = pd.DataFrame({"名": ["甲", "乙"], "个数": [3, 4]})


def chart(alt: str = "alt", title: str = "标题", data: pd.DataFrame = DATA, sources=SOURCES) -> charts.Chart:
    """A real chart of two bars."""
    return charts.Chart(charts.bars(title, ["甲", "乙"], [3, 4]), alt, data=data, sources=sources)


def linear(colour: str) -> list[float]:
    """The three channels of ``#rrggbb`` as light, 0 to 1."""
    channels = [int(colour[i:j], 16) / 255 for i, j in pairwise((1, 3, 5, 7))]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it, 1 to 21."""
    light = [weighted((0.2126, 0.7152, 0.0722), linear(colour)) for colour in (one, other)]
    return (max(light) + 0.05) / (min(light) + 0.05)


def weighted(weights: Iterable[float], channels: Iterable[float]) -> float:
    return sum(w * c for w, c in zip(weights, channels, strict=True))
