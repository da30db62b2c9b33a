"""Read what others published about a figure.

Source: ``data/published/corroboration.csv``.

How each published number bears on the figure is computed by ``figurebook.figures.relations``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from figurebook import project
from figurebook.datapackage.problems import Problem
from figurebook.datapackage.tables import Tables
from figurebook.figures.derived import DerivedQuantity, stated_span
from figurebook.figures.registry import Figure, decimals, load_figures, number, plain
from figurebook.figures.relations import relation, span

TABLE = "corroboration"
_QUALIFIED = {"exact": "", "rounded": "约 ", "at_least": "多于 "}


@dataclass(frozen=True)
class Evidence:
    """One published value that bears on a figure, with its publication.

    ``counted`` is the code of what was counted, ``counted_zh`` its name. ``relation`` and ``reason`` are
    values of the vocabulary. ``equation`` is the id of the derived quantity that joins the two, or None.
    """

    id: str
    figure: str
    counted: str
    counted_zh: str
    value: Decimal
    unit: str
    qualifier: str
    as_of: str
    relation: str
    reason: str
    equation: str | None
    note: str
    title: str
    publisher: str
    date: str
    date_kind: str
    url: str | None
    independence: str

    @property
    def text(self) -> str:
        """Value and unit for readers: ``4,507 户``, ``约 12,000 人``, ``多于 10 %``."""
        return f"{_QUALIFIED[self.qualifier]}{number(self.value, decimals(self.value))} {self.unit}"


def evidence_on(tables: Tables, figure_id: str) -> list[Evidence]:
    """The published values that bear on a figure, in the table's order."""
    rows = tables.rows_where(TABLE, "figure", figure_id)
    figure = load_figures(tables)[figure_id] if rows else None
    return [_evidence(row, figure, tables) for row in rows if figure]


def evidence_problems(tables: Tables) -> Iterator[Problem]:
    """Rows that contradict the rule of relations: an equation that there is not, or that does not hold."""
    figures, derived = load_figures(tables), _derived()
    for row in tables.rows(TABLE):
        name = _text(row["equation"])
        if name is None:
            continue
        if name not in derived:
            message = "县的推算量里没有这个编号。请改正编号，或留空。"
        elif not derived[name].span(figures).meets(_published_span(row)):
            value = plain(row["published_value"])
            message = f"公布值 {value} 不在这个算式给出的范围里，推不到一起。请改正或留空。"
        elif row["figure"] not in derived[name].formula.ids:
            message = f"这个算式没有用到数字 {row['figure']}。请改正编号，或留空。"
        else:
            continue
        yield Problem(f"{TABLE}（{row['id']}）", "refused", message, column="equation", value=name)


def _evidence(row: dict, figure: Figure, tables: Tables) -> Evidence:
    [publication] = tables.rows_where("publications", "id", row["publication"])
    [thing] = tables.rows_where("counted", "id", row["counted"])
    equation = _text(row["equation"])
    found = relation(
        stated_span(figure),
        _published_span(row),
        is_same_thing=row["counted"] == figure.counted,
        is_same_date=_year(figure, tables) == row["as_of"][:4],
        is_joined=equation is not None,
    )
    return Evidence(
        row["id"],
        row["figure"],
        row["counted"],
        thing["label_zh"],
        plain(row["published_value"]),
        row["unit"],
        row["qualifier"],
        row["as_of"],
        found.relation,
        found.reason,
        equation,
        _text(row["note"]) or "",
        publication["title"],
        publication["publisher"],
        publication["date"],
        publication["date_kind"],
        _text(publication["url"]),
        publication["independence"],
    )


def _published_span(row: dict) -> Any:
    return span(plain(row["published_value"]), row["qualifier"])


def _year(figure: Figure, tables: Tables) -> str:
    """The year that the figure is of; empty where the interview does not say it."""
    if figure.period is None:
        return ""
    years = [row["year"] for row in tables.rows_where("periods", "id", figure.period)]
    return "".join(str(int(year)) for year in years if not pd.isna(year))


def _derived() -> Mapping[str, DerivedQuantity]:
    return {d.id: d for d in project.county().derived()}


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else value
