"""Publish the site, step by step: check, refresh, build, scan, exchange.

The new site is built beside the old one. It takes the old one's place only when every step has succeeded.
When a step fails, the last good site stays.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from figurebook import project
from figurebook.progress import Progress, silent
from figurebook.publishing import site_record
from figurebook.publishing.safe_write import PublishError, disk_full, locked, replace, workplace
from figurebook.site import source_archive

if TYPE_CHECKING:
    from figurebook.datapackage.tables import Tables
    from figurebook.figures.verdicts import Verdict

_INPUTS = ("_config.yml", "CITATION.cff", "requirements.txt", "book", "data", "notebooks")
_NOT_INPUTS = {"__pycache__", ".ipynb_checkpoints"}
_NAMED = 5  # files that a refusal names
_RAISED = re.compile(r"(?:\w+\.)*\w*(?:Error|Exception)\b")  # the line of a traceback that names the error


def place() -> Path:
    """The folder of the book's own site: ``_build/html`` of the project."""
    return project.root() / "_build" / "html"


def publish(
    overlay: Path | None,
    out: Path,
    say: Callable[[str], None] = print,
    progress: Progress = silent,
    allow_differences: bool = False,
) -> bool:
    """Build the site into ``out``; False when it is there already and nothing has changed.

    ``overlay`` holds an office's tables. A figure that differs or cannot be computed stops the publication
    unless ``allow_differences``.
    """
    out = Path(os.path.realpath(out))  # one place, one lock; and a link stays a link
    with workplace(out, say) as work:
        before = _inputs(overlay)
        if site_record.inputs(out) == _digest(before):
            if site_record.is_whole(out):
                return False
            say(f"{out} 里有文件缺了或改了，重新做。")
        _refuse_foreign(out)
        tables, personal, verdicts = _checked_tables(overlay, allow_differences, progress)
        source = _source(overlay, work)
        environment = _stored(tables, work) if overlay else {}
        _refresh(source, tables, environment, say, progress)
        used = before | {n: d for n, d in _inputs(overlay).items() if n.startswith("notebooks/")}
        say("排版…")
        site = _sphinx(source, work, environment)
        _refuse_silent_front_page(site, verdicts)
        _scan(site, tables, personal, say)
        _refuse_changed(used, _inputs(overlay))
        site_record.write(site, _digest(used))
        _refuse_foreign(out)  # again: building took a while
        _flush()
        replace(site, out, work)
    return True


@contextmanager
def in_place(out: Path, say: Callable[[str], None]) -> Iterator[Path]:
    """A path to write to; it replaces ``out`` only if the block succeeds.

    It lies in a folder of its own beside ``out``. The folder is always removed afterwards.
    """
    out = Path(os.path.realpath(out))
    if out.is_dir() or out == Path(os.path.realpath(place())):  # where the site will be
        raise PublishError(f"{out} 是文件夹。请用 --out 指一个文件。")
    with workplace(out, say) as work:
        yield work / out.name
        (work / out.name).replace(out)


def put(out: Path, content: bytes) -> None:
    """Write a file in its place, whole or not at all."""
    with in_place(out, partial(print, file=sys.stderr)) as path:
        path.write_bytes(content)


def _checked_tables(
    overlay: Path | None, allow_differences: bool, progress: Progress
) -> tuple[Tables, dict[str, set[str]], list[Verdict]]:
    """The site's tables, the personal values that it must not contain, and the verdicts."""
    from figurebook.datapackage.seals import broken_seals
    from figurebook.datapackage.tables import Tables
    from figurebook.figures.definitions import refuse_definition_problems
    from figurebook.figures.differences import difference_lines
    from figurebook.figures.verdicts import verify
    from figurebook.interview.trace import source
    from figurebook.site.citation import imprint

    if problems := broken_seals(project.data()):
        raise PublishError("\n".join(map(str, problems)))
    tables, personal = Tables.load(), {}
    imprint()  # every page names the book's author and version: nothing is built without them
    source(tables)
    if overlay:
        from figurebook.office.accept import accept
        from figurebook.office.lay_over import with_office_tables
        from figurebook.office.running_numbers import personal_values

        intake = accept(overlay, tables.package, tables.text, progress)
        tables, personal = with_office_tables(tables, intake), personal_values(intake.tables, tables.package)
    refuse_definition_problems(tables)
    verdicts = verify(tables)
    if (wrong := difference_lines(verdicts, tables)) and not allow_differences:
        raise PublishError(
            "\n".join(
                [
                    "有数字不等或算不出，没有出版：",
                    *wrong,
                    "知道这一点仍要出版站点，请用 book 的 --allow-differences。",
                ]
            )
        )
    return tables, personal, verdicts


def _stored(tables: Tables, work: Path) -> dict[str, str]:
    """Store the tables, now without personal values; return the variables that name their place."""
    from figurebook.datapackage.stored_tables import store
    from figurebook.notebooks.api import OVERLAY, STORE

    store(tables, work / "tables")
    return {STORE: str(work / "tables"), OVERLAY: ""}


def _source(overlay: Path | None, work: Path) -> Path:
    """The folder that Sphinx reads: the project, or for an overlay a copy of it.

    The notebooks of the copy may change.
    """
    root = project.root()
    if overlay is None:
        return root
    source = work / "source"
    for name in [n for n in ("book", "notebooks") if (root / n).is_dir()]:  # a county may have no notebooks
        shutil.copytree(root / name, source / name, ignore=shutil.ignore_patterns(*_NOT_INPUTS))
    shutil.copy(root / project.SETTINGS, source)
    return source


def _refresh(
    source: Path, tables: Tables, environment: dict, say: Callable[[str], None], progress: Progress
) -> None:
    from figurebook.notebooks import freshness, lint

    paths = freshness.notebooks(source / "notebooks")
    if freshness.stale(paths, tables):
        with locked(source / "notebooks", say):  # builds into other places share the notebooks
            due = freshness.stale(paths, tables)  # again: it may have been done while this one waited
            if due:
                say(f"重新执行 {len(due)} 本笔记：" + "；".join(f"{n}（{w[0]}）" for n, w in due.items()))
            try:
                freshness.refresh(
                    [p for p in paths if p.name in due],
                    tables,
                    everything=True,
                    environment=environment,
                    progress=progress,
                )
            except freshness.ExecutionError as error:
                raise PublishError(disk_full(str(error)) or f"有笔记执行出错，没有出版：\n{error}") from error
    if breaches := [b for p in paths for b in lint.check(p)]:
        raise PublishError("笔记不合规，没有出版：\n" + "\n".join(map(str, breaches)))


def _sphinx(source: Path, work: Path, environment: dict) -> Path:
    command = [
        sys.executable,
        "-c",
        "from jupyter_book.cli.main import main; main()",
        "build",
        str(source),
        "--toc",
        str(source / "book" / "_toc.yml"),
        "--path-output",
        str(work),
        "-W",
        "-n",
        "--keep-going",
    ]
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        env=project.environment(**environment),
    )
    site = work / "_build" / "html"
    if run.returncode or not (site / "index.html").is_file():
        if full := disk_full(run.stdout + run.stderr):
            raise PublishError(full)
        raise PublishError("排版没有成功，没有出版：\n" + "\n".join(reasons(run.stdout + run.stderr)))
    return site


def reasons(log: str) -> list[str]:
    """The lines of a build's log that give the reason of its failure.

    They are a refusal of ours, else warnings and errors, else the exception, else the last lines.
    """
    lines = log.splitlines()
    if refused := [i for i, x in enumerate(lines) if x.startswith("sphinx.errors.")]:
        return lines[refused[0] : -1]
    return (
        [x for x in lines if "WARNING" in x or "ERROR" in x]
        or [x for x in lines if _RAISED.match(x)][:1]
        or lines[-20:]
    )


def _refuse_silent_front_page(site: Path, verdicts: list) -> None:
    """Refuse a front page without the differences: readers would think all is well."""
    from figurebook.figures.differences import mentions_differences

    if not mentions_differences((site / "index.html").read_text(encoding="utf-8"), verdicts):
        raise PublishError(
            "有数字不等或算不出，首页却没有写明，没有出版。"
            "请在首页 book/home.md 的标题下加上：\n"
            "```{differences}\n```"
        )


def _scan(site: Path, tables: Tables, personal: dict[str, set[str]], say: Callable[[str], None]) -> None:
    from figurebook.privacy.limits import limits
    from figurebook.privacy.output_scan import scan_personal
    from figurebook.publishing.site_scan import scan

    # Identity and mobile numbers are searched for in every site, values only when tables were put in.
    result = scan_personal(site, personal, limits(tables) if personal else {})
    faults = scan(site, [str(project.root()), str(Path.home())]) + result.faults
    if personal:
        say(
            f"查过个人信息：{result.searched:,} 个值；太短、查不准的 {result.passed:,} 个没有查，"
            "它们已换成流水号。"
        )
    if faults:
        raise PublishError("排好的页面不合格，没有出版：\n" + "\n".join(faults))


def _refuse_changed(used: dict[str, str], now: dict[str, str]) -> None:
    """Refuse a site whose inputs changed during its build: it would not follow from them."""
    if changed := sorted({name for name, _ in used.items() ^ now.items()}):
        raise PublishError(f"出版期间这些文件改了，没有出版：{_named(changed)}。请再运行一次。")


def _refuse_foreign(out: Path) -> None:
    """Refuse a folder with others' files: they would be lost with the old site."""
    if out.exists() and not out.is_dir():
        raise PublishError(f"{out} 不是文件夹。请用 --out 另指一个空的或新的文件夹。")
    if others := site_record.unpublished_files(out):
        raise PublishError(
            f"{out} 里有别的东西，不能覆盖：{_named(others)}。"
            "请把它们移走，或用 --out 另指一个空的或新的文件夹。"
        )


def _named(names: list[str]) -> str:
    more = f" 等 {len(names)} 个" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more


def _flush() -> None:
    """Write the new site to the disk before it replaces the old, against power cuts."""
    if hasattr(os, "sync"):
        os.sync()


def _inputs(overlay: Path | None) -> dict[str, str]:
    """``{name: digest}`` of every input of a site.

    The inputs are the project's files, the modules that make the site, an overlay, the Python version, and
    the commit whose source is handed out.
    """
    # The presence of an overlay counts too: an empty one is a mistake, not our own site.
    digests = {"Python": sys.version, "--data": str(overlay is not None)}
    roots = dict.fromkeys([*(project.root() / name for name in _INPUTS), *project.packages()], "**/*")
    if overlay is None:
        digests["git 提交"] = str(source_archive.commit(project.root()))  # the source goes with our own site
    else:
        roots[overlay] = "*"  # tables lie in the folder itself; what lies deeper is the user's own
    for root, pattern in roots.items():
        files = [root] if root.is_file() else sorted(p for p in root.glob(pattern) if p.is_file())
        for path in files:
            if not _NOT_INPUTS & set(path.parts) and path.suffix != ".partial":
                name = "--data/" if root == overlay else ""
                digests[f"{name}{root.name}/{path.relative_to(root).as_posix()}"] = site_record.digest(path)
    return digests


def _digest(inputs: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()
