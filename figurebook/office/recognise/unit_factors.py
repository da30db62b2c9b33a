"""Convert a number from the unit written to the unit of the schema."""

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
    """The factor for a number from its cell's unit to the schema's.

    ``cell`` is the word after the number, ``heading`` the unit that the heading names. None when no factor
    is certain: an unknown word, or a cell and a heading that count different things. For money a cell's own
    unit goes before its heading's: 2万元 below 元 is meant so.
    """
    times = UNITS.get(field.get("unit", ""), {})
    if not cell:
        return times[heading] if heading else Decimal(1)
    if cell == TEN_THOUSAND:  # ten thousand of what? Of money only the heading can say, and only 元
        if field.get("unit") in {"fen", "yuan"}:
            return times["万元"] if heading == "元" else None
        return Decimal(10_000) if heading is None or times[heading] == 1 else None
    if heading and times.get(cell) != times[heading] and field["unit"] not in {"fen", "yuan"}:
        return None
    return times.get(cell)
