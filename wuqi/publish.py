"""From tables to a site in place: check, refresh, build, scan, swap.

The site is built beside the one being replaced and put in its place only when every step has
succeeded; whatever fails, the last good site stays.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from wuqi.tables import DATA, ROOT

OUT = ROOT / "_build" / "html"
MANIFEST = "built-from.json"
_INPUTS = ("_config.yml", "requirements.txt", "book", "data", "notebooks", "wuqi")
_NOT_INPUTS = {"__pycache__", ".ipynb_checkpoints"}


class PublishError(Exception):
    """Why nothing was published; the message says it for readers, one line per reason."""


def book(overlay: Path | None = None, out: Path = OUT, say: Callable[[str], None] = print,
         progress: Callable[[int], Callable] | None = None) -> bool:
    """Build the site into ``out``; False when it is there already and nothing has changed.

    ``progress`` is given the number of notebooks due and returns what to call as each one ends.
    """
    digest = _inputs_digest(overlay)
    if _built_from(out) == digest:
        return False
    _refuse_foreign(out)
    tables = _checked_tables(overlay)
    work = out.parent / f".{out.name}-building"
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir(parents=True)
    except OSError as error:
        raise PublishError(f"{out.parent} 里建不了文件夹（{error.strerror}）。"
                           "请用 --out 另指一处。") from None
    try:
        source = _source(overlay, work)
        environment = {"WUQI_DATA": str(overlay.resolve())} if overlay else {}
        _refresh(source, tables, environment, say, progress)
        say("排版…")
        site = _sphinx(source, work, environment)
        from wuqi.scan import scan

        if faults := scan(site, [str(ROOT), str(Path.home())]):
            raise PublishError("排好的页面不合格，没有出版：\n" + "\n".join(faults))
        # The digest is taken again: refreshing has rewritten notebooks.
        manifest = {"inputs": _inputs_digest(overlay)}
        (site / MANIFEST).write_text(json.dumps(manifest) + "\n", encoding="utf-8")
        _swap(site, out, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return True


@contextmanager
def in_place(out: Path) -> Iterator[Path]:
    """A path to write a file to: it takes the place of ``out`` only when the block succeeds.

    It lies in a folder of its own, beside ``out``, that is gone afterwards whatever happens.
    """
    if out.is_dir():
        raise PublishError(f"{out} 是文件夹。请用 --out 指一个文件。")
    work = out.parent / f".{out.name}-making"
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir(parents=True)
    except OSError as error:
        raise PublishError(f"{out.parent} 里写不了（{error.strerror}）。请用 --out 另指一处。") from None
    try:
        yield work / out.name
        (work / out.name).replace(out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def put(out: Path, content: bytes) -> None:
    """Write a file in its place, whole or not at all."""
    with in_place(out) as path:
        path.write_bytes(content)


def _checked_tables(overlay: Path | None):
    from wuqi.seal import broken_seals
    from wuqi.tables import Tables
    from wuqi.verify import verify

    if problems := broken_seals(DATA):
        raise PublishError("\n".join(map(str, problems)))
    tables = Tables.load(overlay)
    if wrong := [v for v in verify(tables) if v.result == "differs"]:
        raise PublishError("有数字复算不符，没有出版：\n" + "\n".join(
            f"{v.figure.id}：所述 {v.figure.value}，算得 {float(v.computed):g}（表 {v.figure.table}）"
            for v in wrong))
    return tables


def _source(overlay: Path | None, work: Path) -> Path:
    """Where Sphinx reads from: the project, or with other tables a copy whose notebooks may change."""
    if overlay is None:
        return ROOT
    source = work / "source"
    for name in ("book", "notebooks"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns(*_NOT_INPUTS))
    shutil.copy(ROOT / "_config.yml", source)
    return source


def _refresh(source: Path, tables, environment: dict, say, progress) -> None:
    from wuqi import freshness, rules

    paths = freshness.notebooks(source / "notebooks")
    due = freshness.stale(paths, tables)
    if due:
        say(f"重新执行 {len(due)} 本笔记：" + "；".join(f"{n}（{w[0]}）" for n, w in due.items()))
        freshness.refresh([p for p in paths if p.name in due], tables, everything=True,
                          environment=environment, progress=progress(len(due)) if progress else None)
    if breaches := [b for p in paths for b in rules.check(p)]:
        raise PublishError("笔记不合规，没有出版：\n" + "\n".join(map(str, breaches)))


def _sphinx(source: Path, work: Path, environment: dict) -> Path:
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(source),
               "--toc", str(source / "book" / "_toc.yml"), "--path-output", str(work),
               "-W", "-n", "--keep-going"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8",
                         env={**os.environ, "PYTHONPATH": str(ROOT), **environment})
    site = work / "_build" / "html"
    if run.returncode or not (site / "index.html").is_file():
        lines = (run.stdout + run.stderr).splitlines()
        told = [x for x in lines if "WARNING" in x or "ERROR" in x]
        if refused := [i for i, x in enumerate(lines) if x.startswith("sphinx.errors.")]:
            told = lines[refused[0]:-1]
        told = told or lines[-20:]
        raise PublishError("排版没有成功，没有出版：\n" + "\n".join(told))
    return site


def _swap(site: Path, out: Path, work: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    old = work / "old"
    if out.exists():
        out.rename(old)
    try:
        site.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise


def _refuse_foreign(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise PublishError(f"{out} 不是文件夹。请用 --out 另指一个空的或新的文件夹。")
    if out.exists() and not (out / MANIFEST).is_file() and any(out.iterdir()):
        raise PublishError(f"{out} 里有别的东西，不能覆盖。请用 --out 另指一个空的或新的文件夹。")


def _built_from(out: Path) -> str | None:
    try:
        return json.loads((out / MANIFEST).read_text(encoding="utf-8"))["inputs"]
    except (OSError, ValueError, KeyError):
        return None


def _inputs_digest(overlay: Path | None) -> str:
    """One digest over every file a site is made from, and the Python that makes it."""
    # That there is an overlay counts too: an empty one is a mistake, not our own site.
    digest = hashlib.sha256(f"{sys.version}\0{overlay is not None}\0".encode())
    roots = {ROOT / name: "**/*" for name in _INPUTS}
    if overlay:
        roots[overlay] = "*"  # tables lie in the folder itself; what lies deeper is the user's own
    for root, pattern in roots.items():
        files = [root] if root.is_file() else sorted(p for p in root.glob(pattern) if p.is_file())
        for path in files:
            if not _NOT_INPUTS & set(path.parts):
                digest.update(f"{root.name}/{path.relative_to(root)}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
