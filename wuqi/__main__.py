"""The commands: ``python -m wuqi COMMAND``. Exit codes are part of the contract (see each)."""

from __future__ import annotations

import sys

import click

from wuqi.cli import figures, own_tables, site, systems
from wuqi.cli.common import UserError
from wuqi.problems import TablesError


@click.group(help="一篇访谈里的数字：登记、复算、比对、出版。")
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
    systems.ledger,
    systems.points,
):
    cli.add_command(_command)


def main() -> None:
    """Run a command; a mistake in its use is said in Chinese and exits with 2."""
    try:
        cli.main(prog_name="python -m wuqi", standalone_mode=False)
    except UserError as error:
        error.show()
        sys.exit(error.exit_code)
    except TablesError as error:  # of the package itself, wherever a command first looks at it
        click.echo(str(error), err=True)
        sys.exit(2)
    except click.UsageError as error:
        click.echo(
            f"用法不对（usage）：{error.format_message()}\n可运行 python -m wuqi --help 看用法。", err=True
        )
        sys.exit(2)
    except click.Abort:
        click.echo("已中断，没有改动。", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
