"""Faults of a workbook's cells, once it is known what stands in their columns.

A sheet is read before anybody knows whose names are in it, so its faults name a cell by its letter and hold
what stands there. Here each is told by its heading, or without its value, or as a note where nothing is
read from the cell at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce

from figurebook.datapackage.problems import Problem
from figurebook.office.recognise.headings import HeadingRow
from figurebook.spreadsheets.reading.grid import SHOWN, Note

_CELLS = {"type", "row-shape"}  # the rules that a sheet itself judges by
_LETTERS = re.compile("[A-Z]{1,3}")
_TOLD = "没有读的地方有读不出的单元格（公式出错、没有结果等），不影响要读的表。"
Place = tuple[str, str | None]  # a file and its sheet


@dataclass(frozen=True)
class RecognisedSheet:
    """What a sheet was found to be: ``head`` is None where its headings were not found."""

    head: HeadingRow | None
    personal: frozenset[str] = frozenset()


def located_problems(
    problems: list[Problem], known: Mapping[Place, RecognisedSheet], is_aside: Callable[[Place], bool]
) -> tuple[list[Problem], list[Note]]:
    """The problems as they may be told, and notes for those in cells that are not read.

    ``is_aside`` says of a sheet that is not ``known`` whether it certainly is no table of ours.
    """
    kept: list[Problem] = []
    aside: dict[Place, list[Problem]] = {}
    for problem in problems:
        place = (problem.file, problem.sheet)
        of_a_cell = problem.rule in _CELLS and _LETTERS.fullmatch(problem.column or "")
        if problem.sheet is None or not of_a_cell:
            kept.append(problem)
        elif is_aside(place) if place not in known else _unread(known[place].head, problem):
            aside.setdefault(place, []).append(problem)
        else:
            kept.append(_named(problem, known.get(place, RecognisedSheet(None))))
    return kept, [_note(place, found) for place, found in aside.items()]


def _unread(head: HeadingRow | None, problem: Problem) -> bool:
    return head is not None and (
        _field(head, problem) is None or (problem.row is not None and problem.row <= head.row)
    )


def _field(head: HeadingRow, problem: Problem) -> str | None:
    index = reduce(lambda found, letter: found * 26 + ord(letter) - 64, problem.column or "", 0) - 1
    return next((name for name, column in head.columns.items() if column == index), None)


def _named(problem: Problem, known: RecognisedSheet) -> Problem:
    name = None if known.head is None else _field(known.head, problem)
    if known.head is None or name is None:
        return replace(problem, value=None)
    return replace(
        problem, column=known.head.headings[name], value=None if name in known.personal else problem.value
    )


def _note(place: Place, found: list[Problem]) -> Note:
    return Note(
        place[0],
        "cell-aside",
        _TOLD,
        place[1],
        count=len(found),
        examples=tuple(
            (p.row or 0, f"{p.column}{p.row}" if p.row else f"{p.column} 列其余各处", "")
            for p in found[:SHOWN]
        ),
    )
