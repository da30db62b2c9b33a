"""Check that reading hostile files is fast, changes nothing and gives one clear message."""

import hashlib
import time
from pathlib import Path

from figurebook.datapackage.problems import RULES_ZH
from figurebook.spreadsheets.reading.grids import read_grids

TABLE = "编号\x2c人口\nH1\x2c3\n"
SECONDS = 10


def state(folder: Path) -> dict:
    """Everything below a folder that a reader could have changed."""
    return {
        str(path): (
            path.lstat().st_mode,
            path.lstat().st_size,
            path.lstat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest()
            if path.is_file() and path.stat().st_size < 1 << 20
            else None,
        )
        for path in sorted(folder.rglob("*"))
    }


def read_unchanged(path: Path, folder: Path):
    """The result of reading, after a check that it was fast and changed nothing."""
    before, start = state(folder), time.monotonic()
    read = read_grids(path)
    assert time.monotonic() - start < SECONDS
    assert state(folder) == before
    return read


def problem_of(path: Path, folder: Path, rule: str, words: str):
    """The only problem, which must be this one."""
    _, _, problems = read_unchanged(path, folder)
    assert [(p.rule, words in p.message) for p in problems] == [(rule, True)], problems
    text = str(problems[0])
    assert text.startswith("文件 ")
    assert RULES_ZH[rule] in text
    assert "请" in problems[0].message
    assert text.isprintable()
    return problems[0]
