"""S09 funding （经费保障）： compute a year's budget in whole yuan, rates times units.

Given by the interview: six rates, two of them increases. Undefined there: the number of communities, whether
their old rate is for each and yearly, and whether the increase comes every year. Also undefined: which
committees are paid, and what was in fact paid out. This is a budget, never an account.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import Rules

SYSTEM = "S09"
VIEWS = {
    "items": "每一项：标准乘个数",
    "parts": "每年的标准、增加的部分与合计",
    "by_communities": "社区个数不同时的合计",
    "one_more": "多一个单位，多多少",
    "shares": "合计按村、按党员平摊",
}
_MEMBERS = {"members": "农村党员"}  # counted beside the payees
COUNTY = "county"  # there is one, never more
FEN = 100  # to the yuan


def rules(tables: Tables) -> Rules:
    """The default number of communities, the divisors of the shares, and the refusals."""
    return Rules.load(tables, SYSTEM)


@dataclass(frozen=True)
class Line:
    """One item: ``rate`` whole yuan for every unit of ``payee``; ``part`` is a code."""

    item: str
    label: str
    unit: str
    payee: str
    part: str
    rate: int


@dataclass(frozen=True)
class Budget:
    """Lines, the number of units of each payee, and the members for the shares."""

    rules: Rules
    lines: tuple[Line, ...]
    units: Mapping[str, int]
    members: int

    @property
    def parts(self) -> dict[str, str]:
        """The words for the codes of the parts, in display order."""
        return self.rules.codes["budget_lines.part"]

    def amount(self, line: Line) -> int:
        """A line's yuan per year."""
        return line.rate * self.units[line.payee]

    def total(self, *parts: str) -> int:
        """Yuan per year of the parts named; of all parts when none is."""
        return sum(self.amount(line) for line in self.lines if not parts or line.part in parts)

    def having(self, payee: str, count: int) -> Budget:
        """The same budget with another number of units of a payee; RuleError as in ``budget``."""
        if payee not in self.units:
            raise self.rules.refusal("payee", _called(self.rules, payee))
        return replace(self, units={**self.units, payee: _count(self.rules, payee, count)})


def units(tables: Tables, communities: int) -> dict[str, int]:
    """The number of each payee's units: the registers' rows, one county, and ``communities``."""
    return {
        "department_committee": len(tables.departments.frame),
        "village": len(tables.villages.frame),
        "community": communities,
        COUNTY: 1,
    }


def budget(
    rules: Rules, lines: pd.DataFrame, rates: pd.DataFrame, units: Mapping[str, int], members: int
) -> Budget:
    """The budget of ``lines`` at ``rates``.

    ``lines`` are the rules' budget_lines. ``rates`` has the columns item, amount (in fen), payee and per.
    RuleError for a count that is no whole number from 0 up, and for an item or a rate given twice. RuleError
    for an item without a rate, and for a rate that is no whole yuan or is per day. RuleError for a payee
    without units, and for an unknown part.
    """
    counted = {payee: _count(rules, payee, n) for payee, n in units.items()}
    for frame in (lines, rates):
        if len(repeated := frame.loc[frame["item"].duplicated(), "item"]):
            raise rules.refusal("twice", repeated.iloc[0])
    by_item = {r.item: r for r in rates.itertuples()}
    made = tuple(_line(rules, row, by_item, counted) for row in lines.itertuples())
    return Budget(rules, made, counted, _count(rules, "members", members))


def example(tables: Tables, communities: int) -> Budget:
    """The interview's rates over the registers' villages, committees and rural members."""
    return budget(
        rules(tables),
        tables.rules_of(SYSTEM)["budget_lines"],
        tables.funding_rates.frame,
        units(tables, communities),
        int(tables.branches.frame["members"].sum()),
    )


def items(budget: Budget) -> pd.DataFrame:
    """One row for each line, in yuan."""
    return pd.DataFrame(
        [
            [e.label, budget.parts[e.part], e.unit, e.rate, budget.units[e.payee], budget.amount(e)]
            for e in budget.lines
        ],
        columns=["项目", "部分", "单位", "标准（元）", "个数", "金额（元）"],
        dtype=object,
    )


def parts(budget: Budget) -> pd.DataFrame:
    """One row for each part, and the total, in yuan per year."""
    rows = [[title, budget.total(part)] for part, title in budget.parts.items()]
    return pd.DataFrame([*rows, ["合计", budget.total()]], columns=["部分", "一年（元）"], dtype=object)


def by_communities(budget: Budget, counts: Iterable[int]) -> pd.DataFrame:
    """One row for each number of communities: every part and the total, in yuan."""
    rows = []
    for n in counts:
        other = budget.having("community", n)
        rows.append([n, *(other.total(part) for part in budget.parts), other.total()])
    titles = [f"{p}（元）" for p in budget.parts.values()]
    return pd.DataFrame(rows, columns=["社区个数", *titles, "合计（元）"], dtype=object)


def one_more(budget: Budget) -> pd.DataFrame:
    """One row for each kind of unit: the yuan that one more adds.

    The county is left out: there is never more than one.
    """
    names = {line.payee: line.unit for line in budget.lines if line.payee != COUNTY}
    return pd.DataFrame(
        [
            [
                name,
                budget.units[payee],
                budget.having(payee, budget.units[payee] + 1).total() - budget.total(),
            ]
            for payee, name in names.items()
        ],
        columns=["单位", "个数", "多一个，多多少（元）"],
        dtype=object,
    )


def shares(budget: Budget) -> pd.DataFrame:
    """The total divided evenly, in whole yuan, and the rest; without divisors of 0."""
    among = {"village": budget.units["village"], "member": budget.members}
    rows = [
        [c.label, among[c.name], *divmod(budget.total(), among[c.name])]
        for c in budget.rules.criteria.itertuples()
        if among[c.name]
    ]
    return pd.DataFrame(rows, columns=["怎样平摊", "个数", "每个（元）", "余（元）"], dtype=object)


def _called(rules: Rules, payee: str) -> str:
    return (rules.codes["funding_rates.payee"] | _MEMBERS).get(payee, payee)


def _count(rules: Rules, what: str, n: int) -> int:
    if isinstance(n, bool) or not isinstance(n, Integral) or n < 0:
        raise rules.refusal("count", f"{_called(rules, what)} {n!r}")
    return int(n)


def _line(rules: Rules, row: Any, rates: Mapping[str, Any], units: Mapping[str, int]) -> Line:
    if row.part not in rules.codes["budget_lines.part"]:
        raise rules.refusal("part", f"{row.label}，{row.part}")
    if row.item not in rates:
        raise rules.refusal("rate", row.label)
    rate = rates[row.item]
    if (
        isinstance(rate.amount, bool)
        or not isinstance(rate.amount, Integral)
        or rate.amount < 0
        or rate.amount % FEN
    ):
        raise rules.refusal("whole-yuan", f"{row.label}，{rate.amount} 分")
    if rate.payee not in units:
        raise rules.refusal("payee", f"{row.label}，{_called(rules, rate.payee)}")
    if not pd.isna(rate.per) and rate.per != "year":
        per = rules.codes["funding_rates.per"].get(rate.per, rate.per)
        raise rules.refusal("yearly", f"{row.label}，{per}")
    return Line(row.item, row.label, row.unit, rate.payee, row.part, int(rate.amount) // FEN)
