"""Quantities that follow from the interview's figures alone, so that no page types them by hand.

Each is one line over the figures' values as stated; which figures it rests on is seen as it runs.
A bound such as 4,000+ has no derived value here: it would be a bound again, and look like a number.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from wuqi.claims import Figure, load_figures, number
from wuqi.tables import Tables

_DEFINITIONS: dict[str, tuple] = {}


@dataclass(frozen=True)
class Derived:
    """A quantity in ``unit``, exact; ``figures`` are the ids it rests on, ``formula`` says how."""

    id: str
    label_zh: str
    value: Fraction
    unit: str
    decimals: int
    figures: tuple[str, ...]
    formula: str

    @property
    def sign(self) -> str:
        """What stands before ``text``: ``=``, or ``≈`` when it is rounded."""
        return "=" if (self.value * 10**self.decimals).denominator == 1 else "≈"

    @property
    def text(self) -> str:
        """Value and unit as the pages print them."""
        return f"{number(self.value, self.decimals)} {self.unit}"


class _Values(dict):
    """The figures' values; remembers which were asked for."""

    def __init__(self, figures: dict[str, Figure]):
        super().__init__((i, Fraction(f.value)) for i, f in figures.items() if f.qualifier != "at_least")
        self.asked: list[str] = []

    def __getitem__(self, figure_id: str) -> Fraction:
        self.asked.append(figure_id)
        return super().__getitem__(figure_id)


def derived(derived_id: str, label_zh: str, unit: str, decimals: int = 0):
    """Register a one-line function of the figures' values."""
    def register(function: Callable):
        _DEFINITIONS[derived_id] = (label_zh, unit, decimals, function)
        return function
    return register


def load_derived(tables: Tables) -> dict[str, Derived]:
    """All derived quantities by id."""
    figures = load_figures(tables)
    found = {}
    for derived_id, (label, unit, decimals, function) in _DEFINITIONS.items():
        values = _Values(figures)
        try:
            value = function(values)
        except KeyError:
            if values.asked[-1] in figures:
                raise  # a bound, of which nothing is derived
            continue  # another interview has other figures
        found[derived_id] = Derived(derived_id, label, value, unit, decimals,
                                    tuple(dict.fromkeys(values.asked)), _formula(function, figures))
    return found


def _formula(function: Callable, figures: dict[str, Figure]) -> str:
    """The line that computes it, with labels for ids and the signs of arithmetic."""
    line = inspect.getsource(function).rsplit("return ", 1)[1].strip()
    line = re.sub(r"""f\["([\w.]+)"\]""", lambda m: figures[m[1]].label_zh, line)
    return line.replace("*", "×").replace("/", "÷").replace("(", "（").replace(")", "）")


@derived("poverty.persons_per_household", "户均人数", "人", 2)
def _persons_per_household(f):
    return f["poverty.persons"] / f["poverty.households"]


@derived("poverty.income_2015", "由增长倒推的上年人均收入", "元")
def _income_2015(f):
    return f["poverty.income"] / (1 + f["poverty.growth"] / 100)


@derived("demonstration.sites_per_village", "平均每村示范点", "个", 1)
def _sites_per_village(f):
    return f["demonstration.sites"] / f["staffing.villages"]


@derived("funding.village_raised", "每村每年经费（增加后，如果增加的是按年给的）", "元")
def _village_raised(f):
    return f["funding.village"] + f["funding.village_increase"]


@derived("funding.community_raised", "每个社区每年经费（增加后，如果两笔都按每个社区、按年给）", "元")
def _community_raised(f):
    return f["funding.community"] + f["funding.community_increase"]


@derived("funding.villages_yearly", "各村每年经费合计（增加后，如果增加的是按年给的）", "元")
def _villages_yearly(f):
    return (f["funding.village"] + f["funding.village_increase"]) * f["staffing.villages"]


@derived("funding.departments_yearly", "换届部门党委每年经费合计", "元")
def _departments_yearly(f):
    return f["funding.department"] * f["staffing.departments"]
