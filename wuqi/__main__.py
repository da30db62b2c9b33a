"""The commands: ``python -m wuqi COMMAND``. Exit codes are part of the contract (see each)."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path

import click

from wuqi.problems import TablesError
from wuqi.tables import DATA, ROOT

_folder = click.Path(path_type=Path)


class UserError(click.ClickException):
    """An input that cannot be used: the message, no traceback, exit code 2."""

    exit_code = 2

    def show(self, file=None) -> None:
        click.echo(self.message, err=True)


def _load(data: Path | None):
    from wuqi.tables import Tables

    try:
        return Tables.load(data)
    except TablesError as error:
        raise UserError(str(error)) from None


@click.group(help="三十个数字：登记、复算、比对、出版。")
def cli() -> None:
    pass


@cli.command()
@click.option("--data", type=_folder, help="放自己的表的文件夹，替换同名的表。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def verify(data: Path | None, as_json: bool) -> None:
    """逐个复算并比对。退出码：0 全部成立；1 有不符或未能计算；2 表读不了。"""
    from wuqi.notebook import computed_text
    from wuqi.verify import HOLDING, summary
    from wuqi.verify import verify as judge_all
    from wuqi.words import BASES, RELATIONS, RESULTS, word

    verdicts = judge_all(_load(data))
    if as_json:
        click.echo(json.dumps({"figures": [v.as_json() for v in verdicts],
                               "summary": summary(verdicts)}, ensure_ascii=False, indent=2))
    else:
        for v in verdicts:
            click.echo("\t".join((v.figure.id, v.figure.label_zh, v.figure.text, computed_text(v),
                                  word(RESULTS, v.result), word(BASES, v.basis),
                                  word(RELATIONS, v.corroboration))))
        counted = summary(verdicts)
        for name, axis, words in (("结果", "result", RESULTS), ("依据", "basis", BASES),
                                  ("旁证", "corroboration", RELATIONS)):
            told = "，".join(f"{word(words, k)} {n}" for k, n in counted[axis].items() if n)
            click.echo(f"{name}：{told}")
        click.echo("依据为“本书重构”的，一致是造出来的，不是证据。")
    sys.exit(any(v.result not in HOLDING for v in verdicts))


@cli.command()
@click.argument("text", type=_folder)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def trace(text: Path, as_json: bool) -> None:
    """核对一份原文里的每个数字。退出码：0 全部已登记且位置相符；1 有出入；2 读不了。"""
    from wuqi.trace import read_text
    from wuqi.trace import trace as account

    try:
        content = read_text(text)
    except UnicodeDecodeError as error:
        raise UserError(f"{text}：不是 UTF-8 文本（第 {error.start} 字节起读不出），"
                        "请另存为 UTF-8。") from None
    except OSError as error:
        raise UserError(f"{text}：读不了（{error.strerror}）。请检查路径。") from None
    result = account(content, _load(None))
    if as_json:
        click.echo(json.dumps(result.as_json(), ensure_ascii=False, indent=2))
    else:
        for finding in result.findings:
            click.echo(str(finding))
        c = result.counts
        same = "是" if result.is_registered_text else "不是"
        click.echo(f"数字 {c['figure']} 个，年份 {c['period']} 处，用语里的汉字数字 {c['term']} 个；"
                   f"出入 {len(result.findings)} 处；{same}登记时所据的原文。")
    sys.exit(bool(result.findings))


@cli.command()
@click.option("--all", "everything", is_flag=True, help="全部重新执行，不论是否陈旧。")
def refresh(everything: bool) -> None:
    """重新执行陈旧的笔记。退出码：0 完成；1 有笔记执行出错；2 表读不了。"""
    from wuqi import freshness

    tables = _load(None)
    paths = freshness.notebooks()
    due = paths if everything else [p for p in paths if p.name in freshness.stale(paths, tables)]
    try:
        done = freshness.refresh(due, tables, everything=True, progress=_bar(len(due)))
    except freshness.ExecutionError as error:
        click.echo(f"有笔记执行出错，原文件未动：\n{error}", err=True)
        sys.exit(1)
    click.echo(f"重新执行 {len(done)} 本，共 {len(paths)} 本。")


@cli.command()
@click.option("--data", type=_folder, help="放自己的表的文件夹，替换同名的表。")
@click.option("--out", type=_folder, help="站点放在哪里；默认 _build/html。")
def book(data: Path | None, out: Path | None) -> None:
    """做出站点。退出码：0 做好；1 没有出版，原站点未动；2 表读不了。"""
    from wuqi import publish

    target = out or publish.OUT
    with _refusals():
        built = publish.book(data, target, say=_say, progress=_bar)
    click.echo(f"{'做好了' if built else '没有变化'}：{target / 'index.html'}")


@cli.command()
@click.option("--out", type=_folder, help="PDF 放在哪里；默认 _build/thirty-figures.pdf。")
def pdf(out: Path | None) -> None:
    """把全书印成一个 PDF。退出码：0 做好；1 没有做成，原文件未动；2 表读不了。"""
    _edition("pdf", out)


@cli.command()
@click.option("--out", type=_folder, help="压缩包放在哪里；默认 _build/thirty-figures-usb.zip。")
def usb(out: Path | None) -> None:
    """把站点打成一个解压就能用的压缩包。退出码：0 做好；1 没有做成，原文件未动；2 表读不了。"""
    _edition("usb", out)


@cli.command()
@click.argument("folder", type=_folder)
def check(folder: Path) -> None:
    """这些表能用吗？列出每一处问题。退出码：0 能用；2 有问题。"""
    from wuqi.tables import overlay_files, read_package

    tables = _load(folder)
    given = overlay_files(folder, read_package(DATA))
    for name in given:
        rows = len(getattr(tables, name).frame)
        click.echo(f"{given[name].name}：{tables.resource(name)['title']}，{rows:,} 行，可用。")


@cli.command()
@click.option("--check", "only_check", is_flag=True, help="只比对，不改动。退出码 1 表示不同。")
def reconstruct(only_check: bool) -> None:
    """写出重构的登记表，登记各表的摘要与用处；或与已提交的比对。退出码：0 完成；1 不同；2 表读不了。"""
    from wuqi import reconstruct as maker
    from wuqi import usage
    from wuqi.seal import broken_seals, seal

    try:
        if only_check:
            problems = [f"registers/{n}.csv：与重构的结果不同。" for n in maker.differences(DATA)]
            problems += [str(p) for p in broken_seals(DATA)]
            problems += [f"表 {n}：“用于”与实际不同，请运行 python -m wuqi reconstruct。"
                         for n in usage.misrecorded(ROOT)]
            click.echo("\n".join(problems) or "已提交的登记表与重构的结果逐字节相同。")
            sys.exit(bool(problems))
        changed = maker.write(DATA)
        sealed = seal(DATA)
    except TablesError as error:
        raise UserError(str(error)) from None
    except (OSError, LookupError, ArithmeticError, ValueError) as error:
        _load(None)  # says what cannot be read, and where; if nothing, something is missing
        raise UserError(f"按现有的表重构不出来（{type(error).__name__}：{error}）。"
                        "请恢复 data 里删去或改动的行。") from None
    usage.record(ROOT)
    click.echo(f"改动的表：{'、'.join(changed) or '无'}；摘要{'已更新' if sealed else '未变'}。")


@cli.command()
@click.argument("file", type=_folder)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="截至哪一天，如 2016-03-05；默认今天。")
@click.option("--out", type=_folder, help="把更新了的台账另存为这个 .xlsx 文件。")
def ledger(file: Path, as_json: bool, today: datetime | None, out: Path | None) -> None:
    """读一本台账：逾期、没有责任单位、销号没有核验、销号率。退出码：0 读了；2 有拒绝的，文件未动。"""
    from wuqi.mechanisms import three_lists, three_lists_book
    from wuqi.publish import put

    day = (today or datetime.now()).date()
    with _filled_in(file, out):
        book = three_lists_book.read(file, three_lists.rules(_load(None)), day)
        if out:
            put(out, three_lists_book.write(book, day))
    click.echo(json.dumps(three_lists_book.as_json(book, day), ensure_ascii=False, indent=2) if as_json
               else three_lists_book.as_text(book, day))


@cli.command()
@click.argument("file", type=_folder)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--out", type=_folder, help="把算好的积分簿另存为这个 .xlsx 文件。")
def points(file: Path, as_json: bool, out: Path | None) -> None:
    """算一本积分簿（.xlsx）：积分、星、并列、被拒绝的记录。退出码：0 算好；2 读不了，原文件未动。"""
    from wuqi.mechanisms import stars_and_points_report as report
    from wuqi.mechanisms.shared.rules import Rules
    from wuqi.mechanisms.stars_and_points import SYSTEM
    from wuqi.mechanisms.stars_and_points_sheets import from_workbook, to_workbook
    from wuqi.publish import put

    with _filled_in(file, out):
        filled = from_workbook(file, Rules.load(_load(None), SYSTEM))
        book = filled.book()
        if out:
            put(out, to_workbook(filled, book))
    click.echo(json.dumps(report.as_json(book), ensure_ascii=False, indent=2) if as_json
               else report.as_text(book))


@contextmanager
def _filled_in(file: Path, out: Path | None):
    """Says which cells cannot be read or what cannot be written; never writes over the workbook itself."""
    from wuqi.publish import PublishError

    if out and (out.suffix.lower() != ".xlsx" or out.resolve() == file.resolve()):
        raise UserError(f"{out}：--out 要指另一个 .xlsx 文件，原来的留作底子。")
    try:
        yield
    except (TablesError, PublishError, OSError) as error:
        raise UserError(f"没有做成，原文件未动。\n{error}") from None


@contextmanager
def _refusals():
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


def _say(line: str) -> None:
    click.echo(line, err=True)


def _edition(module: str, out: Path | None) -> None:
    """Make an edition of the site, by the module of ``wuqi`` that knows how."""
    with _refusals():
        maker = import_module(f"wuqi.{module}")
        maker.make(out or maker.OUT, say=_say, progress=_bar)
    click.echo(f"做好了：{out or maker.OUT}")


def _bar(total: int):
    """A progress bar's step, silent where there is no terminal."""
    from tqdm import tqdm

    bar = tqdm(total=total, disable=None, unit="本", leave=False)

    def step(_name: str) -> None:
        bar.update()
        if bar.n >= total:
            bar.close()
    return step


def main() -> None:
    """Run a command; a mistake in its use is said in Chinese and exits with 2."""
    try:
        cli.main(prog_name="python -m wuqi", standalone_mode=False)
    except UserError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.UsageError as error:
        click.echo(f"用法不对（usage）：{error.format_message()}\n"
                   "可运行 python -m wuqi --help 看用法。", err=True)
        sys.exit(2)
    except click.Abort:
        click.echo("已中断，没有改动。", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
