"""The site as it is published, a web server for it, and Debian's Chromium."""

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from helpers_project import wuqi
from playwright.sync_api import Browser, sync_playwright

from wuqi.tables import ROOT

SUB_PATH = "some/where"  # a site is seldom served from the root of its host


class _Quiet(SimpleHTTPRequestHandler):
    """Says nothing: the tests look at what the browser saw."""

    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        """A browser that leaves a page drops its requests; what it wanted to see it reports itself."""


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site; built now only if its inputs have changed."""
    run = wuqi(ROOT, "book")
    assert run.returncode == 0, run.stderr
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def served(site: Path, tmp_path_factory) -> Iterator[str]:
    """The site's address on a local server, below a sub-path."""
    root = tmp_path_factory.mktemp("served")
    (root / SUB_PATH).parent.mkdir(parents=True)
    (root / SUB_PATH).symlink_to(site, target_is_directory=True)
    with _Server(("127.0.0.1", 0), functools.partial(_Quiet, directory=root)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{SUB_PATH}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; without one these tests are skipped, but never in CI."""
    program = shutil.which("chromium")
    if program is None:
        message = "no chromium found; install Debian's package chromium to run the browser tests"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield browser
        browser.close()
