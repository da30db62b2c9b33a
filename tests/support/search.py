"""Compute what a search must find from the pages' text, without the site's means.

The site builds a pattern from the query and searches the text as it is. Here the text and the query are both
brought to one form, and the query is a plain part of the text or is not.
"""

import functools
import re
import unicodedata
from decimal import Decimal

from playwright.sync_api import Page

from support.project import DATA
from support.tables import read_rows

_HAN, _UNIT = "\u3400-\u9fff", "A-Za-z%\u2030\u2103"
_CLOSED = re.compile(
    f"(?<=[{_HAN}]) (?=[0-9{_UNIT}])|(?<=[0-9{_UNIT}]) (?=[{_HAN}])|(?<=[0-9]) (?=[{_UNIT}])"
)
_THOUSANDS = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
_LOOSE = re.compile("(?<![0-9.])[0-9]{1,3}(?:[,\uff0c ][0-9]{3})+(?![0-9])")  # may be one number or several
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_WIDE = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if c != 0xFF0C}
_WIDE |= {0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'", 0x130: "i"}
# Radicals, which copying from a PDF gives in place of characters.
_WIDE |= {c: n for c in range(0x2E80, 0x2FD6) if len(n := unicodedata.normalize("NFKC", chr(c))) == 1}

ASK = """query => {
  const field = document.getElementById("search-query");
  field.value = query;
  field.dispatchEvent(new InputEvent("input"));
  return [...document.querySelectorAll("#search-results > li > a")].map((link) => link.href.split("#")[0]);
}"""
RESULTS = "#search-results > li > a"
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&",
    "&amp;",
    "&lt;b&gt;",
    "\"'><b>",
    "</ol>",
    ".*",
    "[",
    "(",
    "\\",
    "\\d+",
    "^$",
    "a{2}",
    "村|户",
    "?",
    "+",
    "贫困\u200b人口",
    "\u00ad",
    "constructor",
    "__proto__",
    "%00",
    "%",
    "\0",
    "\ufffd",
    "😀",
    "𠮷",
    "e\u0301",
    "İ",
    "ﬁ",
    "⽂",
    "①",
    "村" * 10_000,
    "1" * 10_000,
    "1 " * 5_000,
    "1,234" * 2_000,
    "村 1" * 3_000,
    "." * 10_000,
    "１" * 300 + "，" * 300,
]


def asked(page: Page, base: str, query: str) -> list[str]:
    """The pages that the open search page names for a query, in order."""
    return [link.removeprefix(base) for link in page.evaluate(ASK, query)]


def found(pages: dict[str, list[str]], query: str) -> set[str]:
    """The names of ``pages`` (name → blocks of text) with every word of a query."""
    query = " ".join(_folded(query).replace("\uff0c", ",").split())
    joined = re.sub(r"(?:^|(?<= ))[0-9]{1,3}(?: [0-9]{3})+(?![0-9])", lambda m: m[0].replace(" ", ""), query)
    for told in (joined, query):
        if told and (names := {n for n, blocks in pages.items() if occurs(blocks, told.split())}):
            return names
    return set()


def occurs(blocks: list[str], words: list[str]) -> bool:
    """Whether every word stands in one of the blocks, no number cut in two."""
    forms = _forms("\n".join(" ".join(block.split()) for block in blocks))
    plain = [_joined(word, _THOUSANDS) for word in words]
    return all(any(_stands(form, word) for form in forms) for word in plain)


def _folded(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text).translate(_WIDE).lower())


@functools.cache
def _forms(text: str) -> tuple[str, ...]:
    """A text without optional blanks and thousands separators, read strictly and loosely."""
    text = _folded(text)
    strict = _joined(_CLOSED.sub("", text), _THOUSANDS).replace("\uff0c", ",")
    loose = _CLOSED.sub("", _joined(text, _LOOSE)).replace("\uff0c", ",")
    return tuple(dict.fromkeys((strict, loose)))


def _joined(text: str, numbers: re.Pattern) -> str:
    return numbers.sub(lambda m: re.sub("[,\uff0c ]", "", m[0]), text)


def _stands(text: str, word: str) -> bool:
    starts = (m.start() for m in re.finditer(f"(?={re.escape(word)})", text)) if word in text else ()
    within = _within(text)
    return any(s not in within and s + len(word) not in within for s in starts)


@functools.cache
def _within(text: str) -> frozenset[int]:
    """The places where a number of the text would be cut in two."""
    return frozenset(i for m in _NUMBER.finditer(text) for i in range(m.start() + 1, m.end()))


def registry() -> dict[str, dict[str, str]]:
    """The registry's rows by address of the figure's page, read without the code under test."""
    header, *rows = read_rows(DATA / "interview" / "figures.csv")
    figures = (dict(zip(header, row, strict=True)) for row in rows)
    return {f"figures/{f['id'].replace('.', '-').replace('_', '-')}.html": f for f in figures}


def called(figure: dict[str, str]) -> list[str]:
    """The queries that must find a row of the registry."""
    value, unit = Decimal(figure["value"]), figure["unit"]
    more = "\u591a" if figure["qualifier"] == "at_least" else ""
    amounts = [figure["value"], *([f"{float(value) / 10_000:g}\u4e07"] if value >= 10_000 else [])]
    return [
        figure["id"],
        figure["label_zh"],
        figure["label_en"],
        *amounts,
        *(a + unit for a in amounts),
        f"{value:,} {more}{unit}",
    ]
