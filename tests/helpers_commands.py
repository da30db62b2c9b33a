"""Commands run as a user runs them: exit code, what is said and where, and never a traceback."""

import re
from pathlib import Path

from helpers_project import wuqi

from wuqi.tables import ROOT

HAN = re.compile("[\u4e00-\u9fff]")


def run(*arguments, code: int, project: Path = ROOT) -> tuple[str, str]:
    """Run a command and require its exit code; stdout and stderr."""
    done = wuqi(project, *map(str, arguments))
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout, done.stderr


def refused(*arguments, project: Path = ROOT) -> str:
    """A refusal of bad input: code 2, everything on stderr, in Chinese."""
    said, errors = run(*arguments, code=2, project=project)
    assert said == ""
    assert HAN.search(errors)
    return errors


def own_folder(inside: Path) -> Path:
    """An empty folder for somebody's own tables."""
    folder = inside / "own"
    folder.mkdir()
    return folder
