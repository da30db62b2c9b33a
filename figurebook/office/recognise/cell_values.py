"""Read one cell into the schema's notation and say what was changed.

A reader takes text and returns ``(value, kinds)``. The value is the canonical text, or None for an empty
cell; the kinds are the keys of ``KINDS`` that apply. Text that cannot be read for certain is returned as it
is, with no kinds. Whether it is allowed is for ``figurebook.office.check.cells`` to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Context, Decimal

from figurebook.office.recognise.unit_factors import factor
from figurebook.text_forms import INVISIBLE, bare, narrow, narrow_code

Reading = tuple[str | None, tuple[str, ...]]

KINDS = {
    "invisible": "去掉了看不见的字符（零宽、文字方向等）。",
    "blanks": "去掉了前后的空白。",
    "full-width": "全角的数字、字母和符号按半角读。",
    "thousands": "去掉了千位分隔符。",
    "unit": "格里写了单位，已按表的定义换算。",
    "heading-unit": "列名里写了单位（或写在列名上面），已按表的定义换算。",
    "decimal-zero": "去掉了整数后面的“.0”。",
    "plain-number": "去掉了正号或多余的零。",
    "boolean": "表示是与否的写法读成 true 与 false。",
    "word": "文字读成了代码。",
    "letter-case": "代码的大小写改成了表的定义里的。",
    "date": "日期读成了“年-月-日”。",
    "missing": "可以不填的列里，表示“没有”的写法按空格子读。",
}
_MISSING = {"-", "--", "\u2013", "\u2014", "\u2014\u2014", "/", "无", "空", "N/A", "n/a"}
_TRUE = {"true", "1", "1.0", "yes", "是", "有", "√", "\u2713", "\u2714"}
_FALSE = {"false", "0", "0.0", "no", "否", "无", "×", "\u2717", "\u2718"}
_SPACES = " \xa0\u2007\u2009\u202f"
_GROUPED = re.compile(rf"[+-]?[1-9][0-9]{{0,2}}([,{_SPACES}])[0-9]{{3}}(?:\1[0-9]{{3}})*(?:\.[0-9]+)?")
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_AMOUNT = re.compile(rf"(\xa5?)\s*([+-]?[0-9](?:[0-9.,{_SPACES}]*[0-9])?)\s*([^0-9.,%\s]*)")
_DIGITS = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?")
_UNUSUAL = re.compile(r"\+|-?0[0-9]|-0(?:\.0+)?$")
_EXACT = Context(prec=200)
_LONGEST = 60  # characters of a number; a longer one is no quantity
_DATE = re.compile("([0-9]{4})([-/.]|\u5e74)([0-9]{1,2})([-/.]|\u6708)([0-9]{1,2})(\u65e5?)")
_EIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MIDNIGHT = re.compile(r"(.*?)[T ]0?0:00(?::00(?:\.0+)?)?Z?")
_SERIAL = re.compile(r"([1-9][0-9]{4})(?:\.0+)?")
_DAY_ZERO = date(1899, 12, 30)  # of the serial numbers of Excel and WPS, after their leap day of 1900


def reader(field: dict, *, is_code: bool, heading_unit: str | None) -> Callable[[str], Reading]:
    """The reader of a column.

    ``is_code`` is for keys, references and all that has a pattern or is unique.
    """
    optional = not field.get("constraints", {}).get("required")
    inner = _inner(field, is_code, heading_unit)

    def read(text: str) -> Reading:
        plain, kinds = tidy(text)
        if not plain:
            return None, kinds
        value, more = inner(plain)
        if value is not None:
            return value, (*kinds, *more)
        if optional and narrow(plain) in _MISSING:
            return None, (*kinds, "missing")
        return (plain, kinds) if field["type"] == "string" else (text, ())

    return read


def tidy(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without invisible characters and outer blanks; never None."""
    kinds: tuple[str, ...] = ()
    plain = INVISIBLE.sub("", text)
    if plain != text:
        kinds = ("invisible",)
    stripped = plain.strip()
    if stripped != plain:
        kinds = (*kinds, "blanks")
    return stripped, kinds


def _inner(field: dict, is_code: bool, heading_unit: str | None) -> Callable[[str], Reading]:
    kind = field["type"]
    if kind in {"integer", "number"}:
        return _numbers(field, heading_unit)
    if kind == "boolean":
        return _boolean
    if kind == "date":
        return read_date
    if kind == "year":
        return _year
    values = field.get("constraints", {}).get("enum")
    if values:
        return _one_of([str(v) for v in values], field.get("categories", ()))
    if is_code:
        return _code
    optional = not field.get("constraints", {}).get("required")
    return lambda text: (None, ()) if optional and narrow(text) in _MISSING else (text, ())


def _numbers(field: dict, heading_unit: str | None) -> Callable[[str], Reading]:
    times = factor(field, heading_unit, "")
    if times is None or times != int(times):
        return lambda text: _number(text, field, heading_unit)
    whole, kinds = int(times), () if times == 1 else ("heading-unit",)

    def read(text: str) -> Reading:  # most cells are plain digits, which need nothing more
        match = _DIGITS.fullmatch(text)
        if match is None or len(text) > _LONGEST:
            return _number(text, field, heading_unit)
        digits, decimals = match[1], match[2] or ""
        value, rest = divmod(int(digits + decimals) * whole, 10 ** len(decimals))
        if rest or (decimals and (times == 1 or field["type"] == "number")):
            return _number(text, field, heading_unit)
        return str(value), kinds if str(value) != text else ()

    return read


def _number(text: str, field: dict, heading_unit: str | None) -> Reading:
    if len(text) > _LONGEST:
        return None, ()
    plain = narrow(text)
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        return None, ()
    sign, digits, unit = match.groups()
    if sign:  # a sign of the yuan before the number says what 元 after it would
        unit = {"": "元", "元": "元"}.get(unit, sign)
    grouped = _GROUPED.fullmatch(digits)
    if grouped is None and _PLAIN.fullmatch(digits) is None:
        return None, ()
    times = factor(field, heading_unit, unit)
    if times is None:
        return None, ()
    bare_digits = re.sub(f"[,{_SPACES}]", "", digits)
    value = _EXACT.multiply(Decimal(bare_digits), times)
    whole = _EXACT.remainder(value, Decimal(1)) == 0
    if field["type"] == "integer" and not whole:
        return None, ()
    if field["type"] == "integer" or (whole and times != 1):
        result = str(int(value))
    else:
        result = format(value.normalize(_EXACT) if times != 1 else value, "f")
    kinds = [
        ("full-width", plain != text),
        ("thousands", grouped is not None),
        ("unit", bool(unit)),
        ("heading-unit", not unit and times != 1),
        ("decimal-zero", field["type"] == "integer" and times == 1 and "." in digits),
        ("plain-number", _UNUSUAL.match(bare_digits) is not None),
    ]
    return result, tuple(k for k, applies in kinds if applies) if result != text else ()


def _boolean(text: str) -> Reading:
    plain = narrow(text).casefold()
    value = "true" if plain in _TRUE else "false" if plain in _FALSE else None
    return value, ("boolean",) if value is not None and value != text else ()


def _year(text: str) -> Reading:
    plain = narrow(text)
    digits = plain.removesuffix("年").removesuffix(".0").strip()
    if re.fullmatch(r"[1-9][0-9]{3}", digits) is None:
        return None, ()
    return digits, ("date",) if digits != text else ()


def read_date(text: str) -> Reading:
    """Read a day, in any of the usual ways of writing it, as ISO.

    None for what is not certainly a day.
    """
    plain = narrow(text)
    midnight = _MIDNIGHT.fullmatch(plain)
    plain = "".join((midnight[1] if midnight else plain).split())
    match, eight, serial = _DATE.fullmatch(plain), _EIGHT.fullmatch(plain), _SERIAL.fullmatch(plain)
    if serial:
        result = _DAY_ZERO + timedelta(days=int(serial[1]))
    else:
        if match:
            year, first, month, second, day, end = match.groups()
            if (first, second, end) != ("年", "月", "日") and (first != second or end or first == "年"):
                return None, ()
        elif eight:
            year, month, day = eight.groups()
        else:
            return None, ()
        try:
            result = date(int(year), int(month), int(day))
        except ValueError:
            return None, ()
    return result.isoformat(), ("date",) if result.isoformat() != text else ()


def _one_of(values: list[str], categories: list[dict]) -> Callable[[str], Reading]:
    words: dict[str, set[str]] = {}
    for category in categories:
        words.setdefault(bare(category["label"]), set()).add(str(category["value"]))
    cases: dict[str, set[str]] = {}
    for value in values:
        cases.setdefault(value.casefold(), set()).add(value)

    def read(text: str) -> Reading:
        plain = narrow_code(text)
        width = ("full-width",) if plain != text else ()
        if plain in values:
            return plain, width
        for codes, key, kind in ((cases, plain.casefold(), "letter-case"), (words, bare(text), "word")):
            if len(codes.get(key, ())) == 1:
                return next(iter(codes[key])), (*width, kind) if kind == "letter-case" else (kind,)
        return None, ()

    return read


def _code(text: str) -> Reading:
    plain = narrow_code(text)
    kinds = ("full-width",) if plain != text else ()
    if plain in _MISSING:
        return None, ()
    whole = re.fullmatch(r"([0-9]{1,18})\.0+", plain)
    return (whole[1], (*kinds, "decimal-zero")) if whole else (plain, kinds)
