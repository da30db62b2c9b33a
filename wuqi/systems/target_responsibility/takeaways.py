"""Make S15's assessment sheet: weights to change, points to fill in, totals by formula."""

from __future__ import annotations

from figurebook.datapackage.tables import Tables
from figurebook.spreadsheets.writing.layout import Column, Highlight, Sheet, letter
from figurebook.spreadsheets.writing.writer import write
from figurebook.systems.default_notes import defaults
from figurebook.systems.schedule import cadence_labels, staffed
from figurebook.systems.weights import ROOT, WHOLE
from wuqi.systems.target_responsibility import model

FILES = {"s15-assessment.xlsx": "考核表：权重、得分、名次和全年的节奏（表格）"}
YEAR = 2017  # the year of the interview
INVENTED = "例：分数是编的，单位是虚的，不是任何乡镇的得分和名次。"
INDICATORS = "指标"
TOP = "总分"  # the parent of the indicators of the first level
_DECIMALS = 6  # beyond them a computer's sums differ where the scores do not


def make(tables: Tables) -> dict[str, bytes]:
    """``{file name: content}``: one workbook, empty for the registers' units, with an example."""
    rules, units = model.rules(tables), model.units(tables)
    names = dict(tables.townships.frame[["code", "name"]].itertuples(index=False))
    made = write(contents(model.example(rules, len(units)), names), notes(tables))
    return {"s15-assessment.xlsx": made}


def notes(tables: Tables) -> list[str]:
    """The lines of the workbook's first sheet."""
    return [
        "考核表：在“指标”里改权重，同一上级之下合计须为 100。",
        "在“得分”里给每个单位逐项打分，总分、名次、并列由公式算出。",
        f"“例表”是填好的样子。{INVENTED}",
        f"“节奏”排的是 {YEAR} 年，没有除去法定节假日，使用前请先剔除。",
        "没有读回这份表的命令：结果都在表里。",
        *defaults(tables, model.SYSTEM),
    ]


def contents(example: model.Assessment, names: dict[str, str]) -> list[tuple[Sheet, list[dict]]]:
    """The sheets and their rows: indicators, empty points of the named units, example, rhythm."""
    w, labels = example.weights, cadence_labels(example.rules)
    enough = staffed(example.rules, YEAR, {"township": list(names)})
    indicators = [
        {
            "name": n,
            "parent": w.parent(n) if w.parent(n) != ROOT else TOP,
            "label": w.labels[n],
            "weight": int(w.weight[n]),
        }
        for n in w.names
    ]
    empty = [{"unit": u, "name": name} for u, name in names.items()]
    filled = [{"unit": u, **example.points(u)} for u in example.units]
    rhythm = [
        {
            "on": v.on,
            "activity": labels[v.activity, v.kind],
            "unit": v.unit,
            "name": names[v.unit],
            "period": v.period.label,
        }
        for v in model.year(enough, YEAR, names)
    ]
    return [
        (indicator_sheet(example), indicators),
        (score_sheet(example, "得分"), empty),
        (score_sheet(example, "例表", INVENTED), filled),
        (RHYTHM, rhythm),
    ]


RHYTHM = Sheet(
    "节奏",
    (
        Column("on", "日期", "date", width=12),
        Column("activity", "督促"),
        Column("unit", "单位编号", "id"),
        Column("name", "名称", width=18),
        Column("period", "周期", width=18),
    ),
    open=False,
)


def indicator_sheet(book: model.Assessment) -> Sheet:
    """The indicators with weights, sums under the same parent, and shares of the total."""
    last = len(book.weights.names) + 1
    total = f"SUMIF($B$2:$B${last},$B{{row}},$D$2:$D${last})"
    above = f"INDEX($G$2:$G${last},MATCH($B{{row}},$A$2:$A${last},0))"
    return Sheet(
        INDICATORS,
        (
            Column("name", "编号", "id", required=True, width=18),
            Column("parent", "上级", "id", required=True),
            Column("label", "指标", width=28),
            Column("weight", "权重", "integer", required=True, minimum=0, maximum=WHOLE),
            Column("sum", "同级合计", "formula", formula=total),
            Column("check", "检查", "formula", width=16, formula=f'IF(E{{row}}={WHOLE},"对","应为 {WHOLE}")'),
            Column(
                "share",
                "占总分（%）",
                "formula",
                formula=(f'D{{row}}*IF(B{{row}}="{TOP}",{WHOLE},{above})/{WHOLE}'),
            ),
        ),
        highlights=(Highlight(f"$E2<>{WHOLE}"),),
    )


def score_sheet(book: model.Assessment, title: str, heading: str = "") -> Sheet:
    """One row for each unit: points by scored indicator; total, rank and ties by formula.

    With a heading it is the example: protected, and its units have no names.
    """
    w, units = book.weights, len(book.units)
    full = book.rules["full"]
    leaves = tuple(
        Column(n, w.labels[n], "integer", minimum=0, maximum=full, width=10, note=f"0 至 {full} 的整数")
        for n in w.leaves
    )
    named = () if heading else (Column("name", "名称", width=18),)
    typed = Sheet(title, (Column("unit", "单位编号", "id", required=True), *named, *leaves), heading=heading)
    shares = {n: f"'{INDICATORS}'!$G${i}" for i, n in enumerate(w.names, 2)}
    points = {n: f"{letter(typed, n)}{{row}}" for n in w.leaves}
    cells = f"{points[w.leaves[0]]}:{points[w.leaves[-1]]}"
    place = f"'{INDICATORS}'!$E$2:$E${len(w.names) + 1}"
    wrong = f'COUNTIF({place},"<>{WHOLE}")>0'
    total_at = letter(Sheet(title, (*typed.columns, Column("total", TOP))), "total")
    own, column = f"{total_at}{{row}}", f"${total_at}${typed.first}:${total_at}${typed.first + units - 1}"
    weighted = "+".join(f"{points[n]}*{shares[n]}" for n in w.leaves)
    return Sheet(
        title,
        (
            *typed.columns,
            Column(
                "total",
                TOP,
                "formula",
                formula=(
                    f'IF({wrong},"权重合计有误",IF(COUNT({cells})<{len(leaves)},"",'
                    f"ROUND(({weighted})/{WHOLE},{_DECIMALS})))"
                ),
            ),
            Column(
                "rank",
                "名次",
                "formula",
                formula=(f'IF(ISNUMBER({own}),COUNTIF({column},">"&{own})+1,"未排")'),
            ),
            Column(
                "tie",
                "并列",
                "formula",
                formula=(f'IF(ISNUMBER({own}),IF(COUNTIF({column},{own})>1,"并列",""),"")'),
            ),
        ),
        open=not heading,
        heading=heading,
    )
