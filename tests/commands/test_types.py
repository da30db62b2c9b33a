"""The types are checked as ``pyproject.toml`` says: what it is there for is refused."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support.project import ROOT

SOUND = "def doubled(count: int) -> int:\n    return 2 * count\n"


def checked(source: str, folder) -> tuple[int, str]:
    """mypy's exit status and what it says of a module with this source."""
    module = folder / "module.py"
    module.write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(folder / "cache"), str(module)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return run.returncode, run.stdout


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("def doubled(count):\n    return 2 * count\n", "no-untyped-def"),
        (SOUND + 'doubled("two")\n', "arg-type"),
        ("count: int = 1  # type: ignore[assignment]\n", "unused-ignore"),
    ],
)
def test_what_the_check_is_for_is_refused(source, code, tmp_path):
    status, said = checked(source, tmp_path)
    assert status == 1
    assert f"[{code}]" in said


def test_sound_types_are_not_refused(tmp_path):
    assert checked(SOUND, tmp_path)[0] == 0
