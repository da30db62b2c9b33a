"""Files that must not be read: each a real file, refused with one clear message and left as it was."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import json
import os
import random
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pytest
from helpers_workbooks import SHEET, cell, packed, parts, shared, sheet, sheet_xml, tampered, workbook

from wuqi.intake import archive, grids, guard
from wuqi.intake.grids import read_grids
from wuqi.problems import RULES_ZH
from wuqi.tables import ROOT

TABLE = "编号\x2c人口\nH1\x2c3\n"
SECONDS = 10
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _sqlite() -> bytes:
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE households (id)")
        return database.serialize()


def _twice() -> bytes:
    name = SHEET.replace("1", "2").encode()
    data = packed({**parts(workbook([["编号"]])), name.decode(): sheet_xml("")})
    return data.replace(name, SHEET.encode())


def _locked() -> bytes:
    """A zip whose parts say that they are encrypted."""
    data = bytearray(workbook([["编号"]]))
    start = 0
    while (start := data.find(b"PK\x01\x02", start) + 1) > 0:
        data[start - 1 + 8] |= 1
    return bytes(data)


def _wrong_checksum() -> bytes:
    data = bytearray(packed(parts(workbook([["编号"]])), zipfile.ZIP_STORED))
    at = data.find(b"<sheetData>")
    data[at:at + 11] = b"<sheetDatA>"
    return bytes(data)


def _dtd(encoding: str = "utf-8") -> str:
    """The head of an XML part that declares the entities of a "billion laughs"."""
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    return f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]>'


def _with_dtd(part: str, encoding: str = "utf-8") -> bytes:
    root = parts(workbook([["编号"]]))[part].decode().rpartition("?>")[2]
    return tampered({part: (_dtd(encoding) + root).encode(encoding)})


# name of the file: (bytes, rule, words of the message)
CSV = {
    "empty": (b"", "unreadable", "文件是空的"),
    "only-a-mark": (codecs.BOM_UTF8, "unreadable", "没有内容"),
    "blank-lines": (b"\n,,\n\n", "unreadable", "没有内容"),
    "utf-16": (TABLE.encode("utf-16"), "encoding", "UTF-16"),
    "utf-16-without-mark": (TABLE.encode("utf-16-le"), "unreadable", "NUL"),
    "nul": (b"id,n\nH1,\x003\n", "unreadable", "NUL"),
    "no-encoding": (b"id,n\nH1,\xff\xff\n", "encoding", "既不是 UTF-8 也不是 GB18030"),
    "utf-8-broken": (f"{TABLE}{'村' * 20}\x2c1\nH3\x2c".encode() + b"\xe6\x9d\n", "encoding", "坏掉的字节"),
    "utf-8-mark-then-gb": (codecs.BOM_UTF8 + TABLE.encode("gb18030"), "encoding", "坏掉的字节"),
    "open-quote": (b'id,n\nH1,"3\nH2,4\n', "row-shape", "引号没有成对"),
    "quote-inside": (b'id,n\nH1,"3"4\n', "row-shape", "引号没有成对"),
    "quote-swallows": (b'id,n\nH1,"' + b"H2,4\n" * 50_000, "row-shape", "引号没有成对"),
    "record-without-end": (b"id,n\n" + b'"\n",' * 400_000, "too-large", "换行或引号可能丢了"),
    "line-without-end": (b"id,n\n" + b"x" * 2_000_000, "too-large", "换行或引号可能丢了"),
    "long-cell": (b"id,n\nH1," + b"x" * 32_768 + b"\n", "row-shape", "超过 32767 个字符"),
    "cell-too-many": (b"id,n\nH1,3,4\nH2,5\n", "row-shape", "有 3 个单元格"),
    "cell-too-few": (b"id,n,m\nH1,3\nH2,5,6\n", "row-shape", "有 2 个单元格"),
    "tabs": (TABLE.replace(",", "\t").encode(), "row-shape", "制表符"),
    "tabs-and-commas": (b"id\tn\tm\nH1\t1,000\t2\nH2\t3\t4,000\nH3\t1,000\t1,000\n", "row-shape", "制表符"),
    "semicolons": (TABLE.replace(",", ";").encode(), "row-shape", "分号"),
    "chinese-commas": (TABLE.replace(",", "\uff0c").encode(), "row-shape", "中文逗号"),
    "sqlite": (_sqlite(), "unreadable", "SQLite"),
    "sql-mysql": (b"-- MySQL dump 10.13\n--\nCREATE TABLE `h` (\n`id` int);\n", "unreadable", "SQL"),
    "sql-inserts": (b"\n\nINSERT INTO h VALUES (1,'a'),(2,'b');\n", "unreadable", "SQL"),
    "workbook-renamed": (workbook([["编号"]]), "unreadable", "XLSX"),
    "old-workbook-renamed": (OLE2 + bytes(1000), "unreadable", "XLS"),
    "html": (b"\r\n<html><table><tr><td>1</td></tr></table></html>", "unreadable", "HTML"),
    "spreadsheet-xml": (b'<?xml version="1.0"?><Workbook/>', "unreadable", "XML"),
    "json": (b'[{"id": "H1"}]', "unreadable", "JSON"),
    "pdf": (b"%PDF-1.7\n", "unreadable", "PDF"),
    "gzip": (gzip.compress(TABLE.encode()), "unreadable", "gzip"),
}
XLSX = {
    "empty": (b"", "unreadable", "文件是空的"),
    "truncated": (workbook([["编号"]])[:-200], "unreadable", "不是完整的 XLSX"),
    "truncated-at-half": (workbook([["编号"]] * 500)[:3000], "unreadable", "不是完整的 XLSX"),
    "html": (b"<html><table></table></html>", "unreadable", "HTML"),
    "text": (TABLE.encode(), "unreadable", "不是完整的 XLSX"),
    "only-a-zip": (packed({"a.txt": b"a"}), "unreadable", "不是完整的 XLSX"),
    "word": (packed({"word/document.xml": b"<a/>"}), "unreadable", "Word"),
    "open-document": (packed({"mimetype": b"application/vnd.oasis"}), "unreadable", "开放文档"),
    "binary-workbook": (packed({"xl/workbook.bin": b""}), "unreadable", "XLSB"),
    "encrypted": (OLE2 + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "unreadable", "密码"),
    "old-workbook": (OLE2 + bytes(1000), "unreadable", "旧格式"),
    "locked-parts": (_locked(), "unreadable", "密码"),
    "part-twice": (_twice(), "unreadable", "同名的部件"),
    "wrong-checksum": (_wrong_checksum(), "unreadable", "不是完整的 XLSX"),
    "bzip2": (packed(parts(workbook([["编号"]])), zipfile.ZIP_BZIP2), "unreadable", "压缩方法"),
    "no-workbook": (tampered({"xl/workbook.xml": None}), "unreadable", "不是完整的 XLSX"),
    "no-relations": (tampered({"_rels/.rels": b"<Relationships/>"}), "unreadable", "里面没有工作簿"),
    "no-sheets": (tampered({"xl/workbook.xml": b"<workbook><sheets/></workbook>"}), "unreadable",
                  "里面没有工作表"),
    "sheet-missing": (tampered({SHEET: None}), "unreadable", "不是完整的 XLSX"),
    "sheet-malformed": (tampered({SHEET: sheet_xml("")[:-5]}), "unreadable", "不是完整的 XLSX"),
    "all-sheets-empty": (workbook([], []), "unreadable", "没有内容"),
    "entities-in-sheet": (_with_dtd(SHEET), "refused", "DTD"),
    "entities-in-strings": (shared("<si><t>&a11;</t></si>", "", _dtd()), "refused", "DTD"),
    "entities-in-styles": (_with_dtd("xl/styles.xml"), "refused", "DTD"),
    "entities-in-utf-16": (_with_dtd("xl/workbook.xml", "utf-16"), "refused", "DTD"),
    "nested": (sheet("<row>" * 200 + "</row>" * 200), "unreadable", "套了 100 层以上"),
    "rows-out-of-order": (sheet('<row r="5"/><row r="4"/>'), "unreadable", "次序乱了"),
    "row-beyond": (sheet('<row r="1048577"/>'), "unreadable", "次序乱了"),
    "cells-out-of-order": (sheet('<row r="1"><c r="B1"/><c r="A1"/></row>'), "unreadable", "次序乱了"),
    "cell-of-another-row": (sheet('<row r="1"><c r="B2"/></row>'), "unreadable", "次序乱了"),
    "column-beyond": (sheet('<row r="1"><c r="XFE1"/></row>'), "unreadable", "次序乱了"),
    "far-right": (sheet('<row r="1"><c r="A1"/><c r="XFD1"><v>1</v></c></row>'), "too-large", "1000 列"),
    "no-such-text": (cell('<c r="A2" t="s"><v>99</v></c>'), "unreadable", "没有的文字"),
    "formula-without-value": (cell('<c r="A2"><f>1+1</f><v/></c>'), "type", "公式没有存下结果"),
    "failed-formula": (cell('<c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'), "type", "公式出错"),
    "sixteen-digits": (cell('<c r="A2"><v>1234567890123450</v></c>'), "type", "超过 15 位"),
    "eighteen-digits": (cell('<c r="A2"><v>1.23456789012345E+17</v></c>'), "type", "超过 15 位"),
    "infinite": (cell('<c r="A2"><v>1E999</v></c>'), "type", "超过 15 位"),
    "not-a-number": (cell('<c r="A2"><v>NaN</v></c>'), "type", "应是一个数"),
    "not-a-date": (cell('<c r="A2" t="d"><v>2017-02-30</v></c>'), "type", "应是一个日期"),
    "long-cell": (cell(f'<c r="A2" t="inlineStr"><is><t>{"x" * 32_768}</t></is></c>'), "row-shape", "32767"),
    "sheets-alike": (workbook([["编号"]], [["编号"]], names=["Village", "ｖｉｌｌａｇｅ "]),
                     "duplicate-sheet", "请改名"),
    "sheet-name-turned": (workbook([["编号"]], names=["村\u202e表"]), "name", "看不见的字符"),
}
HOSTILE = {f"{suffix}-{name}": (f"t.{suffix}", *case)
           for suffix, cases in (("csv", CSV), ("xlsx", XLSX)) for name, case in cases.items()}


def _state(folder: Path) -> dict:
    """Everything below a folder that a reader could have changed."""
    return {str(path): (path.lstat().st_mode, path.lstat().st_size, path.lstat().st_mtime_ns,
                        hashlib.sha256(path.read_bytes()).hexdigest()
                        if path.is_file() and path.stat().st_size < 1 << 20 else None)
            for path in sorted(folder.rglob("*"))}


def _read(path: Path, folder: Path):
    """What is read, having made sure that it took no long time and changed nothing."""
    before, start = _state(folder), time.monotonic()
    read = read_grids(path)
    assert time.monotonic() - start < SECONDS
    assert _state(folder) == before
    return read


def _one(path: Path, folder: Path, rule: str, words: str):
    """The only problem, which must be this one."""
    _, _, problems = _read(path, folder)
    assert [(p.rule, words in p.message) for p in problems] == [(rule, True)], problems
    text = str(problems[0])
    assert text.startswith("文件 ")
    assert RULES_ZH[rule] in text
    assert "请" in problems[0].message
    assert text.isprintable()
    return problems[0]


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_gets_one_clear_message(case, tmp_path):
    name, data, rule, words = HOSTILE[case]
    (tmp_path / name).write_bytes(data)
    assert _one(tmp_path / name, tmp_path, rule, words).file == name
    assert _one(tmp_path, tmp_path, rule, words).file == name, "in a folder it is told just so"


@pytest.mark.parametrize(("case", "row"), [
    ("csv-open-quote", 2), ("csv-cell-too-many", 2), ("csv-long-cell", 2), ("csv-utf-8-broken", 4),
    ("csv-nul", 2), ("csv-no-encoding", 2), ("csv-record-without-end", 2), ("xlsx-failed-formula", 2),
    ("xlsx-sixteen-digits", 2), ("xlsx-far-right", 1)])
def test_the_row_is_named(case, row, tmp_path):
    name, data, rule, words = HOSTILE[case]
    (tmp_path / name).write_bytes(data)
    assert _one(tmp_path, tmp_path, rule, words).row == row


def test_the_cell_of_a_workbook_is_named(tmp_path):
    (tmp_path / "t.xlsx").write_bytes(HOSTILE["xlsx-failed-formula"][1])
    problem = _one(tmp_path, tmp_path, "type", "公式出错")
    assert (problem.sheet, problem.row, problem.column, problem.value) == ("表1", 2, "A", "=1/0")


@pytest.mark.parametrize("suffix", [".xls", ".XLS", ".et", ".ods", ".tsv", ".xlsb", ".dbf", ".mdb"])
def test_a_table_in_another_format_is_not_passed_over(suffix, tmp_path):
    (tmp_path / f"t{suffix}").write_bytes(b"x")
    assert _one(tmp_path, tmp_path, "unknown-file", "另存为").file == f"t{suffix}"


def test_a_file_named_by_the_user_must_be_a_table(tmp_path):
    (tmp_path / "t.txt").write_text(TABLE, encoding="utf-8")
    _one(tmp_path / "t.txt", tmp_path, "unknown-file", "只读 CSV 和 XLSX")


def test_other_files_are_left_aside_and_told(tmp_path):
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    for name in ("datapackage.json", "说明.docx", ".hidden.csv", "~$t.xlsx", ".DS_Store"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "old.csv").mkdir()
    (tmp_path / "old.csv" / "deeper.csv").write_text("x", encoding="utf-8")
    found, notes, problems = _read(tmp_path, tmp_path)
    assert [g.file for g in found] == ["t.csv"]
    assert [(n.file, n.kind) for n in notes] == [
        (name, "not-a-table") for name in ("datapackage.json", "old.csv", "说明.docx")]
    assert problems == []


def test_a_path_that_is_not_there(tmp_path):
    assert _one(tmp_path / "t.csv", tmp_path, "missing-file", "没有这个文件").file == "t.csv"


def test_an_empty_folder(tmp_path):
    _one(tmp_path, tmp_path, "missing-file", "没有 .csv 或 .xlsx")


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "村" * 300 + ".csv"])
def test_a_name_of_three_hundred_characters(name, tmp_path):
    assert len(_one(tmp_path / name, tmp_path, "name", "太长").file) < 100


def test_a_path_with_nul(tmp_path):
    assert _one(Path(f"{tmp_path}/t\0.csv"), tmp_path, "unreadable", "读不出来").file == "t\\u0000.csv"


@pytest.mark.parametrize(("name", "told"), [
    ("t\u202evsc.csv", "t\\u202evsc.csv"), ("t\u200b.csv", "t\\u200b.csv"), ("t\n.csv", "t\\u000a.csv"),
    ("\ufefft.csv", "\\ufefft.csv"), ("t\x1b[31m.csv", "t\\u001b[31m.csv"),
    (os.fsdecode(b"t\xff.csv"), "t\\udcff.csv")])
def test_a_name_that_hides_something_is_told_escaped(name, told, tmp_path):
    (tmp_path / name).write_text(TABLE, encoding="utf-8")
    assert _one(tmp_path, tmp_path, "name", "请改名").file == told


def test_a_full_width_space_is_an_honest_character(tmp_path):
    (tmp_path / "村　表.csv").write_text(TABLE, encoding="utf-8")
    assert _read(tmp_path, tmp_path)[2] == []


@pytest.mark.parametrize("target", ["inside.txt", "../outside.csv", "/etc/passwd", "nowhere"])
def test_a_link_is_not_followed(target, tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    (tmp_path / "outside.csv").write_text("CANARY-7Q2X-0001\n", encoding="utf-8")
    (folder / "inside.txt").write_text(TABLE, encoding="utf-8")
    (folder / "t.csv").symlink_to(target)
    found, _, problems = read_grids(folder)
    assert found == []
    assert [(p.file, p.rule) for p in problems] == [("t.csv", "refused")]
    assert "复制过来" in problems[0].message
    assert _one(folder / "t.csv", folder, "refused", "链接")


def test_a_linked_folder_is_not_entered(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "t.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "a" / "b").symlink_to(tmp_path / "b")
    _one(tmp_path / "a", tmp_path, "refused", "链接")


def test_a_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "t.csv")
    _one(tmp_path, tmp_path, "refused", "不是普通的文件")


def test_a_pipe_that_took_the_place_of_a_file_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "t.csv")
    with pytest.raises(guard.RefusedError, match="不是普通的文件"), guard.opened(tmp_path / "t.csv"):
        pass


def test_a_socket(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the address of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("t.xlsx")
        _one(tmp_path, tmp_path, "refused", "不是普通的文件")


def test_a_device():
    assert [p.rule for p in read_grids(Path("/dev/zero"))[2]] == ["unknown-file"]


def test_a_file_that_may_not_be_read():
    """As another user, since root may read everything."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "t.csv").write_text(TABLE, encoding="utf-8")
        (folder / "t.csv").chmod(0)
        ends = os.pipe()
        child = os.fork()
        if not child:
            if os.geteuid() == 0:
                os.setuid(65534)
            os.write(ends[1], "\n".join(map(str, read_grids(folder)[2])).encode())
            os._exit(0)
        os.close(ends[1])
        with os.fdopen(ends[0], encoding="utf-8") as pipe:
            told = pipe.read()
        os.waitpid(child, 0)
    assert told == "文件 t.csv：读不出（unreadable）。没有读它的权限。请改权限，或请有权限的人复制一份。"


def test_a_sheet_of_too_many_elements(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_ELEMENTS", 500)
    (tmp_path / "t.xlsx").write_bytes(sheet("", after="<a/>" * 500))
    problem = _one(tmp_path, tmp_path, "too-large", "另存为 CSV")
    assert problem.sheet == "表1"


def _sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def test_a_file_that_is_too_large_is_not_opened(tmp_path):
    _sparse(tmp_path / "t.csv", guard.MAX_BYTES + 1)
    _one(tmp_path, tmp_path, "too-large", "256 MB")


def test_files_that_are_too_large_together(tmp_path):
    for i in range(5):
        _sparse(tmp_path / f"{i}.csv", guard.MAX_BYTES)
    _one(tmp_path, tmp_path, "too-large", "合计")


def test_a_folder_of_too_many_files(tmp_path):
    for i in range(guard.MAX_FILES + 1):
        (tmp_path / f"{i}.csv").touch()
    _one(tmp_path, tmp_path, "too-large", "1000 个")


def _append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"H2,4\n")


def _rewrite_in_silence(path: Path) -> None:
    """Same size and time, other bytes."""
    status = path.stat()
    path.write_text(TABLE.replace("3", "4"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _replace(path: Path) -> None:
    path.with_suffix(".new").write_bytes(path.read_bytes())
    path.with_suffix(".new").replace(path)


@pytest.mark.parametrize("change", [_append, _rewrite_in_silence, _replace, Path.unlink])
@pytest.mark.parametrize("when", ["before it was read", "after it was refused"])
def test_a_file_that_changes_while_it_is_read(change, when, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(TABLE, encoding="utf-8")

    def read():
        with guard.opened(path) as file:
            change(path)
            if when == "after it was refused":
                raise guard.RefusedError("unreadable", "只读到一半。")
            return file.read()

    with pytest.raises(guard.RefusedError) as caught:
        read()
    assert caught.value.problem(path).rule == "changed"
    assert "请关掉正在编辑它的程序" in caught.value.message


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_a_table_that_is_saved_while_it_is_read_is_not_used(name, tmp_path, monkeypatch):
    path = tmp_path / name
    path.write_bytes(TABLE.encode() if name == "t.csv" else workbook([["编号"], ["H1"]]))
    reader = grids._reader(path)

    def slow(path, file):
        _append(path)
        return reader(path, file)

    monkeypatch.setattr(grids, "_reader", lambda _: slow)
    found, _, problems = read_grids(path)
    assert found == []
    assert [(p.file, p.rule) for p in problems] == [(name, "changed")]


def test_digits_that_may_be_an_identity_number_are_not_told(tmp_path):
    for name in ("sixteen-digits", "eighteen-digits"):
        (tmp_path / "t.xlsx").write_bytes(XLSX[name][0])
        problem = _one(tmp_path, tmp_path, "type", "超过 15 位")
        assert (problem.row, problem.column, problem.value) == (2, "A", None)
        assert "123456789" not in str(problem)


def test_a_folder_with_one_bad_file_still_gives_the_others(tmp_path):
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(b"")
    (tmp_path / "c.xlsx").write_bytes(workbook([["编号"], ["H1"]]))
    found, _, problems = _read(tmp_path, tmp_path)
    assert [g.file for g in found] == ["a.csv", "c.xlsx"]
    assert [p.file for p in problems] == ["b.csv"]


def test_the_digest_covers_names_and_bytes_of_what_is_read(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(TABLE, encoding="utf-8")
    first = guard.digest(tmp_path)
    assert first == guard.digest(path)
    (tmp_path / "note.txt").write_text("left aside", encoding="utf-8")
    assert guard.digest(tmp_path) == first
    path.rename(tmp_path / "u.csv")
    renamed = guard.digest(tmp_path)
    (tmp_path / "u.csv").write_text(TABLE + "H2\x2c4\n", encoding="utf-8")
    assert len({first, renamed, guard.digest(tmp_path)}) == 3


# Bombs: read in a process of their own that may not take much memory.

MEMORY = 600 << 20  # address space; Python with pandas takes 170 MB of it at rest


def _bomb(path: Path) -> None:
    """A sheet of 600 MB in a file of some 10 MB: not packed as tightly as to be told by that."""
    noise = random.Random(0).randbytes(10_000)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts(workbook([["编号"]])).items():
            if name != SHEET:
                archive.writestr(name, content)
        with archive.open(SHEET, "w", force_zip64=True) as out:
            for _ in range(600):
                out.write(noise + b" " * 990_000)


def _lying_bomb(path: Path) -> None:
    """A sheet of 50 MB that says it has 1000 bytes."""
    members = parts(workbook([["编号"]]))
    members[SHEET] = sheet_xml('<row><c t="str"><v>x</v></c></row>') + b" " * 50_000_000
    data = bytearray(packed(members))
    size = struct.pack("<I", len(members[SHEET]))
    assert data.count(size) == 2
    path.write_bytes(bytes(data).replace(size, struct.pack("<I", 1000)))


def _tight_bomb(path: Path) -> None:
    """A sheet of 50 MB, packed 1000 times."""
    path.write_bytes(sheet("", before=" " * 50_000_000))


def _million_columns(path: Path) -> None:
    path.write_bytes(sheet("<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>"))


def _million_columns_csv(path: Path) -> None:
    path.write_bytes(b"1," * 499_999 + b"1\n" + b"1," * 1_000_000 + b"1\n")


def _wide_and_long(path: Path) -> None:
    path.write_bytes((b"," * 999 + b"1\n") * 21_000)


def _long_directory(path: Path) -> None:
    """A zip whose table of contents alone has 60 MB."""
    entry = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0)
    directory = (entry + b"a.xml") * 1_200_000
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 65535, 65535, len(directory), 0, 0)
    path.write_bytes(directory + end)


def _many_parts(path: Path) -> None:
    path.write_bytes(packed({f"xl/{i}": b"" for i in range(10_001)}, zipfile.ZIP_STORED))


def _lying_dimension(path: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="C1048576"><v>3</v></c></row>'
    path.write_bytes(sheet(cells, '<dimension ref="A1:XFD1048576"/>'))


def _many_styled_cells(path: Path) -> None:
    """What is left when a colour was given to whole rows: cells without content."""
    columns = [f"{a}{b}" for a in " ABCDEFGHIJ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    rows = (f'<row r="{i}">' + "".join(f'<c r="{c.strip()}{i}" s="0"/>' for c in columns) + "</row>"
            for i in range(2, 500))
    path.write_bytes(sheet('<row r="1"><c r="A1"><v>1</v></c></row>' + "".join(rows)))


def _deep(path: Path) -> None:
    path.write_bytes(tampered({"xl/styles.xml": b"<a>" * 5_000_000}))


BOMBS = {
    "zip-bomb.xlsx": (_bomb, "too-large", "压缩炸弹"),
    "tight-bomb.xlsx": (_tight_bomb, "too-large", "压缩炸弹"),
    "lying-bomb.xlsx": (_lying_bomb, "unreadable", "不是完整的 XLSX"),
    "million-columns.xlsx": (_million_columns, "too-large", "1000 列"),
    "million-columns.csv": (_million_columns_csv, "too-large", "1000 列"),
    "wide-and-long.csv": (_wide_and_long, "too-large", "单元格超过"),
    "long-directory.xlsx": (_long_directory, "too-large", "目录太长"),
    "many-parts.xlsx": (_many_parts, "too-large", "10001 个"),
    "deep.xlsx": (_deep, "unreadable", "100 层"),
    "lying-dimension.xlsx": (_lying_dimension, None, (2, 3)),
    "many-styled-cells.xlsx": (_many_styled_cells, None, (1, 1)),
}
_CHILD = """
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
from pathlib import Path
from wuqi.intake.grids import read_grids
told = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    start = time.process_time()
    grids, _, problems = read_grids(path)
    told[path.name] = {"problems": [(p.rule, p.message) for p in problems],
                       "shapes": [g.frame.shape for g in grids], "seconds": time.process_time() - start}
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def bombs(tmp_path_factory):
    """What a process with little memory tells of each bomb."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, (make, *_) in BOMBS.items():
        make(folder / name)
    before = _state(folder)
    run = subprocess.run([sys.executable, "-c", _CHILD, str(folder), str(MEMORY)], cwd=ROOT,
                         capture_output=True, text=True, check=False,
                         env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    assert run.returncode == 0, run.stderr
    assert _state(folder) == before
    return json.loads(run.stdout)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_little_memory_and_time(name, bombs):
    _, rule, words = BOMBS[name]
    told = bombs[name]
    assert told["seconds"] < SECONDS
    if rule is None:
        assert told["problems"] == []
        assert told["shapes"] == [list(words)]
    else:
        assert [r for r, _ in told["problems"]] == [rule]
        assert words in told["problems"][0][1]
