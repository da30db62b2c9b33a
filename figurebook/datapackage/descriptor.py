"""Check that ``datapackage.json`` is complete.

It is checked before anything relies on it, and all that is missing is reported at once, with the table and
the key. Nothing is read but the descriptor. Every command pays for it, so what is in order is passed over
quickly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from operator import itemgetter

from figurebook.datapackage.bases import BASES
from figurebook.datapackage.exact_numbers import DIGITS
from figurebook.datapackage.problems import Problem

FILE = "datapackage.json"
TYPES = ("integer", "number", "boolean", "string", "date", "year", "yearmonth")  # of a field
REGISTRY = "figures"  # the one table that a package cannot be without
# What a table is, in this order: the registered figures. What the interview says. What others published.
# Rows that an office keeps. Rules of the systems. What this book sets where the interview says nothing.
# What tables are checked by. What the program is set to.
ROLES = ("registry", "interview", "published", "register", "rules", "default", "check", "setting")
# The registry's columns, each a field of ``figurebook.figures.registry.Figure``.
REGISTRY_COLUMNS = (
    "id",
    "system",
    "label_zh",
    "label_en",
    "value",
    "unit",
    "qualifier",
    "period",
    "start",
    "end",
    "quote_sha256",
    "counted",
    "table",
    "note",
)
_MADE_UP = "illustrative"
_BASES = tuple(BASES)
_TYPES = frozenset(TYPES)
_NAME, _OF_A_FIELD = itemgetter("name"), itemgetter("name", "title", "type")
_NOT_WRITTEN = "没有写，请补上"


def descriptor_problems(package: object) -> list[Problem]:
    """Report everything that a descriptor lacks.

    Its keys are looked at only when its tables are whole.
    """
    if not isinstance(package, dict) or not _are(package.get("resources"), dict):
        return [_fault("resources", "要是一个列表，一张表一项")]
    resources = package["resources"]
    problems = [] if _is_text(package.get("name")) else [_fault("name", _NOT_WRITTEN)]
    for n, resource in enumerate(resources, 1):
        problems += _resource(resource, n)
    if problems:
        return problems
    if twice := [name for name, n in Counter(r["name"] for r in resources).items() if n > 1]:
        return [_fault(f"表 {name}", "不止一项，名称不能重复") for name in twice]
    schemas = {r["name"]: r["schema"] for r in resources if "schema" in r}
    columns = {name: {*map(_NAME, schema["fields"])} for name, schema in schemas.items()}
    for name, schema in schemas.items():
        problems += _keys(name, schema, columns)
    return problems + registry_faults(columns)


def exposed_personal_columns(package: dict) -> list[Problem]:
    """Report personal columns of tables that are not made up.

    They would be published as they are.
    """
    return [
        Problem(
            r["path"],
            "personal",
            "数据包里的表随书公开，这一列却写明是个人信息：请换成不指向个人的"
            "编号并删去 personal；真实的登记放在别处，用 --data 换入。",
            column=f["name"],
        )
        for r in package["resources"]
        if "schema" in r and r["basis"] != _MADE_UP
        for f in r["schema"]["fields"]
        if f.get("personal")
    ]


def _resource(resource: dict, n: int) -> Iterator[Problem]:
    where = f"表 {resource['name']} 的" if _is_text(resource.get("name")) else f"resources 第 {n} 项的"
    for key in ("name", "path", "title", "description"):
        if not _is_text(resource.get(key)):
            yield _fault(f"{where} {key}", _NOT_WRITTEN)
    for key in ("sources", "licenses"):
        entries = resource.get(key)
        if not _are(entries, dict) or not entries or [e for e in entries if not _is_text(e.get("title"))]:
            yield _fault(f"{where} {key}", "要是一个列表，至少一项，每项有 title")
    if not _are(resource.get("gaps"), str):
        yield _fault(f"{where} gaps", "要是一个列表，没有缺口就写 []")
    if resource.get("basis") not in _BASES:
        yield _not_one_of(f"{where} basis", _BASES, resource.get("basis"))
    if resource.get("role") not in ROLES:
        yield _not_one_of(f"{where} role", ROLES, resource.get("role"))
    if "fact" in resource and not _is_fact(resource["fact"]):
        yield _fault(f"{where} fact", "要有 key 和 value，各是一个列名；没有 unit 一列的，写上 unit")
    if "schema" in resource:
        yield from _schema(resource["schema"], where)
    elif str(resource.get("path")).endswith(".csv"):
        yield _fault(f"{where} schema", "没有写，请写明每一列")


def _schema(schema: object, where: str) -> Iterator[Problem]:
    if not isinstance(schema, dict) or not _are(fields := schema.get("fields"), dict) or not fields:
        yield _fault(f"{where} schema.fields", "要是一个列表，一列一项")
        return
    if not _have_three_keys(fields):
        for n, field in enumerate(fields, 1):
            yield from _field(field, f"{where}第 {n} 个字段")
    for field in fields:
        if "decimals" in field and not _is_decimal(field):
            yield _fault(
                f"{where} {field.get('name')} 的 decimals",
                f"是小数位数，从 1 到 {DIGITS} 的整数，只能写在 number 的字段里",
            )
    if not _are(schema.get("primaryKey", []), str):
        yield _fault(f"{where} schema.primaryKey", "要是列名的列表")
    if "foreignKeys" in schema and not (
        _are(schema["foreignKeys"], dict) and all(map(_is_key, schema["foreignKeys"]))
    ):
        yield _fault(
            f"{where} schema.foreignKeys",
            "每一项要有 fields、reference.resource 和 reference.fields，列名写成列表",
        )


def _have_three_keys(fields: list[dict]) -> bool:
    """Whether every field has its name, title and type.

    There are hundreds of them, so they are not gone through in Python.
    """
    try:
        values = [*chain.from_iterable(map(_OF_A_FIELD, fields))]
    except KeyError:
        return False
    return {*map(type, values)} == {str} and "" not in values and _TYPES.issuperset(values[2::3])


def _field(field: dict, where: str) -> Iterator[Problem]:
    where = f"{where} {field['name']} 的" if _is_text(field.get("name")) else f"{where}的"
    for key in ("name", "title"):
        if not _is_text(field.get(key)):
            yield _fault(f"{where} {key}", _NOT_WRITTEN)
    if field.get("type") not in TYPES:
        yield _not_one_of(f"{where} type", TYPES, field.get("type"))


def _is_fact(fact: object) -> bool:
    """Whether a fact names its columns of id and value.

    It may name a unit too, where no column gives one.
    """
    return (
        isinstance(fact, dict)
        and _is_text(fact.get("key"))
        and _is_text(fact.get("value"))
        and fact.keys() <= {"key", "value", "unit"}
    )


def _is_key(key: dict) -> bool:
    there = key.get("reference")
    return (
        isinstance(there, dict)
        and isinstance(there.get("resource"), str)
        and all(_are(names, str) and names for names in (key.get("fields"), there.get("fields")))
    )


def _is_decimal(field: dict) -> bool:
    decimals = field["decimals"]
    return field.get("type") == "number" and type(decimals) is int and 1 <= decimals <= DIGITS


def _keys(name: str, schema: dict, columns: dict[str, set[str]]) -> Iterator[Problem]:
    """Report columns that keys name and their table has not.

    A table that is not there is reported where the tables are loaded.
    """
    named = [("primaryKey", name, schema.get("primaryKey", ()))]
    for key in schema.get("foreignKeys", ()):
        there = key["reference"]
        named += [
            ("foreignKeys", name, key["fields"]),
            ("foreignKeys", there["resource"] or name, there["fields"]),
        ]
    for kind, table, key_columns in named:
        if table in columns and not columns[table].issuperset(key_columns):
            lacking = "、".join(c for c in key_columns if c not in columns[table])
            yield _fault(f"表 {name} 的 schema.{kind}", f"表 {table} 没有列 {lacking}")


def registry_faults(columns: dict[str, set[str]]) -> list[Problem]:
    """Report what the registry lacks; ``columns`` are those of each table.

    The registry may be missing altogether.
    """
    if REGISTRY not in columns:
        return [_fault(f"表 {REGISTRY}", "没有这张表或没有写它的 schema；数字都登记在里面")]
    if wrong := columns[REGISTRY] ^ {*REGISTRY_COLUMNS}:
        return [
            _fault(
                f"表 {REGISTRY} 的 schema.fields",
                f"多了或少了 {'、'.join(sorted(wrong))}；要正好是 {'、'.join(REGISTRY_COLUMNS)}",
            )
        ]
    return []


def _fault(what: str, how: str) -> Problem:
    return Problem(FILE, "unreadable", f"{what}：{how}。")


def _not_one_of(what: str, allowed: tuple[str, ...], value: object) -> Problem:
    return Problem(
        FILE,
        "constraint",
        f"{what} 只能是 {'、'.join(allowed)} 之一。",
        value="" if value is None else str(value),
    )


def _is_text(value: object) -> bool:
    return type(value) is str and value != ""


def _are(values: object, kind: type) -> bool:
    return type(values) is list and {*map(type, values)} <= {kind}
