"""Find and start the browser that prints the book: Chromium, Chrome or Edge.

The tests use it too. A browser of this machine comes first, then one that Playwright has downloaded, then a
download. An installed one needs no network and gets the machine's own updates.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from figurebook.errors import FigurebookError

# This is a list because Playwright's "channels" do not know the Chromium of Linux packages.
PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chrome",
    "msedge",
)
# Below the folders for programs of the system; the variables name those folders.
_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)
_WINDOWS_FOLDERS = ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")
_MAC = tuple(
    f"Applications/{name}.app/Contents/MacOS/{name}"
    for name in ("Google Chrome", "Microsoft Edge", "Chromium")
)
# No sandbox: containers give none to root, and only the project's own files are opened.
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_DOWNLOAD_PATIENCE = 900  # seconds, for some 150 MB on a slow line
_WHERE = (
    "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
)


class BrowserError(FigurebookError):
    """There is no usable browser; the message says to readers what to do."""


@dataclass(frozen=True)
class FoundBrowser:
    """A browser's program, or None and a reason that says to readers what to do."""

    path: Path | None
    reason: str = ""


def find(say: Callable[[str], None] = lambda line: None) -> FoundBrowser:
    """The browser to use, downloaded if there is none.

    ``say`` reports the download. It is tried at most once in a process.
    """
    if path := installed():
        return FoundBrowser(path)
    own = _playwrights_own()
    if own.is_file():
        return FoundBrowser(own)
    say("这台机器上没有 Chromium、Chrome 或 Edge，正由 Playwright 下载一个…")
    failure = _download(os.environ.get("PLAYWRIGHT_BROWSERS_PATH"))
    if own.is_file():
        return FoundBrowser(own)
    return FoundBrowser(
        None,
        "这台机器上没有 Chromium、Chrome 或 Edge，Playwright 也没能下载"
        f"（{failure or '下载后仍没有程序'}）。请安装其中一种浏览器，"
        "或在能上网时运行 python -m playwright install chromium。",
    )


def installed(platform: str = sys.platform, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The first browser found on this machine's search path or in a usual folder."""
    for name in PROGRAMS:
        if path := shutil.which(name, path=environ.get("PATH", "")):
            return Path(path)
    if platform == "win32":
        usual = [Path(environ[v], p) for p in _WINDOWS for v in _WINDOWS_FOLDERS if environ.get(v)]
    elif platform == "darwin":
        usual = [Path(top, p) for p in _MAC for top in ("/", environ.get("HOME", "/"))]
    else:
        usual = []
    return next((p for p in usual if p.is_file()), None)


@contextmanager
def launch(say: Callable[[str], None] = lambda line: None) -> Iterator:
    """A running Playwright ``Browser``; BrowserError when there is none or it does not start."""
    from playwright.sync_api import Error, sync_playwright

    choice = find(say)
    if choice.path is None:
        raise BrowserError(choice.reason)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=choice.path, args=_ARGUMENTS)
        except Error as error:
            raise BrowserError(
                f"浏览器 {choice.path} 启动不了：{_gist(str(error))}。"
                "请先让它能运行，或另装一个 Chromium、Chrome 或 Edge。"
            ) from None
        try:
            yield browser
        finally:
            browser.close()


def _playwrights_own() -> Path:
    """The path of Playwright's own Chromium, whether it is there or not."""
    # In a process of its own: Playwright refuses a second start in one thread, and tests run one already.
    run = subprocess.run([sys.executable, "-c", _WHERE], capture_output=True, text=True, check=True)
    return Path(run.stdout.strip())


@cache
def _download(_folder: str | None) -> str:
    """Download into the folder that the environment names; return the failure or ""."""
    command = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
    try:
        run = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            timeout=_DOWNLOAD_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return f"{_DOWNLOAD_PATIENCE} 秒没有下完"
    return _gist(run.stderr or run.stdout) if run.returncode else ""


def _gist(error: str) -> str:
    """The main line of a long error: the program's own message, else the first line."""
    lines = [line.strip() for line in error.splitlines() if line.strip()] or ["没有说明"]
    messages = [line.partition("[err]")[2].strip() for line in lines if "[err]" in line]
    return (messages or [line for line in lines if line.startswith("Error:")] or lines)[0]
