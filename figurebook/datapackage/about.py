"""Whose tables are laid over the package's, and of which day they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """The office and the date (ISO), as its files say; None for what they do not say."""

    office: str | None = None
    date: str | None = None
