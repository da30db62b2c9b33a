"""Replay the histories of the systems' models."""

from collections.abc import Iterable
from typing import Any

from figurebook.systems.history import Entry


def replayed(history: Iterable[Entry], empty: Any) -> Any:
    """The empty model after every entry of the history was applied to it."""
    for e in history:
        empty.apply(e.on, e.subject, e.action, **e.details)
    return empty
