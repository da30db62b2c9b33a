"""Define Wuqi County （吴起县） for the program; each definition is loaded when needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click

from figurebook.county import County, HistoryWords, Registers, System


def _figures() -> Iterable[tuple[str, Any]]:
    from wuqi.figures import FIGURES

    return FIGURES


def _derived() -> Iterable[Any]:
    from wuqi.derived_quantities import DERIVED

    return DERIVED


def _systems() -> Mapping[str, System]:
    from wuqi.systems.catalogue import SYSTEMS

    return SYSTEMS


def _registers() -> Registers:
    from wuqi import registers

    return Registers(registers.write, registers.differences)


def _commands() -> Iterable[click.Command]:
    from wuqi import commands

    return commands.ledger, commands.points


def _extensions() -> Iterable[Callable]:
    from wuqi import system_map

    return (system_map.setup,)


def _history_words() -> HistoryWords:
    from wuqi.systems.history_words import HISTORY_WORDS

    return HISTORY_WORDS


COUNTY = County(_figures, _derived, _systems, _registers, _commands, _extensions, _history_words)
