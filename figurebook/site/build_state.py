"""Compute the tables and verdicts of one build once for all extensions."""

from __future__ import annotations

from functools import cache

import pandas as pd

from figurebook.datapackage.bases import BASES
from figurebook.datapackage.tables import Tables
from figurebook.figures.definitions import derived_quantities
from figurebook.figures.derived import DerivedValue
from figurebook.figures.verdicts import Verdict, verify
from figurebook.figures.vocabulary import RELATIONS, RESULTS, word
from figurebook.notebooks import api

# A shape and a colour beside each word, so that a verdict depends on neither alone.
_MARKS = {
    "reproduced": ("●", "yes"),
    "holds": ("●", "yes"),
    "differs": ("✕", "no"),
    "not computed": ("○", "open"),
    "published": ("■", "yes"),
    "recorded": ("■", "yes"),
    "reconstructed": ("◇", "open"),
    "stated": ("◇", "open"),
    "agrees": ("▲", "yes"),
    "consistent": ("△", "open"),
    "none found": ("—", "open"),
}


@cache
def tables() -> Tables:
    """The tables of this build (``--data`` included)."""
    return api.tables()


@cache
def verdicts() -> dict[str, Verdict]:
    """The verdicts by figure id."""
    return {v.figure.id: v for v in verify(tables())}


@cache
def derived() -> dict[str, DerivedValue]:
    """The derived quantities by id."""
    return derived_quantities(tables())


@cache
def systems() -> dict[str, dict]:
    """The rows of ``systems`` by id, an empty cell as ``""``; empty without that table."""
    rows = tables().rows("systems")
    return {r["id"]: {k: "" if pd.isna(v) else v for k, v in r.items()} for r in rows}


def page_name(figure_id: str) -> str:
    """The page of a figure: ``figures/poverty-persons``; stable, the same in any language."""
    return "figures/" + figure_id.replace(".", "-").replace("_", "-")


def system_page(system: str) -> str:
    """The page of a system: ``book/systems/s04-slug``; KeyError for an unknown system."""
    return f"book/systems/{system.lower()}-{systems()[system]['slug']}"


def verdict_axes(verdict: Verdict) -> list[dict[str, str]]:
    """The three axes of a verdict for readers, each with its word and mark.

    The keys of each: ``name``, ``value`` (the code), ``word``, ``means``, ``shape``, ``kind``.
    """
    axes = []
    for name, words, value in (
        ("结果", RESULTS, verdict.result),
        ("依据", BASES, verdict.basis),
        ("旁证", RELATIONS, verdict.corroboration),
    ):
        shape, kind = _MARKS[value]
        axes.append(
            {
                "name": name,
                "value": value,
                "word": word(words, value),
                "means": words[value][1],
                "shape": shape,
                "kind": kind,
            }
        )
    return axes
