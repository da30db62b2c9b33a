"""Define the quantities that follow from this county's figures alone."""

from __future__ import annotations

from figurebook.figures.derived import DerivedQuantity, FigureValue

DERIVED = (
    DerivedQuantity(
        "crews.members_per_crew",
        "平均每队人数",
        "人",
        1,
        FigureValue("crews.members") / FigureValue("crews.total"),
    ),
)
