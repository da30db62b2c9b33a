"""Drop the rules of a style sheet that no page can use.

The theme's sheet is 400 KB, most of it icons and components that this book does not have. A rule stays when
every class and id in one of its selectors is a word somewhere in the pages or scripts. Words that only look
like a class keep a rule too many, never one too few.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2

_NAME = re.compile(r"[.#](-?[A-Za-z_][-\w]*)")
_FUNCTION = re.compile(r":(?:not|is|where|has)\([^()]*(?:\([^()]*\)[^()]*)*\)")  # alternatives, not needs
_WORD = re.compile(r"-?[A-Za-z_][-\w]*")
_NESTED = {"media", "supports", "layer"}
# Icon fonts, and rules that a joined sheet cannot have.
_DROPPED = {"font-face", "charset", "import"}


def words(text: str) -> set[str]:
    """Every word of a page or script that might be a class or an id."""
    return set(_WORD.findall(text))


def purge(css: str, used: set[str]) -> str:
    """The style sheet without the rules that need a class or id not in ``used``."""
    return "".join(_kept(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), used))


def _kept(rules: Iterable[Any], used: set[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "error":
            raise ValueError(f"style sheet line {rule.source_line}: {rule.message}")
        if rule.type == "qualified-rule":
            selectors = [s for s in _split(rule.prelude) if _needs(s) <= used]
            if selectors:
                yield f"{','.join(selectors)}{{{tinycss2.serialize(rule.content).strip()}}}"
        elif rule.lower_at_keyword in _NESTED and rule.content is not None:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if body := "".join(_kept(inner, used)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}"
        elif rule.lower_at_keyword not in _DROPPED:
            yield rule.serialize()


def _split(prelude: Iterable[Any]) -> list[str]:
    """The selectors of a rule; a comma within brackets separates nothing."""
    parts: list[list] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(p).strip() for p in parts]


def _needs(selector: str) -> set[str]:
    return set(_NAME.findall(_FUNCTION.sub("", re.sub(r"\[[^\]]*\]", "", selector))))
