"""Load the county's measures and derived quantities, and report mistakes in them.

No other module of the program reaches them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from figurebook import project
from figurebook.datapackage.problems import Problem, TablesError
from figurebook.datapackage.tables import Tables
from figurebook.figures.derived import DerivedQuantity, DerivedValue, quantities
from figurebook.figures.evidence import evidence_problems
from figurebook.figures.measures import Measure, faults
from figurebook.figures.registry import load_figures


def figure_measures() -> dict[str, Measure]:
    """The measure of each figure by its id, in the county's order."""
    return dict(project.county().figures())


def derived_quantities(tables: Tables) -> dict[str, DerivedValue]:
    """The quantities that the county derives from its figures, by id."""
    return quantities({d.id: d for d in project.county().derived()}, load_figures(tables))


def refuse_definition_problems(tables: Tables) -> None:
    """Raise TablesError for definitions that these tables and their registry cannot bear."""
    county = project.county()
    problems = definition_problems(county.figures(), county.derived(), tables)
    if problems := problems or list(evidence_problems(tables)):
        raise TablesError(problems)


def definition_problems(
    figures: Iterable[tuple[str, Measure]], derived: Iterable[DerivedQuantity], tables: Tables
) -> list[Problem]:
    """Report every mistake in a county's definitions.

    A figure whose table is not in the package is no mistake.
    """
    registered = load_figures(tables)
    figures_file, derived_file = (file_of(name) for name in ("figures", "derived_quantities"))
    problems = [
        Problem(figures_file, "duplicate-key", "一个数字只能有一种算法。请改正编号，或删去一个。", value=i)
        for i in _twice(i for i, _ in figures)
    ]
    for figure_id, measure in figures:
        if figure_id not in registered:
            problems.append(
                Problem(
                    figures_file,
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
            Problem(figures_file, f.rule, f"{measure!r}：{f.message}", column=f.column, value=figure_id)
            for f in faults(measure, tables)
        ]
        if not wrong and table not in measure.reads:
            wrong = [
                Problem(
                    figures_file,
                    "foreign-key",
                    f"{measure!r}：登记说这个数字据表 {table}，算法读的是 {'、'.join(measure.reads)}。",
                    value=figure_id,
                )
            ]
        problems += wrong
    problems += [
        Problem(derived_file, "duplicate-key", "编号不能重复。请改正编号，或删去一个。", value=i)
        for i in _twice(d.id for d in derived)
    ]
    return problems + [
        Problem(derived_file, "refused", f"{why}。", value=d.id)
        for d in derived
        for why in d.faults(registered)
    ]


def file_of(name: str) -> str:
    """The module of the county's package with definitions of this kind.

    It is given from the project's folder, where readers find it.
    """
    return f"{project.package()}/{name}.py"


def _twice(ids: Iterable[str]) -> list[str]:
    return [i for i, n in Counter(ids).items() if n > 1]
