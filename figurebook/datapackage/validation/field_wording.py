"""Say in a clerk's words what a field allows in its cells.

``constraints`` speaks of a cell of a finished table. ``entry_hint`` and ``entry_constraints`` speak of what
an office writes: its words for codes, 是 and 否, and money in yuan.
"""

from __future__ import annotations

import re
from decimal import Decimal

from figurebook.datapackage.exact_numbers import DIGITS

TYPES_ZH = {
    "integer": "整数",
    "number": "数",
    "boolean": "“true”或“false”",
    "string": "文字",
    "date": "日期（如 2016-07-31）",
    "year": "年份",
    "yearmonth": "年月（如 2016-07）",
}
YES, NO = "是", "否"
_WORDS = {
    "required": "不能为空",
    "unique": "不能重复",
    "minimum": "不小于 {}",
    "maximum": "不大于 {}",
    "enum": "只能是 {} 之一",
    "pattern": "格式为 {}",
    "minLength": "不少于 {} 字",
    "maxLength": "不多于 {} 字",
}
# A pattern made of one kind of characters, perhaps behind a letter, can be said in words.
_PATTERN = re.compile(r"([A-Za-z]*)(\[[^]]+\])(?:\{([0-9]+)\}|\+)")
_KINDS_ZH = {"[0-9]": "数字", "[a-z-]": "小写字母和连字符", "[a-z_]": "小写字母和下划线"}


def constraints(spec: dict) -> str:
    """The constraints of a field, one after the other."""
    parts = []
    for key, bound in spec.get("constraints", {}).items():
        shown = "、".join(map(str, bound)) if isinstance(bound, list) else bound
        parts.append(_WORDS[key].format(shown))
    if "decimals" in spec:
        parts.append(f"小数不多于 {spec['decimals']} 位，连小数不多于 {DIGITS} 位")
    return "，".join(parts)


def allowed_values(field: dict) -> tuple[str, ...]:
    """The values a cell may have, in readers' words; empty when anything may be written."""
    if field["type"] == "boolean":
        return (YES, NO)
    labels = code_words(field)
    return tuple(str(labels.get(v, v)) for v in field.get("constraints", {}).get("enum", ()))


def entry_hint(field: dict, unit: str = "元") -> str:
    """Say what to write into a cell; money in the unit of its column."""
    if choices := allowed_values(field):
        return "或".join(choices) if field["type"] == "boolean" else "、".join(choices)
    if field.get("unit") == "fen":
        example = "可有两位小数，如 6005.50；也可写" if unit == "元" else "也可写“6005.50元”"
        return f"金额，以{unit}为单位，{example}“0.6万元”"
    return TYPES_ZH[field["type"]]


def entry_constraints(field: dict) -> str:
    """The constraints of a field for what an office writes, one after the other."""
    rules = dict(field.get("constraints", {}))
    if field.get("unit") == "fen":
        rules |= {
            key: f"{Decimal(rules[key]) / 100:,.2f}".removesuffix(".00") + " 元"
            for key in ("minimum", "maximum")
            if key in rules
        }
    if "enum" in rules:
        rules["enum"] = list(allowed_values(field))
    pattern = rules.pop("pattern", None)
    parts = [
        constraints({"constraints": rules}),
        _in_words(pattern) if pattern else "",
        f"小数不多于 {field['decimals']} 位" if "decimals" in field else "",
    ]
    return "，".join(filter(None, parts))


def _in_words(pattern: str) -> str:
    """A pattern in words: ``[0-9]{12}`` as 须是 12 位数字.

    A pattern of another kind is given as in ``constraints``.
    """
    match = _PATTERN.fullmatch(pattern)
    if match is None or match[2] not in _KINDS_ZH:
        return _WORDS["pattern"].format(pattern)
    before, kind, times = match.groups()
    after = f"{times} 位{_KINDS_ZH[kind]}" if times else _KINDS_ZH[kind]
    return f"须是 {before} 后跟 {after}" if before else f"须是 {after}" if times else f"只用{after}"


def code_words(field: dict) -> dict:
    """The meanings of a field's codes, ``{code: word}``; empty without codes."""
    return {c["value"]: c["label"] for c in field.get("categories", ())}
