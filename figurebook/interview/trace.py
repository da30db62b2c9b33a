"""Account for every numeral of a text: figure, period, or part of a term.

Numerals are those that ``numerals`` knows: Arabic (half- and full-width, with 万， 百 … behind them) or
everyday Chinese. The registry says where each stands (character offsets) and what it says. A text passes
when its numerals are exactly the registered ones, each in its place. Otherwise every numeral that was added,
removed or changed is named with its place in the text.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from figurebook.datapackage.problems import Problem, TablesError
from figurebook.datapackage.tables import Tables
from figurebook.figures.registry import Figure, load_figures, plain
from figurebook.interview.numerals import LARGE, Numeral, find_numerals

SOURCE = "interview/source.json"
_REQUIRED_KEYS = ("sha256", "cited_as")  # what SOURCE must say of the article
_CONTEXT = 8


@dataclass(frozen=True)
class Item:
    """A registered span; ``numerals`` is what it must contain.

    ``kind`` is figure, period or term.
    """

    kind: str
    id: str
    start: int
    end: int
    numerals: tuple[str, ...]
    quote: str | None
    quote_sha256: str


@dataclass(frozen=True)
class Finding:
    """One difference between a text and the registry; ``start`` counts characters from 0."""

    change: str
    start: int
    found: str | None
    expected: str | None
    item: str | None
    context: str

    def __str__(self) -> str:
        where = f"位置 {self.start} 处"
        sentences = {
            "added": f"多出没有登记的“{self.found}”",
            "removed": f"不见了登记的“{self.expected}”（{self.item}）",
            "changed": f"登记的是“{self.expected}”（{self.item}），这里是“{self.found}”",
            "unit": f"登记的“{self.expected}”（{self.item}）在，但连同单位的文字不同",
            "moved": f"登记的“{self.expected}”（{self.item}）在，但位置差 {self.found} 字",
        }
        return f"{where}：{sentences[self.change]}。上下文：{self.context}"


@dataclass(frozen=True)
class Trace:
    """The account of a text: what its numerals belong to, and what does not fit.

    ``counts`` has the number of numerals of each kind.
    """

    counts: dict[str, int]
    findings: tuple[Finding, ...]
    is_registered_text: bool

    def as_json(self) -> dict:
        return {
            "counts": self.counts,
            "is_registered_text": self.is_registered_text,
            "findings": [vars(f) for f in self.findings],
        }


def registered_items(tables: Tables) -> list[Item]:
    """Every registered span that holds numerals, in the order of the interview."""
    items = [
        Item("figure", f.id, f.start, f.end, (_written(f),), None, f.quote_sha256)
        for f in load_figures(tables).values()
    ]
    for row in tables.rows("periods"):
        items.append(_quoted("period", row["id"], row["start"], row["expression"]))
    terms = {row["id"]: row["term"] for row in tables.rows("terms")}
    for row in tables.rows("mentions"):
        items.append(_quoted("term", row["term"], row["start"], terms[row["term"]]))
    return sorted((i for i in items if i.numerals), key=lambda i: i.start)


def trace(text: str, tables: Tables) -> Trace:
    """Hold the numerals of ``text`` against the registry of ``tables``."""
    items = registered_items(tables)
    expected = [(n, item, k) for item in items for k, n in enumerate(item.numerals)]
    numerals = find_numerals(text)
    findings: list[tuple[Item | None, Finding]] = []
    counts = {"figure": 0, "period": 0, "term": 0}
    shift, explained = 0, False  # after a finding, text that follows may have moved
    for i, j in _aligned([n for n, _, _ in expected], [_key(n) for n in numerals]):
        name, item, k = expected[i] if i is not None else (None, None, 0)
        numeral = numerals[j] if j is not None else None
        if item and numeral and name == _key(numeral):
            offset = numeral.start - _offset(item, k)
            finding = _in_place(text, item, numeral, offset, None if explained else shift)
            counts[item.kind] += finding is None
            shift, explained = offset, finding is not None and finding.change == "unit"
        else:
            if numeral:
                start = numeral.start
            else:
                assert item is not None  # of a pair one at least is there
                start = _offset(item, k) + shift
            change = "changed" if numeral and item else "added" if numeral else "removed"
            finding = Finding(
                change,
                start,
                numeral.text if numeral else None,
                name,
                item.id if item else None,
                _context(text, start),
            )
            explained = True
        if finding:
            findings.append((item, finding))
    return Trace(counts, tuple(_once(findings)), _digest(text) == source(tables)["sha256"])


def source(tables: Tables) -> dict:
    """The registered facts about the article, its sha256 included.

    TablesError where they cannot be read.
    """
    try:
        content = json.loads((tables.root / SOURCE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TablesError([Problem(SOURCE, "missing-file", "原文的著录写在这里，请补上。")]) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise TablesError([Problem(SOURCE, "unreadable", f"不是合格的 JSON：{error}")]) from None
    facts = content if isinstance(content, dict) else {}
    if lacking := [key for key in _REQUIRED_KEYS if not isinstance(facts.get(key), str) or not facts[key]]:
        raise TablesError([Problem(SOURCE, "unreadable", f"没有写 {'、'.join(lacking)}，请补上。")])
    return facts


def read_text(path: Path) -> str:
    """A text file as characters; raises OSError or UnicodeDecodeError."""
    return path.read_text(encoding="utf-8-sig")


def _in_place(text: str, item: Item, numeral: Numeral, offset: int, shift: int | None) -> Finding | None:
    """Check wording and place of a matched numeral.

    A shift is reported once, where it begins.
    """
    here = text[item.start + offset : item.end + offset]
    if _digest(here) != item.quote_sha256:
        return Finding("unit", numeral.start, here, numeral.text, item.id, _context(text, numeral.start))
    if shift is not None and offset != shift:
        return Finding(
            "moved",
            numeral.start,
            f"{offset - shift:+d}",
            numeral.text,
            item.id,
            _context(text, numeral.start),
        )
    return None


def _offset(item: Item, k: int) -> int:
    """The place of the item's k-th numeral in the registered text."""
    return item.start + (find_numerals(item.quote)[k].start if item.quote else 0)


def _aligned(expected: list[str], present: list[str]) -> list[tuple[int | None, int | None]]:
    """Pair the places so that the fewest numerals differ.

    A place without a partner stands beside None.
    """
    n, m = len(expected), len(present)
    cost = [[n - i + m - j for j in range(m + 1)] for i in range(n + 1)]  # right along both edges
    for i in reversed(range(n)):
        for j in reversed(range(m)):
            cost[i][j] = min(
                cost[i + 1][j + 1] + (expected[i] != present[j]), cost[i + 1][j] + 1, cost[i][j + 1] + 1
            )
    pairs: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < n or j < m:
        if i < n and j < m and cost[i][j] == cost[i + 1][j + 1] + (expected[i] != present[j]):
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif i < n and cost[i][j] == cost[i + 1][j] + 1:
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    return pairs


def _once(findings: list[tuple[Item | None, Finding]]) -> Iterator[Finding]:
    """Report the wording of a term with several numerals once.

    It is not reported beside its numerals.
    """
    reported = {item for item, finding in findings if finding.change in {"changed", "removed"}}
    for item, finding in findings:
        if finding.change != "unit" or item not in reported:
            reported.add(item)
            yield finding


def _quoted(kind: str, item_id: str, start: int, quote: str) -> Item:
    return Item(
        kind,
        item_id,
        int(start),
        int(start) + len(quote),
        tuple(_key(n) for n in find_numerals(quote)),
        quote,
        _digest(quote),
    )


def _written(figure: Figure) -> str:
    """A figure's value as ``_key`` gives the numeral.

    The 万 of a unit 万元 belongs to the numeral.
    """
    return str(plain(float(figure.value * LARGE.get(figure.unit[0], 1))))


def _key(numeral: Numeral) -> str:
    """The key that two equal numerals share.

    It is the value in Arabic, the writing in Chinese.
    """
    if numeral.chinese:
        return numeral.text
    plain = format(numeral.value, "f")  # 1.5万 comes as 15000.0
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _context(text: str, start: int) -> str:
    return re.sub(r"\s", " ", text[max(0, start - _CONTEXT) : start + _CONTEXT])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
