"""Find a table's row of headings, below any title, and each column's field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from figurebook.datapackage.problems import Problem
from figurebook.office.recognise.title_unit import stated_unit
from figurebook.office.recognise.unit_factors import UNITS
from figurebook.spreadsheets.reading.grid import Grid
from figurebook.text_forms import bare, is_blank, shown

ROWS = 30  # how far down the headings may be
_BRACKETED = re.compile("(.+?)[([{\u3010\u3014]([^()\\[\\]{}\u3010\u3011\u3014\u3015]*)[)\\]}\u3011\u3015]")
_AFTER_SIGN = re.compile("(.+)[/:\u3001,\u2014-]([^/:\u3001,\u2014-]+)")
_REMARKS = {
    bare(word)
    for word in (
        "必填",
        "选填",
        "可空",
        "可不填",
        "是否",
        "true false",
        "代码",
        "编码",
        "区划代码",
        "行政区划代码",
        "年月日",
        "日期",
        "整数",
        "数字",
        "不能重复",
    )
} | {""}
_PER = re.compile(r"(?<=\u5143)\s*[/\u6bcf]\s*([\u5e74\u4eba])")  # 元/年, 元每人
_ASKED = "是否"  # before the title of a column of 是 and 否


@dataclass(frozen=True)
class HeadingRow:
    """The row of headings of one table.

    - ``position`` and ``row``: its place in the grid and in the file
    - ``columns``, ``headings``, ``units``: by field the grid's column, the heading as
      written, and the unit that the heading names
    - ``aside``: the headings of no field; ``absent``: the fields not there
    - ``titles``: the rows above the headings that are not empty
    - ``unstated``: the columns of money whose unit neither heading nor title says.
      A heading that is the schema's own name is not among them: it stands for the
      schema's own unit.
    """

    position: int
    row: int
    columns: dict[str, int]
    headings: dict[str, str]
    units: dict[str, str]
    aside: tuple[str, ...]
    absent: tuple[str, ...]
    titles: tuple[int, ...] = ()
    unstated: tuple[str, ...] = ()


class HeadingSpellings:
    """The spellings that the headings of one table may have."""

    def __init__(self, schema: dict):
        self.fields = {f["name"]: f for f in schema["fields"]}
        self._names = {bare(s): f["name"] for f in schema["fields"] for s in f.get("synonyms", ())}
        self._names |= {bare(f["title"]): f["name"] for f in schema["fields"]}
        self._names |= {
            _ASKED + bare(f["title"]): f["name"]
            for f in schema["fields"]
            if f["type"] == "boolean" and not f["title"].startswith(_ASKED)
        }
        self._names |= {bare(name): name for name in self.fields}  # a name goes before a title
        required = [n for n, f in self.fields.items() if f.get("constraints", {}).get("required")]
        self.required = required or list(self.fields)

    def field(self, heading: str) -> tuple[str | None, str | None]:
        """The field and the unit that a heading names; ``(None, None)`` for no field."""
        text = " ".join(unicodedata.normalize("NFKC", heading).split())
        if name := self._names.get(bare(text)):
            return name, None
        text = _PER.sub("\u6bcf\\1", text)  # one word, in which no sign parts the two
        remarks: list[str] = []
        while match := _BRACKETED.fullmatch(text.rstrip(" *")):
            text, inside = match[1].strip(), match[2]
            remarks += re.split(r"[,;/\s\u3001]+", inside)
            if name := self._names.get(bare(text)):
                return self._with(name, remarks)
        match = None if remarks else _AFTER_SIGN.fullmatch(text)
        if match and (name := self._names.get(bare(match[1]))):
            return self._with(name, [match[2].strip()])
        return None, None

    def _with(self, name: str, remarks: list[str]) -> tuple[str | None, str | None]:
        """The field and its unit, unless a remark on it is not known.

        Such remarks are dollars, or women.
        """
        field, units = self.fields[name], set()
        for remark in remarks:
            word = _without_per(bare(remark).removeprefix("单位"), field)
            if word in UNITS.get(field.get("unit"), ()):
                units.add(word)
            elif word not in _remarks(field) and not _is_length(word):
                return None, None
        return (name, next(iter(units), None)) if len(units) < 2 else (None, None)

    def spellings(self, name: str) -> tuple[str, ...]:
        """The beginnings of every heading of a field, but for signs."""
        return tuple(spelt for spelt, field in self._names.items() if field == name)

    def named(self, name: str) -> str:
        return f"“{self.fields[name]['title']}”（{name}）"

    def advised(self, name: str) -> str:
        """The heading to advise for a column.

        Below the schema's own name of money, bare numbers would be fen.
        """
        field = self.fields[name]
        return f"“{field['title']}（元）”" if field.get("unit") == "fen" else self.named(name)


def _remarks(field: dict) -> set[str]:
    return (
        _REMARKS
        | {bare(field["name"]), bare(field["title"])}
        | ({"是", "否"} if field["type"] == "boolean" else set())
    )


def _without_per(word: str, field: dict) -> str:
    """元 of 元每年; and of 元每人 where the title is about a person's money."""
    if word.endswith("元每人") and "人均" in field["title"]:
        return word.removesuffix("每人")
    return word.removesuffix("每年") if word.endswith("元每年") else word


def _is_length(word: str) -> bool:
    return re.fullmatch("[0-9]{1,2}\u4f4d(\u6570\u5b57)?", word) is not None


def find(grid: Grid, schema: dict) -> tuple[HeadingRow | None, list[Problem]]:
    """The row of headings: the first of the first rows with every required field.

    None, and the problems, where there is no such row.
    """
    spellings = HeadingSpellings(schema)
    required = set(spellings.required)
    rows = grid.frame.iloc[:ROWS].to_numpy(dtype=object)
    matches, named = [], []
    for cells in rows:
        matches.append([spellings.field(cell) if cell else (None, None) for cell in cells])
        named.append({name for name, _ in matches[-1] if name})
        if named[-1] >= required:
            break
    # Where no row names them all, the problems are those of the one that names the most.
    best = max(range(len(named)), key=lambda i: (named[i] >= required, len(named[i])), default=None)
    if best is None or not named[best]:
        return None, [_no_heading(grid, spellings)]
    row, fields = int(grid.frame.index[best]), matches[best]
    problems = _missing(grid, spellings, row, named[best], rows[best][[n is None for n, _ in fields]])
    problems += _repeated(grid, spellings, row, rows[best], [n for n, _ in fields])
    if problems:
        return None, problems
    columns = {name: i for i, (name, _) in enumerate(fields) if name}
    labels = list(grid.frame.columns)
    above = [i for i in range(best) if not all(map(is_blank, rows[i]))]
    units, unstated = _units(
        spellings,
        {n: rows[best][i] for n, i in columns.items()},
        {n: unit for n, unit in fields if n and unit},
        stated_unit(rows[i] for i in above),
    )
    return HeadingRow(
        best,
        row,
        {n: labels[columns[n]] for n in spellings.fields if n in columns},
        {n: shown(rows[best][i]) for n, i in columns.items()},
        units,
        tuple(_aside(grid, best, rows[best], set(columns.values()))),
        tuple(n for n in spellings.fields if n not in columns),
        tuple(int(grid.frame.index[i]) for i in above),
        unstated,
    ), []


def _units(
    spellings: HeadingSpellings, headings: dict[str, str], units: dict[str, str], above: str | None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The unit of each column, and the columns of money without any.

    A unit that a title states is for money without one of its own.
    """
    bare_money = [
        n for n in headings if spellings.fields[n].get("unit") in {"fen", "yuan"} and n not in units
    ]
    if above:
        return units | dict.fromkeys(bare_money, above), ()
    return units, tuple(
        n
        for n in bare_money
        if spellings.fields[n]["unit"] == "fen" and not bare(headings[n]).startswith(bare(n))
    )


def _aside(grid: Grid, best: int, row: Iterable[str], taken: set[int]) -> list[str]:
    """The headings of other columns.

    A column without one counts when there is anything in it.
    """
    headings = []
    for i, heading in enumerate(row):
        if i in taken:
            continue
        if not is_blank(heading):
            headings.append(shown(heading))
        elif (grid.frame.iloc[best + 1 :, i] != "").any():
            headings.append(f"第 {i + 1} 列（没有列名）")
    return headings


def _no_heading(grid: Grid, spellings: HeadingSpellings) -> Problem:
    needed = "、".join(spellings.advised(n) for n in spellings.required)
    return Problem(
        grid.file,
        "missing-column",
        f"前 {ROWS} 行里没有找到写列名的那一行。请加一行列名，至少要有：{needed}。",
        grid.sheet,
    )


def _missing(
    grid: Grid, spellings: HeadingSpellings, row: int, named: set[str], others: Iterable[str]
) -> list[Problem]:
    # A row with few headings may be no row of headings: what is in it is not repeated.
    # A table on its side begins with one heading and goes on with people's names.
    sure = len(named & set(spellings.required))
    trusted = sure >= 2 and 3 * sure >= 2 * len(spellings.required)
    headings = [shown(c, 20) for c in others if trusted and not is_blank(c)]
    unrecognised = f"没有认出的列：{'、'.join(headings[:10])}。" if headings else ""
    return [
        Problem(
            grid.file,
            "missing-column",
            f"没有 {spellings.advised(n)} 这一列。请补上，或把那一列的列名改成"
            f"{'这样' if spellings.advised(n) != spellings.named(n) else '这两个名称之一'}。{unrecognised}",
            grid.sheet,
            row,
            spellings.fields[n]["title"],
        )
        for n in spellings.required
        if n not in named
    ]


def _repeated(
    grid: Grid, spellings: HeadingSpellings, row: int, cells: Sequence[str], names: list[str | None]
) -> list[Problem]:
    problems = []
    for name in spellings.fields:
        places = [i for i, n in enumerate(names) if n == name]
        if len(places) > 1:
            columns = "、".join(f"第 {i + 1} 列“{shown(cells[i], 20)}”" for i in places)
            problems.append(
                Problem(
                    grid.file,
                    "duplicate-column",
                    f"{columns}都是 {spellings.named(name)}。请只留一列，其余的删去或改名。",
                    grid.sheet,
                    row,
                    spellings.fields[name]["title"],
                )
            )
    return problems
