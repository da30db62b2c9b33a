"""Find the stale notebooks and execute them again.

A notebook carries a stamp in its metadata. The stamp has digests of the code cells and their outputs, of the
parts of tables read, and of the modules used. When one of them has changed, the notebook is stale: an output
edited by hand is as wrong as one older than its data.
After the last cell the kernel itself reports what was read and used; nothing is guessed from the source.
Of tables only what was read counts (``Tables.all_reads``), of modules only what they do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from figurebook import project
from figurebook.datapackage.tables import Tables
from figurebook.datapackage.usage import STAMP
from figurebook.errors import FigurebookError
from figurebook.notebooks.code_digest import code_digest
from figurebook.notebooks.read_digests import SHORT, read_digest, without_repeats
from figurebook.progress import Progress, silent

if TYPE_CHECKING:
    from nbclient import NotebookClient

# Modules that cannot change an output, so no stamp has them. A notebook shows nothing of theirs: they only
# refuse and report progress. A test checks that. Keep this short.
CANNOT_SHOW = {
    "figurebook.datapackage.problems": "the message when tables are refused, and then there is no output",
    "figurebook.datapackage.descriptor": "finds faults of the package, and hands out nothing else",
    "figurebook.progress": "reports how far the work is; nobody waits for a notebook",
}
_READ_ZH = {
    "tables": "表 {0} 改了",
    "columns": "表 {0} 的 {1} 列改了",
    "rows": "表 {0} 里 {1} 为 {2} 的行改了",
    "counts": "表 {0} 的行数变了",
    "manifests": "表 {0} 的说明改了",
    "words": "代码的叫法改了",
}
_PARTS = {"code", "outputs", "modules", "rules", *_READ_ZH}
_TIMEOUT = 300
_WORKERS = 2
_PROBE = """
import json as _json, sys as _sys
from figurebook.datapackage.tables import Tables as _Tables
print(_json.dumps([sorted(_Tables.all_reads()),
                   sorted(m for m in _sys.modules if m.split(".")[0] in {tops})]))
"""


class StaleError(FigurebookError):
    """Notebooks whose outputs no longer follow from their inputs, each with the reasons."""

    def __init__(self, stale: dict[str, list[str]]):
        super().__init__("\n".join(f"{name}：{'、'.join(why)}" for name, why in stale.items()))
        self.stale = stale


class ExecutionError(FigurebookError):
    """A notebook did not run to its end. The file on disk is unchanged."""


def notebooks(folder: Path | None = None) -> list[Path]:
    """The notebooks of the project, or of a folder, in order."""
    folder = folder or project.root() / "notebooks"
    return sorted(p for p in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)


def stale(paths: Iterable[Path], tables: Tables) -> dict[str, list[str]]:
    """``{notebook: reasons}`` for each stale one; empty when all are fresh."""
    stale_ones, modules = {}, project.modules()
    for path in paths:
        if reasons := _reasons(nbformat.read(path, as_version=4), tables, modules):
            stale_ones[path.name] = reasons
    return stale_ones


def refuse_stale(paths: Iterable[Path], tables: Tables) -> None:
    """Raise StaleError unless every notebook is fresh."""
    if reasons := stale(paths, tables):
        raise StaleError(reasons)


def refresh(
    paths: Iterable[Path],
    tables: Tables,
    *,
    everything: bool = False,
    environment: dict | None = None,
    progress: Progress = silent,
) -> list[str]:
    """Execute the stale notebooks again, two at a time; return the names of those executed.

    A notebook is written only when its execution succeeded, and only if its bytes changed.
    ``progress`` is called as each one ends.
    """
    paths = list(paths)
    due = [p for p in paths if everything or p.name in stale(paths, tables)]
    failures: list[str] = []
    clients: list[NotebookClient] = []
    with ThreadPoolExecutor(_WORKERS) as pool:
        jobs = {pool.submit(_execute, p, tables, environment or {}, clients): p for p in due}
        try:
            for done, job in enumerate(as_completed(jobs), 1):
                if error := job.exception():
                    failures.append(f"{jobs[job].name}：{error}")
                progress("重新执行笔记", done / len(jobs))
        finally:
            _end(pool, jobs, clients)
    if failures:
        raise ExecutionError("\n".join(sorted(failures)))
    return [p.name for p in due]


def _end(pool: ThreadPoolExecutor, jobs: Iterable[Future], clients: list[NotebookClient]) -> None:
    """End every kernel that still runs: Ctrl-C does not reach a kernel's own session."""
    pool.shutdown(wait=False, cancel_futures=True)
    while wait(jobs, timeout=0.2).not_done:
        for client in clients:
            provisioner = client.km and client.km.provisioner
            if process := getattr(provisioner, "process", None):
                process.kill()


def _execute(path: Path, tables: Tables, environment: dict, clients: list[NotebookClient]) -> None:
    from nbclient import NotebookClient  # slow to import, and seldom needed
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    tops = (project.PROGRAM, project.package())
    notebook.cells.append(nbformat.v4.new_code_cell(_PROBE.replace("{tops}", repr(tops))))
    client = NotebookClient(
        notebook,
        record_timing=False,
        timeout=_TIMEOUT,
        resources={"metadata": {"path": str(path.parent)}},
        extra_arguments=["--log-level=ERROR"],
    )
    clients.append(client)
    # Digests from before the run: a change while it runs must make the notebook stale.
    table_digests = {name: read_digest(tables, "tables", name) for name in tables.names}
    for name in tables.names:
        tables.text(name)  # kept from now on
    code = {name: module_digest(path) for name, path in project.modules().items()}
    try:
        client.execute(env=project.environment(**environment))
    except CellExecutionError as error:  # it quotes the whole cell and the kernel's traceback
        cell = next(c for c in notebook.cells if any(o.output_type == "error" for o in c.get("outputs", ())))
        raise ExecutionError(f"单元格 {cell.id} 出错，{error.ename}：{error.evalue}") from error
    reads, modules = json.loads(notebook.cells.pop().outputs[0].text)
    reads = sorted(without_repeats({(part, key) for part, key in reads}))
    notebook.metadata.get("language_info", {}).pop("version", None)
    notebook.metadata[STAMP] = {
        "code": _digest_of(notebook, "source"),
        "outputs": _digest_of(notebook, "outputs"),
        **{
            part: {
                key: table_digests.get(key) if part == "tables" else read_digest(tables, part, key)
                for p, key in reads
                if p == part
            }
            for part in ("rules", *_READ_ZH)
        },
        "modules": {name: code[name] for name in modules if name not in CANNOT_SHOW},
    }
    text = nbformat.writes(notebook) + "\n"
    if path.read_text(encoding="utf-8") != text:
        partial = path.with_suffix(".partial")
        try:
            partial.write_text(text, encoding="utf-8")
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def _reasons(notebook: nbformat.NotebookNode, tables: Tables, modules: dict[str, Path]) -> list[str]:
    stamp = notebook.metadata.get(STAMP, {})
    if not stamp.keys() >= _PARTS:
        return ["没有执行记录"]
    reasons = [] if stamp["code"] == _digest_of(notebook, "source") else ["代码改了"]
    reasons += [] if stamp["outputs"] == _digest_of(notebook, "outputs") else ["输出不是执行所得"]
    reasons += [
        reason.format(*key.split("/", 2))
        for part, reason in _READ_ZH.items()
        for key, digest in stamp[part].items()
        if read_digest(tables, part, key) != digest
    ]
    for system, digests in stamp["rules"].items():
        now = read_digest(tables, "rules", system)
        assert isinstance(now, dict)  # rules have one digest for each table
        reasons += [
            f"制度 {system} 在表 {name} 里的规则改了"
            for name in sorted(now.keys() | digests.keys())
            if now.get(name) != digests.get(name)
        ]
    reasons += [
        f"模块 {name} 改了"
        for name, digest in stamp["modules"].items()
        if name not in modules or module_digest(modules[name]) != digest
    ]
    return reasons


def _digest_of(notebook: nbformat.NotebookNode, part: str) -> str:
    cells = [c[part] for c in notebook.cells if c.cell_type == "code"]
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()


def module_digest(path: Path) -> str:
    """The digest of what a module does, as it is on disk."""
    return code_digest(path.read_bytes())[:SHORT]
