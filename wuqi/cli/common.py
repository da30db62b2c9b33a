"""What the commands share: refusals with their exit codes, loading tables, progress."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path

import click

from wuqi.problems import TablesError

FOLDER = click.Path(path_type=Path)
DATA_HELP = "自己的表：放 CSV 或 XLSX 的文件夹，或一个 .xlsx 文件；替换同名的表。"


class UserError(click.ClickException):
    """An input that cannot be used: the message, no traceback, exit code 2."""

    exit_code = 2

    def show(self, file=None) -> None:
        click.echo(self.message, err=True)


def load(data: Path | None):
    """The tables, ours or with ``data`` laid over them; what is wrong with them is the user's to mend."""
    from wuqi.tables import Tables

    try:
        return Tables.load(data)
    except TablesError as error:
        raise UserError(str(error)) from None


@contextmanager
def refusals():
    """Says why nothing was published and ends the command with its code."""
    from wuqi.freshness import ExecutionError
    from wuqi.publish import PublishError

    try:
        yield
    except TablesError as error:
        raise UserError(str(error)) from None
    except (PublishError, ExecutionError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def say(line: str) -> None:
    """A line for whoever waits, not part of what the command puts out."""
    click.echo(line, err=True)


def bar(total: int):
    """A progress bar's step, silent where there is no terminal."""
    from tqdm import tqdm

    shown = tqdm(total=total, disable=None, unit="本", leave=False)

    def step(_name: str) -> None:
        shown.update()
        if shown.n >= total:
            shown.close()
    return step
