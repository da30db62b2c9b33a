"""One writer at a time, old or new and never half, whatever is killed and whatever the disk refuses."""

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock
from helpers_project import contents, environment

from wuqi import exchange
from wuqi.exchange import PublishError, disk_full, locked, replace, workplace
from wuqi.tables import ROOT

EXCHANGE = pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="no such exchange there")
FILES = 30
REFUSALS = [errno.EINVAL, errno.ENOSYS, errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP]

# A process that goes on exchanging sites until it is killed; each site says the same thing in every file.
# "refused" stands for a file system that cannot exchange two names: the refusal comes from the system call.
SWAPPER = """
import sys, itertools
from pathlib import Path
from wuqi import exchange
out, way = Path(sys.argv[1]), sys.argv[2]
if way == "refused":
    exchange._exchange_names = lambda a, b: __import__("errno").EINVAL
print("ready", flush=True)
for i in itertools.count():
    with exchange.workplace(out, print) as work:
        site = work / "site"
        site.mkdir()
        for n in range(%d):
            (site / f"{n}.html").write_text(str(i), encoding="utf-8")
        exchange.replace(site, out, work)
""" % FILES
STUCK = SWAPPER.replace("exchange.replace(", "print('made', flush=True); __import__('time').sleep(60) # (")


def whole(site: Path) -> bool:
    """Whether all of the site's files are there and of one build."""
    found = contents(site)
    return len(found) == FILES and len(set(found.values())) == 1


def folder(path: Path, text: str) -> Path:
    path.mkdir(parents=True)
    (path / "index.html").write_text(text, encoding="utf-8")
    return path


def start(program: str, *arguments: object) -> subprocess.Popen:
    """A process of its own, leader of its group."""
    return subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)], env=environment(ROOT),
                            stdout=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True)


def refuse(monkeypatch, code: int) -> None:
    monkeypatch.setattr(exchange, "_exchange_names", lambda a, b: code)


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
    run = start("""
import errno, os, sys
from pathlib import Path
from wuqi import exchange
exchange._exchange_names = lambda a, b: errno.EINVAL
rename = Path.rename
Path.rename = lambda a, b: os._exit(9) if a.name == "new" else rename(a, b)
out = Path(sys.argv[1])
with exchange.workplace(out, print) as work:
    (work / "new").mkdir()
    exchange.replace(work / "new", out, work)
""", out)
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
    for _ in range(50):
        run = start(SWAPPER, out, way)
        assert run.stdout.readline() == "ready\n"
        time.sleep(moments.random() * 0.05)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        run.stdout.close()
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


def test_a_second_process_waits_and_says_so(tmp_path):
    out, said = tmp_path / "site", []
    run = start("""
import sys, time
from pathlib import Path
from wuqi.exchange import workplace
out = Path(sys.argv[1])
with workplace(out, print) as work:
    (work / "half").write_text("x")
    print("holding", flush=True)
    time.sleep(1)
    out.write_text("first", encoding="utf-8")
""", out)
    assert run.stdout.readline() == "holding\n"
    held = list(tmp_path.glob(".site-building-*"))

    def say(line: str) -> None:
        assert (held[0] / "half").is_file()  # in use: not removed
        said.append(line)

    with workplace(out, say):
        assert out.read_text(encoding="utf-8") == "first"
        assert not held[0].exists()
    assert run.wait() == 0
    run.stdout.close()
    assert len(said) == 1
    assert str(out) in said[0]


def test_other_places_are_not_waited_for(tmp_path):
    with workplace(tmp_path / "a", pytest.fail), workplace(tmp_path / "b", pytest.fail) as work:
        assert work.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_neither_blocks_nor_stays(tmp_path):
    out = folder(tmp_path / "site", "old")
    run = start(STUCK, out, "exchanged")
    assert run.stdout.readline() == "ready\n"
    assert run.stdout.readline() == "made\n"
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    run.stdout.close()
    assert sorted(p.name.partition("-")[0] for p in tmp_path.iterdir()) == [".site", ".site.lock", "site"]
    with workplace(out, pytest.fail) as work:
        assert sorted(p.name for p in tmp_path.iterdir()) == sorted([".site.lock", "site", work.name])
    assert [p.name for p in tmp_path.iterdir()] == ["site"]
    assert contents(out) == {"index.html": b"old"}


def test_what_only_looks_like_a_leftover_stays(tmp_path):
    others = [".site-building", ".site-building-mine", ".site-building-abcd1234-building-abcd1234",
              ".other-building-abcd1234", "site-building-abcd1234", ".Xsite-building-abcd1234"]
    for name in others:
        folder(tmp_path / name, "mine")
    with workplace(tmp_path / "site", print):
        pass
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(others)


def test_folders_made_for_nothing_are_gone(tmp_path):
    with pytest.raises(LookupError), workplace(tmp_path / "new" / "deeper" / "site", print):
        raise LookupError
    assert list(tmp_path.iterdir()) == []
    out = tmp_path / "new" / "site"
    with workplace(out, print) as work:
        replace(folder(work / "new", "new"), out, work)
    assert contents(tmp_path) == {"new/site/index.html": b"new"}


def test_a_disk_that_knows_no_locks_is_said_and_nothing_is_made(tmp_path, monkeypatch):
    """A substitute lock would be a file that a dead process leaves behind."""
    import fcntl

    def refuse_locks(*_):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(fcntl, "flock", refuse_locks)
    with pytest.raises(PublishError, match="--out"), workplace(tmp_path / "site", print):
        pytest.fail("went on without a lock")



@pytest.mark.parametrize(("code", "full"), [
    (errno.ENOSPC, True), (errno.EDQUOT, True), (errno.EFBIG, True), (errno.EACCES, False),
    (errno.EIO, False)])
def test_what_the_disk_refuses_is_said_once_and_the_old_one_stays(tmp_path, code, full):
    out = folder(tmp_path / "site", "old")

    def fail_half_way():
        with workplace(out, print) as work:
            folder(work / "new", "half")
            raise OSError(code, os.strerror(code), str(work / "new" / "a.html"))

    with pytest.raises(PublishError) as caught:
        fail_half_way()
    assert ("磁盘满了" in str(caught.value)) == full
    assert "--out" in str(caught.value)
    assert "a.html" in str(caught.value)
    assert contents(tmp_path) == {"site/index.html": b"old"}
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_a_full_disk_is_known_in_what_a_child_says():
    said = f"Traceback\n  at x\nOSError({errno.ENOSPC}, {os.strerror(errno.ENOSPC)!r})\n"
    assert os.strerror(errno.ENOSPC) in disk_full(said)
    assert "Traceback" not in disk_full(said)
    assert disk_full("WARNING: undefined label") is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_told_to_stop_it_tidies_up(tmp_path, number):
    out = folder(tmp_path / "site", "old")
    run = start(STUCK, out, "exchanged")
    assert run.stdout.readline() == "ready\n"
    assert run.stdout.readline() == "made\n"
    run.send_signal(number)
    code = run.wait(timeout=10)
    run.stdout.close()
    assert code == (-number if number == signal.SIGINT else 128 + number)
    assert [p.name for p in tmp_path.iterdir()] == ["site"]
    assert contents(out) == {"index.html": b"old"}


def test_a_signal_that_is_ignored_stays_ignored(tmp_path):
    """``nohup`` means that the work goes on when the terminal is closed."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with workplace(tmp_path / "site", print):
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_lock_is_not_held_by_a_child(tmp_path):
    """Else a kernel or Sphinx that outlives a killed build would keep the next one waiting."""
    with locked(tmp_path / "site", print):
        child = start("import sys; print('up', flush=True); sys.stdin.read()")
        assert child.stdout.readline() == "up\n"
    with FileLock(tmp_path / ".site.lock", timeout=0):
        assert child.poll() is None or child.returncode == 0
    child.kill()
    child.wait()
    child.stdout.close()
