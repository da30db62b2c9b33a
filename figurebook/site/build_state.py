"""Compute the tables and verdicts of one build once for all extensions."""

from __future__ import annotations

import os
from functools import cache

import pandas as pd

from figurebook.datapackage.bases import BASES
from figurebook.datapackage.tables import Tables
from figurebook.figures.definitions import derived_quantities
from figurebook.figures.derived import DerivedValue
from figurebook.figures.verdicts import HOLDING, Verdict, verify
from figurebook.figures.vocabulary import RELATIONS, RESULTS, word
from figurebook.notebooks import api

# A shape and a colour beside each word, so that a verdict depends on neither alone.
REGISTER = "book/register"  # the page with ``{register}``
INTERVIEW = "book/interview"  # the page that retells the interview
_MUST_COME_OUT = {"illustrative": "按总数编成，相等是必然的", "stated": "照录访谈，等于抄一遍"}
_MARKS = {
    "reproduced": ("●", "yes"),
    "holds": ("●", "yes"),
    "differs": ("✕", "no"),
    "not_computed": ("○", "open"),
    "published": ("■", "yes"),
    "recorded": ("■", "yes"),
    "illustrative": ("◇", "open"),
    "stated": ("◇", "open"),
    "same": ("▲", "yes"),
    "related": ("△", "related"),
    "unlike": ("✕", "no"),
    "none_found": ("—", "open"),
}


@cache
def tables() -> Tables:
    """The tables of this build (``--data`` included)."""
    return api.tables()


def has_office_tables() -> bool:
    """Whether this build was given an office's tables, even if they say the same as ours."""
    return any(os.environ.get(name) for name in (api.STORE, api.OVERLAY))


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


def anchor_of(figure_id: str) -> str:
    """The anchor on the page ``INTERVIEW`` of the first place that retells a figure."""
    return "said-" + figure_id.replace(".", "-").replace("_", "-")


def page_name(figure_id: str) -> str:
    """The page of a figure: ``figures/poverty-persons``; stable, the same in any language."""
    return "figures/" + figure_id.replace(".", "-").replace("_", "-")


def system_page(system: str) -> str:
    """The page of a system: ``book/systems/s04-slug``; KeyError for an unknown system."""
    return f"book/systems/{system.lower()}-{systems()[system]['slug']}"


def verdict_axes(verdict: Verdict) -> list[dict[str, str]]:
    """The three answers on a figure for readers, each with its word and mark.

    The keys of each: ``name``, ``value`` (the code), ``word``, ``means``, ``shape``, ``kind``, ``aside``.
    What others say comes first. A result that had to come out, by a table of ours, is pale.
    """
    axes = []
    for name, words, value in (
        ("旁证", RELATIONS, verdict.corroboration),
        ("依据", BASES, verdict.basis),
        ("复算", RESULTS, verdict.result),
    ):
        shape, kind = _MARKS[value]
        aside = ""
        if value in HOLDING and verdict.basis in _MUST_COME_OUT:
            shape, kind, aside = "○", "open", _MUST_COME_OUT[verdict.basis]
        axes.append(
            {
                "name": name,
                "value": value,
                "word": word(words, value),
                "means": words[value][1],
                "shape": shape,
                "kind": kind,
                "aside": aside,
            }
        )
    return axes
