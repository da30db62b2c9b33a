"""One writer at a time; what it leaves, what the disk refuses and what stops it never costs the old site."""

import errno
import os
import signal

import pytest
from filelock import FileLock
from support.exchange import STUCK, folder, start
from support.project import contents

from figurebook.publishing.safe_write import PublishError, disk_full, locked, replace, workplace


def test_a_second_process_waits_and_says_so(tmp_path):
    out, said = tmp_path / "site", []
    run = start(
        """
import sys, time
from pathlib import Path
from figurebook.publishing.safe_write import workplace
out = Path(sys.argv[1])
with workplace(out, print) as work:
    (work / "half").write_text("x")
    print("holding", flush=True)
    time.sleep(1)
    out.write_text("first", encoding="utf-8")
""",
        out,
    )
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
    others = [
        ".site-building",
        ".site-building-mine",
        ".site-building-abcd1234-building-abcd1234",
        ".other-building-abcd1234",
        "site-building-abcd1234",
        ".Xsite-building-abcd1234",
    ]
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


@pytest.mark.parametrize(
    ("code", "full"),
    [
        (errno.ENOSPC, True),
        (errno.EDQUOT, True),
        (errno.EFBIG, True),
        (errno.EACCES, False),
        (errno.EIO, False),
    ],
)
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
