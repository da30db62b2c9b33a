"""A system's rules as a workbook, to read and discuss: each rule with its origin, and what is undefined."""

from __future__ import annotations

import pandas as pd

from wuqi.mechanisms.shared.rules import rule_tables
from wuqi.mechanisms.shared.sheet_writer import write
from wuqi.mechanisms.shared.sheets import Column, Sheet
from wuqi.tables import Tables

WIDE = 40


def make(tables: Tables, system: str) -> bytes:
    """The workbook: a sheet for each rule table with rows of the system, and one for what is undefined."""
    contents = [_sheet(r, frame) for r, frame in rule_tables(tables, system)]
    undefined = tables.undefined.frame
    contents.append(_sheet(tables.resource("undefined"),
                           undefined[undefined["system"] == system].drop(columns="system")))
    return write(contents)


def _sheet(resource: dict, frame: pd.DataFrame) -> tuple[Sheet, list[dict]]:
    fields = {f["name"]: f for f in resource["schema"]["fields"]}
    columns = tuple(Column(n, fields[n]["title"], "integer" if fields[n]["type"] == "integer" else "text",
                           width=WIDE if n in ("label", "point", "default", "reason") else 14)
                    for n in frame.columns)
    title = resource["title"].replace("：", "·")  # no sheet is allowed a colon in its name
    rows = [{k: None if pd.isna(v) else v for k, v in r.items()} for r in frame.to_dict("records")]
    for row in rows:
        if "undefined" in row and row["undefined"] is None:
            row["undefined"] = "访谈"
    return Sheet(title, columns, open=False), rows
