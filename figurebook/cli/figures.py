"""Commands on the figures and their tables: verify, trace, refresh, registers, seal."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from figurebook import project
from figurebook.cli.common import DATA_HELP, FOLDER, UserError, load, meter, say
from figurebook.county import Registers
from figurebook.datapackage.problems import TablesError


@click.command()
@click.option("--data", type=FOLDER, help=DATA_HELP)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def verify(data: Path | None, as_json: bool) -> None:
    """逐个复算并比对。退出码：0 全部成立；1 有不等或算不出；2 表读不了。"""
    from figurebook.datapackage.bases import BASES
    from figurebook.figures.definitions import refuse_definition_problems
    from figurebook.figures.verdicts import HOLDING, computed_text, summary
    from figurebook.figures.verdicts import verify as verify_figures
    from figurebook.figures.vocabulary import RELATIONS, RESULTS, word

    tables = load(data)
    try:
        refuse_definition_problems(tables)
    except TablesError as error:
        raise UserError(str(error)) from None
    if changed := [f"data/{tables.resource(n)['path']}" for n in tables.changed if n not in tables.recorded]:
        say(
            f"注意：{'、'.join(changed)} 与登记的摘要不同，已按现在的内容校验并计算；"
            f"有意修改的，请运行 {project.command('seal')}。"
        )
    verdicts = verify_figures(tables)
    if as_json:
        click.echo(
            json.dumps(
                {"figures": [v.as_json() for v in verdicts], "summary": summary(verdicts)},
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        for v in verdicts:
            click.echo(
                "\t".join(
                    (
                        v.figure.id,
                        v.figure.label_zh,
                        v.figure.text,
                        computed_text(v),
                        word(RELATIONS, v.corroboration),
                        word(BASES, v.basis),
                        word(RESULTS, v.result),
                    )
                )
            )
        counted = summary(verdicts)
        for name, axis, words in (
            ("旁证", "corroboration", RELATIONS),
            ("依据", "basis", BASES),
            ("复算", "result", RESULTS),
        ):
            counts = "，".join(f"{word(words, k)} {n}" for k, n in counted[axis].items() if n)
            click.echo(f"{name}：{counts}")
        for name in tables.recorded:
            others = "、".join(
                f"{tables.resource(n)['title']}（{word(BASES, tables.basis(n))}）"
                for n in tables.referred(name)
            )
            click.echo(
                f"{tables.resource(name)['title']}（{word(BASES, 'recorded')}）"
                + (f"的键与{others}逐一对上。" if others else "换入。")
            )
        if any(basis == "illustrative" for v in verdicts for _, basis in v.rests_on):
            click.echo(f"依据为“{word(BASES, 'illustrative')}”的，相等是必然的，不能当证据。")
    sys.exit(any(v.result not in HOLDING for v in verdicts))


@click.command()
@click.argument("text", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def trace(text: Path, as_json: bool) -> None:
    """核对一份原文里的每个数字。退出码：0 全部已登记且位置相符；1 有出入；2 读不了。"""
    from figurebook.interview.trace import read_text
    from figurebook.interview.trace import trace as account

    try:
        content = read_text(text)
    except UnicodeDecodeError as error:
        raise UserError(
            f"{text}：不是 UTF-8 文本（第 {error.start} 字节起读不出），请另存为 UTF-8。"
        ) from None
    except OSError as error:
        raise UserError(f"{text}：读不了（{error.strerror}）。请检查路径。") from None
    try:
        result = account(content, load(None))
    except TablesError as error:
        raise UserError(str(error)) from None
    if as_json:
        click.echo(json.dumps(result.as_json(), ensure_ascii=False, indent=2))
    else:
        if not result.is_registered_text:
            click.echo("这份文字不是登记时所据的原文（sha256 不同），以下说的是它与登记的出入。")
        for finding in result.findings:
            click.echo(str(finding))
        c = result.counts
        same = "；是登记时所据的原文" if result.is_registered_text else ""
        click.echo(
            f"数字 {c['figure']} 个，年份 {c['period']} 处，用语里的汉字数字 {c['term']} 个；"
            f"出入 {len(result.findings)} 处{same}。"
        )
    sys.exit(bool(result.findings))


@click.command()
@click.option("--all", "everything", is_flag=True, help="全部重新执行，不论是否陈旧。")
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="只列出陈旧的笔记和使它陈旧的各项，不执行，不改动。退出码 1 表示有陈旧的。",
)
def refresh(everything: bool, only_check: bool) -> None:
    """重新执行陈旧的笔记。退出码：0 完成；1 有笔记执行出错；2 表读不了。"""
    from figurebook.notebooks import freshness

    if everything and only_check:
        raise click.UsageError("--all 与 --check 不能同时用。")
    tables = load(None)
    paths = freshness.notebooks()
    if only_check:
        reasons = freshness.stale(paths, tables)
        click.echo(str(freshness.StaleError(reasons)) if reasons else f"共 {len(paths)} 本，没有陈旧的。")
        sys.exit(bool(reasons))
    due = paths if everything else [p for p in paths if p.name in freshness.stale(paths, tables)]
    try:
        with meter() as progress:
            done = freshness.refresh(due, tables, everything=True, progress=progress)
    except freshness.ExecutionError as error:
        click.echo(f"有笔记执行出错，原文件未动：\n{error}", err=True)
        sys.exit(1)
    click.echo(f"重新执行 {len(done)} 本，共 {len(paths)} 本。")


@click.command()
@click.option("--check", "only_check", is_flag=True, help="只比对，不改动。退出码 1 表示不同。")
def registers(only_check: bool) -> None:
    """造出本书自编的登记表，或与已有的逐字节比对。退出码：0 完成；1 不同；2 表读不了。"""
    makes = project.county().registers
    maker = makes() if makes else Registers(lambda _data: [], lambda _data: [])
    try:
        if not only_check:
            changed = maker.write(project.data())
            message = f"重写的登记表：{'、'.join(changed)}；请运行 {project.command('seal')} 登记摘要。"
            click.echo(message if changed else "没有要重写的登记表。")
            return
        differing = maker.differences(project.data())
    except TablesError as error:
        raise UserError(str(error)) from None
    except (OSError, LookupError, ArithmeticError, ValueError) as error:
        load(None)  # says what cannot be read, and where; if nothing, something is missing
        raise UserError(
            f"按现有的表造不出来（{type(error).__name__}：{error}）。请恢复 data 里删去或改动的行。"
        ) from None
    advice = f"请运行 {project.command('registers')}。"
    click.echo(
        "\n".join(f"表 {n}：与重做的结果不同，{advice}" for n in differing)
        or "自编的登记表与重做的结果逐字节相同。"
    )
    sys.exit(bool(differing))


@click.command()
@click.option("--check", "only_check", is_flag=True, help="只比对，不改动。退出码 1 表示不同。")
def seal(only_check: bool) -> None:
    """按各表的说明写出 datapackage.json，登记摘要与用处。退出码：0 完成；1 不同；2 表读不了。"""
    from figurebook.datapackage import usage
    from figurebook.datapackage.seals import DESCRIPTOR, broken_seals
    from figurebook.datapackage.seals import seal as write
    from figurebook.datapackage.tables import read_package

    try:
        if not only_check:
            before = _bytes(project.data() / DESCRIPTOR)
            write(project.data())
            usage.record()
            click.echo(
                "datapackage.json 没有要改的。"
                if _bytes(project.data() / DESCRIPTOR) == before
                else "datapackage.json 已按各表的说明写好。"
            )
            return
        broken = broken_seals(project.data())
        problems = [str(p) for p in broken]
        # A file that is missing or was never recorded is a problem already, without users to compare.
        if "missing-file" not in {p.rule for p in broken} and all(
            "usedBy" in r for r in read_package(project.data())["resources"]
        ):
            problems += [
                f"表 {n}：“用于”与实际不同，请运行 {project.command('seal')}。" for n in usage.misrecorded()
            ]
    except TablesError as error:
        raise UserError(str(error)) from None
    click.echo(
        "\n".join(problems) or "datapackage.json 与各表的说明相同，各文件与登记的摘要相同，“用于”与实际相同。"
    )
    sys.exit(bool(problems))


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
