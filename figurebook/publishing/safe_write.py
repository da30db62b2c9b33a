"""Let one process at a time replace a file or folder, whole or not.

A lock is the system's own (``filelock``). It ends with its process, so a dead process blocks nobody. The
lock file is ``.NAME.lock`` beside the place. Its last holder removes it; one left behind is used again. The
new file or folder is made in ``.NAME-building-XXXXXXXX`` beside the place. When a dead process leaves such a
folder, the next holder of the lock removes it, never while it is in use.

A folder takes the place of another in one of two ways:

- Linux and macOS, on a file system that can exchange two names (ext4, XFS, Btrfs, tmpfs, APFS): in one
  step. At every instant the place holds the old folder or the new one, even if a process is killed.
- Windows, and file systems that refuse (some network and FUSE ones): by two renames. For the moment
  between them there is no folder. A process killed just then leaves the old folder in its working folder.
  The next command that writes there puts it back first.
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

_OLD = "old"  # the replaced folder, in the working folder of a process that renames twice
_RANDOM = "[a-z0-9_]{8}"  # as tempfile makes it; without "-", so no other place's folder looks like ours
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
    """Nothing was published; the message gives the reasons, one on each line."""


@contextmanager
def workplace(out: Path, say: Callable[[str], None]) -> Iterator[Path]:
    """A new folder beside ``out`` for the one process that may write ``out`` now.

    The folder is removed afterwards. The call waits, and says so, while another process writes ``out``.
    Raises PublishError when the disk is full or refuses, and SystemExit with 128 + the signal's number when
    a signal stops it.
    """
    with _stoppable(), _refusals(out), locked(out, say):
        _tidy(out)
        try:
            yield Path(tempfile.mkdtemp(prefix=f".{out.name}-building-", dir=out.parent))
        finally:
            _tidy(out)


@contextmanager
def locked(out: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock for ``out``; wait, and say so, while another process holds it."""
    made = [p for p in out.parents if not p.exists()]
    out.parent.mkdir(parents=True, exist_ok=True)
    path = out.with_name(f".{out.name}.lock")
    # On a disk without locks the library has a substitute. A dead process could leave it behind: not used.
    lock = FileLock(path, fallback_to_soft=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"另一次运行正在写 {out}，等它做完再做。不想等可按 Ctrl-C。")
        lock.acquire()
    try:
        yield
    finally:
        if os.name != "nt":  # there the library removes the file; here it must go while the lock is held
            path.unlink(missing_ok=True)
        lock.release()
        with suppress(OSError):  # a folder that is not empty stays
            for folder in made:
                folder.rmdir()


def replace(new: Path, out: Path, work: Path) -> None:
    """Put the folder ``new``, of ``work``, in place of ``out``, which goes to ``work``."""
    if not os.path.lexists(out):
        new.rename(out)
    elif not _exchanged(new, out):
        try:
            out.rename(work / _OLD)
            new.rename(out)
        finally:
            _put_back(work, out)


def disk_full(text: str) -> str | None:
    """The message for a full disk if ``text``, an error's, reports one; else None."""
    line = next((x.strip() for x in text.splitlines() if any(word in x for word in _FULL)), None)
    return line and (
        f"磁盘满了，或超出了配额、文件大小的上限，没有做成，原来的还在（{line}）。"
        "请腾出地方再运行，或用 --out 指到别的盘。"
    )


def _tidy(out: Path) -> None:
    """Remove the working folders of ``out``; an old folder is put back first.

    Only the holder of the lock may call this.
    """
    ours = re.compile(re.escape(f".{out.name}-building-") + _RANDOM)
    for left in [p for p in out.parent.iterdir() if ours.fullmatch(p.name)]:
        _put_back(left, out)
        shutil.rmtree(
            left, ignore_errors=True
        )  # a dead build's child may still write: the next call removes it


def _put_back(work: Path, out: Path) -> None:
    if (work / _OLD).is_dir() and not os.path.lexists(out):
        (work / _OLD).rename(out)


def _exchanged(a: Path, b: Path) -> bool:
    """Exchange two names in one step; False, and nothing done, where it is not offered."""
    code = _exchange_names(os.fsencode(a), os.fsencode(b))
    if code and code not in _NOT_OFFERED:
        raise OSError(code, os.strerror(code), str(b))
    return not code


def _exchange_names(a: bytes, b: bytes) -> int:
    """Make the system call; 0 or its error number. No maintained library offers it (2026)."""
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
    """Turn every refusal of the disk into one message."""
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
    """Turn a signal to end into an exception, like Ctrl-C, so that all is tidied.

    A signal to kill cannot be caught.
    """

    def stop(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    main = threading.current_thread() is threading.main_thread()  # no other thread may set a handler
    # A signal that is ignored (nohup) or has a handler stays as it is.
    free = [s for s in _STOPS if main and signal.getsignal(s) is signal.SIG_DFL]
    for number in free:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in free:
            signal.signal(number, signal.SIG_DFL)
