"""Print one HTML file as a PDF, with the page numbers that its text needs.

The numbers are known only after printing, and putting them in can move the text. So the file is printed again
until the numbers stay.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import Destination

from figurebook.errors import FigurebookError
from figurebook.publishing.pdf.browser import launch

if TYPE_CHECKING:
    from playwright.sync_api import Page

MARGIN_BOXES = 131  # the first Chromium that prints page numbers asked for in a style sheet
FILLED = "（第页）→"  # the characters around page numbers, which the font must have
_WIDTH = 658  # px: A4 less the margins of paper.css, 174 mm
_PASSES = 8
_LITTLE = 0.3  # of the page's height, its head included
_FOOT = 57  # points, 20 mm; below stands the page number only
_ROOM = 55  # points that a heading and the two lines after it need
_PATIENCE = 120_000  # ms

# A table takes the first step at which it is no wider than the page. A short table stays whole.
_FIT = """() => {
  const room = document.documentElement.clientWidth + 0.5;
  for (const table of document.querySelectorAll("table")) {
    for (const step of ["tight", "broken"])
      if (table.getBoundingClientRect().right > room) table.classList.add(step);
    if (table.getBoundingClientRect().height < 300) table.classList.add("whole");
  }
  for (const code of document.querySelectorAll("pre"))
    if (code.getBoundingClientRect().height > 240) code.classList.add("tall");
}"""
_FAULTS = """() => {
  const room = document.documentElement.clientWidth + 1, faults = [];
  const line = (e) => `${e.closest("article")?.id || "?"}：<${e.localName}> ` +
                      e.textContent.trim().replace(/\\s+/g, " ").slice(0, 40);
  for (const e of document.body.querySelectorAll("*")) {
    if (e.closest("svg") && e.localName !== "svg") continue;
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (box.width && (box.right > room || box.left < -1)) faults.push(line(e));
    else if (style.display !== "inline" && style.overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1)
      faults.push(line(e));
    else if (e.localName === "img" && !e.naturalWidth) faults.push(line(e) + e.src);
  }
  return faults;
}"""
_SNUG = """(ids) => ids.forEach((id) => document.getElementById(id).classList.add("snug"))"""
# The browser keeps a heading with the text after it, but not always with a long listing in boxes.
_TURN = """(numbers) => {
  const headings = document.querySelectorAll("h1, h2, h3, h4, h5, h6");
  for (const n of numbers) headings[n].classList.add("turn");
}"""
_FILL = """(pages) => {
  for (const place of document.querySelectorAll(".page-number[data-target]")) {
    const page = pages[place.dataset.target] || "00";
    place.textContent = place.classList.contains("plain") ? page
      : place.classList.contains("short") ? `→${page}` : `（第 ${page} 页）`;
  }
}"""


class PrintError(FigurebookError):
    """There is no PDF; the message says to readers what is wrong."""


def print_pdf(
    source: Path, info: Mapping[str, str], made: date, say: Callable[[str], None] = lambda line: None
) -> bytes:
    """The PDF of the HTML file ``source``, A4 as its style sheets say.

    ``info`` is the document information (``Title`` …). ``made`` is the date in the PDF, not that of printing.
    Raises PrintError when something would be cut off or requested from elsewhere, BrowserError when there is
    no browser.
    """
    with launch(say) as browser:
        if int(browser.version.split(".")[0]) < MARGIN_BOXES:
            raise PrintError(
                f"浏览器的版本是 {browser.version}，印页码要 {MARGIN_BOXES} 或更高。请更新浏览器。"
            )
        context = browser.new_context(viewport={"width": _WIDTH, "height": 900}, offline=True)
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        refused: list[str] = []
        page.on("requestfailed", lambda request: refused.append(request.url))
        page.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else refused.append(r.url))
        page.emulate_media(media="print", color_scheme="light")
        page.goto(source.as_uri(), wait_until="load")
        page.evaluate("() => document.fonts.ready.then(() => true)")
        if refused:
            raise PrintError("要用的文件取不到，没有印成：\n" + "\n".join(sorted(set(refused))))
        page.evaluate(_FILL, {})
        page.evaluate(_FIT)
        if faults := page.evaluate(_FAULTS):
            raise PrintError("有比纸宽的内容，会被裁掉，没有印成：\n" + "\n".join(faults[:10]))
        return _finish(_until_stable(page, say), info, made)


def _until_stable(page: Page, say: Callable[[str], None]) -> bytes:
    pages: dict[str, str] = {}
    chapters = page.eval_on_selector_all(".chapter", "all => all.map((e) => e.id)")
    for step in range(_PASSES):
        say(f"印第 {step + 1} 遍…")
        printed = page.pdf(outline=True, tagged=True, prefer_css_page_size=True, print_background=True)
        reader = PdfReader(io.BytesIO(printed))
        numbers, alone = page_numbers(reader), headings_at_the_foot(reader)
        if numbers == pages and not alone:
            return printed
        if step == 0:
            page.evaluate(_SNUG, _trailing(reader, numbers, chapters))
        else:
            page.evaluate(_TURN, alone)
        pages = numbers
        page.evaluate(_FILL, pages)
    raise PrintError(f"印了 {_PASSES} 遍，页码还在变动，没有印成。")


def page_numbers(reader: PdfReader) -> dict[str, str]:
    """``{id: page}`` of every place that a link leads to; pages count from 1."""
    numbered = {
        name: reader.get_destination_page_number(place) for name, place in reader.named_destinations.items()
    }
    return {name.removeprefix("/"): str(n + 1) for name, n in numbered.items() if n is not None and n >= 0}


def headings_at_the_foot(reader: PdfReader) -> list[int]:
    """The headings, counted from 0, at the foot of a page without text below."""
    return [
        i for i, entry in enumerate(bookmarks(reader)) if entry.top is not None and entry.top < _FOOT + _ROOM
    ]


def bookmarks(reader: PdfReader) -> list[Destination]:
    """All entries of the outline at every level, in the order of the pages."""

    def flat(entries: list) -> Iterator[Any]:
        for entry in entries:
            yield from flat(entry) if isinstance(entry, list) else (entry,)

    return list(flat(reader.outline))


def _trailing(reader: PdfReader, numbers: Mapping[str, str], chapters: list[str]) -> list[str]:
    """The chapters whose last page, not their only one, has little text."""
    starts = [int(numbers[c]) for c in chapters]
    spans = pairwise([*starts, len(reader.pages) + 1])
    return [
        chapter
        for chapter, (start, after) in zip(chapters, spans, strict=True)
        if after - start > 1 and _depth(reader.pages[after - 2]) < _LITTLE
    ]


def _depth(page: PageObject) -> float:
    """The share of a page's height down to its last text, without the page number."""
    height = float(page.mediabox.height)
    places: list[float] = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, *_: places.append(tm[5] * cm[3] + cm[5]) if text.strip() else None
    )
    return 1 - min((y for y in places if y > _FOOT), default=height) / height


def _finish(pdf: bytes, info: Mapping[str, str], made: date) -> bytes:
    """The same pages with our document information, without the time and program of printing."""
    reader = PdfReader(io.BytesIO(pdf))
    writer = PdfWriter(clone_from=reader)
    stamp = f"D:{made:%Y%m%d}000000Z"
    writer.metadata = None
    writer.pdf_header = reader.pdf_header
    writer.add_metadata({f"/{k}": v for k, v in info.items()} | {"/CreationDate": stamp, "/ModDate": stamp})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
