"""Make empty tables to fill in: a workbook, or a folder of CSV.

They are made from ``datapackage.json`` alone: one sheet for each register, its headings in Chinese. There
are drop-downs where the schema lists what is allowed. A first sheet asks whose tables they are and explains
every column. Money is asked for in yuan: its unit stands in the heading, from which the intake reads it.
"""

from __future__ import annotations

import csv
import io

from figurebook.datapackage.validation.field_wording import (
    NO,
    TYPES_ZH,
    YES,
    allowed_values,
    entry_constraints,
    entry_hint,
)
from figurebook.spreadsheets.writing.layout import Column, Sheet
from figurebook.spreadsheets.writing.writer import write

ABOUT = "说明"
ASKED = ("单位名称", "数据日期")  # what the first sheet asks, and the intake reads from it
SPARE = 200  # empty rows prepared; more can be filled in below them, with the same drop-downs
_COLUMNS = ("表", "列", "填什么", "必填", "说明")
_PERSONAL = "属个人信息：读入时换成流水号，原值不会出现在站点里"


def registers(package: dict) -> list[dict]:
    """The resources of the package that an office would keep, in the package's order."""
    return [r for r in package["resources"] if r["role"] == "register"]


def workbook(package: dict) -> bytes:
    """The XLSX file."""
    kept = registers(package)
    about = Sheet(ABOUT, tuple(Column(c, c, width=30 if c == "说明" else 22) for c in _COLUMNS))
    return write(
        [
            (about, [dict(zip(_COLUMNS, r, strict=True)) for r in _about(kept)]),
            *((_sheet(r), []) for r in kept),
        ]
    )


def csv_files(package: dict) -> dict[str, bytes]:
    """The CSV files by name.

    They are in UTF-8 with a byte order mark, which Excel needs to read Chinese.
    """
    kept = registers(package)
    return {
        f"{ABOUT}.csv": _csv([_COLUMNS, *_about(kept)]),
        **{f"{r['title']}.csv": _csv([[heading(f) for f in r["schema"]["fields"]]]) for r in kept},
    }


def heading(field: dict) -> str:
    """The heading of a column: its title, for money with the unit."""
    return field["title"] + ("（元）" if field.get("unit") == "fen" else "")


def _sheet(resource: dict) -> Sheet:
    return Sheet(resource["title"], tuple(_column(f) for f in resource["schema"]["fields"]), spare=SPARE)


def _column(field: dict) -> Column:
    limits = field.get("constraints", {})
    choices = allowed_values(field)
    kind = "choice" if choices else "id"
    if field["type"] == "integer" and not field.get("unit"):
        kind = "integer"
    return Column(
        field["name"],
        heading(field),
        kind,
        bool(limits.get("required")),
        choices,
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        width=18,
        note=_entry_text(field),
    )


def _about(kept: list[dict]) -> list[tuple]:
    rows: list[tuple] = [
        (ASKED[0], "", "填在左边一格：出版时写在站点上的单位名称", NO, ""),
        (ASKED[1], "", f"填在左边一格：{TYPES_ZH['date']}", NO, ""),
    ]
    for resource in kept:
        key = resource["schema"].get("primaryKey", [])
        for field in resource["schema"]["fields"]:
            needed = YES if field.get("constraints", {}).get("required") else NO
            remarks = [
                field.get("description", ""),
                "每行不同" if field["name"] in key else "",
                _reference(resource, field, kept),
                _PERSONAL if field.get("personal") else "",
            ]
            rows.append(
                (
                    resource["title"],
                    heading(field),
                    _entry_text(field),
                    needed,
                    "；".join(filter(None, remarks)),
                )
            )
    return rows


def _entry_text(field: dict) -> str:
    choices = allowed_values(field)
    rules = {k: v for k, v in field.get("constraints", {}).items() if k in {"minimum", "maximum", "pattern"}}
    limits = "" if choices else entry_constraints({**field, "constraints": rules})
    return entry_hint(field) + (f"，{limits}" if limits else "")


def _reference(resource: dict, field: dict, kept: list[dict]) -> str:
    titles = {r["name"]: r["title"] for r in kept}
    for key in resource["schema"].get("foreignKeys", []):
        if key["fields"] == [field["name"]]:
            target = key["reference"]["resource"]
            return f"须是“{titles.get(target, target)}”里有的"
    return ""


def _csv(rows: list) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")
