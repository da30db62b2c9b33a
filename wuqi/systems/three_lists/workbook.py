"""Write the ledger to a workbook and read it back.

The workbook has three lists, the log, the deadlines and the day. Rows are only added to the log. The log has
the steps in order; the lists have the wording. An entry that only one of the two has is refused by its cell.
So is a row of the log that the model refuses.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from figurebook.datapackage.problems import Problem, TablesError
from figurebook.datapackage.tables import Tables
from figurebook.notebooks.api import plain_cell
from figurebook.spreadsheets.reading.filled_sheets import MAX_PROBLEMS, problem
from figurebook.spreadsheets.reading.filled_sheets import read as read_sheets
from figurebook.spreadsheets.writing.layout import Column, Highlight, Row, Sheet
from figurebook.spreadsheets.writing.writer import write as write_sheets
from figurebook.systems.default_notes import defaults
from figurebook.systems.rules import RuleError, Rules
from wuqi.systems.three_lists import model

PROBLEMS, TASKS, UNITS, LOG, RULES = "问题清单", "任务清单", "责任清单", "办理记录", "规则"
DAY = "截至"
SPARE = 200
ORIGIN = "本书的默认，不是该县的规定；请换成自己的（S04.deadlines）"
DATED = {"open_items", "ageing", "overdue", "by_unit"}  # the views that depend on the day
# For each list: the column that with the problem is its key, the actions that enter it, their word.
LISTS = {
    PROBLEMS: ("problem", {"register", "carry"}, "登记"),
    TASKS: ("task", {"task"}, "列任务"),
    UNITS: ("unit", {"assign"}, "交办"),
}
# The log's column for each detail of an action; the other details are in the lists.
IN_LOG = {"task": {"task": "task"}, "assign": {"unit": "unit"}, "verify": {"task": "task", "unit": "by"}}
AT = {
    "date-order": "on",
    "S04.task": "task",
    "S04.task-open": "task",
    "S04.unit": "unit",
    "S04.verifier": "unit",
    "S04.reasons": "note",
}
_DONE, _LATE = "C6E0B4", "F8CBAD"
_OF = f'COUNTIFS({LOG}!$B:$B,$A{{row}},{LOG}!$C:$C,"%s")'
_RULE = f"INDEX({RULES}!$%s:$%s,MATCH($B{{row}},{RULES}!$A:$A,0))"
_VALUE, _UNIT = _RULE % ("B", "B"), _RULE % ("C", "C")
_ISO = 'TEXT(%s,"yyyy-mm-dd")'
_TODAY = f"DATEVALUE({DAY}!$B$2)"  # every number of days in the workbook counts to this day


def sheets(rules: Rules, spare: int = SPARE) -> dict[str, Sheet]:
    """The six sheets by title, with the labels of the rules' sources and actions."""
    name, sources = rules.transitions.set_index("action")["label"].to_dict(), _sources(rules)
    closed = f"{_OF % name['close']}+{_OF % name['carry']}>{_OF % name['reopen']}"
    last = f'_xlfn.MAXIFS({LOG}!$A:$A,{LOG}!$B:$B,$A{{row}},{LOG}!$C:$C,"%s")'
    opened = f"IF({_OF % name['reopen']}>0,{last % name['reopen']},{last % name['register']})"
    due = f'IF({_UNIT}="天",DATEVALUE($E{{row}})+{_VALUE},EDATE(DATEVALUE($E{{row}}),{_VALUE}))'
    due = f'IF(AND($D{{row}}<>"",{_OF % name["reopen"]}=0),$D{{row}},{due})'
    looked_up = (
        f'IF($A{{row}}="","",IFERROR(INDEX({PROBLEMS}!$%s:$%s,MATCH($A{{row}},{PROBLEMS}!$A:$A,0)),""))'
    )
    task = f'COUNTIFS({LOG}!$B:$B,$A{{row}},{LOG}!$D:$D,$B{{row}},{LOG}!$C:$C,"{name["verify"]}")'
    states = rules.states.set_index("state")["label"]
    key = Column("problem", "问题编号", "id", required=True)
    made = [
        Sheet(
            PROBLEMS,
            (
                key,
                Column("source", "来源", "choice", required=True, choices=tuple(sources)),
                Column("text", "问题", required=True, width=40, note="不写姓名、身份证号和电话"),
                Column("due", "通报另定的期限", "date", note="通报没有写明期限的空着"),
                _formula(
                    "起算日期", f'IF({_OF % name["register"]}+{_OF % name["reopen"]}=0,"",{_ISO % opened})'
                ),
                _formula("交办次数", _OF % name["assign"]),
                _formula("任务数", f"COUNTIFS({TASKS}!$A:$A,$A{{row}})"),
                _formula(
                    "销号",
                    f'IF({closed},"{states["closed"]}",IF($E{{row}}="","{states["open"]}","没有销号"))',
                ),
                _formula("到期日", f'IF($H{{row}}<>"没有销号","",{_ISO % due})'),
                _formula("逾期天数", 'IF($I{row}="","",MAX(0,%s-DATEVALUE($I{row})))' % _TODAY),
            ),
            spare,
            (Highlight("AND(ISNUMBER($J2),$J2>0)", _LATE), Highlight(f'$H2="{states["closed"]}"', _DONE)),
        ),
        Sheet(
            TASKS,
            (
                key,
                Column("task", "任务编号", "id", required=True),
                Column("text", "任务", required=True, width=40),
                _formula("核验次数", task),
            ),
            spare,
            (Highlight("AND(ISNUMBER($D2),$D2>0)", _DONE),),
        ),
        Sheet(
            UNITS,
            (
                key,
                Column("unit", "责任单位", "id", required=True),
                _formula("销号", looked_up % ("H", "H")),
                _formula("逾期天数", looked_up % ("J", "J")),
            ),
            spare,
            (Highlight("AND(ISNUMBER($D2),$D2>0)", _LATE),),
        ),
        Sheet(
            LOG,
            (
                Column("on", "日期", "date", required=True),
                key,
                Column("action", "动作", "choice", required=True, choices=tuple(name.values())),
                Column("task", "任务编号", "id", note="列任务和核验时填"),
                Column("unit", "单位", "id", note="交办时填责任单位，核验时填核验者"),
                Column("note", "说明", width=40, note="重开时写明原因"),
            ),
            spare,
        ),
        Sheet(
            RULES,
            (
                Column("source", "来源", "choice", required=True, choices=tuple(sources)),
                Column("value", "整改期限", "integer", required=True, minimum=1),
                Column("unit", "单位", "choice", required=True, choices=("天", "个月")),
                Column("origin", "出处", "formula", formula=f'"{ORIGIN}"', width=40),
            ),
        ),
        Sheet(
            DAY,
            (
                Column("fixed", "固定的截至日期", "date", width=20, note="空着就按今天"),
                Column(
                    "day",
                    "截至日期",
                    "formula",
                    width=20,
                    formula=_ISO
                    % ('IF($A{row}="",TODAY(),IF(ISNUMBER($A{row}),$A{row},DATEVALUE($A{row})))'),
                ),
            ),
        ),
    ]
    return {s.title: s for s in made}


def write(
    book: model.Ledger, today: date | None = None, spare: int = SPARE, notes: Iterable[str] = ()
) -> bytes:
    """The workbook of a ledger; it counts days to the day of opening.

    With ``today`` it counts to that day, and has a protected sheet for each view as of that day.
    """
    made = sheets(book.rules, spare)
    labels = _labels(book.rules)
    rows: dict[str, list[dict[str, Any]]] = {title: [] for title in made}
    units: dict[tuple[str, str], None] = {}
    for e in book.history:
        details = e.details
        if "source" in details:
            due = date.fromisoformat(details["due"]) if "due" in details else None
            rows[PROBLEMS].append(
                {
                    "problem": e.subject,
                    "source": book.sources[details["source"]],
                    "text": details["problem"],
                    "due": due,
                }
            )
        if "text" in details:
            rows[TASKS].append({"problem": e.subject, "task": details["task"], "text": details["text"]})
        if "unit" in details:
            units[e.subject, details["unit"]] = None
        cells = {column: details[key] for column, key in IN_LOG.get(e.action, {}).items()}
        rows[LOG].append(
            {
                "on": e.on,
                "problem": e.subject,
                "action": labels[e.action],
                "note": details.get("note"),
                **cells,
            }
        )
    rows[UNITS] = [{"problem": p, "unit": u} for p, u in units]
    rows[RULES] = [
        {
            "source": label,
            "value": book.rules[f"deadline-{source}"],
            "unit": book.rules.units[f"deadline-{source}"],
        }
        for source, label in book.sources.items()
    ]
    rows[DAY] = [{"fixed": today}]
    contents = [(made[title], rows[title]) for title in made]
    if today is not None:
        contents += [_report(model.VIEWS[v], frame, today) for v, frame in views(book, today).items()]
    return write_sheets(contents, notes)


def read(path: Path, rules: Rules, today: date | None = None) -> tuple[model.Ledger, date]:
    """The ledger in a workbook, under the workbook's deadlines, and the day it counts to.

    That day is ``today``, or else the day on the workbook's sheet, or else the current day. A row of a later
    day is refused. Of one problem only the first row that the model refuses is named. TablesError has every
    refused cell.
    """
    sheet_rows, problems = read_sheets(path, sheets(rules).values()), []
    problems += [problem(row, "fixed", "constraint", "只能有一个截至日期。") for row in sheet_rows[DAY][1:]]
    today = today or next((row["fixed"] for row in sheet_rows[DAY]), date.today())
    listed = {
        title: _keyed(sheet_rows[title], ("problem", column), problems)
        for title, (column, *_) in LISTS.items()
    }
    deadlines = _keyed(sheet_rows[RULES], ("source",), problems)
    book = model.ledger(_own(rules, deadlines, path.name, problems))
    if problems:
        raise TablesError(problems[:MAX_PROBLEMS])
    actions = {label: action for action, label in _labels(rules).items()}
    used: dict[str, set] = {title: set() for title in LISTS}
    broken = set()
    for row in sheet_rows[LOG]:
        if row["problem"] not in broken:
            fault = _apply(book, row, actions[row["action"]], listed, used, today)
            if fault:
                problems.append(fault)
                broken.add(row["problem"])
    for title, (column, _, word) in LISTS.items():
        problems += [
            problem(row, column, "foreign-key", f"{LOG}里没有它的{word}。")
            for key, row in listed[title].items()
            if key not in used[title] and key[0] not in broken
        ]
    if problems:
        raise TablesError(problems[:MAX_PROBLEMS])
    return book, today


def notes(tables: Tables) -> list[str]:
    """The lines of the workbook's first sheet."""
    return [
        "台账：先把问题、任务、责任单位写进三张清单，再把每一步按先后写进办理记录，只增不改。",
        "受保护的格子是公式，不用填。",
        f"“规则”里填自己的整改期限；“{DAY}”里可以固定一个截至日期，空着就按打开的当天算。",
        "只写编号和单位，不写姓名、身份证号和电话。",
        "读回来：python -m wuqi ledger 这个文件.xlsx；加 --out 新文件.xlsx 另存一份，末尾有算好的各表。",
        *defaults(tables, model.SYSTEM),
    ]


def views(book: model.Ledger, today: date) -> dict[str, pd.DataFrame]:
    """Every view of the model as of a day, by name."""
    return {v: getattr(model, v)(book, *([today] if v in DATED else [])) for v in model.VIEWS}


def as_json(book: model.Ledger, today: date) -> dict:
    """The command's report: the day, the counts, and each view's rows by name."""
    frames = views(book, today)
    return {
        "today": today.isoformat(),
        "problems": len(book.subjects),
        "entries": len(book.history),
        "digest": book.history.digest(),
        **{v: json.loads(f.to_json(orient="records", force_ascii=False)) for v, f in frames.items()},
    }


def as_text(book: model.Ledger, today: date) -> str:
    """The same as text: a title and a table for each view, tabs between cells."""
    lines = [f"截至 {today}：问题 {len(book.subjects)} 件，办理记录 {len(book.history)} 条"]
    for view, frame in views(book, today).items():
        lines += ["", f"【{model.VIEWS[view]}】{len(frame)} 行", "\t".join(frame.columns)]
        lines += ["\t".join(map(plain_cell, row)) for row in frame.itertuples(index=False)]
    return "\n".join(lines)


def _apply(
    book: model.Ledger, row: Row, action: str, listed: Mapping, used: Mapping, today: date
) -> Problem | None:
    """Apply a row of the log, or return the problem with it.

    The rows of the lists that it used are noted in ``used``.
    """
    of, carried = row["problem"], IN_LOG.get(action, {})
    details = {key: row[column] for column, key in carried.items() if row[column] is not None}
    if row["note"] is not None:
        details["note"] = row["note"]
    if row["on"] > today:
        return problem(row, "on", "constraint", f"晚于截至日期 {today}。")
    for column in ("task", "unit"):
        if column not in carried and row[column] is not None:
            return problem(row, column, "constraint", f"“{row['action']}”不填这一列，请移到说明里。")
    for title, (column, actions, _) in LISTS.items():
        key = (of, row[column])
        if action in actions and None not in key:
            if key not in listed[title]:
                return problem(row, column, "foreign-key", f"{title}里没有。")
            used[title].add(key)
            details |= _listed(title, listed[title][key], book)
    try:
        book.apply(row["on"], of, action, **details)
    except RuleError as refusal:
        return problem(row, AT.get(refusal.rule, "action"), "refused", f"{refusal}。")
    return None


def _listed(title: str, row: Row, book: model.Ledger) -> dict[str, str]:
    """The details that a list adds to a row of the log."""
    if title == PROBLEMS:
        source = next(name for name, label in book.sources.items() if label == row["source"])
        details = {"source": source, "problem": row["text"]}
        return details if row["due"] is None else details | {"due": row["due"].isoformat()}
    return {"text": row["text"]} if title == TASKS else {}


def _keyed(rows: list[Row], keys: tuple[str, ...], problems: list[Problem]) -> dict[tuple, Row]:
    """The rows by their keys, and a problem for each row that repeats a key."""
    by_key: dict[tuple, Row] = {}
    for row in rows:
        key = tuple(row[k] for k in keys)
        if key in by_key:
            problems.append(problem(row, keys[-1], "duplicate-key", f"与第 {by_key[key].number} 行重复。"))
        by_key.setdefault(key, row)
    return by_key


def _own(rules: Rules, listed: Mapping[tuple, Row], file: str, problems: list[Problem]) -> Rules:
    """The rules with the deadlines of the workbook's sheet."""
    values, units = dict(rules.parameters), dict(rules.units)
    for label, source in _sources(rules).items():
        row = listed.get((label,))
        if row is None:
            problems.append(Problem(file, "constraint", f"缺“{label}”的整改期限。", RULES))
        else:
            values[f"deadline-{source}"], units[f"deadline-{source}"] = row["value"], row["unit"]
    return replace(rules, parameters=values, units=units)


def _report(title: str, frame: pd.DataFrame, today: date) -> tuple[Sheet, list[dict]]:
    columns = tuple(Column(c, c, "integer" if frame[c].dtype.kind in "if" else "text") for c in frame.columns)
    return Sheet(title, columns, open=False, heading=f"截至 {today}：{title}"), [
        {k: None if pd.isna(v) else v for k, v in r.items()} for r in frame.to_dict("records")
    ]


def _formula(title: str, formula: str) -> Column:
    return Column(title, title, "formula", formula=f'IF($A{{row}}="","",{formula})')


def _labels(rules: Rules) -> dict[str, str]:
    return rules.transitions.set_index("action")["label"].to_dict()


def _sources(rules: Rules) -> dict[str, str]:
    """The names of the sources by label."""
    own = rules.criteria[rules.criteria["kind"] == "source"]
    return dict(own[["label", "name"]].itertuples(index=False))
