"""Shared parts of the commands: refusals with their exit codes, loading tables, progress."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from figurebook.datapackage.problems import TablesError
from figurebook.errors import FigurebookError
from figurebook.progress import Progress, silent

if TYPE_CHECKING:
    from figurebook.datapackage.tables import Tables

_PATIENCE = 0.5  # seconds for which nobody needs a bar
FOLDER = click.Path(path_type=Path)
DATA_HELP = "自己的表：放 CSV 或 XLSX 的文件夹，或一个 .xlsx 文件；替换同名的表。"


class UserError(FigurebookError, click.ClickException):
    """An input that cannot be used: the message, no traceback, exit code 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, err=True)


def load(data: Path | None) -> Tables:
    """Our tables, or ours with ``data`` laid over them. UserError when they cannot be used."""
    from figurebook.datapackage.tables import Tables

    try:
        if data is None:
            return Tables.load()
        from figurebook.office.lay_over import load_with  # costs time, and few commands need it

        with meter() as progress:
            return load_with(data, progress=progress)
    except TablesError as error:
        raise UserError(str(error)) from None


@contextmanager
def refusals() -> Iterator[None]:
    """Say why nothing was published and end the command with its code."""
    from figurebook.notebooks.freshness import ExecutionError
    from figurebook.publishing.book import PublishError

    try:
        yield
    except TablesError as error:
        raise UserError(str(error)) from None
    except (PublishError, ExecutionError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def say(line: str) -> None:
    """Print a line for the waiting user, apart from the command's output."""
    click.echo(line, err=True)


@contextmanager
def meter() -> Iterator[Progress]:
    """A progress bar on standard error for each long task; none without a terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    from tqdm import tqdm

    bars: dict[str, tqdm] = {}  # the one that is shown

    def show(what: str, share: float) -> None:
        if what not in bars:
            close()
            bars[what] = tqdm(
                total=1,
                desc=what,
                delay=_PATIENCE,
                miniters=0,
                leave=False,
                bar_format="{desc} {percentage:3.0f}%|{bar:30}| {elapsed}",
            )
        bars[what].update(share - bars[what].n)
        if share >= 1:
            close()

    def close() -> None:
        for shown in bars.values():
            shown.close()
        bars.clear()

    try:
        yield show
    finally:
        close()
