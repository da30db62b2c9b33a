"""Hide small counts in notebooks when the rows are a real register.

A reconstruction may be shown whole, because its rows stand for no real person. So each function gives the
frame back as it is unless one of the tables named is ``recorded``. The county's own totals stay, whatever
their size. They are the figures that the interview states, and the book is there to check them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.privacy.hidden_value import Hidden
from figurebook.privacy.limits import limits

SECONDARY_ZH, WITHHELD_ZH, ROW_ZH = "为免反推，不显示", "数太小，不显示", "逐行的内容不显示"
DIGITS = 2  # Significant digits that are kept of a value that may be one household's own.
SHARE = 10  # The smallest part of a register whose upper end is shown is a tenth.


def with_hidden_counts(
    t: Tables,
    frame: pd.DataFrame,
    *names: str,
    counts: Mapping[str, Sequence[int]],
    of: Sequence[int] = (),
    falling: bool = False,
    tied: bool = False,
    also: Collection[str] = (),
    rows: Sequence[bool] | None = None,
) -> pd.DataFrame:
    """The frame without small counts of tables ``names`` and what gives them away.

    ``counts`` has the counts behind the columns that show them (as themselves or, say, in per cent), one for
    each row. They add up to a public total, unless ``of`` or ``falling`` says otherwise. With ``of``, one
    number for each column, every row is a part of that number by itself and the rest is not shown. With
    ``falling``, each is a part of the one before.

    ``tied`` counts (households by size, whose persons have a public sum too) are shown all or none. Columns
    ``also`` are hidden where the counts are. ``rows`` are those that count people, all if not given.
    """
    if not _recorded(t, names):
        return frame
    from figurebook.privacy.suppression import PRIMARY, SECONDARY, WITHHELD

    bounds = limits(t)
    chosen = [i for i in range(len(frame)) if rows is None or list(rows)[i]]
    values = {c: [int(list(numbers)[i]) for i in chosen] for c, numbers in counts.items()}
    wholes = dict(zip(values, of, strict=True)) if len(of) else {}
    rule = partial(_parts, wholes=wholes) if wholes else _falling if falling else _adding
    marks_of, before = {c: rule(c, numbers, bounds, set()) for c, numbers in values.items()}, None
    while before != (hidden := {i for marks in marks_of.values() for i in marks}):
        before, marks_of = hidden, {c: rule(c, numbers, bounds, hidden) for c, numbers in values.items()}
    if tied and hidden:
        marks_of = {c: dict.fromkeys(range(len(numbers)), WITHHELD) for c, numbers in values.items()}
        hidden = set(range(len(chosen)))
    words = {PRIMARY: f"不足 {bounds['small-count']}，不显示", SECONDARY: SECONDARY_ZH, WITHHELD: WITHHELD_ZH}
    shown = frame.astype(dict.fromkeys((*values, *also), object))
    for i in hidden:
        for column in (*values, *also):
            mark = marks_of.get(column, {}).get(i, SECONDARY)
            shown.iloc[chosen[i], shown.columns.get_loc(column)] = Hidden(words[mark])
    return shown


def rows_of(t: Tables, frame: pd.DataFrame, *names: str, keep: Collection[str]) -> pd.DataFrame:
    """Show of a record's rows only the columns ``keep``.

    The rows are about single people, households or branches. The columns are to be running numbers, dates
    and the like: never an income, a village or a number of people.
    """
    if not _recorded(t, names):
        return frame
    return frame.assign(**{c: [Hidden(ROW_ZH)] * len(frame) for c in frame if c not in keep})


def rounded_column(t: Tables, frame: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    """Round a column of values to two digits.

    Each may be one household's own (a median, a tenth). The column is hidden altogether when a tenth of the
    register is fewer than the threshold.
    """
    if not _recorded(t, [name]):
        return frame
    if len(getattr(t, name).frame) < SHARE * limits(t)["small-count"]:
        return frame.assign(**{column: [Hidden(WITHHELD_ZH)] * len(frame)})
    return frame.assign(**{column: [float(f"{v:.{DIGITS}g}") for v in frame[column]]})


def _recorded(t: Tables, names: Collection[str]) -> bool:
    return "recorded" in {t.basis(name) for name in names}


def _adding(_: str, numbers: list[int], bounds: dict[str, int], along: set[int]) -> dict[int, str]:
    """The marks of suppressed counts, by row, where the counts add up.

    ``along`` are the rows hidden in other columns.
    """
    from figurebook.privacy.suppression import line, suppressed

    marks = suppressed(line(numbers), bounds, along)
    return {row: mark for row, mark in marks.items() if isinstance(row, int)}  # a total has none


def _parts(
    column: str, numbers: list[int], bounds: dict[str, int], along: set[int], wholes: dict[str, int]
) -> dict[int, str]:
    """The same for counts that are each a part of a whole."""
    two = {
        i: _adding(column, [n, wholes[column] - n], bounds, {0} if i in along else set())
        for i, n in enumerate(numbers)
        if n != wholes[column]
    }
    return {i: marks[0] for i, marks in two.items() if 0 in marks}


def _falling(column: str, numbers: list[int], bounds: dict[str, int], along: set[int]) -> dict[int, str]:
    """The same for counts that fall: the steps must not be computed back."""
    from figurebook.privacy.suppression import SECONDARY

    steps = [a - b for a, b in zip(numbers, [*numbers[1:], 0], strict=True)]
    marked = set(_adding(column, steps, bounds, set())) or {0}
    return dict.fromkeys([*range(min(marked) + 1, max(marked) + 1), *along], SECONDARY)
