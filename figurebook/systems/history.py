"""Keep a history of entries in order: they are added, never changed or taken away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from figurebook.spreadsheets.writing.cell_limits import holds_day, holds_name
from figurebook.systems.rules import GENERAL, RuleError

Details = Mapping[str, Any]  # a text or a whole number by its name; ``check`` ensures it


@dataclass(frozen=True)
class Entry:
    """One action on one day on one subject; ``number`` counts from 1 in a history."""

    number: int
    on: date
    subject: str
    action: str
    details: Details


def check(on: object, subject: object, action: object, details: Mapping[str, object]) -> None:
    """Raise RuleError ``value`` for anything that no history holds, under any rules.

    A day is a ``date`` without a time. Subject and action are texts of one line. A detail is a text or a
    whole number. Anything else could be rewritten afterwards.
    """
    wrong = [] if holds_day(on) else [f"日期 {on!r}"]
    wrong += [f"编号或动作 {name!r}" for name in (subject, action) if not holds_name(name)]
    wrong += [f"{k} {v!r}" for k, v in details.items() if not isinstance(v, str) and type(v) is not int]
    if wrong:
        raise RuleError("value", GENERAL["value"], "、".join(wrong))


class History:
    """Entries by order of arrival; the only way to change it is to append."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._by_subject: dict[str, list[Entry]] = {}

    def append(self, on: date, subject: str, action: str, details: Details) -> Entry:
        """Add an entry. RuleError, and nothing added, if ``check`` refuses it."""
        check(on, subject, action, details)
        entry = Entry(len(self._entries) + 1, on, subject, action, MappingProxyType(dict(details)))
        self._entries.append(entry)
        self._by_subject.setdefault(subject, []).append(entry)
        return entry

    def of(self, subject: str) -> tuple[Entry, ...]:
        """The entries on one subject, in order; empty for a subject never mentioned."""
        return tuple(self._by_subject.get(subject, ()))

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def digest(self) -> str:
        """sha256 over every entry in order: equal for equal histories only."""
        rows = [[e.number, e.on.isoformat(), e.subject, e.action, dict(e.details)] for e in self._entries]
        text = json.dumps(rows, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()
