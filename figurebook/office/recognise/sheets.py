"""Recognise which sheet or file is which table, and the office and date."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from figurebook.datapackage.about import About
from figurebook.datapackage.problems import Problem
from figurebook.office.recognise.by_headings import HeadingIndex
from figurebook.office.recognise.cell_values import read_date, tidy
from figurebook.office.recognise.unit_factors import UNITS
from figurebook.privacy.folding import folded
from figurebook.privacy.id_numbers import kinds
from figurebook.spreadsheets.reading.admission import DESCRIPTOR
from figurebook.spreadsheets.reading.grid import Grid, Note
from figurebook.text_forms import bare, shown

_ABOUT = {bare(name) for name in ("说明", "填表说明", "填写说明", "about")}
_LABELS = {
    bare(label): key
    for label, key in (
        *((label, "office") for label in ("单位名称", "填表单位", "填报单位", "单位", "office")),
        *((label, "date") for label in ("数据日期", "数据日期（年月日）", "填报日期", "date")),
    )
}
_HINT = "填在左边一格"  # the beginning of the template's third column, a hint for the second
_PREFIX = re.compile("(?:\u9644?\u8868)?[0-9]+")
_SUFFIXES = ("登记表", "表", "副本")
_SIGNS = " \xb7()\uff08\uff09\u3001\uff0c,.\u2014\u201c\u201d\u300a\u300b-"
_OFFICE = re.compile(rf"[^\W_](?:[^\W_]|[{_SIGNS}])*")
_LONGEST_OFFICE = 60
_NEAR = 0.6
_FITTING = 3  # tables that are named of those that a sheet may be
_LARGEST_DESCRIPTOR = 1_000_000  # bytes
GIVABLE = {"register", "rules", "setting"}  # the roles of tables that an office can give


@dataclass(frozen=True)
class RecognisedTables:
    """The grid of each table that is there, with notes and problems.

    ``is_aside`` says by its name whether a (file, sheet) is none of ours, neither a table nor an
    explanation.
    """

    tables: dict[str, Grid]
    about: About
    is_aside: Callable[[tuple[str, str | None]], bool]
    notes: list[Note]
    problems: list[Problem]


def givable(package: dict) -> dict[str, dict]:
    """The resources that an office can give: registers, rules and settings, by name."""
    return {r["name"]: r for r in package["resources"] if r["role"] in GIVABLE}


def assign(folder: Path, grids: list[Grid], package: dict) -> RecognisedTables:
    """Recognise the grids read from ``folder`` (or from one file)."""
    names = _Names(givable(package))
    about = [g for g in grids if _is_about(g)]
    tables: dict[str, Grid] = {}
    notes: list[Note] = []
    problems: list[Problem] = []
    books: dict[Path, list[Grid]] = {}
    left: list[tuple[Path, list[Grid], bool]] = []
    for grid in grids:
        if not (_is_about(grid) or grid.is_choices):
            books.setdefault(grid.path, []).append(grid)
    kept = {Path(r["path"]).name for r in package["resources"] if r["role"] == "default"}
    for path, sheets in books.items():
        if path.name in kept:
            notes.append(Note(path.name, "unknown-sheet", "这是本书自己的表，换不进来，没有读。"))
            continue
        recognised, unknown, faults = _book(path, sheets, names)
        problems += faults
        for name, grid in recognised:
            if name in tables:
                problems.append(_second(grid, tables[name], names))
            else:
                tables[name] = grid
        left.append((path, unknown, not recognised and not faults))
    for path, unknown, alone in left:
        reported = _unknown(path, unknown, names, tables, alone=alone)
        notes += [r for r in reported if isinstance(r, Note)]
        problems += [r for r in reported if isinstance(r, Problem)]
    office_and_date, faults = _about(folder, about, package)
    used = {(g.file, g.sheet) for g in (*about, *tables.values())}
    read = {(g.file, g.sheet) for g in grids}

    def is_aside(place: tuple[str, str | None]) -> bool:
        # A sheet in which nothing could be read has no grid: its name, or its file's, says what it was to be.
        return place not in used and (
            place in read or not any(map(names.table, (place[1] or "", Path(place[0]).stem)))
        )

    return RecognisedTables(tables, office_and_date, is_aside, notes, problems + faults)


class _Names:
    """The tables by every name they may have."""

    def __init__(self, resources: dict[str, dict]):
        self._resources = resources
        self.titles = {name: r["title"] for name, r in resources.items()}
        self.keys = {bare(r["title"]): name for name, r in resources.items()}
        self.keys |= {bare(name): name for name in resources}

    def table(self, text: str) -> str | None:
        key = bare(text)
        for candidate in (key, _PREFIX.sub("", key, count=1), re.sub("[0-9]+$", "", key)):
            for suffix in ("", *_SUFFIXES):
                if name := self.keys.get(candidate.removesuffix(suffix)):
                    return name
        return None

    @cached_property
    def fitting(self) -> HeadingIndex:
        return HeadingIndex(self._resources)  # hardly ever needed

    def near(self, text: str) -> str | None:
        import difflib  # hardly ever needed

        key = bare(text)
        close = difflib.get_close_matches(key, self.keys, n=1, cutoff=_NEAR) or [
            k for k in self.keys if len(k) > 2 and k in key
        ]
        return self.keys[close[0]] if close else None

    def named(self, name: str) -> str:
        return f"“{self.titles[name]}”（{name}）"

    @property
    def all(self) -> str:
        return "、".join(f"{title}（{name}）" for name, title in self.titles.items())


def no_table_problem(folder: Path, package: dict, named: bool) -> Problem:
    """Report that there is no table of ours.

    With ``named`` there are tables, but none of them has a row.
    """
    if named:
        return Problem(folder.name, "missing-file", "各表都只有列名，没有一行数据。请填好再来。")
    return Problem(
        folder.name,
        "missing-file",
        f"没有找到可以换入的表。工作表名或 CSV 的文件名应是表名，可用的表：{_Names(givable(package)).all}。",
    )


def _is_about(grid: Grid) -> bool:
    return bare(_called(grid)) in _ABOUT


def _called(grid: Grid) -> str:
    return grid.path.stem if grid.sheet is None else grid.sheet


def _book(
    path: Path, sheets: list[Grid], names: _Names
) -> tuple[list[tuple[str, Grid]], list[Grid], list[Problem]]:
    """The tables of one file, the other sheets, and a problem with its names.

    It is a problem when the names of file and sheet contradict each other.
    """
    called = [(names.table(_called(g)), g) for g in sheets]
    recognised = [(name, g) for name, g in called if name]
    unknown = [g for name, g in called if not name and not g.frame.empty]
    by_file = names.table(path.stem)
    if by_file and len(recognised) + len(unknown) == 1:
        if not recognised:
            return [(by_file, unknown[0])], [], []
        if recognised[0][0] != by_file:
            return (
                [],
                [],
                [
                    Problem(
                        path.name,
                        "unknown-file",
                        f"文件名是表 {names.named(by_file)}，工作表名却是表 "
                        f"{names.named(recognised[0][0])}。请改成同一张表的名称。",
                        recognised[0][1].sheet,
                    )
                ],
            )
    return recognised, unknown, []


def _unknown(
    path: Path, unknown: list[Grid], names: _Names, tables: dict[str, Grid], alone: bool
) -> list[Note | Problem]:
    reported: list[Note | Problem] = []
    for grid in unknown:
        if fits := names.fitting.tables(grid):
            reported.append(_fits(grid, fits, names, tables))
        elif near := names.near(_called(grid)):
            reported.append(
                Problem(
                    path.name,
                    "unknown-file",
                    f"不认识这个名称。如果它是表 {names.named(near)}，请把名称改成“{names.titles[near]}”；"
                    "如果不是，请换一个不相近的名称或删去。",
                    grid.sheet,
                )
            )
        elif not alone:
            reported.append(Note(path.name, "unknown-sheet", "不是可以换入的表，没有读。", grid.sheet))
    if alone and unknown and not reported:
        what = "里没有一个工作表的名称" if unknown[0].sheet is not None else "的名称不"
        reported.append(
            Problem(
                path.name,
                "unknown-file",
                f"这个文件{what}是表名。请改名或移出；可用的表：{names.all}。",
                unknown[0].sheet if len(unknown) == 1 else None,
            )
        )
    return reported


def _fits(grid: Grid, fits: list[str], names: _Names, tables: dict[str, Grid]) -> Problem:
    """Report a sheet with the headings of a table but not its name.

    It may be half of that table.
    """
    what = "、".join(names.named(name) for name in fits[:_FITTING])
    titles = "或".join(f"“{names.titles[name]}”" for name in fits[:_FITTING])
    do = (
        "若是它的一部分（如续表），请把各行并入那一张表；若不是"
        if tables.keys() & set(fits)
        else f"若就是这张表，请把名称改成{titles}，分几处登记的先合成一张；若不是"
    )
    return Problem(
        grid.file,
        "unknown-file",
        f"名称不是表名，列名却与表{what}相符，没有读。{do}，请删去，或改它的列名。",
        grid.sheet,
    )


def _second(grid: Grid, first: Grid, names: _Names) -> Problem:
    place = first.file if first.sheet is None else f"{first.file} 的工作表“{shown(first.sheet)}”"
    hidden = {
        (True, True): "两个都是隐藏的。",
        (True, False): "这一个是隐藏的。",
        (False, True): "那一个是隐藏的。",
    }.get((grid.hidden, first.hidden), "")
    return Problem(
        grid.file,
        "unknown-file",
        f"与 {place} 是同一张表。{hidden}若是分开登记的，请合成一张表；若是重复的，请只留一个。",
        grid.sheet,
    )


def _about(folder: Path, grids: list[Grid], package: dict) -> tuple[About, list[Problem]]:
    """The office and the date, from the sheets of explanation and the descriptor.

    It is a problem when these contradict each other.
    """
    statements: dict[str, dict[str, Grid | None]] = {"office": {}, "date": {}}
    problems = []
    for grid in grids:
        for row, cells in zip(grid.frame.index, grid.frame.to_numpy(dtype=object), strict=True):
            key = _LABELS.get(bare(cells[0])) if len(cells) > 1 else None
            texts = [tidy(cell)[0] for cell in cells[1:3]] if key else []
            text = next((t for t in texts if t and not t.startswith(_HINT)), "")
            # 单位：元 above a table is no office.
            if key and text and text not in UNITS["fen"]:
                fault = _say(statements, key, text)
                problems += [_at(fault, grid.file, grid.sheet, int(row))] if fault else []
    if folder.is_dir():
        problems += _descriptor(folder / DESCRIPTOR, statements, package)
    for key, label in (("office", "单位名称"), ("date", "数据日期")):
        if len(statements[key]) > 1:
            problems.append(
                Problem(
                    folder.name, "refused", f"几处写的{label}不同：{'、'.join(statements[key])}。请改成一致。"
                )
            )
    return About(*(next(iter(statements[key]), None) for key in ("office", "date"))), problems


def _say(statements: dict, key: str, text: str) -> tuple[str, str, str | None] | None:
    """Take a value down, or give its fault as (rule, message, value)."""
    if kinds_held := kinds(folded(text), loose=True):
        what = "、".join(kinds_held)
        return "personal", f"这里含有{what}（值不显示），会写在站点上。请删去，只写单位或日期。", None
    value = read_date(text)[0] if key == "date" else text
    if value is None:
        return "type", "数据日期应是一个日期，如 2016-12-31。", text
    if key == "date" and value > date.today().isoformat():
        return "constraint", "数据日期晚于今天。请核对年份，再改正。", text
    if key == "office" and (len(value) > _LONGEST_OFFICE or not _OFFICE.fullmatch(value)):
        return "constraint", f"单位名称只能用文字、数字和常用的标点，不多于 {_LONGEST_OFFICE} 字。", text
    statements[key][value] = None
    return None


def _at(
    fault: tuple[str, str, str | None],
    file: str,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
) -> Problem:
    rule, message, value = fault
    return Problem(file, rule, message, sheet, row, column, value)


def _descriptor(path: Path, statements: dict, package: dict) -> list[Problem]:
    if path.is_symlink() or not path.is_file():
        return []
    if path.stat().st_size > _LARGEST_DESCRIPTOR:
        return [Problem(path.name, "unreadable", "说明文件太大，不是数据包的说明。请换成合格的或移出。")]
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):  # ValueError: no JSON, or not in Unicode
        return [Problem(path.name, "unreadable", "不是合格的 JSON。请改正或移出这个文件。")]
    if not isinstance(content, dict):
        return [Problem(path.name, "unreadable", "应是一个 JSON 对象。请改正或移出这个文件。")]
    first: object = next(iter(c if isinstance(c := content.get("contributors"), list) else ()), {})
    office = (first.get("title") if isinstance(first, dict) else None) or content.get("title")
    problems = []
    for key, column, value in (("office", "title", office), ("date", "created", content.get("created"))):
        # A copy of our own descriptor says nothing about an office.
        if isinstance(value, str) and value.strip() and value != package.get("title"):
            text = tidy(value)[0]
            fault = _say(statements, key, text.split("T")[0] if key == "date" else text)
            problems += [_at(fault, path.name, column=column)] if fault else []
    return problems
