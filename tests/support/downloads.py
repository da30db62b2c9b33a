"""Make a small book in a git repository, and find the local links of a site that lead nowhere."""

import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from support.project import ROOT, replace_once
from support.small import small_book

NOTEBOOK = "notebooks/04-weak-branches"
_ADDRESS = re.compile(r'\b(?:href|src|action)="([^"]+)"')
_WHO = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]


def git(project: Path, *words: str) -> str:
    """What git says in the project, whatever hook this process runs in."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    run = subprocess.run(
        ["git", *_WHO, *words], cwd=project, check=True, capture_output=True, text=True, env=own
    )
    return run.stdout


def downloads_book(to: Path) -> Path:
    """A small book with the page of the downloads; no git yet."""
    small_book(to, Path(NOTEBOOK).name)
    shutil.copy(ROOT / "book" / "data.md", to / "book")
    replace_once(to / "book" / "_toc.yml", "chapters:\n", "chapters:\n  - file: book/data\n")
    return to


def committed(project: Path) -> Path:
    """The project as the one commit of a new repository."""
    shutil.copy(ROOT / ".gitignore", project)
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--no-verify", "--message", "All")
    return project


def dead_links(site: Path) -> list[str]:
    """Every address on a page that is a local file and is not there, as ``page → address``."""
    base, found = "http://site.invalid/", []
    for page in sorted(site.rglob("*.html")):
        name = page.relative_to(site).as_posix()
        for address in map(unescape, _ADDRESS.findall(page.read_text(encoding="utf-8"))):
            whole = urldefrag(urljoin(base + name, address))[0]
            if not whole.startswith(base):
                continue
            if not (site / unquote(urlsplit(whole).path)[1:]).is_file():
                found.append(f"{name} → {address}")
    return found
