"""S10 services （服务保障）： list the facilities of villages and townships; compute an allowance by days.

Given by the interview: five kinds of facility and their numbers, the first secretaries and their yuan per
day. Undefined there: whether every unit should have one, whether an unrepaired site needs repair, how many
days are paid, and the sum insured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR
from numbers import Integral
from typing import Any

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.systems.periods import Period
from figurebook.systems.rules import Rules

SYSTEM = "S10"
VIEWS = {
    "coverage": "每种设施：处数、没有的单位、缺口",
    "by_township": "各乡镇级单位的设施",
    "gaps": "缺的是哪一个",
    "secretaries": "第一书记：登记与投保",
    "allowance": "补贴随天数的变化",
}
FEN = 100  # to the yuan
VILLAGE = "村"
TOWNSHIP = "乡镇级单位"
# By rule for a kind of facility: the units it is counted over, and whether a unit without one is a gap.
OVER = {
    "every-village": (VILLAGE, True),
    "some-villages": (VILLAGE, False),
    "every-township": (TOWNSHIP, True),
    "county": ("全县", False),
}


def rules(tables: Tables) -> Rules:
    """The expected units of each kind of facility, and the refusals of the register."""
    return Rules.load(tables, SYSTEM)


@dataclass(frozen=True)
class Kind:
    """A kind of facility.

    It is counted over ``units`` (code, name); ``where`` has the codes with one. ``gap`` says whether a unit
    without one is a gap. A facility of the whole county has neither units nor places.
    """

    label: str
    over: str
    gap: bool
    units: pd.DataFrame
    where: pd.Series

    @property
    def without(self) -> pd.DataFrame:
        """The units without such a facility."""
        return self.units[~self.units["code"].isin(self.where)]


@dataclass(frozen=True)
class Register:
    """Facilities with their places, and first secretaries, each paid ``rate`` whole yuan per day."""

    rules: Rules
    villages: pd.DataFrame
    townships: pd.DataFrame
    facilities: pd.DataFrame
    secretaries: pd.DataFrame
    rate: int

    @property
    def kinds(self) -> dict[str, Kind]:
        """Every kind of the rules in order, with its facilities."""
        kinds, places = (
            {},
            {VILLAGE: (self.villages, "village_code"), TOWNSHIP: (self.townships, "township_code")},
        )
        for rule in self.rules.criteria.itertuples(index=False):
            name, (over, gap) = rule.name.replace("-", "_"), OVER[rule.kind]
            units, column = places.get(over, (self.villages.head(0), "id"))
            where = self.facilities.loc[self.facilities["kind"] == name, column]
            kinds[name] = Kind(rule.label, over, gap, units, where)
        return kinds

    def pay(self, days: int, year: int) -> int:
        """Yuan for one first secretary for ``days`` of a year; RuleError beyond the year's days."""
        if isinstance(year, bool) or not isinstance(year, Integral) or not MINYEAR <= year < MAXYEAR:
            raise self.rules.refusal("value", f"年份 {year!r}")
        whole = Period(year, "year", 1)
        longest = (whole.end - whole.start).days + 1
        if isinstance(days, bool) or not isinstance(days, Integral) or not 0 <= days <= longest:
            raise self.rules.refusal("days", f"{whole.label}，{days!r} 天")
        return self.rate * int(days)


def register(
    rules: Rules,
    villages: pd.DataFrame,
    townships: pd.DataFrame,
    facilities: pd.DataFrame,
    secretaries: pd.DataFrame,
    rate: int,
) -> Register:
    """A checked register over the lists of villages and townships.

    Frames are as in the book, ``rate`` is in fen. A village may have two facilities of one kind. RuleError:

    - a rule that counts a kind over no known units,
    - an id given twice, an unknown kind, a village or township not in the lists,
    - a facility without the unit that its kind is counted over, or with a village of another township,
    - two first secretaries of one village, or a secretary whose insurance is not stated,
    - a rate that is no whole yuan.
    """
    if isinstance(rate, bool) or not isinstance(rate, Integral) or rate < 0 or rate % FEN:
        raise rules.refusal("whole-yuan", f"{rate!r} 分")
    for rule in rules.criteria.itertuples(index=False):
        if rule.kind not in OVER:
            raise rules.refusal("value", f"{rule.label}：{rule.kind}")
    made = Register(rules, villages, townships, facilities, secretaries, int(rate) // FEN)
    kinds, home = made.kinds, villages.set_index("code")["township_code"].to_dict()
    _once(rules, "twice", facilities["id"])
    _once(rules, "twice", secretaries["id"])
    township_codes = set(townships["code"])
    for row in facilities.itertuples(index=False):
        _placed(rules, kinds, row, home, township_codes)
    for row in secretaries.itertuples(index=False):
        if pd.isna(row.village_code) or row.village_code not in home:
            raise rules.refusal("village", f"{row.id}，{row.village_code}")
        if not pd.api.types.is_bool(row.insured):
            raise rules.refusal("insured", f"{row.id}，{row.insured}")
    _once(rules, "one-secretary", secretaries["village_code"])
    return made


def example(tables: Tables) -> Register:
    """The book's registers: the real list of villages, with facilities spread by the totals."""
    rates = tables.funding_rates.frame.set_index("item")["amount"]
    return register(
        rules(tables),
        tables.villages.frame,
        tables.townships.frame,
        tables.service_facilities.frame,
        tables.first_secretaries.frame,
        rates["first_secretary_day"],
    )


def coverage(register: Register) -> pd.DataFrame:
    """One row for each kind of facility: places, units, units without one, gaps."""
    rows = [
        [
            k.label,
            k.over,
            len(k.where),
            len(k.units) or None,
            len(k.without) if len(k.units) else None,
            len(k.without) if k.gap else None,
        ]
        for k in register.kinds.values()
    ]
    return pd.DataFrame(
        rows, columns=["设施", "按什么数", "处数", "单位数", "没有的单位", "其中算缺口"], dtype=object
    )


def by_township(register: Register) -> pd.DataFrame:
    """One row for each township: villages, and facilities of each kind counted over units."""
    home = register.villages.set_index("code")["township_code"]
    placed = {
        k.label: k.where.map(lambda code: home.get(code, code)).value_counts()
        for k in register.kinds.values()
        if len(k.units)
    }
    villages = home.value_counts()
    rows = [
        [t.name, *(int(n.get(t.code, 0)) for n in (villages, *placed.values()))]
        for t in register.townships.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=[TOWNSHIP, "村数", *placed])


def gaps(register: Register) -> pd.DataFrame:
    """One row for each unit without a facility that the rules expect there."""
    return pd.DataFrame(
        [
            [k.label, u.code, u.name]
            for k in register.kinds.values()
            if k.gap
            for u in k.without.itertuples(index=False)
        ],
        columns=["设施", "代码", "名称"],
    )


def secretaries(register: Register) -> pd.DataFrame:
    """The register's counts of first secretaries, one in each row."""
    frame = register.secretaries
    return pd.DataFrame(
        [
            ["登记的第一书记", len(frame)],
            ["其中已投保", int(frame["insured"].sum())],
            ["没有第一书记的村", len(register.villages) - len(frame)],
        ],
        columns=["名称", "个数"],
    )


def allowance(register: Register, days: Iterable[int], year: int) -> pd.DataFrame:
    """One row for each number of days: yuan for one secretary and for all.

    RuleError as in ``pay``.
    """
    rows = [[d, register.pay(d, year), register.pay(d, year) * len(register.secretaries)] for d in days]
    return pd.DataFrame(rows, columns=["天数", "每人（元）", "全县（元）"], dtype=object)


def _once(rules: Rules, rule: str, values: pd.Series) -> None:
    if len(repeated := values[values.duplicated()]):
        raise rules.refusal(rule, str(repeated.iloc[0]))


def _placed(
    rules: Rules, kinds: Mapping[str, Kind], row: Any, home: Mapping[str, str], townships: set
) -> None:
    """Raise RuleError for a facility of an unknown kind or in a wrong place."""
    township, village = row.township_code, row.village_code
    if row.kind not in kinds:
        raise rules.refusal("kind", f"{row.id}，{row.kind}")
    if not pd.isna(township) and township not in townships:
        raise rules.refusal("township", f"{row.id}，{township}")
    if not pd.isna(village) and village not in home:
        raise rules.refusal("village", f"{row.id}，{village}")
    if not pd.isna(village) and not pd.isna(township) and home[village] != township:
        raise rules.refusal("belongs", f"{row.id}，{village}，{township}")
    if pd.isna({VILLAGE: village, TOWNSHIP: township}.get(kinds[row.kind].over, row.id)):
        raise rules.refusal("place", f"{row.id}，{kinds[row.kind].label}")
