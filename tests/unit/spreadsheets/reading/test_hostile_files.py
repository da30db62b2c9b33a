"""Files that hold no sound table: each a real file, refused with one clear message and left as it was."""

from __future__ import annotations

import codecs
import gzip
import sqlite3
import zipfile

import pytest
from support.hostile import TABLE, problem_of
from support.workbooks import SHEET, cell, packed, parts, shared, sheet, sheet_xml, tampered, workbook

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
    data[at : at + 11] = b"<sheetDatA>"
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
    "no-sheets": (
        tampered({"xl/workbook.xml": b"<workbook><sheets/></workbook>"}),
        "unreadable",
        "里面没有工作表",
    ),
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
    "sheets-alike": (
        workbook([["编号"]], [["编号"]], names=["Village", "ｖｉｌｌａｇｅ "]),
        "duplicate-sheet",
        "请改名",
    ),
    "sheet-name-turned": (workbook([["编号"]], names=["村\u202e表"]), "name", "看不见的字符"),
}
HOSTILE = {
    f"{suffix}-{name}": (f"t.{suffix}", *case)
    for suffix, cases in (("csv", CSV), ("xlsx", XLSX))
    for name, case in cases.items()
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_gets_one_clear_message(case, tmp_path):
    name, data, rule, words = HOSTILE[case]
    (tmp_path / name).write_bytes(data)
    assert problem_of(tmp_path / name, tmp_path, rule, words).file == name
    assert problem_of(tmp_path, tmp_path, rule, words).file == name, "in a folder it is told just so"


@pytest.mark.parametrize(
    ("case", "row"),
    [
        ("csv-open-quote", 2),
        ("csv-cell-too-many", 2),
        ("csv-long-cell", 2),
        ("csv-utf-8-broken", 4),
        ("csv-nul", 2),
        ("csv-no-encoding", 2),
        ("csv-record-without-end", 2),
        ("xlsx-failed-formula", 2),
        ("xlsx-sixteen-digits", 2),
        ("xlsx-far-right", 1),
    ],
)
def test_the_row_is_named(case, row, tmp_path):
    name, data, rule, words = HOSTILE[case]
    (tmp_path / name).write_bytes(data)
    assert problem_of(tmp_path, tmp_path, rule, words).row == row


def test_the_cell_of_a_workbook_is_named(tmp_path):
    (tmp_path / "t.xlsx").write_bytes(HOSTILE["xlsx-failed-formula"][1])
    problem = problem_of(tmp_path, tmp_path, "type", "公式出错")
    assert (problem.sheet, problem.row, problem.column, problem.value) == ("表1", 2, "A", "#DIV/0!")


def test_digits_that_may_be_an_identity_number_are_not_told(tmp_path):
    for name in ("sixteen-digits", "eighteen-digits"):
        (tmp_path / "t.xlsx").write_bytes(XLSX[name][0])
        problem = problem_of(tmp_path, tmp_path, "type", "超过 15 位")
        assert (problem.row, problem.column, problem.value) == (2, "A", None)
        assert "123456789" not in str(problem)
