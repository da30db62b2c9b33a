"""Commands for an office with tables of its own: template, check."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from figurebook import project
from figurebook.cli.common import FOLDER, UserError, meter
from figurebook.datapackage.problems import TablesError


@click.command()
@click.argument("out", type=FOLDER)
def template(out: Path) -> None:
    """写出空的登记表：OUT 是 .xlsx 文件，或放 CSV 的新文件夹。退出码：0 写好；2 没有写成。"""
    from figurebook.datapackage.tables import read_package
    from figurebook.office import template as maker
    from figurebook.publishing.book import PublishError, put
    from figurebook.spreadsheets.reading.admission import OTHER_TABLES

    package = read_package(project.data())
    if out.exists():
        raise UserError(f"{out} 已经有了，不覆盖。请换一个名字。")
    if out.suffix.lower() in OTHER_TABLES | {".csv", ".xlsm"}:
        raise UserError(
            f"{out}：只写 .xlsx 文件，或放 CSV 的文件夹。请把名字改成以 .xlsx 结尾的，或不带点的。"
        )
    try:
        if out.suffix.lower() == ".xlsx":
            put(out, maker.workbook(package))
        else:
            out.mkdir(parents=True)
            for name, content in maker.csv_files(package).items():
                put(out / name, content)
    except OSError as error:
        raise UserError(f"{out} 写不了（{error.strerror}）。请另指一个新的地方。") from None
    except PublishError as error:
        raise UserError(str(error)) from None
    click.echo(f"写好了：{out}。填好以后运行 {project.command('check')} {out}")


@click.command()
@click.argument("path", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，列出每一处。")
@click.option("--marked", type=FOLDER, help="另存一个 .xlsx：所给的表，有问题的单元格标出来。")
def check(path: Path, as_json: bool, marked: Path | None) -> None:
    """这些表能用吗？列出每一处问题，不改动任何文件。退出码：0 能用；2 有问题。"""
    from figurebook.datapackage.tables import Tables, read_package
    from figurebook.office import report
    from figurebook.office.accept import check_office_files
    from figurebook.publishing.book import PublishError, put

    if marked and (marked.suffix.lower() != ".xlsx" or marked.exists()):
        raise UserError(f"{marked}：--marked 要指一个还没有的 .xlsx 文件。")
    package = read_package(project.data())
    try:
        with meter() as progress:
            intake, problems = check_office_files(path, package, Tables.load().text, progress)
    except TablesError as error:
        raise UserError(str(error)) from None
    if marked:
        from figurebook.office.marked_copy import marked_workbook as copy
        from figurebook.spreadsheets.reading.grids import read_grids

        try:
            put(marked, copy(read_grids(path)[0], problems))
        except PublishError as error:
            raise UserError(str(error)) from None
    click.echo(
        json.dumps(report.as_json(intake, problems, package), ensure_ascii=False, indent=2)
        if as_json
        else report.as_text(intake, problems, package)
    )
    sys.exit(2 if problems else 0)
