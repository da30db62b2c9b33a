"""S16 poverty work （抓党建促脱贫）： what the mean income of a register says, and what it does not.

Given by the interview: households, persons, mean income in 2016 and its growth over 2015. Undefined there:
who is counted, which income concept, and whether prices are taken out of the growth; these are parameters
here. What the register adds up to is in notebook 8 and the spread behind a mean in notebook 9.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from numbers import Integral
from typing import Any

import pandas as pd

from figurebook.datapackage.tables import Table, Tables
from figurebook.figures.aggregate import FEN_PER_YUAN, count, percent_change, total, weighted_mean
from figurebook.systems.rules import Rules

SYSTEM = "S16"
VIEWS = {
    "level": "水平与增长，按三种算法",
    "real_growth": "扣除价格后的增长",
    "household_size": "户均人数与别处比",
    "below_line": "低于标准的人",
    "hidden": "平均数没有说的",
    "compared": "与别处同年的水平比",
    "later": "别处公布的户数和人数",
}
INCOME = "income_"
LEFT, NOT_COMPARED = "剩余", "不可比：只数还没有脱贫的"
UNSTATED = "unstated"
YUAN = "人均收入（元）："
SHARES = {
    "最低的一成不超过": Fraction(1, 10),
    "一半的人不超过": Fraction(1, 2),
    "九成的人不超过": Fraction(9, 10),
}


def rules(tables: Tables) -> Rules:
    """The ways of counting, the income concepts and what is refused."""
    return Rules.load(tables, SYSTEM)


@dataclass(frozen=True)
class Register:
    """Checked households: ``table`` as in ``poor_households``, incomes in fen a head."""

    rules: Rules
    tables: Tables
    table: Table

    @property
    def years(self) -> list[int]:
        """The years that incomes are given for, in order."""
        return sorted(int(c.removeprefix(INCOME)) for c in _incomes(self.table.frame))

    def mean(self, year: int, counted: str) -> Fraction | None:
        """The mean income in yuan; no value when nobody is counted. RuleError: unknown year or way."""
        column, group = self._income(year), self.group(counted)
        if counted != "each-household":
            return weighted_mean(group, column, "persons")
        summed = total(group, column)
        return None if summed is None else summed / len(group.frame)

    def growth(self, counted: str) -> Fraction | None:
        """By how many per cent the mean of the last year exceeds that of the first, of the same people."""
        return percent_change(self.mean(self.years[-1], counted), self.mean(self.years[0], counted))

    def group(self, counted: str) -> Table:
        """The households counted; ``below-line`` are those below the line of the last year."""
        if counted not in _named(self.rules, "counted"):
            raise self.rules.refusal("unknown", str(counted))
        return self.below(self.years[-1]) if counted == "below-line" else self.table

    def below(self, year: int) -> Table:
        """The households below the line of a year. RuleError: no income or no line for it."""
        line = FEN_PER_YUAN * self.line(year)["line_yuan"]
        return replace(self.table, frame=self.table.frame[self.table.frame[self._income(year)] < line])

    def line(self, year: int) -> pd.Series:
        """The published poverty line of a year. RuleError: none is published for it."""
        lines = self.tables.poverty_lines.frame.set_index("year")
        if year not in lines.index:
            raise self.rules.refusal("unknown", f"{year} 年的标准")
        return lines.loc[year]

    def real(self, nominal: Fraction | None, prices: Fraction | None) -> Fraction:
        """Growth in per cent without prices' own growth (per cent).

        RuleError: no price index, prices that fall to nothing, no growth (the first year's mean is 0).
        """
        if prices is None:
            raise self.rules.refusal("index", "本县")
        if nominal is None or prices <= -100:
            raise self.rules.refusal("value", f"增长 {nominal}，价格涨幅 {prices}")
        return ((1 + nominal / 100) / (1 + prices / 100) - 1) * 100

    def comparable(self, concept: str, other: Any) -> str:
        """Whether incomes under the concept assumed and another may be compared. RuleError: unknown."""
        if concept not in _named(self.rules, "concept"):
            raise self.rules.refusal("unknown", str(concept))
        if concept == UNSTATED or pd.isna(other) or other == UNSTATED:
            return "不明"
        return "是" if concept.replace("-", "_") == other else "否"

    def _income(self, year: int) -> str:
        if year not in self.years:
            raise self.rules.refusal("unknown", f"{year} 年的收入")
        return f"{INCOME}{year}"


def register(tables: Tables, frame: pd.DataFrame) -> Register:
    """A register of rows like ``poor_households``'; the first bad row is refused.

    RuleError: no household or no year at all, a household without a number or twice, a village not
    registered, persons below one, an income that is missing, negative or not whole fen.
    """
    ruled, villages, seen = rules(tables), set(tables.villages.frame["code"]), set()
    incomes = _incomes(frame)
    if frame.empty or not incomes:
        raise ruled.refusal("value", "没有一户，或没有一年的收入")
    for row in frame.to_dict("records"):
        told = str(row["id"])
        if not (isinstance(row["id"], str) and row["id"].strip()):
            raise ruled.refusal("value", f"编号 {told}")
        if row["id"] in seen:
            raise ruled.refusal("twice", told)
        if row["village_code"] not in villages:
            raise ruled.refusal("unknown", f"{told}，村 {row['village_code']}")
        if not _whole(row["persons"], 1):
            raise ruled.refusal("persons", f"{told}，{row['persons']}")
        for column in incomes:
            if not _whole(row[column], 0):
                raise ruled.refusal("income", f"{told}，{column.removeprefix(INCOME)} 年的收入 {row[column]}")
        seen.add(row["id"])
    return Register(ruled, tables, replace(tables.poor_households, frame=frame))


def example(tables: Tables) -> Register:
    """The book's own register, which is made so that its totals are the interview's."""
    return register(tables, tables.poor_households.frame)


def level(book: Register) -> pd.DataFrame:
    """One row a way of counting: households, persons, the mean of each year (yuan) and growth (%)."""
    rows = []
    for name, label in _named(book.rules, "counted").items():
        group = book.group(name)
        rows.append(
            [
                label,
                count(group),
                _persons(group),
                *(_shown(book.mean(y, name)) for y in book.years),
                _shown(book.growth(name)),
            ]
        )
    years = [f"{y} 年（元）" for y in book.years]
    return pd.DataFrame(rows, columns=["算法", "户数", "人数", *years, "增长（%）"])


def real_growth(book: Register) -> pd.DataFrame:
    """The county's own real growth, which has no value, and those under prices borrowed from elsewhere.

    A place's prices are what parts its published nominal from its published real growth in the last year.
    """
    nominal = book.growth("registered")
    elsewhere = _published(book, book.years[-1:]).dropna(subset=["nominal_growth_pct", "real_growth_pct"])
    rows: list[list[str | float | None]] = [["本县", None, None]]
    for r in elsewhere.itertuples():
        prices = ((1 + _exact(r.nominal_growth_pct) / 100) / (1 + _exact(r.real_growth_pct) / 100) - 1) * 100
        real = None if nominal is None else float(book.real(nominal, prices))
        rows.append([r.area + r.population, float(prices), real])
    return pd.DataFrame(rows, columns=["用哪里的价格", "价格涨幅（%）", "实际增长（%）"])


def household_size(book: Register) -> pd.DataFrame:
    """One row a published register and one for this one: persons a household, and whom it counts if said."""
    frame = book.tables.register_sizes.frame
    rows = [[r.area, r.as_of, r.persons / r.households, r.note] for r in frame.itertuples()]
    own = _persons(book.table) / count(book.table)
    return pd.DataFrame(
        [*rows, ["这份登记", str(book.years[-1]), own, None]], columns=["地区", "时点", "户均人数", "说明"]
    )


def below_line(book: Register, concept: str) -> pd.DataFrame:
    """One row a year: the line, who is below it, and whether its income concept is the one assumed."""
    rows = []
    for year in book.years:
        line, group = book.line(year), book.below(year)
        persons = _persons(group)
        rows.append(
            [
                str(year),
                line["line_yuan"],
                len(group.frame),
                persons,
                persons / _persons(book.table) * 100,
                book.comparable(concept, line["income_concept"]),
            ]
        )
    return pd.DataFrame(rows, columns=["年份", "标准（元）", "户数", "人数", "占人数（%）", "概念相同"])


def hidden(book: Register) -> pd.DataFrame:
    """One row a share of the persons: the income of the last year that they do not exceed, and the mean's."""
    column = f"{INCOME}{book.years[-1]}"
    frame = book.table.frame.sort_values(column)
    running, mean = frame["persons"].cumsum(), book.mean(book.years[-1], "registered")
    persons = int(running.iloc[-1])
    assert mean is not None  # somebody is counted
    rows = [
        [YUAN + label, frame[column][running >= share * persons].iloc[0] / FEN_PER_YUAN]
        for label, share in SHARES.items()
    ]
    under = int(frame["persons"][frame[column] < mean * FEN_PER_YUAN].sum())
    return pd.DataFrame(
        [*rows, [YUAN + "平均", float(mean)], ["低于平均的人（%）", under / persons * 100]],
        columns=["项", "值"],
    )


def compared(book: Register, concept: str) -> pd.DataFrame:
    """One row a published income of a year that the register has: the register's in per cent of it."""
    concepts = book.tables.rural_incomes.words("income_concept")
    rows = [
        [
            r.area,
            r.population,
            str(r.year),
            r.income_yuan,
            concepts[r.income_concept],
            float(book.mean(r.year, "registered") / r.income_yuan * 100),
            book.comparable(concept, r.income_concept),
        ]
        for r in _published(book, book.years).itertuples()
    ]
    return pd.DataFrame(
        rows, columns=["地区", "人群", "年份", "人均（元）", "收入概念", "登记占它（%）", "概念相同"]
    )


def later(book: Register) -> pd.DataFrame:
    """One row a published number of poor households or persons of the county: how far it is below this one.

    Those left after others were lifted out of poverty are another thing, and are not compared.
    """
    own = {"户": count(book.table), "人": _persons(book.table)}
    facts = book.tables.county_facts.frame
    facts = facts[facts["id"].str.startswith("poor_") & facts["unit"].isin(list(own))]
    return pd.DataFrame(
        [
            [
                r.label,
                r.as_of,
                f"{r.value:,.0f} {r.unit}",
                NOT_COMPARED if r.label.startswith(LEFT) else own[r.unit] - int(r.value),
            ]
            for r in facts.itertuples()
        ],
        columns=["名称", "时点", "公布的", "比这份登记少"],
    )


def _published(book: Register, years: Iterable[int]) -> pd.DataFrame:
    frame = book.tables.rural_incomes.frame
    return frame[frame["year"].isin(list(years))]


def _named(rules: Rules, kind: str) -> dict[str, str]:
    rows = rules.criteria[rules.criteria["kind"] == kind]
    return rows.set_index("name")["label"].to_dict()


def _incomes(frame: pd.DataFrame) -> list[str]:
    return [c for c in frame if re.fullmatch(rf"{INCOME}\d{{4}}", c)]


def _whole(value: object, least: int) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least


def _exact(value: float) -> Fraction:
    return Fraction(str(value))


def _persons(group: Table) -> int:
    """The persons of its households; 0 where there is no household."""
    return int(total(group, "persons") or 0)


def _shown(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
