"""Title, version, date and licence of the book, for the editions that are made from its site."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import yaml

from figurebook import project
from figurebook.datapackage.problems import Problem, TablesError

_NOT_EMPTY = "没有写，请补上"
# How each key that is needed must be written, and what is said when it is not.
_WANTED = {
    "title": (lambda v: isinstance(v, str) and v, _NOT_EMPTY),
    "abstract": (lambda v: isinstance(v, str) and v, _NOT_EMPTY),
    "version": (lambda v: v is not None and v != "", _NOT_EMPTY),
    "date-released": (lambda v: isinstance(v, date), "要写成 2026-11-23 这样的日期，不加引号"),
    "authors": (
        lambda v: isinstance(v, list) and v and all(isinstance(a, dict) and a.get("name") for a in v),
        "要是一个列表，至少一位，每位有 name",
    ),
    "license": (
        lambda v: isinstance(v, list) and v and all(isinstance(x, str) for x in v),
        "要是一个列表，至少一项",
    ),
}


@cache
def book_version() -> str:
    """The version of the book, which need not be that of the program that makes it."""
    return imprint()[0]["version"]


def imprint(citation: Path | None = None) -> tuple[dict[str, str], date]:
    """What a title page says, and the date of the version, from the project's citation file or another.

    Raises TablesError naming every key that is missing. The keys returned are ``title``, ``subtitle``,
    ``abstract``, ``version``, ``date``, ``author`` and ``license``.
    """
    known = _read(citation or project.root() / "CITATION.cff")
    title, _, subtitle = known["title"].partition("\uff1a")
    made = known["date-released"]
    return {
        "title": title,
        "subtitle": subtitle,
        "abstract": known["abstract"],
        "version": str(known["version"]),
        "date": f"{made.year} 年 {made.month} 月 {made.day} 日",
        "author": "、".join(a["name"] for a in known["authors"]),
        "license": "、".join(known["license"]),
    }, made


def _read(citation: Path) -> dict:
    try:
        known = yaml.safe_load(citation.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TablesError(
            [Problem(citation.name, "missing-file", "书名、副题、作者、版本写在这里，请补上。")]
        ) from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise TablesError([Problem(citation.name, "unreadable", f"不是合格的 YAML：{error}")]) from None
    if not isinstance(known, dict):
        known = {}
    if wrong := [
        Problem(citation.name, "unreadable", f"{key}：{how}。")
        for key, (is_right, how) in _WANTED.items()
        if not is_right(known.get(key))
    ]:
        raise TablesError(wrong)
    return known
