"""The new takes the place of the old, old or new and never half, whatever is killed or refused."""

import errno
import os
import random
import signal
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from support.exchange import FILES, SWAPPER, SWAPS, folder, start
from support.forks import Forks
from support.project import ROOT, contents

from figurebook.publishing import safe_write
from figurebook.publishing.safe_write import PublishError, replace, workplace

EXCHANGE = pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="no such exchange there")
REFUSALS = [errno.EINVAL, errno.ENOSYS, errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP]


def whole(site: Path) -> bool:
    """Whether all of the site's files are there and of one build."""
    found = contents(site)
    return len(found) == FILES and len(set(found.values())) == 1


def refuse(monkeypatch, code: int) -> None:
    monkeypatch.setattr(safe_write, "_exchange_names", lambda a, b: code)


@pytest.mark.parametrize("code", [0, *REFUSALS])
@pytest.mark.parametrize("old", ["old", None])
def test_the_new_takes_the_place_of_the_old(tmp_path, monkeypatch, old, code):
    out = tmp_path / "site"
    if old:
        folder(out, old)
    if code:
        refuse(monkeypatch, code)
    with workplace(out, print) as work:
        replace(folder(work / "new", "new"), out, work)
    assert contents(tmp_path) == {"site/index.html": b"new"}
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


@EXCHANGE
def test_there_is_an_instant_without_a_site_only_where_no_exchange_is_offered(tmp_path, monkeypatch):
    """The system call is made for real: neither rename is."""
    out = folder(tmp_path / "site", "old")
    monkeypatch.setattr(Path, "rename", lambda *_: pytest.fail("renamed"))
    replace(folder(tmp_path / "work" / "new", "new"), out, tmp_path / "work")
    assert (out / "index.html").read_text(encoding="utf-8") == "new"
    assert (tmp_path / "work" / "new" / "index.html").read_text(encoding="utf-8") == "old"


def test_any_other_error_of_the_exchange_is_said(tmp_path, monkeypatch):
    out = folder(tmp_path / "site", "old")
    refuse(monkeypatch, errno.EIO)
    with pytest.raises(PublishError, match=os.strerror(errno.EIO)), workplace(out, print) as work:
        replace(folder(work / "new", "new"), out, work)
    assert contents(tmp_path) == {"site/index.html": b"old"}


@pytest.mark.parametrize("error", [OSError(errno.EBUSY, "busy"), KeyboardInterrupt(), SystemExit(143)])
def test_an_error_between_the_two_renames_puts_the_old_one_back(tmp_path, monkeypatch, error):
    out, rename = folder(tmp_path / "site", "old"), Path.rename
    refuse(monkeypatch, errno.EINVAL)

    def fail_on_the_second(path: Path, to: Path):
        if path.name == "new":
            assert not out.exists()
            raise error
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", fail_on_the_second)
    expected = PublishError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected), workplace(out, print) as work:
        replace(folder(work / "new", "new"), out, work)
    assert contents(tmp_path) == {"site/index.html": b"old"}
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_a_death_between_the_two_renames_is_made_good_by_the_next(tmp_path):
    out = folder(tmp_path / "site", "old")
    run = start(
        """
import errno, os, sys
from pathlib import Path
from figurebook.publishing import safe_write
safe_write._exchange_names = lambda a, b: errno.EINVAL
rename = Path.rename
Path.rename = lambda a, b: os._exit(9) if a.name == "new" else rename(a, b)
out = Path(sys.argv[1])
with safe_write.workplace(out, print) as work:
    (work / "new").mkdir()
    safe_write.replace(work / "new", out, work)
""",
        out,
    )
    assert run.wait() == 9
    run.stdout.close()
    assert not out.exists()
    with workplace(out, print):
        assert contents(out) == {"index.html": b"old"}
    assert contents(tmp_path) == {"site/index.html": b"old"}
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_an_old_site_that_cannot_be_put_back_is_not_removed(tmp_path, monkeypatch):
    """It lies in a working folder, and working folders are what gets removed."""
    out, work = tmp_path / "site", tmp_path / ".site-building-abcd1234"
    folder(work / "old", "the only copy")

    def fail(*_):
        raise OSError(errno.EACCES, "no")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(PublishError), workplace(out, print):
        pytest.fail("began with the old site out of its place")
    assert (work / "old" / "index.html").read_text(encoding="utf-8") == "the only copy"


@pytest.mark.parametrize("way", ["exchanged", "refused"])
def test_killed_at_any_moment_old_or_new_is_whole(tmp_path, way):
    """Fifty kills of a process that does nothing but exchange sites."""
    moments, out = random.Random(50), tmp_path / "site"
    out.mkdir()
    for n in range(FILES):
        (out / f"{n}.html").write_text("first", encoding="utf-8")
    with closing(Forks(ROOT, SWAPS, out, way)) as swapper:
        for _ in range(50):
            run = swapper.begin()
            time.sleep(moments.random() * 0.05)
            os.killpg(run, signal.SIGKILL)
            assert swapper.code() == -signal.SIGKILL
            if way == "refused":  # the place may be empty until the next that writes there has begun
                with workplace(out, print):
                    pass
            assert whole(out)
    with workplace(out, print):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


@EXCHANGE
def test_there_is_a_site_at_every_instant(tmp_path):
    out, looks = folder(tmp_path / "site", "old"), 0
    run = start(SWAPPER, out, "exchanged")
    until = time.monotonic() + 1
    while time.monotonic() < until:
        assert out.is_dir()
        looks += 1
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    run.stdout.close()
    assert looks > 1000
    assert whole(out)
