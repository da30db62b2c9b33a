"""What a notebook may show of registers of people: all of a reconstruction, nobody of a record.

Each function gives the frame back as it is unless one of the tables named is ``recorded``: the rows of ours
stand for nobody. The county's own totals stay, whatever their size: they are the figures that the interview
states, and to judge them is what the book is for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from wuqi.privacy.hidden import Hidden
from wuqi.tables import Tables

SECONDARY_ZH, WITHHELD_ZH, ROW_ZH = "为免反推，不显示", "数太小，不显示", "逐行的内容不显示"
DIGITS = 2  # significant ones that are left of a value that may be one household's own
SHARE = 10  # the smallest part of a register whose upper end is shown is a tenth


def protected(t: Tables, frame: pd.DataFrame, *names: str, counts: Mapping[str, Sequence[int]],
              of: Sequence[int] = (), also: Collection[str] = (),
              rows: Sequence[bool] | None = None) -> pd.DataFrame:
    """The frame with small counts, and what would give them away, hidden; tables ``names`` are counted.

    ``counts`` has the counts behind the columns that show them (as themselves or, say, in per cent), one a
    row. They add up to a public total, or with ``of``, one number a column, every row is a part of that
    number by itself and the rest is not shown. Columns ``also`` are hidden where the counts are; ``rows``
    are those that count people, all if not given.
    """
    if not _recorded(t, names):
        return frame
    from wuqi.privacy.limits import limits
    from wuqi.privacy.suppression import PRIMARY, SECONDARY, WITHHELD

    bounds = limits(t)
    chosen = [i for i in range(len(frame)) if rows is None or list(rows)[i]]
    values = {c: [int(list(numbers)[i]) for i in chosen] for c, numbers in counts.items()}
    wholes = dict(zip(values, of, strict=True)) if len(of) else {}
    found, known = _marks(values, wholes, bounds, set()), None
    while known != (hidden := {i for marks in found.values() for i in marks}):
        known, found = hidden, _marks(values, wholes, bounds, hidden)
    words = {PRIMARY: f"不足 {bounds['small-count']}，不显示", SECONDARY: SECONDARY_ZH, WITHHELD: WITHHELD_ZH}
    shown = frame.astype(dict.fromkeys((*values, *also), object))
    for i in hidden:
        for column in (*values, *also):
            mark = found.get(column, {}).get(i, SECONDARY)
            shown.iloc[chosen[i], shown.columns.get_loc(column)] = Hidden(words[mark])
    return shown


def rows_of(t: Tables, frame: pd.DataFrame, *names: str, keep: Collection[str]) -> pd.DataFrame:
    """Rows about single people, households or branches: of a record only the columns ``keep`` are shown.

    These are to be running numbers, dates and the like: never an income, a village or a number of people.
    """
    if not _recorded(t, names):
        return frame
    return frame.assign(**{c: [Hidden(ROW_ZH)] * len(frame) for c in frame if c not in keep})


def rounded(t: Tables, frame: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    """A column of values that may each be one household's own (a median, a tenth), to two digits.

    Hidden altogether when a tenth of the register is fewer than the threshold.
    """
    if not _recorded(t, [name]):
        return frame
    from wuqi.privacy.limits import limits

    if len(getattr(t, name).frame) < SHARE * limits(t)["small-count"]:
        return frame.assign(**{column: [Hidden(WITHHELD_ZH)] * len(frame)})
    return frame.assign(**{column: [float(f"{v:.{DIGITS}g}") for v in frame[column]]})


def _recorded(t: Tables, names: Collection[str]) -> bool:
    return "recorded" in {t.basis(name) for name in names}


def _marks(values: dict[str, list[int]], wholes: dict[str, int], bounds: dict[str, int],
           along: set[int]) -> dict[str, dict[int, str]]:
    """What is suppressed in each column, by row."""
    from wuqi.privacy.suppression import line, suppressed

    if not wholes:
        return {c: suppressed(line(numbers), bounds, along) for c, numbers in values.items()}
    parts = {c: {i: suppressed(line([n, wholes[c] - n]), bounds, {0} if i in along else set())
                 for i, n in enumerate(numbers) if n != wholes[c]} for c, numbers in values.items()}
    return {c: {i: marks[0] for i, marks in by_row.items() if 0 in marks} for c, by_row in parts.items()}
