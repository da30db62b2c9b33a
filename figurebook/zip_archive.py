"""Write ZIP archives whose bytes depend only on what is in them and on one date."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import IO


def write(
    target: Path | IO[bytes],
    files: Mapping[str, bytes | Path],
    made: date,
    executable: Collection[str] = (),
) -> None:
    """Write ``files``, sorted by name, every one dated ``made``.

    A file is given by its content or by its path.
    """
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (made.year, made.month, made.day, 0, 0, 0))
            mode = 0o755 if name in executable else 0o644
            entry.create_system, entry.external_attr = 3, mode << 16  # alike wherever it is made
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = files[name]
            archive.writestr(entry, content if isinstance(content, bytes) else content.read_bytes())
