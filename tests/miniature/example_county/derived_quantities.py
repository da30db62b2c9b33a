"""What follows from this county's figures alone: one value a quantity."""

from __future__ import annotations

from figurebook.figures.derived import Derived, Stated

DERIVED = (
    Derived(
        "crews.members_per_crew", "平均每队人数", "人", 1, Stated("crews.members") / Stated("crews.total")
    ),
)
