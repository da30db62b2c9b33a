"""Tests in a folder ``unit`` start no process: no command, kernel, build, browser or office program.

These functions are pytest's hooks; ``conftest.py`` takes them in. A process that such a test, a fixture of
it or its module asks for is not started, and the test fails whatever became of the error.
"""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pytest

UNIT = "unit"
_STARTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "os.exec"}
_asked: list[list[str]] = []  # what was asked for under each guard that stands, the innermost last


class StartedError(AssertionError):
    """A process was asked for where none may be started."""


def _refuse(event: str, arguments: tuple) -> None:
    if _asked and event in _STARTS:
        _asked[-1].append(f"{event} {arguments[:2]}"[:200])
        raise StartedError(_asked[-1][-1])


sys.addaudithook(_refuse)


@contextmanager
def _refused() -> Iterator[list[str]]:
    """Within it no process is started; the processes that were asked for."""
    _asked.append([])
    try:
        yield _asked[-1]
    finally:
        _asked.pop()


@contextmanager
def no_process() -> Iterator[None]:
    """The same; its end fails if a process was asked for, even if the error was not heard of."""
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
