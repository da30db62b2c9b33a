"""S16 promoting poverty alleviation through Party building （抓党建促脱贫）： compute mean income.

The model also says what a mean cannot show.

Given by the interview: households, persons, mean income in 2016 and its growth over 2015. Undefined there:
who is counted, which income concept, and whether prices are taken out of the growth. These are parameters
here. The register's totals are in notebook 8, the spread behind a mean in notebook 9.
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
    """The ways of counting, the income concepts and the refusals."""
    return Rules.load(tables, SYSTEM)


@dataclass(frozen=True)
class Register:
    """Checked households: ``table`` as in ``poor_households``, incomes in fen per person."""

    rules: Rules
    tables: Tables
    table: Table

    @property
    def years(self) -> list[int]:
        """The years with incomes, in order."""
        return sorted(int(c.removeprefix(INCOME)) for c in _incomes(self.table.frame))

    def mean(self, year: int, counted: str) -> Fraction | None:
        """The mean income in yuan; None when nobody is counted.

        RuleError for an unknown year or way of counting.
        """
        column, group = self._income(year), self.group(counted)
        if counted != "each-household":
            return weighted_mean(group, column, "persons")
        summed = total(group, column)
        return None if summed is None else summed / len(group.frame)

    def growth(self, counted: str) -> Fraction | None:
        """The growth of the same people's mean from first to last year, in per cent."""
        return percent_change(self.mean(self.years[-1], counted), self.mean(self.years[0], counted))

    def group(self, counted: str) -> Table:
        """The households counted; ``below-line``: those below the last year's line."""
        if counted not in _named(self.rules, "counted"):
            raise self.rules.refusal("unknown", str(counted))
        return self.below(self.years[-1]) if counted == "below-line" else self.table

    def below(self, year: int) -> Table:
        """The households below a year's line. RuleError for a year without income or line."""
        line = FEN_PER_YUAN * self.line(year)["line_yuan"]
        return replace(self.table, frame=self.table.frame[self.table.frame[self._income(year)] < line])

    def line(self, year: int) -> pd.Series:
        """The published poverty line of a year. RuleError for a year without one."""
        lines = self.tables.poverty_lines.frame.set_index("year")
        if year not in lines.index:
            raise self.rules.refusal("unknown", f"{year} 年的标准")
        return lines.loc[year]

    def real(self, nominal: Fraction | None, prices: Fraction | None) -> Fraction:
        """Growth in per cent after removing the growth of prices (per cent).

        RuleError for no price index, prices that fall to nothing, or no growth (first year's mean 0).
        """
        if prices is None:
            raise self.rules.refusal("index", "本县")
        if nominal is None or prices <= -100:
            raise self.rules.refusal("value", f"增长 {nominal}，价格涨幅 {prices}")
        return ((1 + nominal / 100) / (1 + prices / 100) - 1) * 100

    def comparable(self, concept: str, other: Any) -> str:
        """Whether incomes under the assumed concept and another may be compared, in Chinese.

        RuleError for an unknown concept.
        """
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
    """A register of rows like those of ``poor_households``; the first bad row is refused.

    RuleError for no household or no year at all, a household without a number or given twice, or a village
    not registered. RuleError for persons below one, or an income that is missing, negative or not whole fen.
    """
    ruled, villages, seen = rules(tables), set(tables.villages.frame["code"]), set()
    incomes = _incomes(frame)
    if frame.empty or not incomes:
        raise ruled.refusal("value", "没有一户，或没有一年的收入")
    for row in frame.to_dict("records"):
        household = str(row["id"])
        if not (isinstance(row["id"], str) and row["id"].strip()):
            raise ruled.refusal("value", f"编号 {household}")
        if row["id"] in seen:
            raise ruled.refusal("twice", household)
        if row["village_code"] not in villages:
            raise ruled.refusal("unknown", f"{household}，村 {row['village_code']}")
        if not _whole(row["persons"], 1):
            raise ruled.refusal("persons", f"{household}，{row['persons']}")
        for column in incomes:
            if not _whole(row[column], 0):
                raise ruled.refusal(
                    "income", f"{household}，{column.removeprefix(INCOME)} 年的收入 {row[column]}"
                )
        seen.add(row["id"])
    return Register(ruled, tables, replace(tables.poor_households, frame=frame))


def example(tables: Tables) -> Register:
    """The book's own register, made so that its totals are those of the interview."""
    return register(tables, tables.poor_households.frame)


def level(book: Register) -> pd.DataFrame:
    """One row for each way of counting: households, persons, yearly means (yuan), growth (%)."""
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
    """The county's real growth: none under its own prices, then under those of other places.

    A place's price growth is computed from its published nominal and real growth in the last year.
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
    """One row for each published register and one for this: persons per household, note."""
    frame = book.tables.register_sizes.frame
    rows = [[r.area, r.as_of, r.persons / r.households, r.note] for r in frame.itertuples()]
    own = _persons(book.table) / count(book.table)
    return pd.DataFrame(
        [*rows, ["这份登记", str(book.years[-1]), own, None]], columns=["地区", "时点", "户均人数", "说明"]
    )


def below_line(book: Register, concept: str) -> pd.DataFrame:
    """One row for each year: the line, those below it, and whether concepts agree."""
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
    """One row for each share of persons: their highest income in the last year.

    Then come the mean, and the persons below the mean in per cent.
    """
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
    """One row for each published income in the register's years: the register's in per cent."""
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
    """One row for each published number of the county's poor: its distance below this register.

    The numbers are of households or persons. Numbers of those left after others were lifted out of poverty
    count something else and are not compared.
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
    """The persons of the group's households; 0 without a household."""
    return int(total(group, "persons") or 0)


def _shown(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
