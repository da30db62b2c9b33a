"""Commands on the systems' workbooks: ledger, points."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from figurebook.cli.common import FOLDER, UserError, load
from figurebook.datapackage.problems import TablesError


@click.command()
@click.argument("file", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="截至哪一天，如 2016-03-05；默认取文件里的，没有就按今天。",
)
@click.option("--out", type=FOLDER, help="把更新了的台账另存为这个 .xlsx 文件。")
def ledger(file: Path, as_json: bool, today: datetime | None, out: Path | None) -> None:
    """读一本台账：逾期、没有责任单位、销号没有核验、销号率。退出码：0 读了；2 有拒绝的，文件未动。"""
    from figurebook.publishing.book import put
    from wuqi.systems.three_lists import model, workbook

    tables = load(None)
    with _filled_in(file, out):
        book, day = workbook.read(file, model.rules(tables), today.date() if today else None)
        if out:
            put(out, workbook.write(book, day, notes=workbook.notes(tables)))
    click.echo(
        json.dumps(workbook.as_json(book, day), ensure_ascii=False, indent=2)
        if as_json
        else workbook.as_text(book, day)
    )


@click.command()
@click.argument("file", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--out", type=FOLDER, help="把算好的积分簿另存为这个 .xlsx 文件。")
def points(file: Path, as_json: bool, out: Path | None) -> None:
    """算一本积分簿（.xlsx）：积分、星、并列、被拒绝的记录。退出码：0 算好；2 读不了，原文件未动。"""
    from figurebook.publishing.book import put
    from figurebook.systems.rules import Rules
    from wuqi.systems.stars_and_points import report
    from wuqi.systems.stars_and_points.model import SYSTEM
    from wuqi.systems.stars_and_points.workbook import from_workbook, to_workbook

    with _filled_in(file, out):
        filled = from_workbook(file, Rules.load(load(None), SYSTEM))
        book = filled.book()
        if out:
            put(out, to_workbook(filled, book))
    click.echo(
        json.dumps(report.as_json(book), ensure_ascii=False, indent=2) if as_json else report.as_text(book)
    )


@contextmanager
def _filled_in(file: Path, out: Path | None) -> Iterator[None]:
    """Say which cells cannot be read, or what cannot be written.

    The workbook itself is never written over.
    """
    from figurebook.datapackage.tables import NoTableError
    from figurebook.publishing.book import PublishError

    if out and (out.suffix.lower() != ".xlsx" or out.resolve() == file.resolve()):
        raise UserError(f"{out}：--out 要指另一个 .xlsx 文件，原来的留作底子。")
    try:
        yield
    except (TablesError, NoTableError, PublishError, OSError) as error:
        raise UserError(f"没有做成，原文件未动。\n{error}") from None
