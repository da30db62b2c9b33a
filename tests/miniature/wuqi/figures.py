"""How each figure is computed: one function a figure, reading like the claim."""

from __future__ import annotations

from wuqi.aggregate import Ratio, count, percent_change, total
from wuqi.computations import figure
from wuqi.tables import Tables


@figure("ponds.total")
def ponds(t: Tables) -> Ratio:
    return count(t.ponds)


@figure("ponds.gauged")
def ponds_with_a_gauge(t: Tables) -> Ratio:
    return count(t.ponds, gauged=True)


@figure("crews.total")
def crews(t: Tables) -> Ratio:
    return count(t.crews)


@figure("crews.members")
def crew_members(t: Tables) -> Ratio:
    return total(t.crews, "members")


@figure("crews.metres")
def metres_repaired(t: Tables) -> Ratio:
    return total(t.crews, "metres")


@figure("crews.growth")
def growth_of_that_length(t: Tables) -> Ratio:
    return percent_change(total(t.crews, "metres"), total(t.crews, "metres_before"))
