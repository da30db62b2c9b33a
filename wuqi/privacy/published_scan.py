"""Reads everything that is about to be published for personal values, identity and mobile numbers.

Values are searched by their tokens (runs of letters and digits, single Han characters), so that the cost is
that of reading the files, whether there are five thousand values or a million, and so that blanks, hyphens
and tags between tokens hide nothing while ``H001`` is not found inside ``H0012`` or a digest. What is found
is told by file and kind, never by value.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wuqi.privacy.identity import kinds
from wuqi.privacy.texts import folded, texts

LONGEST = 40  # tokens of a value that are compared
# A decimal fraction is one token, lest a coordinate be taken for a number; then runs of letters and digits,
# single other letters, and the marks that do part a value (blanks, hyphens, dots and the like do not).
_TOKEN = re.compile(r"(?<![0-9a-z])[0-9]+[.][0-9]+(?![0-9a-z])|[0-9a-z]+|[^\W\d_a-z]"
                    r"|[^\s\w./·'%&\\\u2010-\u2015\u2212-]")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class Found:
    """``faults`` as ``file：kind``; ``searched`` values, and ``passed`` over as too short to be told apart.

    A value passed over has been replaced by a running number like every other.
    """

    faults: list[str]
    searched: int
    passed: int


def scan_personal(site: Path, values: dict[str, set[str]], limits: dict[str, int]) -> Found:
    """What of ``values`` (by ``table.column``) a site, or a single file, holds; ``limits`` as in ``privacy``.

    A file that cannot be read is a fault: what has not been searched is not published.
    """
    wanted = Wanted(values, limits)
    paths = [site] if site.is_file() else sorted(p for p in site.rglob("*") if p.is_file())
    base = site.parent if site.is_file() else site
    faults = []
    for path in paths:
        name = path.relative_to(base).as_posix()
        try:
            found = {k for text in _file(name, path) for k in (*wanted.kinds(text), *kinds(text))}
            faults += [f"{name}：含有个人信息（{kind}）" for kind in sorted(found)]
        except (ValueError, zipfile.BadZipFile) as error:
            faults.append(f"{name}：读不出，没有查过（{error}）")
    return Found(faults, wanted.searched, wanted.passed)


def searchable(value: str, limits: dict[str, int]) -> bool:
    """Whether a value is long enough to be told from chance."""
    text = folded(value)
    size = sum(len(t) for t in _TOKEN.findall(text) if t[0].isalnum())
    if _HAN.search(text):
        return size >= limits["scan-han"]
    return size >= limits["scan-digits" if not re.search("[a-z]", text) else "scan-other"]


class Wanted:
    """The values that are looked for, by the number of their tokens."""

    def __init__(self, values: dict[str, set[str]], limits: dict[str, int]):
        self._by_length: dict[int, dict[str, str]] = {}
        self._firsts: dict[int, set[str]] = {}
        self.searched = self.passed = 0
        for kind, column in values.items():
            for value in column:
                if not searchable(value, limits):
                    self.passed += 1
                    continue
                self.searched += 1
                tokens = _TOKEN.findall(folded(value))[:LONGEST]
                self._by_length.setdefault(len(tokens), {}).setdefault(" ".join(tokens), kind)
                self._firsts.setdefault(len(tokens), set()).add(tokens[0])

    def kinds(self, text: str) -> set[str]:
        """The columns whose values a folded text holds."""
        tokens = _TOKEN.findall(text)
        present = set(tokens)
        found = set()
        for length, keys in self._by_length.items():
            if length == 1:
                found |= {keys[t] for t in present if t in keys}
            elif not present.isdisjoint(self._firsts[length]):
                firsts = self._firsts[length]
                runs = (" ".join(tokens[i:i + length]) for i, t in enumerate(tokens) if t in firsts)
                found |= {keys[run] for run in runs if run in keys}
        return found


def _file(name: str, path: Path) -> Iterator[str]:
    yield folded(name)
    yield from texts(name, path.read_bytes())
