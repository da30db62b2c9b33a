"""Builds that are killed, stopped, doubled, starved of disk or changed under way: the old site or the new.

Everything is real: processes, Sphinx, signals and a disk that is full. The book has one page.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from helpers_project import contents, copy_project, environment, load_notebook, save_notebook, wuqi
from helpers_small import small_project, write_page

from wuqi import manifest

resource = pytest.importorskip("resource", reason="limits of a process, not known to Windows")
_NAMESPACE = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
KILLS = {"while it is built": 34, "around the exchange": 8, "after the exchange": 8}


def _may_mount() -> bool:
    """Whether this user may have a disk of his own; some systems forbid it."""
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*_NAMESPACE, "mount -t tmpfs tmpfs /mnt"], check=False,
                          capture_output=True).returncode == 0


# Bytes beside the old site; a limit on the size of files is tested wherever this is not possible too.
ROOM = [8_192, 200_000, 2_000_000, 6_000_000] if _may_mount() else []


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A small project with its site; not to be altered."""
    project = small_project(tmp_path_factory.mktemp("small") / "project")
    run = wuqi(project, "book")
    assert run.returncode == 0, run.stderr
    return project


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "project"))


def site_of(project: Path) -> Path:
    return project / "_build" / "html"


def begin(project: Path, *arguments: str, **options) -> subprocess.Popen:
    """``python -m wuqi book``, leader of a group of its own, under way."""
    return subprocess.Popen([sys.executable, "-m", "wuqi", "book", *arguments], cwd=project, text=True,
                            encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=environment(project), start_new_session=True, **options)


def wait_for(there: Callable[[], object], run: subprocess.Popen, seconds: float = 60):
    """What ``there`` returns as soon as it is something; it must come before the process ends."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := there():
            return found
        assert run.poll() is None, run.communicate()
        time.sleep(0.001)
    raise AssertionError("it did not come")


def kill(run: subprocess.Popen) -> int:
    """SIGKILL to the process and its children; its exit code."""
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    return run.returncode


def work_of(project: Path, inside: str = "") -> Path | None:
    """A path in the folder in which the site is being made, once it is there."""
    return next((project / "_build").glob(f".html-building-*/{inside}"), None)


def finished(project: Path) -> None:
    """The next build works, and nothing but the site is there afterwards."""
    run = wuqi(project, "book")
    assert run.returncode == 0, run.stderr
    assert "另一次运行" not in run.stderr
    assert manifest.is_whole(site_of(project))
    assert [p.name for p in (project / "_build").iterdir()] == ["html"]


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


def test_two_builds_at_once_leave_one_whole_site(project):
    write_page(project, "another")
    both = [begin(project), begin(project)]
    told = [run.communicate() for run in both]
    assert [run.returncode for run in both] == [0, 0], told
    assert sorted(said.partition("：")[0] for said, _ in told) == ["做好了", "没有变化"]
    assert sorted("另一次运行正在写" in error for _, error in told) == [False, True]
    assert b"another" in contents(site_of(project))["book/home.html"]
    finished(project)


def test_two_builds_into_two_places_do_not_wait(project, tmp_path):
    both = [begin(project, "--out", str(tmp_path / name)) for name in ("one", "two")]
    told = [run.communicate() for run in both]
    assert [run.returncode for run in both] == [0, 0], told
    assert not any("另一次运行" in error for _, error in told)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def starved(run: subprocess.Popen) -> None:
    """What a build says that runs out of disk: one message, exit 1."""
    said, error = run.communicate()
    assert run.returncode == 1, said + error
    assert error.count("磁盘满了") == 1
    assert "Traceback" not in error


@pytest.mark.parametrize("largest", [1_000, 400_000])
def test_a_disk_that_takes_no_more_leaves_the_old_site(project, largest):
    """A limit on the size of files (EFBIG) needs no rights; it stops the copying, or Sphinx."""
    write_page(project, "another")
    before = contents(project)
    starved(begin(project, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))))
    assert contents(project) == before
    assert [p.name for p in (project / "_build").iterdir()] == ["html"]


def test_a_disk_that_takes_no_more_leaves_the_notebooks(tmp_path):
    project = copy_project(tmp_path / "project", ("04",))
    path = next((project / "notebooks").glob("*.ipynb"))
    notebook = load_notebook(path)
    notebook["cells"] = [c for c in notebook["cells"] if c["cell_type"] == "markdown"]
    save_notebook(path, notebook)
    before = contents(project)
    largest = path.stat().st_size // 2
    starved(begin(project, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))))
    assert contents(project) == before


@pytest.mark.parametrize("room", ROOM)
def test_a_full_disk_leaves_the_old_site(project, tmp_path, room):
    """A disk of its own, in a namespace of its own: what lay on it at the end is copied out of it."""
    disk, after, site = tmp_path / "disk", tmp_path / "after", site_of(project)
    disk.mkdir()
    old = contents(site)
    blocks = sum(-(-len(data) // 4096) for data in old.values()) * 4096
    write_page(project, "another")
    starved(subprocess.Popen([*_NAMESPACE, f"""
        mount -t tmpfs -o size={blocks + room} tmpfs '{disk}' && cp -r '{site}' '{disk}/site' &&
        '{sys.executable}' -m wuqi book --out '{disk}/site'; code=$?
        cp -r '{disk}' '{after}'; exit $code"""], cwd=project, env=environment(project), text=True,
        encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    assert [p.name for p in after.iterdir()] == ["site"]
    assert contents(after / "site") == old


def test_somebodys_file_in_the_site_is_not_lost(project):
    (site_of(project) / "notes").mkdir()
    (site_of(project) / "notes" / "mine.txt").write_text("mine", encoding="utf-8")
    unchanged = wuqi(project, "book")
    assert (unchanged.returncode, unchanged.stderr) == (0, "")
    write_page(project, "another")
    before = contents(project)
    run = wuqi(project, "book")
    assert run.returncode == 1
    assert "notes/mine.txt" in run.stderr
    assert "排版" not in run.stderr  # said before anything is built
    assert contents(project) == before


def test_somebodys_file_that_comes_while_it_is_built_is_not_lost(project):
    write_page(project, "another")
    run = begin(project)
    wait_for(lambda: work_of(project, "_build"), run)
    (site_of(project) / "mine.txt").write_text("mine", encoding="utf-8")
    before = contents(site_of(project))
    said, error = run.communicate()
    assert run.returncode == 1, said
    assert "mine.txt" in error
    assert contents(site_of(project)) == before
    assert [p.name for p in (project / "_build").iterdir()] == ["html"]


def test_many_files_of_somebodys_are_counted_not_listed(project):
    for n in range(20):
        (site_of(project) / f"mine-{n:02}.txt").write_text("mine", encoding="utf-8")
    write_page(project, "another")
    error = wuqi(project, "book").stderr
    assert "20 个" in error
    assert "mine-04.txt" in error
    assert "mine-05.txt" not in error


def test_a_manifest_that_cannot_be_read_refuses_rather_than_overwrites(project):
    (site_of(project) / manifest.NAME).write_text("{", encoding="utf-8")
    before = contents(project)
    run = wuqi(project, "book")
    assert run.returncode == 1
    assert "--out" in run.stderr
    assert contents(project) == before


def test_a_damaged_site_is_made_again_and_not_called_unchanged(project):
    page = site_of(project) / "book" / "home.html"
    whole = page.read_bytes()
    page.write_bytes(whole[:-1])
    run = wuqi(project, "book")
    assert run.returncode == 0, run.stderr
    assert "没有变化" not in run.stdout
    assert "缺了或改了" in run.stderr
    assert page.read_bytes() == whole
    assert manifest.is_whole(site_of(project))


def test_what_changes_while_it_is_built_is_not_said_to_be_in_the_site(project):
    path = "data/datapackage.json"
    write_page(project, "another")
    before = contents(site_of(project))
    run = begin(project)
    wait_for(lambda: work_of(project, "_build"), run)
    with (project / path).open("a", encoding="utf-8") as file:
        file.write("\n")
    said, error = run.communicate()
    assert run.returncode == 1, said
    assert path in error
    assert contents(site_of(project)) == before


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
