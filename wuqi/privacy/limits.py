"""The limits of ``registers/privacy.csv``: thresholds are a table, so that an office can set its own."""

from __future__ import annotations

import pandas as pd

from wuqi.tables import Tables

LIMITS = "privacy"  # the table


def limits(tables: Tables) -> dict[str, int]:
    """Every limit by its id; ValueError when they contradict one another."""
    return limits_of(tables.privacy.frame)


def limits_of(frame: pd.DataFrame) -> dict[str, int]:
    """The limits in the rows of the table, whose values may still be text."""
    found = {row.id: int(row.value) for row in frame.itertuples()}
    if found["interval"] > found["small-count"] - 2:
        raise ValueError("隐私保护的界限互相矛盾：不显示的数在 1 与“少于这个数”之间，"
                         "可能范围至多是“少于这个数”减 2，请改小 interval 或改大 small-count。")
    return found
