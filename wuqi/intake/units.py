"""Amounts that look as if written in another unit than the column's, and columns that mix two units.

The bounds are in ``data/interview/magnitudes.csv``, with the publication each is taken from. Nobody can see
a unit in a number: what is said here is a suspicion, and says so.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from wuqi.intake.judged import Judged
from wuqi.problems import Problem

RULES = "magnitudes"
_UNITS = {"fen": {"分": 1, "角": 10, "元": 100, "千元": 100_000, "万元": 1_000_000},
          "yuan": {"元": 1, "千元": 1_000, "万元": 10_000}}
_BIN = 0.1  # decades a bin
_REACH = 2  # bins on either side that smooth a bin
_APART = 1.5  # decades between two peaks, at least
_VALLEY = 0.1  # of the lower peak that may be left between the two
_NEAR = 0.3  # decades between the ratio of two clusters and that of two units (a factor of 2)
_LEAST = 3  # amounts that make a cluster


def suspicious(tables: dict[str, Judged], resources: dict,
               ours: Callable[[str], pd.DataFrame]) -> list[Problem]:
    """One problem a column whose amounts are mixed or of another size than the table of bounds allows."""
    if RULES not in resources:
        return []
    found = []
    for rule in ours(RULES).to_dict("records"):
        table = tables.get(rule["table"])
        if table is None:
            continue
        unit = next(f["unit"] for f in table.fields if f["name"] == rule["column"])
        sound = table.sound(rule["column"]) & (table.numbers[rule["column"]] > 0)
        amounts = table.numbers[rule["column"]][sound]
        if len(amounts):
            found += (_mixed(table, rule, unit, amounts, sound)
                      or _far(table, rule, unit, float(np.median(amounts))))
    return found


def _far(table: Judged, rule: dict, unit: str, median: float) -> list[Problem]:
    low, high = int(rule["low"]), int(rule["high"])
    if low <= median <= high:
        return []
    middle = np.log10(low * high) / 2
    fitting = {name: factor for name, factor in _UNITS[unit].items() if low <= median * factor <= high}
    seems = min(fitting, key=lambda name: abs(np.log10(median * fitting[name]) - middle), default=None)
    own = next(iter(_UNITS[unit]))
    guess = (f"看来写的是{seems}，相差 {fitting[seems]:,} 倍" if seems else "看不出写的是什么单位")
    return [table.fault(
        "unit", f"这一列以{own}为单位，读到的中位数是 {_plain(median)} {own}，"
        f"不在 {_plain(low)} 至 {_plain(high)} {own}之间：{guess}。"
        f"{_advice(table, rule, seems or '元')}（范围：{rule['reason']}。）", rule["column"])]


def _mixed(table: Judged, rule: dict, unit: str, amounts: np.ndarray, places: np.ndarray) -> list[Problem]:
    parted = split(amounts, int(rule["mixed_percent"]))
    if parted is None:
        return []
    border, low, high, factor = parted
    few_are_low = (amounts < border).mean() <= 0.5
    few = np.zeros(len(places), dtype=bool)
    few[places] = (amounts < border) if few_are_low else (amounts >= border)
    rows = table.rows(few)
    shown = "、".join(map(str, rows[:20])) + ("等" if len(rows) > 20 else "")
    own = next(iter(_UNITS[unit]))
    return [table.fault(
        "unit", f"这一列混有两种大小的数，相差约 {factor:,} 倍："
        f"一种中位数 {_plain(low)}，另一种 {_plain(high)}（以{own}计）；"
        f"较少的一种在第 {shown} 行，共 {len(rows):,} 行。看来同一列用了两种单位。"
        "请把它们改成同一种单位，并在列名里写明。", rule["column"])]


def split(amounts: np.ndarray, percent: int) -> tuple[float, float, float, int] | None:
    """(border, lower median, upper median, factor) of two clusters about a power of ten apart, or None.

    ``amounts`` are positive. The clusters are peaks of the smoothed histogram of their logarithms with a
    valley between; the smaller must hold ``percent`` of the amounts, and at least three.
    """
    logs = np.log10(amounts.astype(float))
    start = logs.min() - _BIN * _REACH
    bins = ((logs - start) / _BIN).astype(int)
    smooth = np.convolve(np.bincount(bins, minlength=bins.max() + _REACH + 1),
                         np.ones(2 * _REACH + 1), mode="same")
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


def _advice(table: Judged, rule: dict, unit: str) -> str:
    heading = _without_unit(table.heading(rule["column"]))
    return f"请在列名里写明单位，如“{heading}（{unit}）”，或把数改成这一列的单位。"


def _without_unit(heading: str) -> str:
    return heading.split("（")[0].split("(")[0].strip()


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
