"""Check every notebook, cell by cell, against the rules that all of them keep.

Strangers read a published notebook, run it again and compare it. Hidden cells would be published in the
sources all the same. A trailing ``;`` hides an output from nbval, and nbval does not compare a PNG. A
machine's path or a warning belongs to one machine only. What another program left in the
metadata stands on no page, and stays when it is no longer true.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

from figurebook import project
from figurebook.datapackage.usage import STAMP

MAX_CELLS = 25
MAX_BYTES = 150_000
_METADATA = {"kernelspec", "language_info", STAMP}
_PATH = re.compile(r"(?:(?<![\w.])/(?:home|root|Users|tmp|work|mnt)/|\b[A-Za-z]:\\{1,2})\w")
# As IPython sees it: a comment behind the semicolon does not bring the output back.
_SEMICOLON = re.compile(r";\s*(?:#.*\s*)*\Z")
_HIDING = {
    "hide-input",
    "hide-output",
    "hide-cell",
    "remove-input",
    "remove-output",
    "remove-cell",
    "nbval-ignore-output",
    "nbval-skip",
    "nbval-raises-exception",
    "raises-exception",
}
_MARKS = re.compile(r"#\s*(NBVAL_\w+|PYTEST_VALIDATE_\w+)")


@dataclass(frozen=True)
class Breach:
    """A rule broken in one cell, counted from 1; 0 is the whole file."""

    notebook: str
    cell: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.notebook} 第 {self.cell} 格：{self.message}（{self.rule}）"


def check(path: Path) -> list[Breach]:
    """Every rule that the notebook at ``path`` breaks, in the order of its cells."""
    notebook = nbformat.read(path, as_version=4)
    breaches = [
        Breach(path.name, i, rule, message)
        for i, cell in enumerate(notebook.cells, 1)
        for rule, message in _cell(cell)
    ]
    if len(notebook.cells) > MAX_CELLS or path.stat().st_size > MAX_BYTES:
        breaches.append(Breach(path.name, 0, "too-long", f"最多 {MAX_CELLS} 格、{MAX_BYTES} 字节"))
    if strange := sorted(set(notebook.metadata) - _METADATA):
        breaches.append(Breach(path.name, 0, "metadata", f"元数据里不要 {'、'.join(strange)}，请删去"))
    return breaches


def _cell(cell: nbformat.NotebookNode) -> Iterator[tuple[str, str]]:
    tags = set(cell.metadata.get("tags", [])) & _HIDING
    if tags or cell.metadata.get("jupyter", {}).get("source_hidden"):
        yield "hidden", f"不许隐藏或跳过：{'、'.join(sorted(tags)) or 'source_hidden'}"
    if cell.cell_type != "code":
        return
    if _SEMICOLON.search(cell.source):
        yield "semicolon", "末尾的分号会藏起输出，请删去"
    if _MARKS.search(cell.source):
        yield "hidden", "不许用注释让 nbval 跳过或放宽"
    if cell.execution_count is None:
        yield "unexecuted", f"没有执行过，请运行 {project.command('refresh')}"
    for output in cell.outputs:
        data = output.get("data", {})
        if output.output_type == "error":
            yield "error", f"执行出错：{output.get('ename')}"
        if output.get("name") == "stderr":
            yield "stderr", "有标准错误输出（多半是警告），请消除它的原因"
        if any(kind in data for kind in ("image/png", "image/jpeg")):
            yield "bitmap", "图要用 SVG（nb.Chart），位图不会被比较"
    if any(_PATH.search(text) for text in (cell.source, *_texts(cell.outputs))):
        yield "machine-path", "出现了某台机器上的路径"


def _texts(value: object) -> Iterator[str]:
    """Every string within a JSON value, unescaped.

    In an escaped one ``a:`` at the end of a line would look like a drive.
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def main(paths: list[str]) -> int:
    """Print every breach; 1 if there is any. For the pre-commit hook."""
    breaches = [b for p in paths for b in check(Path(p))]
    print(*breaches, sep="\n", end="\n" if breaches else "")
    return bool(breaches)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
