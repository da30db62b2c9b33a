"""The county's definitions: the one place where the program reaches its measures and derived quantities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from wuqi.claims import load_figures
from wuqi.derived import Derived, Quantity, quantities
from wuqi.derived_quantities import DERIVED
from wuqi.figures import FIGURES
from wuqi.measures import Measure, faults
from wuqi.problems import Problem, TablesError
from wuqi.tables import Tables

_FIGURES, _DERIVED = "wuqi/figures.py", "wuqi/derived_quantities.py"


def computations() -> dict[str, Measure]:
    """The measure of each figure by its id, in the county's order."""
    return dict(FIGURES)


def derived_quantities(tables: Tables) -> dict[str, Quantity]:
    """The quantities that the county derives from its figures, by id."""
    return quantities({d.id: d for d in DERIVED}, load_figures(tables))


def refuse_mistakes(tables: Tables) -> None:
    """Raises TablesError naming every definition that these tables and their registry cannot bear."""
    if problems := mistakes(FIGURES, DERIVED, tables):
        raise TablesError(problems)


def mistakes(
    figures: Iterable[tuple[str, Measure]], derived: Iterable[Derived], tables: Tables
) -> list[Problem]:
    """Every mistake in a county's definitions; a figure whose table is not in the package is none."""
    registered = load_figures(tables)
    found = [
        Problem(_FIGURES, "duplicate-key", "一个数字只能有一种算法。请改正编号，或删去一个。", value=i)
        for i in _twice(i for i, _ in figures)
    ]
    for figure_id, measure in figures:
        if figure_id not in registered:
            found.append(
                Problem(
                    _FIGURES,
                    "foreign-key",
                    "数字的登记（表 figures）里没有这个编号。请改正编号，或登记这个数字，或删去它的算法。",
                    value=figure_id,
                )
            )
            continue
        table = registered[figure_id].table
        if table not in tables.names:
            continue  # such a figure is not computed, which its page says
        wrong = [
            Problem(_FIGURES, f.rule, f"{measure!r}：{f.message}", column=f.column, value=figure_id)
            for f in faults(measure, tables)
        ]
        if not wrong and table not in measure.reads:
            wrong = [
                Problem(
                    _FIGURES,
                    "foreign-key",
                    f"{measure!r}：登记说这个数字据表 {table}，算法读的是 {'、'.join(measure.reads)}。",
                    value=figure_id,
                )
            ]
        found += wrong
    found += [
        Problem(_DERIVED, "duplicate-key", "编号不能重复。请改正编号，或删去一个。", value=i)
        for i in _twice(d.id for d in derived)
    ]
    return found + [
        Problem(_DERIVED, "refused", f"{why}。", value=d.id) for d in derived for why in d.faults(registered)
    ]


def _twice(ids: Iterable[str]) -> list[str]:
    return [i for i, n in Counter(ids).items() if n > 1]
