"""What a county brings to the program: its definitions, in one frozen object.

A field that is a function is called when it is first needed, so that a command that asks nothing of it does
not pay for its imports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class System:
    """One system of the text. ``model`` is the module that ``VIEWS`` names the functions of.

    ``files`` gives the files to take away, name to title; ``make`` makes their bytes by name out of the
    tables.
    """

    model: ModuleType
    files: Mapping[str, str] = field(default_factory=dict)
    make: Callable[[Any], dict[str, bytes]] | None = None


@dataclass(frozen=True)
class Registers:
    """What makes a county's illustrative registers. ``maker`` is the name their descriptions give it."""

    maker: str
    make: Callable[[Path], dict[str, bytes]]


def _nothing() -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class County:
    """A county's definitions.

    ``systems`` gives its systems by id (``S04``), ``commands`` the commands of its own by name with the line
    of help that lists them, ``command`` one of them, ``extensions`` the setup functions of its own Sphinx
    extensions.
    """

    systems: Callable[[], Mapping[str, System]] = _nothing
    extensions: Callable[[], Mapping[str, Callable[[Any], Any]]] = _nothing
