"""Write the points book to a workbook and read it back.

All that is read from the sheets is written to them again. Three sheets are filled in: 积分规则， 积分记录，
更正与申诉. A value that a sheet cannot hold is refused cell by cell (TablesError). An entry that the rules
forbid is read, and the model rejects it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from figurebook.datapackage.problems import Problem, TablesError
from figurebook.spreadsheets.reading.filled_sheets import problem, read
from figurebook.spreadsheets.writing.layout import Column, Highlight, Row, Sheet
from figurebook.spreadsheets.writing.writer import write
from figurebook.systems.rules import Rules
from wuqi.systems.stars_and_points import model

RULES, EVENTS, CHANGES = "积分规则", model.EVENTS, model.CHANGES
SUBJECTS = {"member": "党员", "branch": "支部", "star": "星"}
EARLIEST = date(1901, 1, 1)  # Excel has no day before 1900, and counts the first two months wrongly
MOST = 10**6  # points and caps beyond it would not add up to whole numbers that Excel can show
_SPARE = {RULES: 20, EVENTS: 500, CHANGES: 100}
_REPORTS = ("points", "ranking", "stars", "rejected", "corrections")


@dataclass(frozen=True)
class Filled:
    """A workbook's contents: the rules, and events and changes in row order."""

    rules: model.PointRules
    entries: list[model.Event | model.Change]

    def book(self) -> model.PointsBook:
        return model.gather(self.rules, self.entries)


def from_workbook(path: Path, general: Rules) -> Filled:
    """The contents of a workbook.

    ``general`` gives the period, the deadline and the limits of an entry. TablesError names file, sheet, row,
    column and value of every cell that cannot be used.
    """
    sheet_rows = read(path, _sheets(general))
    problems: list[Problem] = []
    items = _items(sheet_rows[RULES], problems)
    problems += [
        problem(r, "on", "constraint", f"日期要在 {EARLIEST} 以后。")
        for rows in (sheet_rows[EVENTS], sheet_rows[CHANGES])
        for r in rows
        if r["on"] < EARLIEST
    ]
    if problems:
        raise TablesError(problems)
    names = {item.label: name for name, item in items.items()}
    return Filled(
        model.PointRules(general, items),
        [
            *(
                model.Event(
                    r["id"],
                    r["on"],
                    r["branch"],
                    r["member"] or "",
                    names.get(r["rule"], r["rule"]),
                    r["times"],
                    r["evidence"] or "",
                    r["note"] or "",
                    r.number,
                )
                for r in sheet_rows[EVENTS]
            ),
            *(
                model.Change(
                    r["id"],
                    r["on"],
                    _action(general, r["action"]),
                    r["event"],
                    r["times"],
                    r["reason"] or "",
                    r["note"] or "",
                    r.number,
                )
                for r in sheet_rows[CHANGES]
            ),
        ],
    )


def to_workbook(filled: Filled, book: model.PointsBook) -> bytes:
    """The workbook of these contents, followed by the views of ``book`` on protected sheets.

    The book must be made of these very entries, so that each refused entry is shown with its row.
    """
    items, actions = filled.rules.items, _actions(filled.rules.general)
    label = {name: item.label for name, item in items.items()}
    done = [item.label for item in items.values() if item.subject != "star"]
    placed: dict[int, int] = {}  # the row that each entry gets, by the identity of the entry
    for kind in (model.Event, model.Change):
        placed |= {id(e): n for n, e in enumerate((e for e in filled.entries if isinstance(e, kind)), 2)}
    shown = {view: getattr(model, view)(book) for view in _REPORTS}
    rows = pd.array([placed[id(e)] for e, _ in book.rejected], dtype="Int64")
    shown["rejected"] = shown["rejected"].assign(行=rows)[["编号", "日期", "表", "行", "规则", "拒绝的是"]]
    rules, events, changes = (replace(s, spare=_SPARE[s.title]) for s in _sheets(filled.rules.general, done))
    return write(
        [
            (
                rules,
                (
                    {
                        "name": n,
                        "label": i.label,
                        "subject": SUBJECTS[i.subject],
                        "points": i.points,
                        "cap": i.cap,
                        "basis": i.basis or None,
                    }
                    for n, i in items.items()
                ),
            ),
            (
                events,
                (
                    {**_plain(e), "rule": label.get(e.rule, e.rule)}
                    for e in filled.entries
                    if isinstance(e, model.Event)
                ),
            ),
            (
                changes,
                (
                    {**_plain(e), "action": actions[e.action]}
                    for e in filled.entries
                    if isinstance(e, model.Change)
                ),
            ),
            *(_report(model.VIEWS[view], frame) for view, frame in shown.items()),
            (_notes(), [{"note": line} for line in _explained(filled.rules.general)]),
        ]
    )


def _sheets(general: Rules, labels: Sequence[str] = ()) -> list[Sheet]:
    """The sheets to fill in. ``labels`` make a drop-down; without them any item is accepted."""

    def number(
        name: str,
        title: str,
        required: bool = True,
        low: int = 0,
        high: int = MOST,
        note: str = "",
        width: int = 16,
    ) -> Column:
        return Column(name, title, "integer", required, minimum=low, maximum=high, width=width, note=note)

    day = Column("on", "日期", "date", True, note="如 2017-03-05")
    limit = general["times-limit"]
    return [
        Sheet(
            RULES,
            (
                Column("name", "编号", "id", True, width=18, note="字母、数字、连字符；每项不同"),
                Column("label", "名称", required=True, width=28, note="每项不同；积分记录按它填"),
                Column("subject", "记给谁", "choice", True, tuple(SUBJECTS.values())),
                number("points", "分值", low=-MOST, note="做一次计几分；星写满多少分得这颗星"),
                number("cap", "一期最多计几次", False, 1, width=18, note="党员项、支部项要写；星不写"),
                Column("basis", "出处", width=44, note="谁定的、见哪份文件。本书的默认不是该县的规定"),
            ),
        ),
        Sheet(
            EVENTS,
            (
                Column("id", "编号", "id", True, note="每条不同，与更正与申诉的编号也不同"),
                day,
                Column("branch", "支部", "id", True, note="编号"),
                Column("member", "党员", "id", note="只写编号，不写姓名；支部项不写"),
                Column("rule", "积分项", "choice" if labels else "text", True, tuple(labels), width=28),
                number("times", "次数", low=1, high=limit),
                Column("evidence", "依据", width=28, note="如签到表第几页；没有依据的不计分"),
                Column(
                    "worth",
                    "未封顶、未更正的分",
                    "formula",
                    formula=(
                        f"IF(E{{row}}=\"\",\"\",IFERROR(INDEX('{RULES}'!$D:$D,MATCH(E{{row}},'{RULES}'!$B:$B,0))"
                        '*F{row},"没有这一项"))'
                    ),
                ),
                Column("note", "备注", width=20),
            ),
            highlights=(Highlight('AND($A2<>"",$G2="")'),),
        ),
        Sheet(
            CHANGES,
            (
                Column("id", "编号", "id", True, note="每条不同，与积分记录的编号也不同"),
                day,
                Column("action", "动作", "choice", True, tuple(_actions(general).values())),
                Column("event", "原记录", "id", True, note="积分记录里的编号"),
                number("times", "改为几次", False, 0, limit, "只有更正才写；0 是整条不计"),
                Column("reason", "理由", width=28),
                Column(
                    "first",
                    "原次数",
                    "formula",
                    formula=(
                        f"IF(D{{row}}=\"\",\"\",IFERROR(INDEX('{EVENTS}'!$F:$F,MATCH(D{{row}},'{EVENTS}'!$A:$A,0)),"
                        '"没有这条"))'
                    ),
                ),
                Column("note", "备注", width=20),
            ),
            highlights=(Highlight('AND($A2<>"",$F2="")'),),
        ),
    ]


def _items(rows: list[Row], problems: list[Problem]) -> dict[str, model.Item]:
    names = {label: name for name, label in SUBJECTS.items()}
    items, seen = {}, set()
    for row in rows:
        subject = names[row["subject"]]
        if not model.is_identifier(row["name"]):
            problems.append(problem(row, "name", "constraint", "编号只用字母、数字、连字符。"))
        if (row["cap"] is None) != (subject == "star"):
            problems.append(problem(row, "cap", "constraint", "党员项、支部项要写一期最多计几次；星不写。"))
        for column in ("name", "label", *(["points"] if subject == "star" else [])):
            if (column, row[column]) in seen:
                problems.append(problem(row, column, "duplicate-key", "与前面的行相同，请改成不同的。"))
            seen.add((column, row[column]))
        items[row["name"]] = model.Item(row["label"], subject, row["points"], row["cap"], row["basis"] or "")
    return items


def _actions(general: Rules) -> dict[str, str]:
    return dict(general.transitions[["action", "label"]].itertuples(index=False))


def _action(general: Rules, label: str) -> str:
    return next(action for action, word in _actions(general).items() if word == label)


def _plain(entry: model.Event | model.Change) -> dict:
    """The fields of an entry as cells; None for an empty text."""
    return {f: None if (value := getattr(entry, f)) == "" else value for f in entry.__slots__ if f != "row"}


def _report(title: str, frame: pd.DataFrame) -> tuple[Sheet, Iterable[dict]]:
    columns = tuple(
        Column(c, c, "integer" if pd.api.types.is_integer_dtype(frame[c]) else "text", width=18)
        for c in frame.columns
    )
    return Sheet(title, columns, open=False), frame.to_dict("records")


def _notes() -> Sheet:
    return Sheet("说明", (Column("note", "说明", width=90),), open=False)


def _explained(general: Rules) -> list[str]:
    """Lines on the rules that stand on no sheet; none of them is the county's."""
    return [
        "访谈只说了“党支部积星、党员积分”，没有给出一条规则。这里的规则都是本书的默认，不是该县的规定。",
        "只填积分规则、积分记录、更正与申诉三张表；其余各表由命令算出，改了也不读。只写编号，不写姓名。",
        "记录不改不删：记错了在更正与申诉里另写一条，指明原记录。",
        "在积分规则里加了新项，先用命令更新一次，积分记录的下拉表里才有它。",
        "python -m wuqi points 这个文件.xlsx --out 新文件.xlsx",
        *(f"{r.label}：{r.times} 次，每{_PERIODS[r.period]}" for r in general.cadences.itertuples()),
        f"记录之后 {general['appeal-days']} {general.units['appeal-days']}之内可以申诉。",
        *general.criteria["label"],
        *general.conditions.values(),
    ]


_PERIODS = {"month": "月", "quarter": "季度", "half": "半年", "year": "年"}
