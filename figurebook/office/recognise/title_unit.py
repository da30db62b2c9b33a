"""Read the unit of money that a title above the headings states."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from figurebook.office.recognise.unit_factors import UNITS
from figurebook.text_forms import is_blank

_STATED = re.compile("单位\\s*:([^()\\[\\]\u3010\u3011:]{1,20})")
_PARTS = re.compile(r"[\s,;/\u3001.。]+")


def stated_unit(rows: Iterable[Iterable[str]]) -> str | None:
    """The unit of money stated above the headings （单位：元）.

    None for none or several.
    """
    units = set()
    for row in rows:
        text = unicodedata.normalize("NFKC", "\t".join(cell for cell in row if not is_blank(cell)))
        for match in _STATED.finditer(text):
            units |= {
                word
                for part in _PARTS.split(match[1])
                if (word := part.removeprefix("人民币")) in UNITS["fen"]
            }
    return units.pop() if len(units) == 1 else None
