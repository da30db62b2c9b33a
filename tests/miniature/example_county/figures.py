"""Define the measure of each figure, in the text's order."""

from __future__ import annotations

from figurebook.figures.measures import Count, Measure, PercentChange, Total

FIGURES: tuple[tuple[str, Measure], ...] = (
    ("ponds.total", Count("ponds")),
    ("ponds.gauged", Count("ponds", where={"gauged": True})),
    ("crews.total", Count("crews")),
    ("crews.members", Total("crews", "members")),
    ("crews.metres", Total("crews", "metres")),
    ("crews.growth", PercentChange(Total("crews", "metres"), Total("crews", "metres_before"))),
)
