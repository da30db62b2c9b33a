"""Title, version, date and licence of the book, for the editions that are made from its site."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import yaml

from wuqi.tables import ROOT


@cache
def book_version() -> str:
    """The version of the book, which need not be that of the program that makes it."""
    return imprint()[0]["version"]


def imprint(citation: Path = ROOT / "CITATION.cff") -> tuple[dict[str, str], date]:
    """What a title page says, and the date of the version, from the citation file.

    The keys are ``title``, ``subtitle``, ``abstract``, ``version``, ``date``, ``author`` and ``license``.
    """
    known = yaml.safe_load(citation.read_text(encoding="utf-8"))
    title, _, subtitle = known["title"].partition("\uff1a")
    made = known["date-released"]
    return {"title": title, "subtitle": subtitle, "abstract": known["abstract"],
            "version": str(known["version"]),
            "date": f"{made.year} 年 {made.month} 月 {made.day} 日",
            "author": "、".join(a["name"] for a in known["authors"]),
            "license": "、".join(known["license"])}, made
