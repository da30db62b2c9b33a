"""What a unit named in a heading or a cell makes of a number, for the unit that the schema has."""

from __future__ import annotations

from decimal import Decimal

TEN_THOUSAND = "万"
_MONEY = {
    "分": 1,
    "角": 10,
    "元": 100,
    "yuan": 100,
    "百元": 10_000,
    "千元": 100_000,
    "万元": 1_000_000,
    "亿元": 10_000_000_000,
}
_PERSONS = dict.fromkeys(("人", "名", "个", "口", "口人"), 1) | {"千人": 1_000, "万人": 10_000}
_HOUSEHOLDS = {"户": 1, "个": 1, "千户": 1_000, "万户": 10_000}
# The schema's unit: how many of it each word stands for.
UNITS = {
    "fen": {word: Decimal(n) for word, n in _MONEY.items()},
    "yuan": {word: Decimal(n) / 100 for word, n in _MONEY.items()},
    "person": {word: Decimal(n) for word, n in _PERSONS.items()},
    "household": {word: Decimal(n) for word, n in _HOUSEHOLDS.items()},
}


def factor(field: dict, heading: str | None, cell: str) -> Decimal | None:
    """What to multiply a number by that has ``cell`` after it, under a heading that names ``heading``.

    None when that cannot be told: an unknown word, or a cell and a heading that count different things. Of
    money a cell's own unit goes before its heading's: who writes 2万元 below 元 means it.
    """
    known = UNITS.get(field.get("unit", ""), {})
    if not cell:
        return known[heading] if heading else Decimal(1)
    if cell == TEN_THOUSAND:  # ten thousand of what? Of money only the heading can say, and only 元
        if field.get("unit") in {"fen", "yuan"}:
            return known["万元"] if heading == "元" else None
        return Decimal(10_000) if heading is None or known[heading] == 1 else None
    if heading and known.get(cell) != known[heading] and field["unit"] not in {"fen", "yuan"}:
        return None
    return known.get(cell)
