"""One writer at a time for a place on disk, and what it makes put there whole or not at all.

A lock is the system's own (``filelock``): it ends with its process, so that a dead one blocks nobody;
the file it is held on, ``.NAME.lock`` beside the place, is removed by whoever held it last, and one
left behind is used again. What is being made lies in ``.NAME-building-XXXXXXXX`` beside the place;
what a dead process left there is removed by the next that holds the lock, never while it is in use.

How a folder takes the place of another:

- Linux and macOS, on a file system that can exchange two names (ext4, XFS, Btrfs, tmpfs, APFS): in one
  step. At every instant the place holds the old folder or the new one, whatever is killed.
- Windows, and file systems that refuse (some network and FUSE ones): by two renames. For the moment
  between them there is no folder; a process killed just then leaves the old one in its working
  folder, and the next command that wants to write there puts it back first.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout

from figurebook.errors import FigurebookError

_OLD = "old"  # what was in place, in the working folder of whoever renames twice
_RANDOM = "[a-z0-9_]{8}"  # as tempfile makes it; it has no "-", so no other place's folder is taken for ours
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2 and RENAME_SWAP of renamex_np alike
_HERE = -100  # AT_FDCWD
_NOT_OFFERED = {
    errno.EINVAL,
    errno.ENOSYS,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.EXDEV,
    errno.EPERM,
}  # EPERM: containers that forbid calls they do not know
_FULL = [os.strerror(code) for code in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)]
_STOPS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class PublishError(FigurebookError):
    """Why nothing was published; the message says it for readers, one line per reason."""


@contextmanager
def workplace(out: Path, say: Callable[[str], None]) -> Iterator[Path]:
    """A new folder beside ``out`` for the one process that may write ``out`` now; gone afterwards.

    Waits, and says so, while another process writes ``out``. Raises PublishError when the disk is full or
    refuses; SystemExit with 128 + the signal's number when told to stop.
    """
    with _stoppable(), _refusals(out), locked(out, say):
        _tidy(out)
        try:
            yield Path(tempfile.mkdtemp(prefix=f".{out.name}-building-", dir=out.parent))
        finally:
            _tidy(out)


@contextmanager
def locked(out: Path, say: Callable[[str], None]) -> Iterator[None]:
    """No other process is in such a block for ``out``; waits for one that is, and says so."""
    made = [p for p in out.parents if not p.exists()]
    out.parent.mkdir(parents=True, exist_ok=True)
    path = out.with_name(f".{out.name}.lock")
    # Not the library's substitute where a disk knows no locks: a dead process could leave that one behind.
    lock = FileLock(path, fallback_to_soft=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"另一次运行正在写 {out}，等它做完再做。不想等可按 Ctrl-C。")
        lock.acquire()
    try:
        yield
    finally:
        if os.name != "nt":  # there the library removes it; here it may go only while it is held
            path.unlink(missing_ok=True)
        lock.release()
        with suppress(OSError):  # not empty: something was put there
            for folder in made:
                folder.rmdir()


def replace(new: Path, out: Path, work: Path) -> None:
    """Put the folder ``new``, of ``work``, in the place of ``out``; what was there is then in ``work``."""
    if not os.path.lexists(out):
        new.rename(out)
    elif not _exchanged(new, out):
        try:
            out.rename(work / _OLD)
            new.rename(out)
        finally:
            _put_back(work, out)


def disk_full(told: str) -> str | None:
    """What to say when ``told``, the text of an error, speaks of a full disk; None when it does not."""
    line = next((x.strip() for x in told.splitlines() if any(word in x for word in _FULL)), None)
    return line and (
        f"磁盘满了，或超出了配额、文件大小的上限，没有做成，原来的还在（{line}）。"
        "请腾出地方再运行，或用 --out 指到别的盘。"
    )


def _tidy(out: Path) -> None:
    """Remove the working folders of ``out``, for whoever holds the lock; an old folder is put back first."""
    ours = re.compile(re.escape(f".{out.name}-building-") + _RANDOM)
    for left in [p for p in out.parent.iterdir() if ours.fullmatch(p.name)]:
        _put_back(left, out)
        shutil.rmtree(left, ignore_errors=True)  # a dead build's child may still write: the next removes it


def _put_back(work: Path, out: Path) -> None:
    if (work / _OLD).is_dir() and not os.path.lexists(out):
        (work / _OLD).rename(out)


def _exchanged(a: Path, b: Path) -> bool:
    """Exchange two names in one step; False, and nothing done, where that is not to be had."""
    code = _exchange_names(os.fsencode(a), os.fsencode(b))
    if code and code not in _NOT_OFFERED:
        raise OSError(code, os.strerror(code), str(b))
    return not code


def _exchange_names(a: bytes, b: bytes) -> int:
    """The system's call; 0 or its error number. No library kept up to date offers it (2026)."""
    if sys.platform not in ("linux", "darwin"):
        return errno.ENOSYS
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        failed = libc.renamex_np(a, b, ctypes.c_uint(_EXCHANGE))
    elif hasattr(libc, "renameat2"):
        failed = libc.renameat2(_HERE, a, _HERE, b, ctypes.c_uint(_EXCHANGE))
    else:  # an old C library
        return errno.ENOSYS
    return ctypes.get_errno() if failed else 0


@contextmanager
def _refusals(out: Path) -> Iterator[None]:
    """Whatever the disk refuses is said in one message."""
    try:
        yield
    except OSError as error:
        raise PublishError(
            disk_full(str(error))
            or f"{error.filename or out.parent} 读不了或写不了（{error.strerror or error}），"
            "没有做成，原来的还在。请检查权限，或用 --out 另指一处。"
        ) from error


@contextmanager
def _stoppable() -> Iterator[None]:
    """Being told to end (not killed) raises an exception, as Ctrl-C does, so that all is tidied up."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    main = threading.current_thread() is threading.main_thread()  # no other may set what a signal does
    # A signal that is ignored (nohup) or already seen to stays as it is.
    free = [s for s in _STOPS if main and signal.getsignal(s) is signal.SIG_DFL]
    for number in free:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in free:
            signal.signal(number, signal.SIG_DFL)
