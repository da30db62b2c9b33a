"""Define what a county must provide, as one frozen object.

Every part is a function that is called when the part is first needed. A command or a notebook that does not
ask for a part does not pay for its imports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class System:
    """One system of the text. ``model`` is the module whose functions ``VIEWS`` names.

    ``files`` gives the files to take away, name to title. ``make`` makes their bytes by name out of the
    tables.
    """

    model: ModuleType
    files: Mapping[str, str] = field(default_factory=dict)
    make: Callable[[Any], dict[str, bytes]] | None = None


@dataclass(frozen=True)
class HistoryWords:
    """Words for the codes in the systems' histories, beside what the rule tables name.

    ``actions`` and ``details`` give words for codes. ``own`` gives, by a system's id, those of its details
    that it calls otherwise.
    """

    actions: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Registers:
    """Make a county's illustrative registers, from the folder of the data package.

    ``write`` writes those that changed and names them; ``differences`` names those that are not as made.
    """

    write: Callable[[Path], list[str]]
    differences: Callable[[Path], list[str]]


@dataclass(frozen=True)
class County:
    """A county's definitions.

    - ``figures``: pairs of a figure's id and its measure
    - ``derived``: the quantities that follow from figures
    - ``systems``: the systems by id (``S04``)
    - ``registers``: the maker of the illustrative registers
    - ``commands``: the county's own commands
    - ``extensions``: the setup functions of its own Sphinx extensions
    - ``history_words``: the words for codes in the histories of the systems
    """

    figures: Callable[[], Iterable[tuple[str, Any]]]
    derived: Callable[[], Iterable[Any]] = tuple
    systems: Callable[[], Mapping[str, System]] = dict
    registers: Callable[[], Registers] | None = None
    commands: Callable[[], Iterable[Any]] = tuple
    extensions: Callable[[], Iterable[Callable[[Any], Any]]] = tuple
    history_words: Callable[[], HistoryWords] = HistoryWords
