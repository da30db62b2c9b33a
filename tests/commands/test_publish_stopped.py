"""Builds that are doubled or starved of disk: one whole site, the old or the new.

Everything is real: processes, Sphinx and a disk that is full. The book has one page.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.drawn import drawn
from support.project import contents, copy_project, environment, load_notebook, save_notebook
from support.small import write_page
from support.stopped import begin, finished, resource, site_of

_NAMESPACE = ["unshare", "--map-root-user", "--mount", "sh", "-c"]


def _may_mount() -> bool:
    """Whether this user may have a disk of his own; some systems forbid it."""
    if not shutil.which("unshare"):
        return False
    return (
        subprocess.run(
            [*_NAMESPACE, "mount -t tmpfs tmpfs /mnt"], check=False, capture_output=True
        ).returncode
        == 0
    )


# Bytes beside the old site, two of four at a run and all of them once a week. A limit on the size of files is
# tested wherever this is not possible too.
ROOM = drawn([8_192, 200_000, 2_000_000, 6_000_000], 2, "room on a disk") if _may_mount() else []


@pytest.fixture
def project(small_built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_built, tmp_path / "project"))


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
    starved(
        subprocess.Popen(
            [
                *_NAMESPACE,
                f"""
        mount -t tmpfs -o size={blocks + room} tmpfs '{disk}' && cp -r '{site}' '{disk}/site' &&
        '{sys.executable}' -m wuqi book --out '{disk}/site'; code=$?
        cp -r '{disk}' '{after}'; exit $code""",
            ],
            cwd=project,
            env=environment(project),
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    )
    assert [p.name for p in after.iterdir()] == ["site"]
    assert contents(after / "site") == old
