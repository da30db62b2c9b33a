"""Read title, version, date and licence of the book from its citation file."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import yaml

from figurebook import project
from figurebook.datapackage.problems import Problem, TablesError

_NOT_EMPTY = "没有写，请补上"
# The required keys: a check of each value, and the message when it fails.
_REQUIRED = {
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
    """The version of the book; the program that makes it has its own."""
    return imprint()[0]["version"]


def imprint(citation: Path | None = None) -> tuple[dict[str, str], date]:
    """The texts of the title page and the version's date, from a citation file.

    The file is the project's unless ``citation`` names another. Raises TablesError naming every key that is
    missing or wrong. The keys returned are ``title``, ``subtitle``, ``abstract``, ``version``, ``date``,
    ``author`` and ``license``.
    """
    entries = _read(citation or project.root() / "CITATION.cff")
    title, _, subtitle = entries["title"].partition("\uff1a")
    made = entries["date-released"]
    return {
        "title": title,
        "subtitle": subtitle,
        "abstract": entries["abstract"],
        "version": str(entries["version"]),
        "date": f"{made.year} 年 {made.month} 月 {made.day} 日",
        "author": "、".join(a["name"] for a in entries["authors"]),
        "license": "、".join(entries["license"]),
    }, made


def _read(citation: Path) -> dict:
    try:
        entries = yaml.safe_load(citation.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TablesError(
            [Problem(citation.name, "missing-file", "书名、副题、作者、版本写在这里，请补上。")]
        ) from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise TablesError([Problem(citation.name, "unreadable", f"不是合格的 YAML：{error}")]) from None
    if not isinstance(entries, dict):
        entries = {}
    if wrong := [
        Problem(citation.name, "unreadable", f"{key}：{how}。")
        for key, (is_right, how) in _REQUIRED.items()
        if not is_right(entries.get(key))
    ]:
        raise TablesError(wrong)
    return entries
