"""Compare page weight, requests and build time with the same book in the default theme.

    .venv/bin/python -m benchmarks.pages [ROUNDS]

Both are built cold by jupyter-book in turn, ROUNDS times (default 3); CPU medians are printed. Then three
kinds of page are opened in a browser over http. Their requests are counted, and the bytes that a server sends
with gzip.
"""

from __future__ import annotations

import functools
import gzip
import statistics
import sys
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from benchmarks.book import build, project
from figurebook.publishing.pdf import browser
from figurebook.site import EXTENSIONS

PAGES = {
    "home": "book/home.html",
    "figure": "figures/poverty-persons.html",
    "notebook": "notebooks/08-poverty.html",
}
# The extensions that make the theme ours; the roles, tables and charts of the book stay in both.
_OURS = {
    "figurebook.site.look.page_context",
    "figurebook.site.look.contents",
    "figurebook.site.look.bundle",
    "figurebook.site.pages.site_files",
    "figurebook.site.search.index",
}
_COUNTYS = "wuqi.system_map"
_SETTINGS = ("html_theme", "html_theme_options", "html_use_index")


def default_theme(source: Path) -> Path:
    """Turn a copy of the project into the same book in jupyter-book's unchanged theme."""
    path = source / "_config.yml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings = config["sphinx"]["config"]
    at = settings["extensions"].index("figurebook.site")
    settings["extensions"][at : at + 1] = [*(f"figurebook.site.{name}" for name in EXTENSIONS), _COUNTYS]
    settings["extensions"] = [e for e in settings["extensions"] if e not in _OURS]
    for name in _SETTINGS:
        settings.pop(name)
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    return source


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def weigh(site: Path) -> dict[str, tuple[int, int]]:
    """``{kind: (bytes with gzip, requests)}`` of the pages of a site, counted in a browser."""
    weights = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=site))
    with server, browser.launch() as chromium:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for kind, name in PAGES.items():
            asked = []
            page = chromium.new_page()
            page.on("request", lambda r, asked=asked: asked.append(r.url))
            page.goto(f"http://127.0.0.1:{server.server_port}/{name}", wait_until="networkidle")
            page.close()
            files = [site / unquote(urlsplit(u).path).lstrip("/") for u in asked if u.startswith("http")]
            weights[kind] = sum(len(gzip.compress(f.read_bytes())) for f in files), len(files)
        server.shutdown()
    return weights


def main(rounds: int) -> None:
    """Build and weigh both, and print them side by side."""
    cpu: dict[str, list[float]] = {"ours": [], "default": []}
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        sources = {
            "ours": project(work / "ours", "off"),
            "default": default_theme(project(work / "default", "off")),
        }
        for _ in range(rounds):
            for name, source in sources.items():
                cpu[name].append(build(source, work / f"{name}-out")[0])
        weights = {name: weigh(work / f"{name}-out" / "_build" / "html") for name in sources}
    print(f"{'':12}{'ours':>18}{'default theme':>18}{'ours/default':>14}")
    for kind in PAGES:
        (ours, asked), (theirs, asked_theirs) = weights["ours"][kind], weights["default"][kind]
        print(
            f"{kind:12}{ours / 1000:11.0f} kB, {asked:2}{theirs / 1000:12.0f} kB, {asked_theirs:2}"
            f"{ours / theirs:8.2f}, {asked / asked_theirs:.2f}"
        )
    ours, theirs = (statistics.median(cpu[name]) for name in ("ours", "default"))
    print(f"{'build, CPU s':12}{ours:18.1f}{theirs:18.1f}{ours / theirs:14.2f}")
    print(f"(kB with gzip, requests; medians of {rounds} cold builds)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
