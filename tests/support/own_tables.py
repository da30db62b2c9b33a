"""Make canaries for the personal columns, and read all text of a published file."""

import io
import zipfile
from pathlib import Path

from pypdf import PdfReader

CANARY = "CANARY7Q2X"


def canary(table: str, n: int) -> str:
    return f"{CANARY}-{len(table)}{ord(table[0]):x}-{n:05}"


def searched(path: Path) -> str:
    """All text of a file, unpacked."""
    if path.suffix == ".pdf":
        reader = PdfReader(path)
        return "".join(p.extract_text() for p in reader.pages) + str(reader.metadata)
    content = path.read_bytes()
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())
    return content.decode("utf-8", "replace")
