"""S18's rules: what members and branches earn points by, and how many a star takes. All are defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from figurebook.spreadsheets.writing.cell_limits import has_text
from figurebook.systems.periods import PER_YEAR
from figurebook.systems.rules import Rules

TIES = ("min", "dense")  # after equal totals the next ranks are left out, or are not
_IDENTIFIER = re.compile("[A-Za-z0-9-]+")


@dataclass(frozen=True)
class Item:
    """What one doing earns (``points``, counted ``cap`` times a period), or the points a star takes."""

    label: str
    subject: str
    points: int
    cap: int | None
    basis: str = ""


@dataclass(frozen=True)
class PointRules:
    """The rules every system has, and the items by name.

    RuleError: an item or a star that cannot be used, ties ranked by no way of ``TIES``, a period that is
    none or is settled more or less than once.
    """

    general: Rules
    items: Mapping[str, Item]

    def __post_init__(self) -> None:
        if self.ties not in TIES:
            raise self.general.refusal("ties", f"{self.ties}（kind 应填 {' 或 '.join(TIES)}）")
        settled = self.general.cadences.query("activity == 'settle'")[["period", "times"]].to_numpy()
        if len(settled) != 1 or settled[0][0] not in PER_YEAR or settled[0][1] != 1:
            raise self.general.refusal("settled-once", "、".join(f"{p} {n} 次" for p, n in settled))
        for name, i in self.items.items():
            capped = type(i.cap) is int and i.cap > 0 if i.subject in ("member", "branch") else i.cap is None
            if not (
                capped
                and is_identifier(name)
                and i.subject in ("member", "branch", "star")
                and has_text(i.label)
                and type(i.points) is int
            ):
                raise self.general.refusal("items", f"{name}（{i.label}）")
        if len(set(self.thresholds)) < len(self.thresholds):
            raise self.general.refusal("thresholds", "、".join(map(str, self.thresholds)))

    @property
    def thresholds(self) -> list[int]:
        """The points that each star takes, lowest first."""
        return sorted(i.points for i in self.items.values() if i.subject == "star")

    @property
    def ties(self) -> str | None:
        """How equal totals are ranked; None when no row of the criteria says it."""
        return dict(self.general.criteria[["name", "kind"]].itertuples(index=False)).get("ties")

    @property
    def period(self) -> str:
        """What is settled at a time: month, quarter, half or year."""
        return self.general.cadences.set_index("activity").at["settle", "period"]

    def changed(self, name: str, **values: Any) -> PointRules:
        """The same rules with another ``points`` or ``cap`` for one item; RuleError: no such item."""
        if name not in self.items:
            raise self.general.refusal("unknown", name)
        return PointRules(self.general, {**self.items, name: replace(self.items[name], **values)})


def is_identifier(text: object) -> bool:
    """Whether a text is a number or code of ASCII letters, digits and hyphens, and so no name."""
    return isinstance(text, str) and _IDENTIFIER.fullmatch(text) is not None
