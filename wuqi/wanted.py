"""What a cell must hold by its field of a Table Schema, in words a clerk can act on."""

from __future__ import annotations

TYPES_ZH = {"integer": "整数", "number": "数", "boolean": "“true”或“false”", "string": "文字",
            "date": "日期（如 2016-07-31）", "year": "年份", "yearmonth": "年月（如 2016-07）"}
_WORDS = {"required": "不能为空", "unique": "不能重复", "minimum": "不小于 {}", "maximum": "不大于 {}",
          "enum": "只能是 {} 之一", "pattern": "格式为 {}", "minLength": "不少于 {} 字",
          "maxLength": "不多于 {} 字"}


def constraints(spec: dict) -> str:
    """The constraints of a field, one after the other."""
    parts = []
    for key, bound in spec.get("constraints", {}).items():
        shown = "、".join(map(str, bound)) if isinstance(bound, list) else bound
        parts.append(_WORDS[key].format(shown))
    return "，".join(parts)
