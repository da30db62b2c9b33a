"""The site as it is published, a web server for it, and the browser that looks at it."""

import functools
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from support.pages import DESK, HEIGHT, PATIENCE, PHONE
from support.project import NO_BROWSER

from figurebook.publishing.pdf.browser import BrowserError, launch

SUB_PATH = "some/where"  # a site is seldom served from the root of its host


class _Quiet(SimpleHTTPRequestHandler):
    """Says nothing: the tests look at what the browser saw."""

    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        """A browser that leaves a page drops its requests; what it wanted to see it reports itself."""


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
    """A running browser; without one these tests do not run, which the closing lines say."""
    try:
        with launch() as browser:
            yield browser
    except BrowserError as error:
        pytest.skip(NO_BROWSER + str(error))


@pytest.fixture
def printing_here(chromium: Browser, monkeypatch) -> None:
    """Print with the session's browser: Playwright starts only once in a thread."""

    class Running:
        def __enter__(self):
            return chromium

        def __exit__(self, *_):
            for context in chromium.contexts:
                context.close()

    monkeypatch.setattr("figurebook.publishing.pdf.printing.launch", lambda say: Running())


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(chromium: Browser, request) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": request.param, "height": HEIGHT})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Page]:
    """A page of one size, for what does not depend on it."""
    context = chromium.new_context(viewport={"width": DESK, "height": HEIGHT})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def quiet(desk: Page) -> Iterator[Page]:
    """A page of one size on which no script fails and no dialog opens."""
    noise = []
    desk.on("pageerror", lambda error: noise.append(str(error)))
    desk.on("dialog", lambda dialog: (noise.append(dialog.message), dialog.dismiss()))
    yield desk
    assert noise == []


@pytest.fixture(params=["http", "file"])
def base(request, site: Path) -> str:
    """Where the site is opened from."""
    return request.getfixturevalue("served") if request.param == "http" else site.as_uri() + "/"


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages in contexts of their own: ``opened(width, java_script_enabled=False)``."""
    contexts = []

    def new(width: int, **options) -> Page:
        contexts.append(chromium.new_context(viewport={"width": width, "height": 700}, **options))
        contexts[-1].set_default_timeout(PATIENCE)
        return contexts[-1].new_page()

    yield new
    for context in contexts:
        context.close()
