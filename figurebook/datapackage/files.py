"""The files of a data package: their digests, and a table's cells as text."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd


def sha256(path: Path) -> str:
    """The digest of a file in the package's notation, ``sha256:<hex>``."""
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def encoding_of(path: Path) -> str | None:
    """``utf-8-sig`` or ``gb18030``, whichever decodes the whole file, else None."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            data.decode(encoding)
            return encoding
        except UnicodeDecodeError:
            continue
    return None


def read_strings(path: Path) -> pd.DataFrame:
    """A table of the package as written, every cell a string, an empty cell missing."""
    return pd.read_csv(
        path, dtype="string", keep_default_na=False, na_values=[""], encoding=encoding_of(path)
    )
