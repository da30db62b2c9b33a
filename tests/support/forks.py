"""Keep one process with the program loaded; fork a child for each piece of work."""

import subprocess
import sys
from pathlib import Path

from support.project import environment

# Stands after a program that defines ``work()``. Each line on standard input begins it in a child, which
# leads a group of its own. The child's number is printed, and its exit code once it has ended.
_EACH = """
import os, sys, traceback
for _ in sys.stdin:
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        os._exit(code)
    os.setpgid(child, child)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Forks:
    """A process that does a program's work in children, one at a time, until closed."""

    def __init__(self, project: Path, program: str, *arguments: object):
        self._process = subprocess.Popen(
            [sys.executable, "-c", program + _EACH, *map(str, arguments)],
            cwd=project,
            text=True,
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(project),
            start_new_session=True,
        )

    def begin(self) -> int:
        """Begin the work; return the number of its process, which leads a group."""
        self._process.stdin.write("begin\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def code(self) -> int:
        """The exit code of the work under way, once it has ended."""
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()
