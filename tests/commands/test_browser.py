"""Which browser is found, that it starts, and what the test suite says when there is none."""

import io
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from support.project import NO_BROWSER, ROOT

from figurebook.publishing.pdf.browser import PROGRAMS, BrowserError, installed, launch

NOBODY = "http://127.0.0.1:9"  # the discard port: every connection is refused
FIND = "from figurebook.publishing.pdf.browser import find; f = find(print); print(f.path); print(f.reason)"


def program(path: Path, script: str = "exit 3") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment with no browser on its path, none downloaded and none to be had."""
    (tmp_path / "browsers").mkdir()
    return {
        **{k: v for k, v in os.environ.items() if k != "CI"},
        "PATH": str(tmp_path / "bin"),
        "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "browsers"),
        "PLAYWRIGHT_DOWNLOAD_HOST": NOBODY,
    }


def python(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        text=True,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )


def found(environment: dict[str, str]) -> list[str]:
    """The lines that a search in a process of its own says: progress, path, reason."""
    run = python(environment, "-c", FIND)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_browser_on_the_search_path_is_taken(tmp_path, bare, name):
    path = program(tmp_path / "bin" / name)
    assert installed("linux", bare) == path
    path.chmod(0o644)
    assert os.access(path, os.X_OK) or installed("linux", bare) is None


def test_a_fake_chrome_on_the_search_path_is_taken_without_a_download(tmp_path, bare):
    path = program(tmp_path / "bin" / "google-chrome")
    assert found(bare) == [str(path), ""]


@pytest.mark.parametrize(
    ("platform", "variable", "place"),
    [
        ("win32", "ProgramFiles", "Google/Chrome/Application/chrome.exe"),
        ("win32", "ProgramFiles(x86)", "Microsoft/Edge/Application/msedge.exe"),
        ("win32", "LocalAppData", "Google/Chrome/Application/chrome.exe"),
        ("darwin", "HOME", "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        ("darwin", "HOME", "Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
    ],
)
def test_a_browser_in_its_usual_place_is_taken(tmp_path, platform, variable, place):
    path = program(tmp_path / place)
    environment = {"PATH": str(tmp_path / "bin"), variable: str(tmp_path)}
    assert installed(platform, environment) == path
    assert installed("linux", environment) is None


def test_what_playwright_has_downloaded_is_the_second_choice(tmp_path, bare):
    where = python(
        bare,
        "-c",
        "from figurebook.publishing.pdf.browser import _playwrights_own; print(_playwrights_own())",
    )
    path = program(Path(where.stdout.strip()))
    assert path.is_relative_to(tmp_path / "browsers")
    assert found(bare) == [str(path), ""]
    better = program(tmp_path / "bin" / "chromium")
    assert found(bare) == [str(better), ""]


class _Store(ThreadingHTTPServer):
    """Hands out, whatever is asked for, an archive with a program in it that passes for Chromium."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: list[str] = []


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        body = io.BytesIO()
        name = Path(self.path).stem  # chrome-linux64.zip unpacks into chrome-linux64, ffmpeg's does not
        with zipfile.ZipFile(body, "w") as archive:
            archive.writestr(f"{name}/chrome" if "chrome" in name else name, "#!/bin/sh\nexit 3\n")
        self.send_response(200)
        self.send_header("Content-Length", str(len(body.getvalue())))
        self.end_headers()
        self.wfile.write(body.getvalue())

    def log_message(self, *_):
        pass


@pytest.fixture
def store() -> Iterator[_Store]:
    with _Store() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.skipif(sys.platform != "linux", reason="the archive passes for Linux's Chromium only")
def test_else_playwright_downloads_one(tmp_path, bare, store):
    bare["PLAYWRIGHT_DOWNLOAD_HOST"] = f"http://127.0.0.1:{store.server_port}"
    said, path, reason = found(bare)
    assert "下载" in said
    assert Path(path).is_relative_to(tmp_path / "browsers")
    assert reason == ""
    asked = list(store.asked)
    assert any("chrome" in a for a in asked)
    assert found(bare) == [path, ""]
    assert store.asked == asked


def test_without_any_the_reason_says_what_to_do_and_one_download_was_tried(bare):
    run = python(
        bare,
        "-c",
        FIND + "; g = find(); print(f == g)\n"
        "from figurebook.publishing.pdf.browser import _download; print(_download.cache_info().misses)",
    )
    said, path, reason, same, tries = run.stdout.splitlines()
    assert "下载" in said
    assert path == "None"
    for part in ("ECONNREFUSED", "Chromium", "Edge", "python -m playwright install chromium"):
        assert part in reason
    assert (same, tries) == ("True", "1")


def started() -> str:
    """The version of the browser that starts; in a thread, for in this one another may be running."""

    def version() -> str:
        with launch() as browser:
            return browser.version

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(version).result()


@pytest.fixture
def version() -> str:
    try:
        return started()
    except BrowserError as error:
        pytest.skip(NO_BROWSER + str(error))


def test_what_is_found_starts(version):
    assert int(version.split(".")[0]) > 100


def test_one_that_does_not_start_is_named_with_what_it_said(tmp_path, monkeypatch):
    path = program(tmp_path / "bin" / "chromium", "echo 'cannot open libnss3.so' >&2; exit 3")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(BrowserError) as caught:
        started()
    assert str(path) in str(caught.value)
    assert "libnss3.so" in str(caught.value)


def suite(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """The exit code and the output of one small browser test, run by a pytest of its own."""
    run = python(
        environment,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "tests/browser/test_site.py",
        "-k",
        "test_a_seeded_fault_is_seen and missing",
        *arguments,
    )
    return run.returncode, run.stdout


@pytest.mark.parametrize(
    ("variables", "workers", "code"), [({}, "0", 0), ({"CI": "true"}, "1", 1)], ids=["desk", "ci"]
)
def test_the_closing_lines_say_what_did_not_run_and_why(bare, variables, workers, code):
    status, told = suite({**bare, **variables}, "-n", workers)
    assert status == code, told
    *_, line, summary = told.strip().splitlines()
    assert line.startswith("1 个浏览器测试没有运行：")
    assert "python -m playwright install chromium" in line
    assert ("失败" in line) is bool(code)
    assert re.search(r"\b1 skipped\b", summary)


def test_a_browser_that_does_not_start_is_said_as_well(tmp_path, bare):
    path = program(tmp_path / "bin" / "chromium")
    status, told = suite({**bare, "CI": "true"})
    assert status == 1
    assert str(path) in told.strip().splitlines()[-2]


@pytest.mark.usefixtures("version")
def test_with_a_browser_nothing_is_said():
    status, told = suite({**os.environ, "CI": "true"})
    assert status == 0, told
    assert "没有运行" not in told
    assert re.search(r"\b1 passed\b", told)
