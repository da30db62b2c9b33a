"""Run commands as a user does: exit code and output, and never a traceback."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from support.project import ROOT, python, wuqi

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


def refused_together(project: Path, *commands: str) -> dict[str, str]:
    """Refusals of several commands in one process: what each says."""
    told = run_together(project, *commands)
    for command, said in told.items():
        assert "Traceback" not in said.error, command
        assert (said.code, said.out) == (2, ""), command
        assert HAN.search(said.error), command
    return {command: said.error for command, said in told.items()}


def own_folder(inside: Path) -> Path:
    """An empty folder for an office's own tables."""
    folder = inside / "own"
    folder.mkdir()
    return folder


@dataclass
class Said:
    """The exit code and the output of a command."""

    code: int
    out: str
    error: str


# Reports the output of each command, its exit code, and a traceback if there is one.
_ONE_AFTER_ANOTHER = """
import contextlib, io, json, sys, traceback
from figurebook.cli.main import main

said = []
for command in json.loads(sys.argv[1]):
    sys.argv = ["wuqi", *command]
    out, error, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        except BaseException:
            code = 1
            traceback.print_exc()
    said.append([int(code), out.getvalue(), error.getvalue()])
print(json.dumps(said))
"""


def run_together(project: Path, *commands: str) -> dict[str, Said]:
    """Run commands that change nothing in one process, because starting takes most of the time."""
    done = python(project, "-c", _ONE_AFTER_ANOTHER, json.dumps([c.split() for c in commands]))
    assert done.returncode == 0, done.stderr
    return {c: Said(*said) for c, said in zip(commands, json.loads(done.stdout), strict=True)}
