"""What stands above the headings of a table: its title, and often the unit of all its money."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from figurebook.office.recognise.unit_factors import UNITS
from figurebook.text_forms import is_blank

_STATED = re.compile("单位\\s*:([^()\\[\\]\u3010\u3011:]{1,20})")
_PARTS = re.compile(r"[\s,;/\u3001.。]+")


def stated_unit(rows: Iterable[Iterable[str]]) -> str | None:
    """The unit of money that the rows above the headings state （单位：元）; None for none or several."""
    found = set()
    for row in rows:
        text = unicodedata.normalize("NFKC", "\t".join(cell for cell in row if not is_blank(cell)))
        for match in _STATED.finditer(text):
            found |= {
                word
                for part in _PARTS.split(match[1])
                if (word := part.removeprefix("人民币")) in UNITS["fen"]
            }
    return found.pop() if len(found) == 1 else None
