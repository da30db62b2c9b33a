"""Unpack a workbook's zip part by part, within fixed limits.

A workbook is checked by its table of contents before anything is unpacked, so a bomb is not unpacked. The
parts come as XML events in bounded memory. Every part is parsed as a stream by expat, which stops at a
document type (where XML entities would be declared).
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.parsers import expat

from figurebook.spreadsheets.reading.admission import SAVE_AS, FileRefusedError, seems

MAX_DIRECTORY = 8 << 20  # bytes of the zip's table of contents: some 80,000 parts
MAX_PARTS = 10_000  # a workbook has some tens, with thousands of pictures still fewer
MAX_UNPACKED = 512 << 20  # bytes of all parts: a sheet of 1,000,000 rows of ten columns
MAX_RATIO = 200  # XML packs some 10 to 100 times, a bomb 1000 times
MAX_DEPTH = 100  # of nested elements; a sheet has some ten
MAX_ELEMENTS = 15_000_000  # of one part, some 15 s of CPU: 1,000,000 rows of seven columns
_SMALL = 16 << 20  # bytes that may be packed however tightly
_CHUNK = 1 << 16  # bytes read at a time
_DONE_EVERY = 1 << 20  # bytes after which ``done`` is called again

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    "word/document.xml": "Word 文档",
    "ppt/presentation.xml": "PowerPoint 文档",
    "xl/workbook.bin": "XLSB 工作簿",
    "mimetype": "ODS 之类的开放文档",
    "Index/Document.iwa": "Numbers 表格",
    "AndroidManifest.xml": "手机应用程序",
}
DAMAGED = "不是完整的 XLSX 文件，请用 Excel 或 WPS 重新另存。"
# What the zip, its compression and its XML raise when they are damaged.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    struct.error,
    EOFError,
    KeyError,
    ValueError,
    NotImplementedError,
)


def opened_zip(file: BinaryIO) -> zipfile.ZipFile:
    """The zip of a workbook, its table of contents found harmless.

    Raises FileRefusedError.
    """
    file.seek(0)
    head = file.read(1 << 20)
    kind = None if head.startswith(b"PK") else seems(head)
    if head.startswith(_OLE2) and "EncryptedPackage".encode("utf-16-le") in head + _tail(file):
        raise FileRefusedError("unreadable", "工作簿加了密码，打不开。请先去掉密码另存，再来。")
    if kind:
        raise FileRefusedError("unreadable", f"扩展名说是 XLSX，内容却像{kind}。{SAVE_AS}")
    try:
        archive = zipfile.ZipFile(_Bounded(file))
    except zipfile.BadZipFile:
        raise FileRefusedError("unreadable", DAMAGED) from None
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MAX_PARTS:
        raise FileRefusedError("too-large", f"压缩包里有 {len(parts)} 个部件，至多 {MAX_PARTS} 个。{SAVE_AS}")
    if len(names) != len(parts):
        raise FileRefusedError("unreadable", f"压缩包里有同名的部件，不知该读哪一个。{DAMAGED}")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or any(
        p.file_size > _SMALL and p.file_size > MAX_RATIO * p.compress_size for p in parts
    ):
        raise FileRefusedError(
            "too-large",
            f"展开后有 {unpacked >> 20} MB，像压缩炸弹，没有展开。请用 Excel 或 WPS 打开，只留要用的表另存。",
        )
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefusedError("unreadable", "压缩包加了密码，打不开。请先去掉密码另存，再来。")
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        raise FileRefusedError("unreadable", f"用了 XLSX 不该有的压缩方法。{DAMAGED}")
    for part, kind in _OTHERS.items():
        if part in names:
            raise FileRefusedError("unreadable", f"扩展名是 .xlsx，内容却是{kind}。{SAVE_AS}")
    return archive


def _tail(file: BinaryIO) -> bytes:
    file.seek(0, 2)
    file.seek(max(file.tell() - (1 << 20), 0))
    return file.read()


class _Bounded:
    """A file that refuses to hand ``ZipFile`` a table of contents too long.

    ``ZipFile`` reads it at once, however long it says it is.
    """

    def __init__(self, file: BinaryIO):
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > MAX_DIRECTORY:
            raise FileRefusedError("too-large", f"压缩包的目录太长，没有展开。{DAMAGED}")
        return self._file.read(size)


def parse(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    done: Callable[[int], None] = lambda _: None,
) -> None:
    """Parse one part and hand its elements and text to the callbacks.

    ``start`` gets each element's name and attributes, ``end`` its name, ``text`` text. ``done`` is called
    with the number of bytes parsed, about a megabyte at a time. Names come without namespaces: the two
    variants of the format (transitional and strict) differ in nothing else. Raises KeyError for a part that
    is not there, ExpatError for XML that is not sound.
    """
    for at in parsing(archive, part, start, end, text):
        if at % _DONE_EVERY < _CHUNK:
            done(at)


def parsing(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[int]:
    """The same bit by bit: give the number of bytes parsed after each.

    It goes on when the next is asked for.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = count = 0

    def started(name: str, attributes: dict) -> None:
        nonlocal depth, count
        depth += 1
        count += 1
        if count > MAX_ELEMENTS:
            raise FileRefusedError("too-large", "工作表太大，读起来太久。请只留要用的行和列，或另存为 CSV。")
        if depth > MAX_DEPTH:
            raise FileRefusedError("unreadable", f"XML 套了 {MAX_DEPTH} 层以上。{DAMAGED}")
        start(name[name.rfind(" ") + 1 :], attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(name[name.rfind(" ") + 1 :])

    def doctype(*_: object) -> None:
        raise FileRefusedError(
            "refused",
            "里面声明了文档类型（DTD），可能藏有会无限展开的实体，没有读。请用 Excel 或 WPS 重新另存。",
        )

    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.StartDoctypeDeclHandler, parser.CharacterDataHandler = doctype, text
    with archive.open(part) as stream:
        while block := stream.read(_CHUNK):
            parser.Parse(block, False)
            yield stream.tell()
        parser.Parse(b"", True)
        yield stream.tell()


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """``{id: (kind, part)}`` of what a part refers to inside the zip.

    The part ``""`` is the zip itself.
    """
    folder, name = posixpath.split(part)
    targets = {}

    def start(tag: str, attributes: dict) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
            targets[attributes["Id"]] = attributes["Type"].rpartition("/")[2], target

    parse(archive, posixpath.join(folder, "_rels", f"{name}.rels"), start)
    return targets
