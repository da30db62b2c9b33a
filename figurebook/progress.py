"""How far long work has come, for whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Progress = Callable[[str, float], None]
"""Called with what is being done, in readers' words, and the share of it that is done, 0 to 1."""

T = TypeVar("T")


def silent(what: str, share: float) -> None:
    """The progress that nobody waits for."""


def steps(things: Sequence[T], what: str, progress: Progress) -> Iterator[T]:
    """The things one by one, telling after each how many of them are done."""
    for done, thing in enumerate(things, 1):
        yield thing
        progress(what, done / len(things))
