"""Start builds of a small project in processes of their own, to stop them."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from figurebook.publishing import site_record
from support.project import environment, wuqi

# A test module that imports this one is skipped where there are no such limits.
resource = pytest.importorskip("resource", reason="limits of a process, not known to Windows")


def site_of(project: Path) -> Path:
    return project / "_build" / "html"


def begin(project: Path, *arguments: str, **options) -> subprocess.Popen:
    """``python -m wuqi book``, leader of a group of its own, under way."""
    return subprocess.Popen(
        [sys.executable, "-m", "wuqi", "book", *arguments],
        cwd=project,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(project),
        start_new_session=True,
        **options,
    )


def wait_for(there: Callable[[], object], run: subprocess.Popen, seconds: float = 60):
    """Wait for a true result of ``there``; the process must not end before it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := there():
            return found
        assert run.poll() is None, run.communicate()
        time.sleep(0.001)
    raise AssertionError("it did not come")


def work_of(project: Path, inside: str = "") -> Path | None:
    """A path in the working folder of the site's build, if it is there already."""
    return next((project / "_build").glob(f".html-building-*/{inside}"), None)


def finished(project: Path) -> None:
    """The next build works, and nothing but the site is there afterwards."""
    run = wuqi(project, "book")
    assert run.returncode == 0, run.stderr
    assert "另一次运行" not in run.stderr
    assert site_record.is_whole(site_of(project))
    assert [p.name for p in (project / "_build").iterdir()] == ["html"]


# A build as the command makes it, but Sphinx's result lies ready, one folder for each text of the page.
BUILD = """
import shutil, sys
from pathlib import Path
from figurebook.datapackage import seals, tables
from figurebook.figures import differences, verdicts
from figurebook.privacy import output_scan
from figurebook.publishing import book, site_record, site_scan
from figurebook.site import citation

ready = Path(sys.argv[1])

def copied(source, work, environment):
    text = (source / "book" / "home.md").read_text(encoding="utf-8").split()[-1]
    site = work / "_build" / "html"
    shutil.copytree(ready / text, site, ignore=shutil.ignore_patterns(site_record.NAME))
    return site

book._sphinx = copied

def work():
    book.publish(None, book.place(), say=str)
"""
