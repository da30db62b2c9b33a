"""Compare computed with claimed: a verdict for each figure.

Its three answers (corroboration, basis, result) are never mixed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from figurebook.datapackage.bases import BASES
from figurebook.datapackage.tables import NoTableError, Tables
from figurebook.figures.aggregate import MeasureError
from figurebook.figures.definitions import figure_measures
from figurebook.figures.evidence import Evidence, evidence_on
from figurebook.figures.measures import Measure
from figurebook.figures.registry import Figure, load_figures, number, rounded
from figurebook.figures.relations import closest_reason, strongest
from figurebook.figures.vocabulary import RELATIONS, RESULTS

HOLDING = ("reproduced", "holds")
_SHOWN_DECIMALS = 4


@dataclass(frozen=True)
class Verdict:
    """The answers for one figure. ``computed`` is exact and in the figure's unit.

    ``rests_on`` is the tables that were read and those their keys point at, each with its basis.
    """

    figure: Figure
    computed: Fraction | None
    result: str
    basis: str
    evidence: tuple[Evidence, ...]
    reason: str = ""
    rests_on: tuple[tuple[str, str], ...] = ()

    @property
    def corroboration(self) -> str:
        """The one word for what others say: a value of ``vocabulary.RELATIONS``."""
        return strongest(e.relation for e in self.evidence)

    @property
    def relation_reason(self) -> str:
        """Why the publications are only related: a value of ``vocabulary.REASONS``, empty otherwise."""
        return closest_reason(e.reason for e in self.evidence if e.relation == self.corroboration)

    def as_json(self) -> dict:
        """The object of ``verify --json``; ``computed`` to four decimals, exact when whole."""
        return {
            "id": self.figure.id,
            "claimed": _json(self.figure.value),
            "computed": None if self.computed is None else _json(rounded(self.computed, _SHOWN_DECIMALS)),
            "unit": self.figure.unit,
            "qualifier": self.figure.qualifier,
            "result": self.result,
            "basis": self.basis,
            "corroboration": self.corroboration,
            "corroboration_reason": self.relation_reason,
            "table": self.figure.table,
            "rests_on": [{"table": t, "basis": b} for t, b in self.rests_on],
        }


def verify(tables: Tables) -> list[Verdict]:
    """A verdict for each registered figure, in the interview's order."""
    return [figure_verdict(f, tables, evidence_on(tables, f.id)) for f in load_figures(tables).values()]


def figure_verdict(figure: Figure, tables: Tables, evidence: list[Evidence]) -> Verdict:
    """Compute one figure and compare it with its claim."""
    if figure.table not in tables:
        return Verdict(
            figure, None, "not_computed", "stated", tuple(evidence), f"数据包里没有表 {figure.table}"
        )
    measure = figure_measures().get(figure.id)
    computed, reason = None, "没有登记计算方法"
    if measure:
        try:
            computed, reason = measure.compute(tables), f"表 {figure.table} 里没有可算出它的行"
        except NoTableError as error:
            reason = str(error)
        except MeasureError as error:
            reason = f"{measure!r}：{error}"
    return Verdict(
        figure,
        computed,
        compare(figure, computed),
        tables.basis(figure.table),
        tuple(evidence),
        "" if computed is not None else reason,
        tuple((n, tables.basis(n)) for n in _rests_on(figure, measure, tables)),
    )


def _rests_on(figure: Figure, measure: Measure | None, tables: Tables) -> list[str]:
    """The figure's table, others that its measure reads, and the tables they refer to."""
    read = [figure.table, *(n for n in (measure.reads if measure else ()) if n in tables.names)]
    return list(dict.fromkeys([*read, *(n for name in read for n in tables.referred(name))]))


def compare(figure: Figure, computed: Fraction | None) -> str:
    """The result at the claim's own precision; 多 or 余 means strictly more."""
    if computed is None:
        return "not_computed"
    claimed = Fraction(figure.value)
    if figure.qualifier == "at_least":
        return "holds" if computed > claimed else "differs"
    if figure.qualifier == "rounded":
        computed = Fraction(rounded(computed, figure.decimals))
    return "reproduced" if computed == claimed else "differs"


def computed_text(verdict: Verdict) -> str:
    """The recomputed value for readers.

    It has one digit more than the claim where it is not whole.
    """
    if verdict.computed is None:
        return verdict.reason
    whole = verdict.computed.denominator == 1
    decimals = verdict.figure.decimals + (0 if whole else 1)
    return f"{number(verdict.computed, decimals)} {verdict.figure.unit}"


def summary(verdicts: list[Verdict]) -> dict[str, dict[str, int]]:
    """The number of figures with each value, axis by axis.

    Values that do not occur count 0.
    """

    def counted(values: Iterable[str], occurring: Iterable[str | None]) -> dict[str, int]:
        tally = Counter(occurring)
        return {v: tally[v] for v in values}

    return {
        "corroboration": counted(RELATIONS, (v.corroboration for v in verdicts)),
        "basis": counted(BASES, (v.basis for v in verdicts)),
        "result": counted(RESULTS, (v.result for v in verdicts)),
    }


def _json(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral() else float(value)
