"""Empty tables to fill in: a workbook, or a folder of CSV, made from ``datapackage.json`` alone.

A sheet a register, its headings in Chinese, drop-downs where the schema lists what is allowed, and a first
sheet that says whose tables they are and explains every column. Money is asked for in yuan: its unit stands
in the heading, from which the intake reads it.
"""

from __future__ import annotations

import csv
import io

from wuqi.mechanisms.shared.sheet_writer import write
from wuqi.mechanisms.shared.sheets import Column, Sheet

ABOUT = "说明"
ASKED = ("单位名称", "数据日期")  # what the first sheet asks, and the intake reads from it
YES, NO = "是", "否"
SPARE = 200  # empty rows prepared with drop-downs; more can be filled in below them
_COLUMNS = ("表", "列", "填什么", "必填", "说明")
_TYPES = {"integer": "整数", "number": "数", "string": "文字", "boolean": f"{YES}或{NO}",
          "date": "日期，如 2016-07-31"}
_PERSONAL = "属个人信息：读入时换成流水号，原值不会出现在站点里"


def registers(package: dict) -> list[dict]:
    """The resources of the package that an office would keep, in the package's order."""
    return [r for r in package["resources"] if r["path"].startswith("registers/") and not r.get("assumed")]


def workbook(package: dict) -> bytes:
    """The XLSX file."""
    kept = registers(package)
    about = Sheet(ABOUT, tuple(Column(c, c, width=30 if c == "说明" else 22) for c in _COLUMNS))
    return write([(about, [dict(zip(_COLUMNS, r, strict=True)) for r in _about(kept)]),
                  *((_sheet(r), []) for r in kept)])


def csv_files(package: dict) -> dict[str, bytes]:
    """The CSV files by name, UTF-8 with a byte order mark, which Excel needs to read Chinese."""
    kept = registers(package)
    return {f"{ABOUT}.csv": _csv([_COLUMNS, *_about(kept)]),
            **{f"{r['title']}.csv": _csv([[heading(f) for f in r["schema"]["fields"]]]) for r in kept}}


def heading(field: dict) -> str:
    """What stands over a column: its title, for money with the unit that is asked for."""
    return field["title"] + ("（元）" if field.get("unit") == "fen" else "")


def allowed(field: dict) -> tuple[str, ...]:
    """The values a drop-down offers, in readers' words; empty when anything may be written."""
    if field["type"] == "boolean":
        return (YES, NO)
    labels = {c["value"]: c["label"] for c in field.get("categories", [])}
    return tuple(labels.get(v, v) for v in field.get("constraints", {}).get("enum", ()))


def _sheet(resource: dict) -> Sheet:
    return Sheet(resource["title"], tuple(_column(f) for f in resource["schema"]["fields"]), spare=SPARE)


def _column(field: dict) -> Column:
    limits = field.get("constraints", {})
    choices = allowed(field)
    kind = "choice" if choices else "id"
    if field["type"] == "integer" and not field.get("unit"):
        kind = "integer"
    return Column(field["name"], heading(field), kind, bool(limits.get("required")), choices,
                  minimum=limits.get("minimum"), maximum=limits.get("maximum"), width=18, note=_wanted(field))


def _about(kept: list[dict]) -> list[tuple]:
    rows: list[tuple] = [(ASKED[0], "", "填在左边一格：出版时写在站点上的单位名称", NO, ""),
                         (ASKED[1], "", f"填在左边一格：{_TYPES['date']}", NO, "")]
    for resource in kept:
        key = resource["schema"].get("primaryKey", [])
        for field in resource["schema"]["fields"]:
            needed = YES if field.get("constraints", {}).get("required") else NO
            told = [field.get("description", ""), "每行不同" if field["name"] in key else "",
                    _reference(resource, field, kept), _PERSONAL if field.get("personal") else ""]
            rows.append((resource["title"], heading(field), _wanted(field), needed,
                         "；".join(t for t in told if t)))
    return rows


def _wanted(field: dict) -> str:
    limits = field.get("constraints", {})
    if choices := allowed(field):
        return "、".join(choices)
    if field.get("unit") == "fen":
        return f"金额，以元为单位，可有两位小数，{_span(limits, 100)}".rstrip("，")
    if "pattern" in limits:
        return f"{_TYPES[field['type']]}，格式 {limits['pattern']}"
    return f"{_TYPES[field['type']]}，{_span(limits, 1)}".rstrip("，")


def _span(limits: dict, per_unit: int) -> str:
    low, high = (limits.get(k) for k in ("minimum", "maximum"))
    told = [f"不小于 {low // per_unit:,}" if low is not None else "",
            f"不大于 {high // per_unit:,}" if high is not None else ""]
    return "，".join(t for t in told if t)


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
