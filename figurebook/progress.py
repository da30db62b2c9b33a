"""Report the progress of long work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Progress = Callable[[str, float], None]
"""Called with what is being done, in readers' words, and the share that is done (0 to 1)."""

T = TypeVar("T")


def silent(what: str, share: float) -> None:
    """Report nothing."""


def steps(things: Sequence[T], what: str, progress: Progress) -> Iterator[T]:
    """Give the things one by one, and report after each how many are done."""
    for done, thing in enumerate(things, 1):
        yield thing
        progress(what, done / len(things))
