"""Open and save workbooks with LibreOffice, as an office's program would."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

NO_OFFICE = "no office: "  # begins the reason of every test skipped for want of one


def office_saves(to: Path, *paths: Path) -> dict[str, Path]:
    """``{file name: the workbook as LibreOffice saves it}``; the test is skipped without it.

    In CI such a skip is a failure.
    """
    program = shutil.which("soffice")
    if program is None:
        pytest.skip(NO_OFFICE + "没有 LibreOffice，请先安装（Debian：libreoffice-calc）。")
    to.mkdir(parents=True, exist_ok=True)
    # A profile of its own: two LibreOffices of one user wait for each other.
    run = subprocess.run(
        [
            program,
            "--headless",
            f"-env:UserInstallation={(to / 'profile').as_uri()}",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(to),
            *map(str, paths),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, "LANG": "C.UTF-8"},
    )
    made = {p.name: to / p.name for p in paths}
    assert all(p.is_file() for p in made.values()), run.stdout + run.stderr
    return made
