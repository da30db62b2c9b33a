"""Fixtures that several test modules share. No fixture knows a path of any machine."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from support.drawn import SEED
from support.office import NO_OFFICE
from support.project import DATA, NO_BROWSER, ROOT, wuqi
from support.small import based_book, small_project
from support.tiers import (  # noqa: F401  (pytest's hooks)
    pytest_make_collect_report,
    pytest_runtest_call,
    pytest_runtest_setup,
    pytest_runtest_teardown,
)

from figurebook.datapackage.tables import Tables

collect_ignore = ["miniature"]  # another project, whose notebooks have not been run

# Derandomised: a red run must be red again for the next person. Slow ones take TEST_SEED (support.drawn).
settings.register_profile("figurebook", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("figurebook")


@pytest.fixture(scope="session")
def tables() -> Tables:
    """The committed data package, for tests that only read."""
    return Tables.load()


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site; built now only if its inputs have changed, and by one worker at a time."""
    (ROOT / "_build").mkdir(exist_ok=True)
    with FileLock(ROOT / "_build" / ".tests.lock"):
        run = wuqi(ROOT, "book")
    assert run.returncode == 0, run.stderr
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def small_built(tmp_path_factory) -> Path:
    """A project of one page with its site; not to be altered."""
    return _built_once(tmp_path_factory, "small", small_project)


@pytest.fixture(scope="session")
def book_built(tmp_path_factory) -> Path:
    """A project with a home page, the register and one notebook, with its site; not to be altered.

    Its configuration names the address ``BASE`` of the published site.
    """
    return _built_once(tmp_path_factory, "based", based_book)


def _built_once(tmp_path_factory, name: str, make: Callable[[Path], Path]) -> Path:
    """The project that ``make`` makes, its site built by whichever worker comes first, for all of them."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    done = shared / f"{name}.done"
    with FileLock(shared / f".{name}.lock"):
        if not done.exists():
            run = wuqi(make(shared / name / "project"), "book")
            assert run.returncode == 0, run.stderr
            done.touch()
    return shared / name / "project"


@pytest.fixture
def package_copy(tmp_path: Path) -> Path:
    """A data package that a test may damage."""
    return Path(shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("__pycache__")))


@pytest.fixture(scope="session")
def interview_text() -> str | None:
    """The article, which is not ours to commit: whoever holds it sets INTERVIEW to its path."""
    path = os.environ.get("INTERVIEW")
    return Path(path).read_text(encoding="utf-8-sig") if path else None


@pytest.fixture
def interview(interview_text: str | None) -> str:
    """The article, or a skip that says how to run the test."""
    if interview_text is None:
        pytest.skip("set INTERVIEW to the path of the article's text to run this test")
    return interview_text


def pytest_sessionfinish(session) -> None:
    """In CI a browser or office test that did not run is a failure."""
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")  # xdist's workers have none
    if terminal and session.exitstatus == pytest.ExitCode.OK and _fatal() and _not_run(terminal):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True, tryfirst=True)  # so that it comes after all else that is said
def pytest_terminal_summary(terminalreporter):
    """The seed of what was drawn by lot; which tests did not run, and why, where nobody can overlook it."""
    yield
    terminalreporter.line(f"抽样的种子：TEST_SEED={SEED}（make test 带上它就照样再抽）。")
    for kind, reasons in _not_run(terminalreporter).items():
        terminalreporter.section(f"{kind}测试", red=_fatal(), yellow=not _fatal())
        failure = "在 CI 里这算失败。" if _fatal() else ""
        terminalreporter.line(f"{len(reasons)} 个{kind}测试没有运行：{reasons[0]}{failure}")


def _fatal() -> bool:
    return os.environ.get("CI") == "true"


def _not_run(terminal) -> dict[str, list[str]]:
    """The reasons of the tests skipped for want of a browser or an office program, where there are any."""
    told = [r.longrepr[2] for r in terminal.stats.get("skipped", []) if isinstance(r.longrepr, tuple)]
    found = {
        kind: [reason.split(mark, 1)[1] for reason in told if mark in reason]
        for kind, mark in (("浏览器", NO_BROWSER), ("办公软件", NO_OFFICE))
    }
    return {kind: reasons for kind, reasons in found.items() if reasons}
