"""List the keys of the manifests, each with its reader.

A reader turns text into what a descriptor needs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from figurebook.datapackage.bases import BASES
from figurebook.datapackage.descriptor import ROLES, TYPES
from figurebook.datapackage.exact_numbers import DIGITS
from figurebook.errors import FigurebookError

NOT_WRITTEN = "没有写，请补上"


class ManifestValueError(FigurebookError):
    """A value that its key cannot have; the message says what it should be."""


def text(value: object) -> str:
    """A text that is not empty."""
    if not isinstance(value, str):
        raise ManifestValueError("要是一句文字")
    if not value:
        raise ManifestValueError(NOT_WRITTEN)
    return value


def _texts(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise ManifestValueError("要是一个列表，一项一行，前面写“- ”；没有就写 []")
    return value


def _some(value: object) -> list[str]:
    if not (texts := _texts(value)):
        raise ManifestValueError("要是一个列表，至少一项")
    return texts


def _mapping(value: object) -> dict:
    if not isinstance(value, dict) or not value:
        raise ManifestValueError("要写成键和值，一个键一行")
    return value


def _words(value: object) -> dict[str, str]:
    words = _mapping(value)
    for code, word in words.items():
        if not isinstance(word, str) or not word:
            raise ManifestValueError(f"{code} 没有写是什么意思")
    if len(set(words.values())) < len(words):
        raise ManifestValueError("两个代码写了同一个意思")
    return words


def _yes(value: object) -> bool:
    if value != "true":
        raise ManifestValueError("只能写 true；不是的就不写这个键")
    return True


def _number(value: object) -> int | float:
    try:
        return int(text(value)) if str(value).lstrip("-").isdecimal() else float(text(value))
    except ValueError:
        raise ManifestValueError(f"要是一个数，“{value}”不是") from None


def _places(value: object) -> int:
    written = text(value)
    if not (written.isdecimal() and 1 <= int(written) <= DIGITS):
        raise ManifestValueError(f"要是 1 到 {DIGITS} 的整数，是小数至多几位")
    return int(written)


def _pointer(value: object) -> tuple[str, str]:
    table, _, column = text(value).partition(".")
    if not table or not column:
        raise ManifestValueError("要写成 表名.列名")
    return table, column


def _one_of(allowed: tuple[str, ...]) -> Callable[[object], str]:
    def read_one(value: object) -> str:
        if value not in allowed:
            raise ManifestValueError(f"只能是 {'、'.join(allowed)} 之一，“{value}”不是")
        return value

    return read_one


PACKAGE_KEYS: dict[str, Callable[[object], Any]] = {
    "name": text,
    "title": text,
    "description": text,
    "version": text,
    "license": text,
    "licenses": _mapping,
    "tables": _some,
}
TABLE_KEYS: dict[str, Callable[[object], Any]] = {
    "title": text,
    "description": text,
    "role": _one_of(ROLES),
    "row": text,
    "basis": _one_of(tuple(BASES)),
    "maker": text,
    "sources": _some,
    "license": text,
    "gaps": _texts,
    "file": text,
    "fact": _mapping,
    "key": _some,
    "fields": _mapping,
}
FIELD_KEYS: dict[str, Callable[[object], Any]] = {
    "title": text,
    "type": _one_of(TYPES),
    "description": text,
    "unit": text,
    "decimals": _places,
    "personal": _yes,
    "synonyms": _some,
    "words": _words,
    "open": _yes,
    "values": _some,
    "required": _yes,
    "unique": _yes,
    "minimum": _number,
    "maximum": _number,
    "pattern": text,
    "refers_to": _pointer,
    "within": text,
}
