"""Write the report of ``check``: counts first, then the first of each kind.

The same can be had as JSON.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from figurebook.datapackage.bases import BASES
from figurebook.datapackage.problems import RULES_ZH, Problem, shorten
from figurebook.figures.vocabulary import word
from figurebook.office.office_tables import Intake
from figurebook.spreadsheets.reading.grid import SHOWN, Note

_PLACES = {"formula", "number-format", "hidden", "merged", "cell-aside"}  # whose examples are places alone


def as_text(intake: Intake, problems: list[Problem], package: dict) -> str:
    """The report for a terminal."""
    titles = {r["name"]: r["title"] for r in package["resources"]}
    lines = [
        f"单位：{intake.about.office or '没有写'}；数据日期：{intake.about.date or '没有写'}",
        f"读到 {len(intake.tables)} 张表：",
    ]
    lines += [
        f"  {titles[name]}（{name}）：{_place(table.file, table.sheet)}，{len(table.frame):,} 行"
        for name, table in intake.tables.items()
    ]
    if ours := _ours(intake, package):
        kept = "、".join(f"{titles[n]}（{word(BASES, b)}）" for n, b in ours.items())
        lines.append(f"其余仍用本书的表：{kept}")
    if intake.notes:
        lines.append(f"与所写不同的读法和没有读的，共 {sum(n.count for n in intake.notes):,} 处：")
        lines += [f"  {_note(n)}" for n in intake.notes]
    if not problems:
        return "\n".join([*lines, "没有发现问题，可用。"])
    lines.append(
        f"问题 {len(problems):,} 处："
        + "，".join(f"{RULES_ZH[rule]} {n:,}" for rule, n in Counter(p.rule for p in problems).most_common())
    )
    for rule, same_rule in _by_rule(problems).items():
        lines += [f"  {p}" for p in same_rule[:SHOWN]]
        if len(same_rule) > SHOWN:
            lines.append(
                f"  {RULES_ZH[rule]}还有 {len(same_rule) - SHOWN:,} 处，用 --json 或 --marked 看全部。"
            )
    return "\n".join([*lines, "没有改动任何文件。改好以后再运行一次 check。"])


def as_json(intake: Intake, problems: list[Problem], package: dict) -> dict:
    """Everything that was found, for programs: every problem, every note."""
    return {
        "office": intake.about.office,
        "date": intake.about.date,
        "tables": [
            {"table": name, "file": g.file, "sheet": g.sheet, "rows": len(g.frame), "aside": list(g.aside)}
            for name, g in intake.tables.items()
        ],
        "ours": [{"table": n, "basis": b} for n, b in _ours(intake, package).items()],
        "notes": [
            {
                "file": n.file,
                "sheet": n.sheet,
                "column": n.column,
                "kind": n.kind,
                "count": n.count,
                "message": n.message,
                "examples": [dict(zip(("row", "written", "read"), e, strict=True)) for e in n.examples],
            }
            for n in intake.notes
        ],
        "counts": dict(Counter(p.rule for p in problems)),
        "problems": [
            {
                "file": p.file,
                "sheet": p.sheet,
                "row": p.row,
                "column": p.column,
                "value": p.value,
                "rule": p.rule,
                "message": p.message,
            }
            for p in problems
        ],
    }


def _ours(intake: Intake, package: dict) -> dict[str, str]:
    return {
        r["name"]: r["basis"]
        for r in package["resources"]
        if r["role"] == "register" and r["name"] not in intake.tables
    }


def _by_rule(problems: list[Problem]) -> dict[str, list[Problem]]:
    by_rule = defaultdict(list)
    for problem in problems:
        by_rule[problem.rule].append(problem)
    return by_rule


def _note(note: Note) -> str:
    where = _place(note.file, note.sheet) + (f"，列 {note.column}" if note.column else "")
    shown = "，".join(_example(note.kind, *example) for example in note.examples[:3])
    message = note.message.rstrip("\u3002")  # the full stop comes after the examples
    many = f"（{note.count:,} 处）" if note.count > 1 else ""
    return f"{where}：{message}{many}" + (f"，例如 {shown}" if shown else "")


def _example(kind: str, row: int, written: str, read: str) -> str:
    if kind in _PLACES:
        return shorten(written)
    # Of personal columns only the rows are known.
    return f"第 {row} 行" + (f" {shorten(written)} 读作 {shorten(read)}" if written or read else "")


def _place(file: str, sheet: str | None) -> str:
    return f"文件 {file}" + (f"，工作表 {sheet}" if sheet else "")
