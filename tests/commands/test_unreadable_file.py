"""A file that another user may not read is told."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from support.hostile import TABLE

from figurebook.spreadsheets.reading.grids import read_grids


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
