"""Define S18's rules, all defaults: the items that earn points, and the stars."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from figurebook.spreadsheets.writing.cell_limits import has_text
from figurebook.systems.periods import PER_YEAR
from figurebook.systems.rules import Rules

TIES = ("min", "dense")  # after equal totals the next ranks are left out (min) or not (dense)
_IDENTIFIER = re.compile("[A-Za-z0-9-]+")


@dataclass(frozen=True)
class Item:
    """An item or a star: the ``points`` that an event earns or a star takes.

    An item counts at most ``cap`` times in each period.
    """

    label: str
    subject: str
    points: int
    cap: int | None
    basis: str = ""


@dataclass(frozen=True)
class PointRules:
    """The rules that every system has, and the items by name.

    RuleError for an item or a star that cannot be used, and for a way to rank ties that is not in ``TIES``.
    RuleError for an unknown period, or one that is not settled exactly once.
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
        """The points for each star, lowest first."""
        return sorted(i.points for i in self.items.values() if i.subject == "star")

    @property
    def ties(self) -> str | None:
        """The way to rank equal totals; None when no row of the criteria gives it."""
        return dict(self.general.criteria[["name", "kind"]].itertuples(index=False)).get("ties")

    @property
    def period(self) -> str:
        """The period that is settled at once: month, quarter, half or year."""
        return self.general.cadences.set_index("activity").at["settle", "period"]

    def changed(self, name: str, **values: Any) -> PointRules:
        """The same rules with other ``points`` or ``cap`` for one item; RuleError if unknown."""
        if name not in self.items:
            raise self.general.refusal("unknown", name)
        return PointRules(self.general, {**self.items, name: replace(self.items[name], **values)})


def is_identifier(text: object) -> bool:
    """Whether a text is a code of ASCII letters, digits and hyphens, and no name."""
    return isinstance(text, str) and _IDENTIFIER.fullmatch(text) is not None
