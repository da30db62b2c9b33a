"""Find the faults of a page of the site in a real browser."""

import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page

DESK, PHONE = 1280, 375  # widths of windows
HEIGHT = 800
PATIENCE = 15_000  # milliseconds, for a busy machine
# What a page must not be; run in the page once it has loaded.
LOOK = """() => {
  const root = document.documentElement, faults = [];
  if (root.scrollWidth > root.clientWidth) faults.push(`wider than the window: ${root.scrollWidth}`);
  for (const image of document.images) {
    if (!(image.getAttribute("alt") || "").trim()) faults.push(`no alt text: ${image.src}`);
    if (image.complete && !image.naturalWidth) faults.push(`not shown: ${image.src}`);
  }
  if (!document.title.trim()) faults.push("no title");
  if (!root.lang.startsWith("zh")) faults.push(`language ${root.lang}`);
  return faults;
}"""


def faults(page: Page, base: str, name: str, widths: Iterable[int] = ()) -> list[str]:
    """Every fault of a page of the site at ``base``, also in windows of ``widths``."""
    found: list[str] = []

    pending = set()

    def requested(request):
        pending.add(request)
        if not request.url.startswith((base, "data:")):
            found.append(f"asks elsewhere: {request.url}")

    def responded(response):
        if response.status >= 400:
            found.append(f"{response.status}: {response.url}")

    def failed(request):
        pending.discard(request)
        if request.failure != "net::ERR_ABORTED":  # which is leaving the page before, not a failure
            found.append(f"failed: {request.url}")

    listeners = {
        "request": requested,
        "response": responded,
        "requestfailed": failed,
        "requestfinished": lambda r: pending.discard(r),
        "pageerror": lambda e: found.append(f"script error: {e}"),
        "console": lambda m: found.append(f"console: {m.text}") if m.type == "error" else None,
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    try:
        page.goto(base + quote(name), wait_until="load")
        found += page.evaluate(LOOK)
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            found += [f"{width} px: {fault}" for fault in page.evaluate(LOOK)]
        deadline = time.monotonic() + PATIENCE / 1000
        while pending and time.monotonic() < deadline:
            page.wait_for_timeout(10)
    finally:
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
    return found


def names(site: Path) -> list[str]:
    """Every page of the site."""
    return sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))
