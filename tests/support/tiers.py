"""Ensure that tests in a folder ``unit`` start no process.

No command, kernel, build, browser or office program is a unit test's. These functions are pytest's hooks;
``conftest.py`` takes them in. If such a test, a fixture of it or its module asks for a process, none is
started. The test then fails, even if it catches the error.
"""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pytest

UNIT = "unit"
_STARTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "os.exec"}
_asked: list[list[str]] = []  # the processes asked for under each active guard, the innermost last


class StartedError(AssertionError):
    """A process was asked for in a place where none may be started."""


def _refuse(event: str, arguments: tuple) -> None:
    if _asked and event in _STARTS:
        _asked[-1].append(f"{event} {arguments[:2]}"[:200])
        raise StartedError(_asked[-1][-1])


sys.addaudithook(_refuse)


@contextmanager
def _refused() -> Iterator[list[str]]:
    """Start no process within the block; give the list of those asked for."""
    _asked.append([])
    try:
        yield _asked[-1]
    finally:
        _asked.pop()


@contextmanager
def no_process() -> Iterator[None]:
    """The same, but fail at the end if a process was asked for.

    It fails even if the test caught the error.
    """
    with _refused() as asked:
        yield
    if asked:
        pytest.fail(f"a test in a folder “{UNIT}” starts a process: {asked[0]}", pytrace=False)


def _guard(path: Path) -> AbstractContextManager:
    return no_process() if UNIT in path.parts else nullcontext()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    with _guard(item.path):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    with _guard(item.path):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    with _guard(item.path):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    with _refused() if UNIT in collector.path.parts else nullcontext():
        return (yield)
