"""The browser that prints the book and runs its tests: Chromium, Chrome or Edge.

One that this machine has is taken before one that Playwright has downloaded, and that before a
download: what is installed needs no network and follows the machine's own updates.
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

# As a list and not as Playwright's "channels": those do not know Chromium as Linux packages it.
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
# Below the folders that the system keeps programs in; the variables name those folders.
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
    """Why there is no browser to work with; the message says to readers what to do."""


@dataclass(frozen=True)
class FoundBrowser:
    """A browser's program, or None and the reason, which says to readers what to do."""

    path: Path | None
    reason: str = ""


def find(say: Callable[[str], None] = lambda line: None) -> FoundBrowser:
    """The browser to use. May download one, which ``say`` is told; tried once a process at most."""
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
    """The first of the usual browsers that this machine has, on its search path or in its usual place."""
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
    """A running Playwright ``Browser``; raises BrowserError when none can be had or it does not start."""
    from playwright.sync_api import Error, sync_playwright

    found = find(say)
    if found.path is None:
        raise BrowserError(found.reason)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found.path, args=_ARGUMENTS)
        except Error as error:
            raise BrowserError(
                f"浏览器 {found.path} 启动不了：{_gist(str(error))}。"
                "请先让它能运行，或另装一个 Chromium、Chrome 或 Edge。"
            ) from None
        try:
            yield browser
        finally:
            browser.close()


def _playwrights_own() -> Path:
    """Where Playwright keeps the Chromium of its version, be it there or not."""
    # In a process of its own: Playwright refuses a second start in a thread, and tests run one.
    run = subprocess.run([sys.executable, "-c", _WHERE], capture_output=True, text=True, check=True)
    return Path(run.stdout.strip())


@cache
def _download(_folder: str | None) -> str:
    """Download into the folder that the environment names; what went wrong, or nothing."""
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


def _gist(told: str) -> str:
    """The line of a long error that says most: what the program itself said, else the first."""
    lines = [line.strip() for line in told.splitlines() if line.strip()] or ["没有说明"]
    said = [line.partition("[err]")[2].strip() for line in lines if "[err]" in line]
    return (said or [line for line in lines if line.startswith("Error:")] or lines)[0]
