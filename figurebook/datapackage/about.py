"""Name the office and the date of the tables that replace ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """The office and the date (ISO) that its files state; None if not stated."""

    office: str | None = None
    date: str | None = None
