"""Find amounts in another unit than the column's, and columns with two units.

The bounds are in ``data/checks/magnitudes.csv``, with the publication each is taken from. Nobody can see a
unit in a number: what is reported here is a suspicion, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from figurebook.datapackage.problems import Problem
from figurebook.datapackage.validation.table_rows import filled, records
from figurebook.office.check.table import CheckedTable
from figurebook.office.office_tables import Intake
from figurebook.office.recognise.unit_factors import UNITS
from figurebook.spreadsheets.reading.grid import SHOWN, Note

RULES = "magnitudes"
_UNITS = {
    "fen": {"分": 1, "角": 10, "元": 100, "千元": 100_000, "万元": 1_000_000},
    "yuan": {"元": 1, "千元": 1_000, "万元": 10_000},
}
_BIN = 0.1  # Width of a bin, in decades.
_REACH = 2  # Bins on either side that smooth a bin.
_APART = 1.5  # Decades between two peaks, at least.
_VALLEY = 0.1  # Share of the lower peak that may be left between the two.
_NEAR = 0.3  # Decades between the ratio of two clusters and that of two units (a factor of 2).
_LEAST = 3  # Amounts that make a cluster.
_TIMES = 100  # Ratio between an amount that stands alone and the next one.


def unit_problems(
    tables: dict[str, CheckedTable], resources: dict, ours: Callable[[str], pd.DataFrame]
) -> list[Problem]:
    """Report each column whose amounts are mixed or of an unlikely size.

    The table of bounds says which sizes are allowed. There is one problem for each column.
    """
    if RULES not in resources:
        return []
    problems = []
    for rule in records(ours(RULES)):
        table = tables.get(rule["table"])
        if table is None:
            continue
        unit = next(f["unit"] for f in table.fields if f["name"] == rule["column"])
        sound = table.sound(rule["column"]) & (table.numbers[rule["column"]] > 0)
        amounts = table.numbers[rule["column"]][sound]
        if len(amounts):
            problems += _mixed(table, rule, unit, amounts, sound) or _far(
                table, rule, unit, float(np.median(amounts))
            )
    return problems


def outlier_notes(intake: Intake, package: dict, ours: Callable[[str], pd.DataFrame]) -> Iterator[Note]:
    """A note for each column with an amount that stands alone.

    It is far below or above all others. One or two such amounts show no other unit, and somebody may have
    earned ten yuan. So the note refuses nothing.
    """
    units = {
        (r["name"], f["name"]): f
        for r in package["resources"]
        if "schema" in r
        for f in r["schema"]["fields"]
    }
    rules = records(ours(RULES)) if any(r["name"] == RULES for r in package["resources"]) else []
    for rule in rules:
        office_table, column = intake.tables.get(rule["table"]), rule["column"]
        if office_table is None:
            continue
        cells = office_table.frame[column]
        amounts = pd.Series(
            [float(cell) if cell.isdecimal() else 0.0 for cell in filled(cells)], cells.index, dtype=float
        )
        amounts = amounts[amounts > 0].sort_values()
        rows = _apart(amounts)
        if len(rows):
            field = units[rule["table"], column]
            yield Note(
                office_table.file,
                "far-amount",
                f"这些数比同一列别的数小（或大）{_TIMES} 倍以上，"
                "可能写成了别的单位（如万元），请核对。没有当作错。",
                office_table.sheet,
                office_table.headers.get(column, column),
                len(rows),
                tuple(
                    (int(r), "", "")
                    if field.get("personal")
                    else (int(r), office_table.as_written(r, column), office_table.frame.at[r, column])
                    for r in rows[:SHOWN]
                ),
            )


def _apart(amounts: pd.Series) -> list[int]:
    """The rows of the few smallest and largest amounts, if they stand alone."""
    few = min(_LEAST - 1, (len(amounts) - 1) // 4)
    values = amounts.to_numpy(dtype=float)
    below = next((n for n in range(few, 0, -1) if values[n] >= _TIMES * values[n - 1]), 0)
    above = next((n for n in range(few, 0, -1) if values[-n] >= _TIMES * values[-n - 1]), 0)
    return sorted([*amounts.index[:below], *amounts.index[len(amounts) - above :]])


def _far(table: CheckedTable, rule: dict, unit: str, median: float) -> list[Problem]:
    low, high = int(rule["low"]), int(rule["high"])
    if low <= median <= high:
        return []
    middle = np.log10(low * high) / 2
    own, of_own = _read_as(table, rule, unit)
    # The numbers have been multiplied by the unit they were read in: another unit takes its place.
    fitting = {
        name: median * times / of_own
        for name, times in _UNITS[unit].items()
        if low <= median * times / of_own <= high
    }
    seems = min(fitting, key=lambda name: abs(np.log10(fitting[name]) - middle), default=None)
    guess = (
        f"看来写的是{seems}，相差 {_plain(max(ratio := fitting[seems] / median, 1 / ratio))} 倍"
        if seems
        else "看不出写的是什么单位"
    )
    return [
        table.fault(
            "unit",
            f"这一列以{own}为单位，读到的中位数是 {_plain(median / of_own)} {own}，"
            f"不在 {_plain(low / of_own)} 至 {_plain(high / of_own)} {own}之间：{guess}。"
            f"{_advice(table, rule, seems or '元')}（范围：{rule['reason']}。）",
            rule["column"],
        )
    ]


def _read_as(table: CheckedTable, rule: dict, unit: str) -> tuple[str, float]:
    """The unit of a column's numbers in the file, and its factor.

    It is the column's own unit if the file says none.
    """
    name = table.office_table.units.get(rule["column"])
    return (name, float(UNITS[unit][name])) if name else next(iter(_UNITS[unit].items()))


def _mixed(
    table: CheckedTable, rule: dict, unit: str, amounts: np.ndarray, places: np.ndarray
) -> list[Problem]:
    parted = split(amounts, int(rule["mixed_percent"]))
    if parted is None:
        return []
    border, low, high, factor = parted
    few_are_low = (amounts < border).mean() <= 0.5
    few = np.zeros(len(places), dtype=bool)
    few[places] = (amounts < border) if few_are_low else (amounts >= border)
    rows = table.rows(few)
    shown = "、".join(map(str, rows[:20])) + ("等" if len(rows) > 20 else "")
    own, of_own = _read_as(table, rule, unit)
    return [
        table.fault(
            "unit",
            f"这一列混有两种大小的数，相差约 {factor:,} 倍："
            f"一种中位数 {_plain(low / of_own)}，另一种 {_plain(high / of_own)}（以{own}计）；"
            f"较少的一种在第 {shown} 行，共 {len(rows):,} 行。看来同一列用了两种单位。"
            "请把它们改成同一种单位，并在列名里写明。",
            rule["column"],
        )
    ]


def split(amounts: np.ndarray, percent: int) -> tuple[float, float, float, int] | None:
    """Split amounts into two clusters about a power of ten apart, or None.

    The result is (border, lower median, upper median, factor). ``amounts`` are positive. The clusters are
    peaks of the smoothed histogram of their logarithms with a valley between. The smaller must hold
    ``percent`` of the amounts, and at least three.
    """
    logs = np.log10(amounts.astype(float))
    start = logs.min() - _BIN * _REACH
    bins = ((logs - start) / _BIN).astype(int)
    smooth = np.convolve(
        np.bincount(bins, minlength=bins.max() + _REACH + 1), np.ones(2 * _REACH + 1), mode="same"
    )
    main = int(smooth.argmax())
    away = np.abs(np.arange(len(smooth)) - main) * _BIN >= _APART
    if not away.any():
        return None
    second = int(np.where(away, smooth, -1).argmax())
    between = slice(min(main, second), max(main, second) + 1)
    lowest = smooth[between].min()
    if lowest > _VALLEY * smooth[second]:
        return None
    valley = np.flatnonzero(smooth[between] == lowest)
    border = 10 ** (start + (between.start + valley[len(valley) // 2] + 0.5) * _BIN)
    lower, upper = amounts[amounts < border], amounts[amounts >= border]
    if min(len(lower), len(upper)) < max(_LEAST, len(amounts) * percent / 100):
        return None
    low, high = float(np.median(lower)), float(np.median(upper))
    decades = np.log10(high / low)
    if abs(decades - round(decades)) > _NEAR or round(decades) < 2:
        return None
    return border, low, high, 10 ** round(decades)


def _advice(table: CheckedTable, rule: dict, unit: str) -> str:
    # It is the title, not the heading in the file: with another unit behind it that might not be recognised.
    title = next(f.get("title", f["name"]) for f in table.fields if f["name"] == rule["column"])
    return f"请在列名里写明单位，如“{title}（{unit}）”，或把数改成这一列的单位。"


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}".rstrip("0")
