"""Read every text of a published file, whatever its format.

This is what a reader, a search engine or a program could take out of it. Archives are opened, also one
within another; PDFs are read page by page.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from figurebook.privacy.folding import folded

DEPTH = 4  # archives within archives; our own files need two
_MARKUP = {"html", "htm", "xhtml", "svg", "xml", "rels", "ipynb", "md", "js", "json", "vml"}
# Tags that do not part a word: <b>, links, the runs of a spreadsheet's rich text.
_INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "big",
    "code",
    "em",
    "font",
    "i",
    "kbd",
    "mark",
    "q",
    "r",
    "rpr",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "t",
    "tspan",
    "tt",
    "u",
    "var",
    "wbr",
    "sz",
    "color",
    "rfont",
    "family",
    "charset",
    "scheme",
}
_TAG = re.compile(r"<(?:!--.*?--|/?([A-Za-z][\w:.-]*)[^<>]*)>", re.DOTALL)
_DATA_URI = re.compile(r"base64,\s*([A-Za-z0-9+/=\s]{16,})")
BREAK = "\0"


def texts(name: str, content: bytes, depth: int = 0) -> Iterator[str]:
    """Give every text of a file, decoded and folded (``folded``).

    ValueError when a file cannot be read.
    """
    ending = name.rsplit(".", 1)[-1].lower()
    if content.startswith(b"%PDF"):
        yield from map(folded, _pdf(name, content, depth))
    elif content.startswith(b"PK\x03\x04"):
        yield from _archive(name, content, depth)
    elif content.startswith(b"\x1f\x8b"):
        yield from texts(name.removesuffix(".gz"), _inflated(name, content, 31), depth + 1)
    elif ending == "inv":  # Sphinx: four lines, then a deflated list
        yield from map(folded, _inventory(content))
    else:
        text = _decoded(content)
        yield folded(text)
        if ending in _MARKUP and "<" in text:
            yield folded(_without_tags(text))
        if "base64," in text and depth < DEPTH:
            for embedded in _embedded(text):
                yield from texts("", embedded, depth + 1)


def _without_tags(text: str) -> str:
    def instead(match: re.Match) -> str:
        tag = (match[1] or "").lower().rpartition(":")[2]
        return "" if tag in _INLINE else BREAK

    return _TAG.sub(instead, text)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8", errors="replace")


def _embedded(text: str) -> Iterator[bytes]:
    for match in _DATA_URI.finditer(text):
        try:
            yield base64.b64decode(match[1] + "===")
        except binascii.Error:
            continue  # no Base64 after all; the text itself has been searched


def _archive(name: str, content: bytes, depth: int) -> Iterator[str]:
    if depth >= DEPTH:
        raise ValueError(f"{name}：压缩包套得太深")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield folded(_decoded(archive.comment))
        for member in archive.infolist():
            yield folded(member.filename)
            if not member.is_dir():
                yield from texts(member.filename, archive.read(member), depth + 1)


def _inflated(name: str, content: bytes, wbits: int) -> bytes:
    try:
        return zlib.decompress(content, wbits)
    except zlib.error as error:
        raise ValueError(f"{name}：解不开（{error}）") from None


def _inventory(content: bytes) -> list[str]:
    head, _, rest = content.partition(b"zlib.\n")
    return [_decoded(head), _decoded(_inflated("objects.inv", rest, zlib.MAX_WBITS))]


def _pdf(name: str, content: bytes, depth: int) -> Iterator[str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        for page in reader.pages:
            text = page.extract_text()
            yield text
            yield text.replace("\n", "")  # a value may be broken over two lines
            yield from (
                str(a.get_object().get(key, ""))
                for a in page.get("/Annots", ()) or ()
                for key in ("/Contents", "/T", "/A")
            )
        yield from (f"{key} {value}" for key, value in (reader.metadata or {}).items())
        if (xmp := reader.root_object.get("/Metadata")) is not None:
            yield _decoded(xmp.get_object().get_data())
        yield from (str(item) for item in _outline(reader.outline))
        for title, parts in reader.attachments.items():
            yield title
            for part in parts:
                yield from texts(title, part, depth + 1)
    except PyPdfError as error:
        raise ValueError(f"{name}：PDF 读不出（{error}）") from None


def _outline(items: list) -> Iterator[str]:
    for item in items:
        if isinstance(item, list):
            yield from _outline(item)
        else:
            yield item.title or ""
