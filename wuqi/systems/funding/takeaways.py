"""Write the budget as a workbook: units are typed in, all else is protected formulas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from figurebook.datapackage.tables import Tables
from figurebook.figures.registry import load_figures
from figurebook.spreadsheets.writing.layout import Column, Highlight, Sheet, letter
from figurebook.spreadsheets.writing.writer import write
from figurebook.systems.default_notes import defaults
from wuqi.systems.funding import model
from wuqi.systems.funding.model import COUNTY, Budget

FILES = {"s09-budget.xlsx": "一年的预算：填社区个数，合计自己重算"}
WIDE = 28
TOTAL = "合计"
MEMBERS = "农村党员"
# Pasting can bring in a value that a cell does not allow; the colour shows it.
NO_COUNT = Highlight("IF(ISNUMBER(A2),OR(A2<0,A2<>INT(A2)),TRUE)")
ITEMS = Sheet(
    "各项",
    (
        Column("label", "项目", width=WIDE),
        Column("part", "部分"),
        Column("unit", "单位"),
        Column("rate", "标准（元）", "integer"),
        Column("count", "个数", "formula"),
        Column("amount", "金额（元）", "formula", formula="D{row}*E{row}"),
    ),
    open=False,
)


def make(tables: Tables) -> dict[str, bytes]:
    """``{file name: content}``: the example's budget, with totals by number of communities.

    The numbers are those of the national lists over the years.
    """
    yearly = tables.division_counts.frame.groupby("year")["communities"].sum()
    budget = model.example(tables, model.rules(tables)["communities"])
    (name,) = FILES
    counts = range(int(yearly.min()), int(yearly.max()) + 1)
    return {name: workbook(budget, counts, notes(tables, budget))}


def notes(tables: Tables, budget: Budget) -> list[str]:
    """The lines of the workbook's first sheet, with the numbers that it starts with."""
    communities, members = budget.units["community"], budget.members
    wording = load_figures(tables)["review.members"].text
    return [
        "一年的预算：标准乘个数。只在“个数”里填数，其余各表都是公式，自己重算；没有读回这份表的命令。",
        "这是预算，不是决算：实际拨付多少，访谈没有说。",
        "标准（元）是访谈给出的。",
        f"社区 {communities} 个取自国家统计局 2016 年清单，访谈没有说（S09.communities），请填自己的。",
        f"农村党员 {members} 是“{wording}”的下限，每名的数因此是上限。",
        *defaults(tables, model.SYSTEM),
    ]


def inputs(budget: Budget) -> Sheet:
    """The one sheet to fill in: numbers of each kind of unit and of members."""
    counted = [
        Column(payee, name, "integer", required=True, minimum=0, note="填不小于零的整数。")
        for payee, name in _names(budget).items()
        if payee != COUNTY
    ]
    members = Column("members", MEMBERS, "integer", required=True, minimum=0, note="填不小于零的整数。")
    county = Column(COUNTY, _names(budget)[COUNTY], "formula", formula=str(budget.units[COUNTY]))
    return Sheet("个数", (*counted, members, county), highlights=(NO_COUNT,))


def workbook(budget: Budget, counts: Iterable[int], notes: Iterable[str] = ()) -> bytes:
    """The workbook of a budget.

    Its last sheet has the total for each number of communities in ``counts``.
    """
    names, sheet, last = _names(budget), inputs(budget), len(budget.lines) + 1
    part, unit, rate, amount = (
        f"'{ITEMS.title}'!${at}$2:${at}${last}"
        for at in (letter(ITEMS, name) for name in ("part", "unit", "rate", "amount"))
    )
    whole = f"SUM({amount})"

    def count(cell: str) -> str:
        return f"HLOOKUP({cell},'{sheet.title}'!$A$1:${letter(sheet, COUNTY)}$2,2,FALSE)"

    def more(cell: str) -> str:
        return f"SUMIF({unit},{cell},{rate})"

    def shared(function: str) -> str:
        return f'IF(C{{row}}=0,"",{function}({whole},C{{row}}))'

    now, one = count(f'"{names["community"]}"'), more(f'"{names["community"]}"')
    among = {"village": names["village"], "member": MEMBERS}
    return write(
        [
            (sheet, [{**budget.units, "members": budget.members}]),
            (
                _with(ITEMS, count=count("C{row}")),
                [
                    {"label": e.label, "part": budget.parts[e.part], "unit": e.unit, "rate": e.rate}
                    for e in budget.lines
                ],
            ),
            (
                _sheet(
                    TOTAL,
                    ("部分", "text", ""),
                    (
                        "一年（元）",
                        "formula",
                        f'IF(A{{row}}="{TOTAL}",{whole},SUMIF({part},A{{row}},{amount}))',
                    ),
                ),
                [{"部分": title} for title in (*budget.parts.values(), TOTAL)],
            ),
            (
                _sheet(
                    "多一个单位", ("单位", "text", ""), ("多一个，多多少（元）", "formula", more("A{row}"))
                ),
                [{"单位": name} for payee, name in names.items() if payee != COUNTY],
            ),
            (
                _sheet(
                    "平摊",
                    ("怎样平摊", "text", ""),
                    ("按什么", "text", ""),
                    ("个数", "formula", count("B{row}")),
                    ("每个（元）", "formula", shared("QUOTIENT")),
                    ("余（元）", "formula", shared("MOD")),
                ),
                [{"怎样平摊": c.label, "按什么": among[c.name]} for c in budget.rules.criteria.itertuples()],
            ),
            (
                _sheet(
                    "社区个数不同",
                    ("社区个数", "integer", ""),
                    ("合计（元）", "formula", f"{whole}+(A{{row}}-{now})*{one}"),
                ),
                [{"社区个数": n} for n in counts],
            ),
        ],
        notes,
    )


def _names(budget: Budget) -> dict[str, str]:
    """The name of each payee's units, in the order of the lines."""
    return {line.payee: line.unit for line in budget.lines}


def _with(sheet: Sheet, **formulas: str) -> Sheet:
    """The sheet with these formulas in the named columns."""
    return replace(
        sheet, columns=tuple(replace(c, formula=formulas.get(c.name, c.formula)) for c in sheet.columns)
    )


def _sheet(title: str, *columns: tuple[str, str, str]) -> Sheet:
    """A protected sheet of columns (title, kind, formula); rows are keyed by the titles."""
    return Sheet(
        title,
        tuple(Column(name, name, kind, formula=formula, width=WIDE) for name, kind, formula in columns),
        open=False,
    )
