"""Commands on the figures and their tables: verify, trace, refresh, reconstruct."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from wuqi.cli.common import DATA_HELP, FOLDER, UserError, load, meter, say
from wuqi.problems import TablesError


@click.command()
@click.option("--data", type=FOLDER, help=DATA_HELP)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def verify(data: Path | None, as_json: bool) -> None:
    """逐个复算并比对。退出码：0 全部成立；1 有不符或未能计算；2 表读不了。"""
    from wuqi.differences import refuse_unregistered
    from wuqi.verify import HOLDING, computed_text, summary
    from wuqi.verify import verify as judge_all
    from wuqi.words import BASES, RELATIONS, RESULTS, word

    tables = load(data)
    try:
        refuse_unregistered(tables)
    except TablesError as error:
        raise UserError(str(error)) from None
    if changed := [f"data/{tables.resource(n)['path']}" for n in tables.changed if n not in tables.recorded]:
        say(f"注意：{'、'.join(changed)} 与登记的摘要不同，已按现在的内容校验并计算；"
            "有意修改的，请运行 python -m wuqi reconstruct。")
    verdicts = judge_all(tables)
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
        for name in tables.recorded:
            others = "、".join(f"{tables.resource(n)['title']}（{word(BASES, tables.basis(n))}）"
                              for n in tables.referred(name))
            click.echo(f"{tables.resource(name)['title']}（{word(BASES, 'recorded')}）"
                       + (f"的键与{others}逐一对上。" if others else "换入。"))
        if any(basis == "reconstructed" for v in verdicts for _, basis in v.rests_on):
            click.echo("依据为“本书重构”的，一致是造出来的，不是证据。")
    sys.exit(any(v.result not in HOLDING for v in verdicts))


@click.command()
@click.argument("text", type=FOLDER)
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
        click.echo(f"数字 {c['figure']} 个，年份 {c['period']} 处，用语里的汉字数字 {c['term']} 个；"
                   f"出入 {len(result.findings)} 处{same}。")
    sys.exit(bool(result.findings))


@click.command()
@click.option("--all", "everything", is_flag=True, help="全部重新执行，不论是否陈旧。")
def refresh(everything: bool) -> None:
    """重新执行陈旧的笔记。退出码：0 完成；1 有笔记执行出错；2 表读不了。"""
    from wuqi import freshness

    tables = load(None)
    paths = freshness.notebooks()
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
def reconstruct(only_check: bool) -> None:
    """写出重构的登记表，登记各表的摘要与用处；或与已提交的比对。退出码：0 完成；1 不同；2 表读不了。"""
    from wuqi import reconstruct as maker
    from wuqi import usage
    from wuqi.seal import seal
    from wuqi.tables import DATA, ROOT, read_package

    try:
        if only_check:
            said, code = _checked()
            click.echo(said)
            sys.exit(code)
        changed = maker.write(DATA)
        sealed = seal(DATA)
    except TablesError as error:
        raise UserError(str(error)) from None
    except (OSError, LookupError, ArithmeticError, ValueError) as error:
        load(None)  # says what cannot be read, and where; if nothing, something is missing
        raise UserError(f"按现有的表重构不出来（{type(error).__name__}：{error}）。"
                        "请恢复 data 里删去或改动的行。") from None
    before = read_package(DATA)
    usage.record(ROOT)
    click.echo(f"重写的重构表：{'、'.join(changed) or '无'}；登记的摘要：{_updated(sealed)}；"
               f"登记的“用于”：{_updated(read_package(DATA) != before)}。")


def _checked() -> tuple[str, int]:
    """What ``reconstruct --check`` says, and its exit code."""
    from wuqi import reconstruct as maker
    from wuqi import usage
    from wuqi.seal import broken_seals
    from wuqi.tables import DATA, ROOT, read_package

    problems = [f"registers/{n}.csv：与重构的结果不同。" for n in maker.differences(DATA)]
    problems += [str(p) for p in broken_seals(DATA)]
    resources = read_package(DATA)["resources"]
    if all("usedBy" in r for r in resources):  # else the seals have said that it is to be recorded
        problems += [f"表 {n}：“用于”与实际不同，请运行 python -m wuqi reconstruct。"
                     for n in usage.misrecorded(ROOT)]
    made = any(r.get("maker") == maker.MAKER for r in resources)
    return "\n".join(problems) or (f"{'重构的表与重做的结果逐字节相同' if made else '没有要重构的表'}；"
                                   "各文件与登记的摘要相同；登记的“用于”与实际相同。"), int(bool(problems))


def _updated(is_so: bool) -> str:
    return "已更新" if is_so else "未变"
