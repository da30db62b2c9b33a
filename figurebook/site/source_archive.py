"""Pack the project's source as it was committed.

It holds the tracked files of one commit and no others, so nothing that merely lies in the folder gets out.
Changes that were not committed are not in it. ``COMMIT`` in the archive names the commit.
"""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from datetime import date
from pathlib import Path

from figurebook import zip_archive

COMMIT = "COMMIT"
# A hook's variables would lead git to another folder than the one that it is asked about.
_OF_A_HOOK = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"}


def commit(root: Path) -> str | None:
    """The commit whose checkout ``root`` is; None without git, a checkout, or a tracked file in it."""
    name = _git(root, "rev-parse", "--verify", "HEAD")
    return name.decode().strip() if name and _git(root, "ls-tree", "HEAD") else None


def archive(root: Path, of: str, folder: str, made: date) -> bytes:
    """The ZIP of the commit ``of``, its files in ``folder`` and dated ``made``."""
    packed = _git(root, "-c", "core.autocrlf=false", "archive", "--format=tar", of)
    files = {f"{folder}/{COMMIT}": f"{of}\n".encode()}
    executable = set()
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        for member in tar:
            if (file := tar.extractfile(member)) and member.isfile():
                files[name := f"{folder}/{member.name}"] = file.read()
                if member.mode & 0o100:
                    executable.add(name)
    out = io.BytesIO()
    zip_archive.write(out, files, made, executable)
    return out.getvalue()


def _git(root: Path, *words: str) -> bytes:
    """What git says; nothing when it fails or is not there."""
    environment = {k: v for k, v in os.environ.items() if k not in _OF_A_HOOK}
    try:
        run = subprocess.run(
            ["git", "-C", str(root), *words], capture_output=True, check=False, env=environment
        )
    except OSError:
        return b""
    return b"" if run.returncode else run.stdout
