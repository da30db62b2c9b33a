"""Name a cell's problem by its heading; hide personal values.

A sheet is read before anybody knows whose names are in it. So its faults name a cell by its letter and hold
what stands there. Here each is reported by its heading, or without its value. It becomes a note where
nothing is read from the cell at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce

from figurebook.datapackage.problems import Problem
from figurebook.office.recognise.headings import HeadingRow
from figurebook.spreadsheets.reading.grid import SHOWN, Note

_CELLS = {"type", "row-shape"}  # the rules that the reader of a sheet checks itself
_LETTERS = re.compile("[A-Z]{1,3}")
_ASIDE_MESSAGE = "没有读的地方有读不出的单元格（公式出错、没有结果等），不影响要读的表。"
Place = tuple[str, str | None]  # a file and its sheet


@dataclass(frozen=True)
class RecognisedSheet:
    """A sheet of a table; ``head`` is None where its headings were not found.

    ``personal`` are the fields with personal values.
    """

    head: HeadingRow | None
    personal: frozenset[str] = frozenset()


def located_problems(
    problems: list[Problem], sheets: Mapping[Place, RecognisedSheet], is_aside: Callable[[Place], bool]
) -> tuple[list[Problem], list[Note]]:
    """The problems as they may be reported, and notes for cells not read.

    ``is_aside`` says of a sheet that is not in ``sheets`` whether it certainly is no table of ours.
    """
    kept: list[Problem] = []
    aside: dict[Place, list[Problem]] = {}
    for problem in problems:
        place = (problem.file, problem.sheet)
        of_a_cell = problem.rule in _CELLS and _LETTERS.fullmatch(problem.column or "")
        if problem.sheet is None or not of_a_cell:
            kept.append(problem)
        elif is_aside(place) if place not in sheets else _unread(sheets[place].head, problem):
            aside.setdefault(place, []).append(problem)
        else:
            kept.append(_named(problem, sheets.get(place, RecognisedSheet(None))))
    return kept, [_note(place, in_cells) for place, in_cells in aside.items()]


def _unread(head: HeadingRow | None, problem: Problem) -> bool:
    return head is not None and (
        _field(head, problem) is None or (problem.row is not None and problem.row <= head.row)
    )


def _field(head: HeadingRow, problem: Problem) -> str | None:
    index = reduce(lambda number, letter: number * 26 + ord(letter) - 64, problem.column or "", 0) - 1
    return next((name for name, column in head.columns.items() if column == index), None)


def _named(problem: Problem, sheet: RecognisedSheet) -> Problem:
    name = None if sheet.head is None else _field(sheet.head, problem)
    if sheet.head is None or name is None:
        return replace(problem, value=None)
    return replace(
        problem, column=sheet.head.headings[name], value=None if name in sheet.personal else problem.value
    )


def _note(place: Place, problems: list[Problem]) -> Note:
    return Note(
        place[0],
        "cell-aside",
        _ASIDE_MESSAGE,
        place[1],
        count=len(problems),
        examples=tuple(
            (p.row or 0, f"{p.column}{p.row}" if p.row else f"{p.column} 列其余各处", "")
            for p in problems[:SHOWN]
        ),
    )
