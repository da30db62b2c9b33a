"""Builds that are killed or told to stop: the old site or the new, and nothing else is left.

Everything is real: processes, Sphinx and signals. The book has one page.
"""

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import nbformat
import pytest
from helpers_project import contents
from helpers_small import write_page
from helpers_stopped import begin, finished, site_of, wait_for, work_of

from figurebook.publishing import manifest

KILLS = {"while it is built": 34, "around the exchange": 8, "after the exchange": 8}


@pytest.fixture
def project(small_built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_built, tmp_path / "project"))


def kill(run: subprocess.Popen) -> int:
    """SIGKILL to the process and its children; its exit code."""
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    return run.returncode


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_killed_at_fifty_random_moments_the_old_or_the_new_site_is_whole(project):
    """SIGKILL to the whole group; what is there is byte for byte what an undisturbed build made."""
    whole, seconds = {}, 0.0
    for text in ("one", "another"):
        write_page(project, text)
        began = time.monotonic()
        finished(project)
        seconds = time.monotonic() - began
        whole[text] = contents(site_of(project))
    assert whole["one"] != whole["another"]
    moments, now, killed, ended = random.Random(2017), "another", 0, {"old": 0, "new": 0}
    kinds = [kind for kind, times in KILLS.items() for _ in range(times)]
    moments.shuffle(kinds)
    for kind in kinds:
        then = "one" if now == "another" else "another"
        write_page(project, then)
        before = (site_of(project) / manifest.NAME).stat().st_ino
        run = begin(project)
        if kind == "while it is built":
            time.sleep(moments.random() * seconds)
        elif kind == "around the exchange":
            wait_for(lambda: work_of(project, f"_build/html/{manifest.NAME}"), run)
            time.sleep(moments.random() * 0.3)
        else:
            wait_for(lambda was=before: (site_of(project) / manifest.NAME).stat().st_ino != was, run)
            time.sleep(moments.random() * 0.005)
        killed += kill(run) == -signal.SIGKILL
        found = contents(site_of(project))
        differing = [{name for name, _ in found.items() ^ site.items()} for site in whole.values()]
        assert set() in differing, (kind, differing)
        assert manifest.is_whole(site_of(project))
        assert kind != "after the exchange" or found == whole[then]
        ended["old" if found == whole[now] else "new"] += 1
        now = then if found == whole[then] else now
    print(f"{killed} of {len(kinds)} killed before they ended; then there was {ended}")
    assert killed >= 35
    assert min(ended.values()) >= 5  # else the moments were not spread over old and new
    finished(project)


STALL = """
import os, pathlib, time
pathlib.Path({pid!r}).write_text(str(os.getpid()), encoding="utf-8")
time.sleep(120)
"""


def stall_in_sphinx(project: Path, pid: Path) -> None:
    path = project / "wuqi" / "site" / "gate.py"
    text = path.read_text(encoding="utf-8")
    start = text.index("from __future__ import annotations\n") + len("from __future__ import annotations\n")
    path.write_text(text[:start] + STALL.format(pid=str(pid)) + text[start:], encoding="utf-8")


def stall_in_a_kernel(project: Path, pid: Path) -> None:
    cells = [nbformat.v4.new_markdown_cell("# Stalls"), nbformat.v4.new_code_cell(STALL.format(pid=str(pid)))]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project / "notebooks" / "01-stalls.ipynb")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("stall", [stall_in_sphinx, stall_in_a_kernel])
def test_told_to_stop_it_leaves_no_child_and_no_trace(project, tmp_path, stall, number):
    note = tmp_path / "pid"
    stall(project, note)
    before = contents(project)
    run = begin(project)
    wait_for(lambda: note.is_file() and note.read_text(encoding="utf-8"), run)
    run.send_signal(number)
    _, error = run.communicate(timeout=30)
    assert run.returncode == 128 + number
    assert "Traceback" not in error
    assert contents(project) == before
    assert [p.name for p in (project / "_build").iterdir()] == ["html"]
    assert sorted(p.name for p in project.iterdir() if p.name.endswith(".lock")) == []
    child = int(note.read_text(encoding="utf-8"))
    until = time.monotonic() + 5  # a process that was killed may take a moment to be gone
    while alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(child)
