"""How much a page asks a reader's line for, and that it does not move once shown."""

import gzip
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Page

KINDS = {
    "home": "index.html",
    "figure": "figures/poverty-persons.html",
    "notebook": "notebooks/08-poverty.html",
    "dictionary": "book/data.html",
    "search": "search.html?q=%E6%9D%91",
}
BYTES, REQUESTS = 300_000, 12
# Layout shifts are counted from before the first paint.
WATCH = """window.shift = 0;
new PerformanceObserver((list) => { for (const e of list.getEntries()) window.shift += e.value; })
  .observe({ type: "layout-shift", buffered: true });"""


def weigh(page: Page, base: str, name: str, site: Path) -> dict[str, int]:
    """The files a page asks for, with their bytes as a server sends them with gzip."""
    asked: dict[str, int] = {}

    def note(request):
        path = urlsplit(request.url).path.removeprefix(urlsplit(base).path)
        if not request.url.startswith("data:"):
            asked[path] = len(gzip.compress((site / unquote(path)).read_bytes()))

    page.on("request", note)
    page.goto(base + name, wait_until="networkidle")
    page.remove_listener("request", note)
    return asked


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_light(site, served, desk, kind):
    asked = weigh(desk, served, KINDS[kind], site)
    assert KINDS[kind].split("?")[0] in asked
    assert any(name.endswith(".css") for name in asked)
    assert sum(asked.values()) <= BYTES, asked
    assert len(asked) <= REQUESTS, asked


def test_a_heavy_page_would_be_seen(tmp_path, desk):
    (tmp_path / "noise.js").write_bytes(bytes(range(256)) * 2)
    (tmp_path / "a.html").write_text('<script src="noise.js"></script>', encoding="utf-8")
    asked = weigh(desk, tmp_path.as_uri() + "/", "a.html", tmp_path)
    assert set(asked) == {"a.html", "noise.js"}
    assert asked["noise.js"] > 200


@pytest.mark.parametrize("kind", ["home", "figure", "notebook", "search"])
def test_nothing_moves_once_shown(served, page, kind):
    page.add_init_script(WATCH)
    page.goto(served + KINDS[kind], wait_until="networkidle")
    assert page.evaluate("window.shift") < 0.01


def test_a_shift_would_be_seen(tmp_path, page):
    (tmp_path / "a.html").write_text(
        "<body><script>setTimeout(() => document.body.prepend(Object.assign(document.createElement('div'),"
        " {style: 'height: 300px'})), 300)</script><p>Text</p>",
        encoding="utf-8",
    )
    page.add_init_script(WATCH)
    page.goto(tmp_path.as_uri() + "/a.html")
    page.wait_for_function("window.shift > 0.01")
    assert page.evaluate("window.shift") > 0.01
