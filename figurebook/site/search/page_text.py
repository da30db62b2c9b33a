"""Read the text of a built page, section by section, as a reader sees it.

The text is read from ``<article class="bd-article">``. Each block (a paragraph, a cell, a heading) is one
line, and blanks within it are single. So a match never runs from one block into the next.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from html.parser import HTMLParser

from figurebook.text_forms import INVISIBLE

_UNSEEN = {"button", "noscript", "script", "style", "svg", "template"}
_SKIPPED = _UNSEEN | {"nav"}  # links to other pages are no text of the page
_SKIPPED_CLASSES = {"headerlink", "copybtn", "own-tables"}  # the last is the same on every page
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "cite",
    "code",
    "data",
    "del",
    "dfn",
    "em",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "mark",
    "q",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
    "tt",
    "u",
    "var",
    "wbr",
} | _UNSEEN
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


@dataclass
class Section:
    """A heading with the blocks below it; ``anchor`` is empty for the page's top."""

    anchor: str = ""
    heading: str = ""
    blocks: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The blocks, one on each line, without the heading."""
        return "\n".join(self.blocks)


@dataclass
class PageText:
    """A page's title (its first ``h1``) and its sections in order, empty ones left out."""

    title: str
    sections: list[Section]


def read(html: str) -> PageText | None:
    """The text of a page; None where there is no article."""
    page = _Page()
    page.feed(html)
    page.close()
    page.end_block()
    if not page.sections:
        return None
    return PageText(page.title, [s for s in page.sections if s.heading or s.blocks])


def plain(text: str) -> str:
    """Composed characters, single blanks, no invisible marks."""
    return re.sub(r"\s+", " ", INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


@dataclass
class _Element:
    tag: str
    skipped: bool
    section: bool = False
    heading: bool = False


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.sections: list[Section] = []
        self._open: list[_Element] = []  # the article first; empty outside it
        self._scopes: list[Section] = []  # the section being filled, in each <section> that is open
        self._data: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        classes = set(values.get("class", "").split())
        if not self._open:
            if tag == "article" and "bd-article" in classes:
                self._enter(_Element(tag, skipped=False, section=True), "")
            return
        if tag not in _INLINE:
            self.end_block()
        if tag in _VOID:
            return
        heading = tag in _HEADINGS or "rubric" in classes
        skipped = self._open[-1].skipped or tag in _SKIPPED or bool(classes & _SKIPPED_CLASSES)
        element = _Element(tag, skipped, section=tag == "section", heading=heading)
        if heading and "id" in values:  # it begins a section that has no element of its own
            self._scopes[-1] = self._begin(values["id"])
        self._enter(element, values.get("id", ""))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        # In HTML <div/> opens a div. Only in drawings and formulas does it end at once.
        if not any(e.tag in {"svg", "math"} for e in self._open):
            self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if not any(e.tag == tag for e in self._open):
            return
        ended = None
        while ended != tag:
            if self._open[-1].tag not in _INLINE:
                self.end_block()
            element = self._open.pop()
            ended = element.tag
            if element.section:
                self._scopes.pop()

    def handle_data(self, data: str) -> None:
        if self._open and not self._open[-1].skipped:
            self._data.append(data)

    def end_block(self) -> None:
        """Add the text gathered since the last block to its section."""
        text, self._data = plain("".join(self._data)), []
        if not text:
            return
        section = self._scopes[-1]
        heading = next((e for e in reversed(self._open) if e.heading), None)
        if heading and not section.heading:
            section.heading = text
            if heading.tag == "h1" and not self.title:
                self.title, section.anchor = text, ""
        else:
            section.blocks.append(text)

    def _enter(self, element: _Element, anchor: str) -> None:
        self._open.append(element)
        if element.section:
            self._scopes.append(self._begin(anchor))

    def _begin(self, anchor: str) -> Section:
        self.sections.append(Section(anchor))
        return self.sections[-1]
