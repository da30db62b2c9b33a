"""Read an office's files into tables in the schema's notation, with notes and problems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from figurebook.datapackage.problems import Problem
from figurebook.office.office_tables import Intake, OfficeTable
from figurebook.office.recognise.cell_faults import Place, RecognisedSheet, located_problems
from figurebook.office.recognise.cell_values import KINDS
from figurebook.office.recognise.columns import Column, WrittenCells, codes, read_column
from figurebook.office.recognise.headings import HeadingRow, HeadingSpellings, find
from figurebook.office.recognise.sheets import assign, givable, no_table_problem
from figurebook.progress import Progress, silent
from figurebook.spreadsheets.reading.grid import SHOWN, Grid, Note
from figurebook.spreadsheets.reading.grids import read_grids
from figurebook.text_forms import bare, is_blank

_SOME = re.compile("-?[0-9.]*[1-9][0-9.]*")  # a number that is not zero
_TOTALS = {bare(word) for word in ("合计", "总计", "共计")}
_STEMS = "甲乙丙丁戊己庚辛壬癸"  # on a form they number the columns of words, and 1, 2, 3 … those of numbers


def read(path: Path, package: dict, progress: Progress = silent) -> Intake:
    """Read a folder or one file of tables; ``package`` is our descriptor.

    Nothing it contains raises.
    """
    grids, notes, problems = read_grids(path, progress)
    intake = of_grids(path, grids, package, problems)
    progress("认出各表各列", 1)
    return Intake(intake.tables, (*notes, *intake.notes), intake.problems, intake.about)


def of_grids(path: Path, grids: list[Grid], package: dict, of_cells: Iterable[Problem] = ()) -> Intake:
    """Recognise the tables in grids that have been read already.

    ``of_cells`` are the problems found in reading them.
    """
    sources = assign(path, grids, package)
    notes, problems = sources.notes, sources.problems
    office_tables: dict[str, OfficeTable] = {}
    sheets: dict[Place, RecognisedSheet] = {}
    for name, grid in sources.tables.items():
        schema = givable(package)[name]["schema"]
        head, faults = find(grid, schema) if len(grid.frame) else (None, [])
        sheets[grid.file, grid.sheet] = RecognisedSheet(
            head, frozenset(f["name"] for f in schema["fields"] if f.get("personal"))
        )
        table, more_notes, more = (None, [], []) if faults else _table(name, grid, schema, head)
        office_tables |= {name: table} if table else {}
        notes += more_notes
        problems += [*faults, *more]
    kept, more_notes = located_problems(list(of_cells), sheets, sources.is_aside)
    problems, notes = [*kept, *problems], [*notes, *more_notes]
    # A file that could not be read may be the very table that is not there.
    if not office_tables and not problems:
        problems.append(no_table_problem(path, package, named=bool(sources.tables)))
    return Intake(office_tables, tuple(notes), tuple(problems), sources.about)


def _table(
    name: str, grid: Grid, schema: dict, head: HeadingRow | None
) -> tuple[OfficeTable | None, list[Note], list[Problem]]:
    if head is None:
        return None, [_empty(grid)], []
    body = grid.frame.iloc[head.position + 1 :]
    body, totals, notes = _without_decoration(grid, body, head, HeadingSpellings(schema))
    notes = [*_titles(grid, head), *notes]
    if body.empty:
        return None, [*notes, _empty(grid)], []
    columns = _columns(body, head, schema)
    keep = np.zeros(len(body), dtype=bool)
    for column in columns.values():
        keep |= column.values != None  # noqa: E711 - element by element
    rows = body.index[keep]
    if not len(rows):
        return None, [*notes, _empty(grid)], []
    notes += _blank_rows(grid, head, len(body), rows)
    notes += _reading_notes(grid, head, schema, columns, rows, keep)
    frame = _frame(columns, keep, rows, schema)
    summed = totals
    if len(totals):
        summed = _frame(_columns(totals, head, schema), slice(None), totals.index, schema)
    written = WrittenCells(
        {
            n: body[head.columns[n]][keep & c.changed].astype(object)
            for n, c in columns.items()
            if c.changed.any()
        }
    )
    table = OfficeTable(
        name,
        grid.path,
        grid.sheet,
        frame,
        head.headings,
        written,
        head.aside,
        summed,
        head.units,
        _merged(grid, head),
    )
    return table, notes, list(_without_unit(table, head, schema, columns, keep))


def _merged(grid: Grid, head: HeadingRow) -> dict[str, list[tuple[int, int]]]:
    """The ranges below the headings that are one filled cell, by field."""
    places = grid.frame.index.get_indexer([first for first, *_ in grid.merged]).tolist()
    labels = set(grid.frame.columns)
    filled = [
        (first, last, left, right)
        for (first, last, left, right), i in zip(grid.merged, places, strict=True)
        if first > head.row
        and i >= 0
        and left in labels
        and not is_blank(grid.frame.iat[i, grid.frame.columns.get_loc(left)])
    ]
    return {
        n: sorted((first, last) for first, last, left, right in filled if left <= column <= right)
        for n, column in head.columns.items()
    }


def _columns(body: pd.DataFrame, head: HeadingRow, schema: dict) -> dict[str, Column]:
    """The columns that the headings name, each read as its field says."""
    fields, of_codes = {f["name"]: f for f in schema["fields"]}, codes(schema)
    return {
        n: read_column(
            body[head.columns[n]].to_numpy(dtype=object),
            fields[n],
            is_code=n in of_codes,
            heading_unit=head.units.get(n),
        )
        for n in head.columns
    }


def _frame(
    columns: dict[str, Column], keep: np.ndarray | slice, rows: pd.Index, schema: dict
) -> pd.DataFrame:
    """The columns of the schema, in its order; one that the file lacks is empty."""
    nothing_there = np.full(len(rows), None, dtype=object)
    return pd.DataFrame(
        {
            f["name"]: pd.Series(
                columns[f["name"]].values[keep] if f["name"] in columns else nothing_there,
                index=rows,
                dtype=object,
            )
            for f in schema["fields"]
        }
    )


def _empty(grid: Grid) -> Note:
    return Note(grid.file, "empty-table", "没有一行数据，当作没有给这张表。", grid.sheet)


def _without_decoration(
    grid: Grid, body: pd.DataFrame, head: HeadingRow, names: HeadingSpellings
) -> tuple[pd.DataFrame, pd.DataFrame, list[Note]]:
    """The body without repeated headings and column numbers, the totals apart, and notes.

    Headings may be repeated on every printed page. The totals are those at the end.
    """
    field, label = next(iter(head.columns.items()))
    spellings = {grid.frame.at[head.row, label], field, names.fields[field]["title"]}
    repeated = np.zeros(len(body), dtype=bool)
    for i in [i for i, cell in enumerate(body[label].tolist()) if cell in spellings]:
        cells = {n: body.iat[i, body.columns.get_loc(c)] for n, c in head.columns.items()}
        repeated[i] = all(not t or names.field(t)[0] == n for n, t in cells.items()) and sum(
            bool(t) for t in cells.values()
        ) >= len(names.required)
    numbered = np.zeros(len(body), dtype=bool)
    for i in [0, *(np.flatnonzero(repeated) + 1)]:
        numbered[i : i + 1] = _number_columns(
            grid.frame.loc[head.row].tolist(), *body.iloc[i : i + 2].to_numpy(dtype=object).tolist()
        )
    last = len(body)
    totals = []
    for i in range(len(body) - 1, -1, -1):
        cells = body.iloc[i].to_numpy(dtype=object)
        text = next((c for c in cells if not is_blank(c)), "")
        if text and bare(text) not in _TOTALS:
            break
        if text:
            totals.append(i)
            last = i
    kept = ~(repeated | numbered)
    kept[last:] = False
    notes = [
        Note(
            grid.file,
            kind,
            message,
            grid.sheet,
            count=len(rows),
            examples=tuple((int(body.index[i]), "", "") for i in rows[:SHOWN]),
        )
        for kind, message, rows in (
            ("repeated-heading", "中间重复的列名没有当作数据读。", np.flatnonzero(repeated)),
            ("column-numbers", "列名下面的栏次（甲、乙、1、2 等）没有当作数据读。", np.flatnonzero(numbered)),
            ("total-row", "末尾的合计没有当作数据读，只用来核对各行之和。", totals[::-1]),
        )
        if len(rows)
    ]
    return body if kept.all() else body[kept], body.iloc[totals[::-1]], notes


def _number_columns(headings: list[str], cells: Sequence[str] = (), below: Sequence[str] = ()) -> bool:
    """Whether the cells only number the columns: 甲, 乙, 1, 2.

    They may also be 1, 2, 3 under every heading there is. Where the row below goes on with 乙, or with 2,
    they are records that happen to have such numbers.
    """
    texts = [unicodedata.normalize("NFKC", cell).strip() for cell in cells if not is_blank(cell)]
    stems = next(
        (i for i, (text, stem) in enumerate(zip(texts, _STEMS, strict=False)) if text != stem),
        min(len(texts), len(_STEMS)),
    )
    if stems == len(texts) or texts[stems:] != [str(n) for n, _ in enumerate(texts[stems:], 1)]:
        return False
    if next((cell for cell in below if not is_blank(cell)), "") == (_STEMS[1] if stems else "2"):
        return False
    return stems > 0 or (
        len(texts) >= 3
        and not any(
            is_blank(cell) and not is_blank(heading) for heading, cell in zip(headings, cells, strict=True)
        )
    )


def _titles(grid: Grid, head: HeadingRow) -> Iterator[Note]:
    if head.titles:
        yield Note(
            grid.file,
            "title-row",
            "列名上面的行当作标题，没有当作数据读。",
            grid.sheet,
            count=len(head.titles),
            examples=tuple((row, "", "") for row in head.titles[:SHOWN]),
        )


def _without_unit(
    table: OfficeTable, head: HeadingRow, schema: dict, columns: dict[str, Column], keep: np.ndarray
) -> Iterator[Problem]:
    """Report each column of money whose unit nothing says.

    The unit may stand in the heading, in a title, or in all of the cells. Zero is zero in any unit, and what
    is no number is another fault.
    """
    titles = {f["name"]: f["title"] for f in schema["fields"]}
    for name in head.unstated:
        bare_number = [
            value is not None and _SOME.fullmatch(value) is not None for value in columns[name].values[keep]
        ]
        if "unit" in columns[name].kinds:
            bare_number &= ~columns[name].kinds["unit"][keep]
        if np.any(bare_number):
            yield table.problem(
                "unit",
                f"这一列是金额，却没有写单位，不知道是元还是万元。请在列名里写明，如“{titles[name]}（元）”。",
                column=name,
            )


def _blank_rows(grid: Grid, head: HeadingRow, with_blank: int, rows: pd.Index) -> Iterator[Note]:
    """Note the empty rows between the rows of data.

    Those that the grid has left out already are included.
    """
    left_out = int(rows[-1]) - head.row - (grid.frame.index.get_loc(rows[-1]) - head.position)
    if count := left_out + with_blank - len(rows):
        yield Note(grid.file, "blank-row", "表的各列都空着的行没有读。", grid.sheet, count=count)


def _reading_notes(
    grid: Grid, head: HeadingRow, schema: dict, columns: dict[str, Column], rows: pd.Index, keep: np.ndarray
) -> Iterator[Note]:
    """A note for every column and kind of different reading.

    For personal columns it has only the rows.
    """
    if head.aside:
        more = " 等" if len(head.aside) > SHOWN else ""
        yield Note(
            grid.file,
            "extra-column",
            f"表的定义里没有这些列，没有读：{'、'.join(head.aside[:SHOWN])}{more}。",
            grid.sheet,
            count=len(head.aside),
        )
    for field in schema["fields"]:
        name = field["name"]
        if name in head.absent:
            yield Note(
                grid.file,
                "missing-optional",
                f"没有“{field['title']}”（{name}）这一列，按空着读。",
                grid.sheet,
                field["title"],
            )
            continue
        column = columns[name]
        for kind, message in KINDS.items():
            where = np.flatnonzero(column.kinds[kind][keep]) if kind in column.kinds else ()
            if len(where):
                yield Note(
                    grid.file,
                    kind,
                    message,
                    grid.sheet,
                    head.headings[name],
                    len(where),
                    tuple(_example(grid, head, field, column, rows, keep, int(i)) for i in where[:SHOWN]),
                )


def _example(
    grid: Grid, head: HeadingRow, field: dict, column: Column, rows: pd.Index, keep: np.ndarray, i: int
) -> tuple[int, str, str]:
    row = int(rows[i])
    if field.get("personal"):
        return row, "", ""
    value = column.values[np.flatnonzero(keep)[i]]
    return row, str(grid.frame.at[row, head.columns[field["name"]]]), "" if value is None else value
