"""The entry point: ``python -m COUNTY COMMAND``.

Exit codes are part of the contract; each command lists its own.
"""

from __future__ import annotations

import sys

import click

from figurebook import project
from figurebook.cli import figures, own_tables, site
from figurebook.cli.common import UserError
from figurebook.datapackage.problems import TablesError


class Commands(click.Group):
    """The program's commands and the county's; without a project there are only the program's."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*super().list_commands(context), *_of_the_county()])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return super().get_command(context, name) or _of_the_county().get(name)


@click.group(cls=Commands, help="一篇访谈里的数字：登记、复算、比对、出版。")
def cli() -> None:
    pass


for _command in (
    figures.verify,
    figures.trace,
    figures.refresh,
    figures.registers,
    figures.seal,
    own_tables.template,
    own_tables.check,
    site.book,
    site.pdf,
    site.usb,
):
    cli.add_command(_command)


def main() -> None:
    """Run a command. A mistake in its use gives a Chinese message and code 2."""
    name = _name()
    try:
        cli.main(prog_name=name, standalone_mode=False)
    except UserError as error:
        error.show()
        sys.exit(error.exit_code)
    except (TablesError, project.ProjectError) as error:  # from the place where a command first needs them
        click.echo(str(error), err=True)
        sys.exit(2)
    except click.UsageError as error:
        click.echo(f"用法不对（usage）：{error.format_message()}\n可运行 {name} --help 看用法。", err=True)
        sys.exit(2)
    except click.Abort:
        click.echo("已中断，没有改动。", err=True)
        sys.exit(130)


def _of_the_county() -> dict[str, click.Command]:
    try:
        return {command.name: command for command in project.county().commands()}
    except project.ProjectError:  # the command that is run says so, unless it needs no project
        return {}


def _name() -> str:
    """The command line that the help shows, with the county's name where there is one."""
    try:
        return project.command("").strip()
    except project.ProjectError:
        return f"python -m {project.PROGRAM}"
