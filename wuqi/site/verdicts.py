"""The verdicts and tables of one build, computed once for all its extensions."""

from __future__ import annotations

from functools import cache

from wuqi import notebook
from wuqi.tables import Tables
from wuqi.verify import Verdict, verify
from wuqi.words import BASES, RELATIONS, RESULTS, word


@cache
def tables() -> Tables:
    """The tables of this build (``--data`` included)."""
    return notebook.tables()


@cache
def verdicts() -> dict[str, Verdict]:
    """The thirty verdicts by figure id."""
    return {v.figure.id: v for v in verify(tables())}


def label(figure_id: str) -> str:
    """The cross-reference label of a figure's row in the register."""
    return "fig-" + figure_id.replace(".", "-").replace("_", "-")


def in_words(verdict: Verdict) -> str:
    """The three axes of a verdict in one line."""
    return (f"结果 {word(RESULTS, verdict.result)}；依据 {word(BASES, verdict.basis)}；"
            f"旁证 {word(RELATIONS, verdict.corroboration)}")
