"""Write a system's rules, with their origin, and its undefined points as a workbook."""

from __future__ import annotations

import pandas as pd
from pandas.api.types import is_integer_dtype

from figurebook.datapackage.tables import Tables
from figurebook.spreadsheets.writing.layout import Column, Sheet
from figurebook.spreadsheets.writing.writer import write
from figurebook.systems.rule_tables import readable_rules

WIDE, NARROW, LONG = 40, 16, 12  # widths of columns, and how many characters make a wide one


def make(tables: Tables, system: str) -> bytes | None:
    """One sheet for each rule table of the system, and one for its undefined points.

    None where the package has neither.
    """
    contents = [_sheet(f"规则·{title}", frame) for title, frame in readable_rules(tables, system)]
    if "undefined" not in tables:
        return write(contents) if contents else None
    titles = {f["name"]: f["title"] for f in tables.resource("undefined")["schema"]["fields"]}
    own = tables.rules_of(system)["undefined"].rename(columns=titles)
    return write([*contents, _sheet(tables.resource("undefined")["title"], own)])


def _sheet(title: str, frame: pd.DataFrame) -> tuple[Sheet, list[dict]]:
    columns = tuple(
        Column(
            name,
            name,
            "integer" if is_integer_dtype(frame[name].infer_objects()) else "text",
            width=WIDE if frame[name].astype(str).str.len().max() > LONG else NARROW,
        )
        for name in frame
    )
    rows = [{k: None if pd.isna(v) else v for k, v in r.items()} for r in frame.to_dict("records")]
    return Sheet(title, columns, open=False), rows
