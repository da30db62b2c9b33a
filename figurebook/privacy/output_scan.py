"""Scan what is to be published for personal values, identity and mobile numbers.

Values are searched by their tokens: runs of letters and digits, single Han characters. So the cost is that
of reading the files, whether there are five thousand values or a million. Blanks, hyphens and tags between
tokens hide nothing, while ``H001`` is not found inside ``H0012`` or a digest. What is found is reported by
file and kind, never by value.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from figurebook.privacy.file_texts import texts
from figurebook.privacy.folding import folded, searchable, tokens
from figurebook.privacy.id_numbers import kinds

LONGEST = 40  # tokens of a value that are compared
# The theme's own files, as they were installed. They are made of no tables, and in a font's outlines digits
# stand in a row by chance. Values are looked for there all the same.
VENDOR = "_static/vendor/"


@dataclass(frozen=True)
class ScanResult:
    """The result of a scan: ``faults`` as ``file：kind``, and counts of values.

    ``searched`` values were looked for. Those ``passed`` over are too short to be sure of; they have been
    replaced by running numbers like all others.
    """

    faults: list[str]
    searched: int
    passed: int


def scan_personal(site: Path, values: dict[str, set[str]], limits: dict[str, int]) -> ScanResult:
    """Find the ``values`` (by ``table.column``) that a site, or a single file, holds.

    ``limits`` is as in ``privacy``. A file that cannot be read is a fault: what has not been searched is not
    published.
    """
    terms = SearchTerms(values, limits)
    paths = [site] if site.is_file() else sorted(p for p in site.rglob("*") if p.is_file())
    base = site.parent if site.is_file() else site
    faults = []
    for path in paths:
        name = path.relative_to(base).as_posix()
        searches = [terms.kinds] * bool(terms.searched) + [kinds] * (not name.startswith(VENDOR))
        if not searches:
            continue
        try:
            held = {k for text in _file(name, path) for search in searches for k in search(text)}
            faults += [f"{name}：含有个人信息（{kind}）" for kind in sorted(held)]
        except (ValueError, zipfile.BadZipFile) as error:
            faults.append(f"{name}：读不出，没有查过（{error}）")
    return ScanResult(faults, terms.searched, terms.passed)


class SearchTerms:
    """The values that are looked for, by the number of their tokens."""

    def __init__(self, values: dict[str, set[str]], limits: dict[str, int]):
        self._by_length: dict[int, dict[str, str]] = {}
        self._firsts: dict[int, set[str]] = {}
        self.searched = self.passed = 0
        for kind, column in values.items():
            for value in column:
                text = folded(value)
                if not searchable(text, limits):
                    self.passed += 1
                    continue
                self.searched += 1
                key = tokens(text)[:LONGEST]
                self._by_length.setdefault(len(key), {}).setdefault(" ".join(key), kind)
                self._firsts.setdefault(len(key), set()).add(key[0])

    def kinds(self, text: str) -> set[str]:
        """The columns whose values a folded text holds."""
        parts = tokens(text)
        present = set(parts)
        held = set()
        for length, keys in self._by_length.items():
            if length == 1:
                held |= {keys[t] for t in present if t in keys}
            elif not present.isdisjoint(self._firsts[length]):
                firsts = self._firsts[length]
                runs = (" ".join(parts[i : i + length]) for i, t in enumerate(parts) if t in firsts)
                held |= {keys[run] for run in runs if run in keys}
        return held


def _file(name: str, path: Path) -> Iterator[str]:
    yield folded(name)
    yield from texts(name, path.read_bytes())
