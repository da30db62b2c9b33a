"""Compute months, quarters, halves and years, and the day so many days or months later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

MONTHS = 12
PER_YEAR = {"month": 12, "quarter": 4, "half": 2, "year": 1}
_LABELS = {"month": "{} 年 {} 月", "quarter": "{} 年第 {} 季度", "half": "{} 年{}半年", "year": "{} 年"}
_HALVES = {1: "上", 2: "下"}


@dataclass(frozen=True, order=True)
class Period:
    """A period of a year; ``number`` counts from 1."""

    year: int
    kind: str
    number: int

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, (self.number - 1) * self._months + 1, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        return self.start + relativedelta(months=self._months) - timedelta(days=1)

    @property
    def label(self) -> str:
        """For readers: 2016 年 3 月， 2016 年第 1 季度， 2016 年上半年， 2016 年."""
        number = _HALVES[self.number] if self.kind == "half" else self.number
        return _LABELS[self.kind].format(self.year, number)

    @property
    def _months(self) -> int:
        return MONTHS // PER_YEAR[self.kind]


def periods(year: int, kind: str) -> list[Period]:
    """The periods of a year in order. ``kind``: month, quarter, half or year, else KeyError."""
    return [Period(year, kind, n) for n in range(1, PER_YEAR[kind] + 1)]


def period_of(day: date, kind: str) -> Period:
    """The period a day lies in."""
    return Period(day.year, kind, (day.month - 1) * PER_YEAR[kind] // MONTHS + 1)


def after(day: date, amount: int, unit: str) -> date:
    """The day ``amount`` units after ``day``; ``unit`` is 天 or 个月.

    A day that the month does not have becomes its last day. ValueError or OverflowError beyond the last day
    that a date can hold; ``can_follow`` checks it beforehand.
    """
    return day + {"天": relativedelta(days=amount), "个月": relativedelta(months=amount)}[unit]


def can_follow(day: date, amount: int, unit: str) -> bool:
    """Whether ``after`` can give a day."""
    try:
        after(day, amount, unit)
    except (ValueError, OverflowError):
        return False
    return True
