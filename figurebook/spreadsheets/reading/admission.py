"""Decide which files of an office are opened, by name, size and first bytes.

Nothing here looks at what a table says. ``files(path)`` lists what is to be read. ``opened(path)`` gives one
file to read, and notices when it is changed meanwhile. A file is refused by raising ``FileRefusedError``,
which becomes one ``Problem``.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from figurebook.datapackage.problems import Problem
from figurebook.errors import FigurebookError
from figurebook.spreadsheets.reading.grid import Note

MAX_FILES = 1000  # a package has some thirty tables; a folder of thousands was named by mistake
MAX_BYTES = 256 << 20  # 1,000,000 households of twenty columns are some 200 MB of CSV
MAX_ALL_BYTES = 1 << 30  # all files of a folder together, as their cells are held at the same time
MAX_NAME = 255  # what file systems allow, in bytes

DESCRIPTOR = "datapackage.json"  # of a folder that is a package; it names the office of the tables
READ = {".csv", ".xlsx", ".xlsm"}
OTHER_TABLES = {".xls", ".xlsb", ".et", ".ett", ".ods", ".tsv", ".tab", ".dbf", ".mdb", ".accdb", ".numbers"}
SAVE_AS = "请另存为 XLSX 或 UTF-8 的 CSV 再来。"

# Control and invisible characters: a name with them is not what it looks like.
_CONTROL_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_MAGIC = {
    b"SQLite format 3\0": "SQLite 数据库",
    b"PK\x03\x04": "XLSX 或别的压缩包",
    b"PK\x05\x06": "空的压缩包",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "旧格式（XLS）的工作簿",
    b"%PDF-": "PDF",
    b"\x1f\x8b": "gzip 压缩包",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf\x27\x1c": "7z 压缩包",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"\x00\x01\x00\x00Standard ": "Access 数据库",
    b"PGDMP": "PostgreSQL 数据库的备份",
    b"PAR1": "Parquet",
    b"{\\rtf": "RTF 文档",
}
_TEXT = (
    (re.compile(rb"\A\s*<(!doctype\s+html|html|head|body|table|meta|div)\b", re.I), "网页（HTML）"),
    (re.compile(rb"\A\s*<\?xml\b", re.I), "XML"),
    (re.compile(rb"\A\s*(\{\s*\"|\[\s*[\[{\"])"), "JSON"),
    (
        re.compile(
            rb"^[ \t]*(-- (MySQL|MariaDB|PostgreSQL|SQLite|Dump)\b|/\*!\d{5}|CREATE\s+(TABLE|DATABASE)\b"
            rb"|INSERT\s+INTO\b|DROP\s+TABLE\b|PRAGMA\s+\w+\s*=|BEGIN\s+TRANSACTION\b|SET\s+NAMES\b)",
            re.I | re.M,
        ),
        "数据库的 SQL 备份",
    ),
)
_HEAD = 4096  # bytes in which a file gives itself away


@dataclass
class FileRefusedError(FigurebookError):
    """A file that is not read (further), and the place of the reason."""

    rule: str
    message: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def problem(self, path: Path) -> Problem:
        """The problem to report of the file at ``path``."""
        return Problem(
            shown(path.name or str(path)),
            self.rule,
            self.message,
            self.sheet,
            self.row,
            self.column,
            self.value,
        )


def shown(name: str, limit: int = 80) -> str:
    """A name as it can be printed: invisible characters escaped, and cut."""
    text = "".join(f"\\u{ord(c):04x}" if is_invisible(c) else c for c in name)
    return text if len(text) <= limit else text[:limit] + "…"


def is_invisible(character: str) -> bool:
    """Whether a character shows nothing, or turns round what follows."""
    return unicodedata.category(character) in _CONTROL_CATEGORIES


def files(path: Path) -> tuple[list[Path], list[Note], list[Problem]]:
    """The files to read at ``path``, the notes on those left aside, and problems.

    ``path`` is a folder or one file. The files are in the order of their names.
    """
    to_read: list[Path] = []
    notes: list[Note] = []
    problems: list[Problem] = []
    try:
        for entry in _entries(path):
            try:
                note = _admit(entry, named=entry == path)
            except FileRefusedError as refused:
                problems.append(refused.problem(entry))
            except OSError as error:
                problems.append(_unreadable(error).problem(entry))
            else:
                notes += [note] if note else []
                to_read += [entry] if note is None else []
        if sum(entry.lstat().st_size for entry in to_read) > MAX_ALL_BYTES:
            raise FileRefusedError(
                "too-large", f"这些文件合计超过 {MAX_ALL_BYTES >> 20} MB，请只放要用的表。"
            )
        if not to_read and not problems:
            raise FileRefusedError(
                "missing-file", "这里没有 .csv 或 .xlsx 文件。请给出放表的文件夹，或一个表的文件。"
            )
    except FileRefusedError as refused:
        return [], notes, [*problems, refused.problem(path)]
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        return [], notes, [*problems, _unreadable(error).problem(path)]
    return to_read, notes, problems


def _entries(path: Path) -> list[Path]:
    if not path.is_dir():
        path.lstat()  # raises where there is nothing
        return [path]
    names = []
    with os.scandir(path) as scan:  # not a list at once: the folder may hold millions
        for entry in scan:
            if entry.name.startswith((".", "~$")):
                continue
            names.append(entry.name)
            if len(names) > MAX_FILES:
                raise FileRefusedError(
                    "too-large", f"文件夹里的文件超过 {MAX_FILES} 个。请把要用的表单独放一个文件夹。"
                )
    described = {f"{name.removesuffix('.csv')}.yaml" for name in names if name.endswith(".csv")}
    return [path / name for name in sorted(names) if name not in described]  # manifests are no tables


def _admit(path: Path, named: bool) -> Note | None:
    """None for a file to be read, a Note for one to be left aside.

    ``named`` is a path that the user gave, not one found in a folder. Raises FileRefusedError.
    """
    if any(map(is_invisible, path.name)):
        raise FileRefusedError("name", "文件名里有看不见的字符（上面写成 \\u 加编号），请改名。")
    status = path.lstat()
    suffix = path.suffix.lower()
    if stat.S_ISLNK(status.st_mode):
        raise FileRefusedError(
            "refused", "这是链接，不是文件：不跟着链接走到别处去读。请把文件本身复制过来。"
        )
    if stat.S_ISDIR(status.st_mode):
        return Note(path.name, "not-a-table", "这是子文件夹，没有看里面。")
    if suffix in OTHER_TABLES or (named and suffix not in READ):
        raise FileRefusedError("unknown-file", f"只读 CSV 和 XLSX。{SAVE_AS}")
    if suffix not in READ:
        if path.name == DESCRIPTOR:
            return Note(path.name, "descriptor", "从这个文件读了单位名称和数据日期，别的没有读。")
        return Note(path.name, "not-a-table", "这不是 CSV 或 XLSX，没有读。")
    if not stat.S_ISREG(status.st_mode):
        raise FileRefusedError("refused", "这不是普通的文件（而是管道、设备之类），不读。请换成普通的文件。")
    if status.st_size == 0:
        raise FileRefusedError("unreadable", "文件是空的，第一行应是列名。请重新导出这张表。")
    if status.st_size > MAX_BYTES:
        raise FileRefusedError("too-large", f"文件超过 {MAX_BYTES >> 20} MB。请只留要用的列，或分成几张表。")
    return None


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """The file at ``path`` to read from.

    Raises FileRefusedError if it changes before the caller is done.
    """
    # Neither follows a link nor waits for a pipe, should one have taken the file's place just now.
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            before = _state(os.fstat(file.fileno()))
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FileRefusedError("refused", "这不是普通的文件，不读。请换成普通的文件。")
            digest = _digest(file)
            file.seek(0)
            problem = None
            try:
                yield file
            except FileRefusedError as refused:
                problem = refused  # a file that is just being written looks damaged
            if _now(path) != before or _digest(file) != digest:
                raise FileRefusedError(
                    "changed", "文件在读的时候被改动了。请关掉正在编辑它的程序，再来一次。"
                )
            if problem:
                raise problem
    except OSError as error:
        raise _unreadable(error) from None


def _now(path: Path) -> tuple | None:
    try:
        return _state(path.lstat())
    except FileNotFoundError:
        return None


def _state(status: os.stat_result) -> tuple:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _digest(file: BufferedReader) -> bytes:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").digest()


def digest(path: Path) -> str:
    """The sha256 (hex) over names and bytes of the files read at ``path``.

    May raise FileRefusedError.
    """
    total = hashlib.sha256()
    for entry in files(path)[0]:
        with opened(entry) as file:
            total.update(entry.name.encode() + b"\0" + _digest(file))
    return total.hexdigest()


def _unreadable(error: OSError | ValueError) -> FileRefusedError:
    if isinstance(error, FileNotFoundError):
        return FileRefusedError("missing-file", "没有这个文件或文件夹。请核对路径。")
    if isinstance(error, PermissionError):
        return FileRefusedError("unreadable", "没有读它的权限。请改权限，或请有权限的人复制一份。")
    if isinstance(error, OSError) and len(os.fsencode(error.filename or "")) > MAX_NAME:
        return FileRefusedError("name", f"名称或路径太长（文件名至多 {MAX_NAME} 字节）。请改短。")
    return FileRefusedError("unreadable", "读不出来。请核对路径，或把文件复制到本机的硬盘再来。")


def seems(head: bytes) -> str | None:
    """The kind of file that the first bytes show, if not a CSV table."""
    head = head[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    for magic, name in _MAGIC.items():
        if head.startswith(magic):
            return name
    return next((name for pattern, name in _TEXT if pattern.search(head)), None)
