"""Make S06's files: a year's visits as a calendar and as a workbook for scores."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from figurebook.datapackage.tables import Tables
from figurebook.spreadsheets.writing.layout import Column, Highlight, Sheet
from figurebook.spreadsheets.writing.writer import write
from figurebook.systems.default_notes import defaults
from figurebook.systems.schedule import cadence_labels, staffed
from wuqi.systems.inspection import model

FILES = {
    "s06-calendar.ics": "全年的暗访、考核和评议（日历文件，可导入手机和电脑）",
    "s06-calendar.xlsx": "全年的日程、打分表和名次（表格）",
}
YEAR = model.EXAMPLE_YEAR
VISITS, WEIGHTS = "日程", "权重"
NOTE = "本书按默认规则排的例子，不是任何县的日程。"
HOLIDAYS = "没有除去法定节假日，使用前请先剔除。"
_DOMAIN = "s06.thirty-figures"
_DECIMALS = 6  # beyond them a computer's sums differ where the scores do not


def make(tables: Tables) -> dict[str, bytes]:
    """``{file name: content}``: the year 2017 by the tables' rules, without scores."""
    units = model.units(tables)
    rules = staffed(model.rules(tables), YEAR, units)
    book, names = model.Year(rules, YEAR, units), _names(tables)
    return {
        "s06-calendar.ics": _calendar(book, names),
        "s06-calendar.xlsx": write(contents(book, names), notes(tables)),
    }


def notes(tables: Tables) -> list[str]:
    """The lines of the workbook's first sheet."""
    return [
        f"全年日程、打分表和名次：{NOTE}",
        f"排的是 {YEAR} 年，{HOLIDAYS}",
        "到访之后在“日程”里填得分和备注；在“权重”里改权重，合计须为 100。",
        "名次由公式算出，分数不齐的未排。",
        "没有读回这份表的命令：结果都在表里。",
        *defaults(tables, model.SYSTEM),
    ]


def contents(book: model.Year, names: dict[str, str]) -> list[tuple[Sheet, list[dict]]]:
    """The sheets and their rows: visits, weights, units with ranks, visits per month."""
    labels, w = cadence_labels(book.rules), book.weights
    visits = [
        {
            "id": v.id,
            "on": v.on,
            "activity": w.labels[v.activity],
            "label": labels[v.activity, v.kind],
            "unit": v.unit,
            "name": names[v.unit],
            "period": v.period.label,
        }
        for v in book.visits.values()
    ]
    due: dict[tuple[str, str], set[str]] = {}
    for v in book.visits.values():
        due.setdefault((v.kind, v.unit), set()).add(v.activity)
    units = [
        {"unit": unit, "name": names[unit], "kind": model.KINDS[kind], "due": len(due[kind, unit])}
        for kind, unit in sorted(due)
    ]
    months = model.overview(book)
    return [
        (visit_sheet(book), visits),
        (weight_sheet(book), [{"label": w.labels[n], "weight": int(w.weight[n])} for n in w.children()]),
        (unit_sheet(book, len(visits), len(units)), units),
        (
            Sheet(
                "每月次数",
                tuple(Column(c, c, "text" if c == "月份" else "integer", width=18) for c in months),
                open=False,
            ),
            months.to_dict("records"),
        ),
    ]


def visit_sheet(book: model.Year) -> Sheet:
    """The visits with their days; the office fills in points and remarks."""
    full, labels = book.rules["full"], tuple(book.weights.labels.values())
    return Sheet(
        VISITS,
        (
            Column("on", "日期", "date", required=True, width=12),
            Column("activity", "类别", "choice", required=True, choices=labels),
            Column("label", "活动", width=20),
            Column("unit", "单位编号", "id", required=True, width=16),
            Column("name", "名称", width=18),
            Column("period", "周期", width=18),
            Column("points", "得分", "integer", minimum=0, maximum=full, note=f"0 至 {full} 的整数"),
            Column("remark", "备注", width=30),
            Column(
                "state",
                "状态",
                "formula",
                formula='IF(G{row}<>"","已打分",IF(A{row}="","",IF(A{row}<=TODAY(),"到期未打分","未到期")))',
            ),
            Column("id", "事项编号", "id", required=True, width=46),
        ),
        highlights=(Highlight('$I2="到期未打分"'),),
    )


def weight_sheet(book: model.Year) -> Sheet:
    """The weights of the activities, with a check that they sum to 100."""
    last = len(book.weights.children()) + 1
    total = f"SUM($B$2:$B${last})"
    return Sheet(
        WEIGHTS,
        (
            Column("label", "类别", "text"),
            Column("weight", "权重", "integer", required=True, minimum=0, maximum=100),
            Column(
                "check",
                "检查",
                "formula",
                width=24,
                formula=f'IF({total}=100,"合计 100","合计 "&{total}&"，应为 100")',
            ),
        ),
        highlights=(Highlight(f"{total}<>100"),),
    )


def unit_sheet(book: model.Year, visits: int, units: int) -> Sheet:
    """One row for each unit: means by activity, total, rank in its kind, all formulas."""

    def place(column: str) -> str:
        return f"'{VISITS}'!${column}$2:${column}${visits + 1}"

    activities = book.weights.children()
    means = [
        Column(
            n,
            book.weights.labels[n],
            "formula",
            formula=(
                f"IFERROR(AVERAGEIFS({place('G')},{place('D')},$A{{row}},"
                f'{place("B")},"{book.weights.labels[n]}"),"")'
            ),
        )
        for n in activities
    ]
    first, last = "E", chr(ord("E") + len(activities) - 1)
    total, cells = chr(ord(last) + 1), f"{first}{{row}}:{last}{{row}}"
    weights = [f"'{WEIGHTS}'!$B${i}" for i in range(2, len(activities) + 2)]
    got = [f"{chr(ord(first) + i)}{{row}}" for i in range(len(activities))]
    above = "+".join(f"N({x})*{w}" for x, w in zip(got, weights, strict=True))
    below = "+".join(f"ISNUMBER({x})*{w}" for x, w in zip(got, weights, strict=True))
    column = f"${total}$2:${total}${units + 1}"
    kinds = f"$C$2:$C${units + 1}"
    return Sheet(
        "名次",
        (
            Column("unit", "单位编号", "id", width=16),
            Column("name", "名称", width=18),
            Column("kind", "单位类别"),
            Column("due", "应有几类", "integer", minimum=0),
            *means,
            Column(
                "total",
                "得分",
                "formula",
                formula=(
                    f'IF(OR(SUM({",".join(weights)})<>100,COUNT({cells})<D{{row}},COUNT({cells})=0),"",'
                    f'IFERROR(ROUND(({above})/({below}),{_DECIMALS}),""))'
                ),
            ),
            Column(
                "rank",
                "名次",
                "formula",
                formula=(
                    f'IF({total}{{row}}="","未排",COUNTIFS({kinds},C{{row}},{column},">"&{total}{{row}})+1)'
                ),
            ),
            Column(
                "tie",
                "并列",
                "formula",
                formula=(
                    f'IF({total}{{row}}="","",IF(COUNTIFS({kinds},C{{row}},{column},{total}{{row}})>1,"并列",""))'
                ),
            ),
        ),
    )


def _calendar(book: model.Year, names: dict[str, str]) -> bytes:
    """An iCalendar of whole days, the same every time: no time stamp, no random number."""
    labels = cadence_labels(book.rules)
    calendar = Calendar()
    calendar.add("prodid", f"-//{_DOMAIN}//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{YEAR} 年督查日程（例）")
    calendar.add("x-wr-caldesc", NOTE + HOLIDAYS)
    for v in book.visits.values():
        event = Event()
        event.add("uid", f"{v.id}@{_DOMAIN}")
        event.add("dtstamp", datetime(YEAR, 1, 1, tzinfo=UTC))
        event.add("dtstart", v.on)
        event.add("dtend", v.on + timedelta(days=1))
        event.add("summary", f"{labels[v.activity, v.kind]}：{names[v.unit]}")
        event.add("description", f"{v.unit}，{v.period.label}。{NOTE}")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()


def _names(tables: Tables) -> dict[str, str]:
    """The name of each unit; a department has only its number."""
    names = {r.code: r.name for t in (tables.townships, tables.villages) for r in t.frame.itertuples()}
    return names | {d: d for d in tables.departments.frame["id"]}
