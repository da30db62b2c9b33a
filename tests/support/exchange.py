"""Start processes that exchange sites until they are killed, and make their folders."""

import subprocess
import sys
from pathlib import Path

from support.project import ROOT, environment

FILES = 30

# Work that goes on exchanging sites until it is killed; each site has the same text in every file.
# "refused" stands for a file system that cannot exchange two names: the refusal comes from the system call.
SWAPS = (
    """
import sys, itertools
from pathlib import Path
from figurebook.publishing import safe_write
out, way = Path(sys.argv[1]), sys.argv[2]
if way == "refused":
    safe_write._exchange_names = lambda a, b: __import__("errno").EINVAL
def work():
    for i in itertools.count():
        with safe_write.workplace(out, print) as work:
            site = work / "site"
            site.mkdir()
            for n in range(%d):
                (site / f"{n}.html").write_text(str(i), encoding="utf-8")
            safe_write.replace(site, out, work)
"""
    % FILES
)
SWAPPER = SWAPS + "print('ready', flush=True)\nwork()\n"
STUCK = SWAPPER.replace("safe_write.replace(", "print('made', flush=True); __import__('time').sleep(60) # (")


def folder(path: Path, text: str) -> Path:
    path.mkdir(parents=True)
    (path / "index.html").write_text(text, encoding="utf-8")
    return path


def start(program: str, *arguments: object) -> subprocess.Popen:
    """A process of its own, leader of its group."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=environment(ROOT),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
