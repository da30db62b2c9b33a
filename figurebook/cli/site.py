"""Commands that publish the book: book, pdf, usb."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from figurebook.cli.common import DATA_HELP, FOLDER, meter, refusals, say


@click.command()
@click.option("--data", type=FOLDER, help=DATA_HELP)
@click.option("--out", type=FOLDER, help="站点放在哪里；默认 _build/html。")
@click.option("--allow-differences", is_flag=True, help="有数字不等或算不出也出版，并在首页写明。")
def book(data: Path | None, out: Path | None, allow_differences: bool) -> None:
    """做出站点。退出码：0 做好；1 没有出版，原站点未动；2 表读不了。"""
    from figurebook.publishing.book import place, publish

    target = out or place()
    with refusals(), meter() as progress:
        built = publish(data, target, say=say, progress=progress, allow_differences=allow_differences)
    click.echo(f"{'做好了' if built else '没有变化'}：{target / 'index.html'}")


@click.command()
@click.option("--data", type=FOLDER, help=DATA_HELP)
@click.option("--out", type=FOLDER, help="PDF 放在哪里；默认在 _build 里，用数据包的名字。")
def pdf(data: Path | None, out: Path | None) -> None:
    """把全书印成一个 PDF。退出码：0 做好；1 没有做成，原文件未动；2 表读不了。"""
    with refusals():
        from figurebook.publishing.pdf.edition import make, usual_place

        _edition(make, out or usual_place(), data)


@click.command()
@click.option("--data", type=FOLDER, help=DATA_HELP)
@click.option("--out", type=FOLDER, help="压缩包放在哪里；默认在 _build 里，用数据包的名字加 -usb。")
def usb(data: Path | None, out: Path | None) -> None:
    """把站点打成一个解压就能用的压缩包。退出码：0 做好；1 没有做成，原文件未动；2 表读不了。"""
    with refusals():
        from figurebook.publishing.usb import make, usual_place

        _edition(make, out or usual_place(), data)


def _edition(make: Callable, target: Path, data: Path | None) -> None:
    with meter() as progress:
        make(target, data, say=say, progress=progress)
    click.echo(f"做好了：{target}")
