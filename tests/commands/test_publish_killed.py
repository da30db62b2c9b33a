"""Builds that are killed or told to stop: the old site or the new, and nothing else is left.

Everything is real: processes, Sphinx and signals. The book has one page.
"""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import nbformat
import pytest
from support.drawn import drawn
from support.forks import Forks
from support.project import contents
from support.small import write_page
from support.stopped import BUILD, begin, finished, site_of, wait_for

from figurebook.publishing import site_record

TEXTS = ["one", "another"]
# How many there are of each kind, and how many of them are drawn at a run; the weekly run kills them all.
KILLS = {"while it is built": (34, 10), "around the exchange": (8, 4), "after the exchange": (8, 4)}


@pytest.fixture
def project(small_built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_built, tmp_path / "project"))


def kill(run: subprocess.Popen) -> int:
    """SIGKILL to the process and its children; its exit code."""
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    return run.returncode


def works(project: Path) -> set[Path]:
    """The folders in which sites are or were being made."""
    return set((project / "_build").glob(".html-building-*"))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module")
def ready(small_built: Path, tmp_path_factory) -> Path:
    """The sites that undisturbed builds make of each text, and the project with the last in its place."""
    folder = tmp_path_factory.mktemp("ready")
    project = Path(shutil.copytree(small_built, folder / "project"))
    for text in TEXTS:
        write_page(project, text)
        finished(project)
        shutil.copytree(site_of(project), folder / text)
    assert contents(folder / TEXTS[0]) != contents(folder / TEXTS[1])
    return folder


@pytest.fixture
def turning(ready: Path, tmp_path: Path) -> Path:
    """The project with the last text's site in place, to be killed in."""
    return Path(shutil.copytree(ready / "project", tmp_path / "project"))


def built(begin_one: Callable[[], object], end: Callable[[], object]) -> float:
    """The seconds that a build takes when nobody disturbs it."""
    began = time.monotonic()
    begin_one()
    end()
    return time.monotonic() - began


def forked(builder: Forks, project: Path) -> tuple[float, float]:
    """The seconds that a forked build takes undisturbed, and those after its site is ready to be put."""
    left = works(project)
    began = time.monotonic()
    builder.begin()
    until(lambda: is_ready(project, left))
    ready = time.monotonic()
    builder.code()
    return time.monotonic() - began, time.monotonic() - ready


def until(there: Callable[[], object]) -> None:
    """Waits for what is sure to come."""
    last = time.monotonic() + 60
    while not there():
        assert time.monotonic() < last
        time.sleep(0.001)


def is_ready(project: Path, left: set[Path]) -> bool:
    """Whether a build other than those of ``left`` has made its site, which only has to be put in place."""
    return any((work / "_build" / "html" / site_record.NAME).exists() for work in works(project) - left)


def ended(project: Path, whole: dict[str, dict], now: str, then: str) -> str:
    """Which text's site is in place after a kill: the old or the new one, byte for byte."""
    found = contents(site_of(project))
    differing = {text: {name for name, _ in found.items() ^ site.items()} for text, site in whole.items()}
    assert set() in differing.values(), differing
    assert site_record.is_whole(site_of(project))
    return then if found == whole[then] else now


def kills() -> list[tuple[str, float]]:
    """The kind and the moment of each kill, as part of the time it has, in mixed order."""
    moments = random.Random(2017)
    every = {kind: [(kind, moments.random()) for _ in range(times)] for kind, (times, _) in KILLS.items()}
    chosen = [kill for kind, (_, count) in KILLS.items() for kill in drawn(every[kind], count, kind)]
    moments.shuffle(chosen)
    return chosen


def test_killed_at_random_moments_the_old_or_the_new_site_is_whole(turning, ready):
    """SIGKILL to the whole group; what is there is byte for byte what an undisturbed build made.

    Sphinx's part of a build is a copy of what it made before: whatever is killed there leaves the same.
    """
    whole = {text: contents(ready / text) for text in TEXTS}
    chosen, now, killed, after = kills(), TEXTS[1], 0, {"old": 0, "new": 0}
    with closing(Forks(turning, BUILD, ready)) as builder:
        times = []
        for text in (TEXTS[0], TEXTS[1], TEXTS[0]):  # the first is slower than all that follow
            write_page(turning, text)
            times.append(forked(builder, turning))
        seconds, last = map(min, zip(*times, strict=True))
        now = ended(turning, whole, *TEXTS[::-1])
        assert now == TEXTS[0]
        for kind, moment in chosen:
            then = TEXTS[1 - TEXTS.index(now)]
            write_page(turning, then)
            before, left = (site_of(turning) / site_record.NAME).stat().st_ino, works(turning)
            run = builder.begin()
            if kind == "while it is built":
                time.sleep(moment * seconds)
            elif kind == "around the exchange":
                until(lambda left=left: is_ready(turning, left))
                time.sleep(moment * last)
            else:
                until(lambda was=before: (site_of(turning) / site_record.NAME).stat().st_ino != was)
                time.sleep(moment * 0.005)
            with suppress(ProcessLookupError):  # it has ended
                os.killpg(run, signal.SIGKILL)
            if builder.code() == -signal.SIGKILL:
                killed += 1
            elif kind == "while it is built":  # it was quicker than those that were timed
                seconds *= 0.7
            elif kind == "around the exchange":
                last *= 0.7
            was, now = now, ended(turning, whole, now, then)
            assert kind != "after the exchange" or now == then
            after["old" if now == was else "new"] += 1
    print(f"{killed} of {len(chosen)} killed before they ended; then there was {after}")
    assert killed >= 0.7 * len(chosen)
    assert min(after.values()) >= 0.1 * len(chosen)  # else the moments were not spread over old and new
    finished(turning)


def test_killed_with_sphinx_at_work_the_old_or_the_new_site_is_whole(ready):
    """The same of whole builds, Sphinx and all; two moments of 34 at a run, all of them once a week."""
    project = ready / "project"  # not a copy: Sphinx notes a digest of settings with the place in it
    whole, now = {text: contents(ready / text) for text in TEXTS}, TEXTS[1]
    write_page(project, TEXTS[0])
    seconds = built(lambda: None, lambda: finished(project))
    now = ended(project, whole, *TEXTS[::-1])
    times, _ = KILLS["while it is built"]
    for moment in drawn([i / times for i in range(1, times + 1)], 2, "moments of a build"):
        then = TEXTS[1 - TEXTS.index(now)]
        write_page(project, then)
        run = begin(project)
        time.sleep(moment * seconds)
        kill(run)
        now = ended(project, whole, now, then)
    write_page(project, TEXTS[1])
    finished(project)


STALL = """
import os, pathlib, time
pathlib.Path({pid!r}).write_text(str(os.getpid()), encoding="utf-8")
time.sleep(120)
"""


def stall_in_sphinx(project: Path, pid: Path) -> None:
    path = project / "figurebook" / "site" / "stale_gate.py"
    text = path.read_text(encoding="utf-8")
    start = text.index("from __future__ import annotations\n") + len("from __future__ import annotations\n")
    path.write_text(text[:start] + STALL.format(pid=str(pid)) + text[start:], encoding="utf-8")


def stall_in_a_kernel(project: Path, pid: Path) -> None:
    cells = [nbformat.v4.new_markdown_cell("# Stalls"), nbformat.v4.new_code_cell(STALL.format(pid=str(pid)))]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project / "notebooks" / "01-stalls.ipynb")


# Either signal at work in Sphinx and in a kernel; of the two ways to pair them one is drawn at a run.
PAIRS = [
    [(stall_in_sphinx, signal.SIGTERM), (stall_in_a_kernel, signal.SIGINT)],
    [(stall_in_sphinx, signal.SIGINT), (stall_in_a_kernel, signal.SIGTERM)],
]


@pytest.mark.parametrize(
    ("stall", "number"), [pair for pairs in drawn(PAIRS, 1, "signals") for pair in pairs]
)
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
