"""Show the whole book's contents beside every page, made once for all pages.

Between two pages only the way to the top and the mark of the page itself differ. Sphinx and the theme make
the list anew for each page, which takes time that grows with the square of the book.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import AttributeValueList
from docutils import nodes
from pydata_sphinx_theme.toctree import add_collapse_checkboxes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment.adapters.toctree import global_toctree_for_doc
from sphinx.util.typing import ExtensionMetadata

from figurebook.site.build_state import page_name, verdicts

_FIGURES = "figurebook.site.pages.figure_pages"  # the extension that makes a page for each figure
_DEPTH = 4  # levels that are shown
_TOP = "\0"  # at the start of an address: stands for the way from the page to the top
_MARK = re.compile("\1([^\1]*)\1([^\1]*)\1")  # the pages that need it, and the text they put there
_ELSEWHERE = re.compile(r"[a-z][a-z+.-]*:|[/#]")  # begins an address that is not one of the book's pages


class Contents:
    """The contents list of one build."""

    def __init__(self) -> None:
        self._html = ""  # without a mark, each address from the top
        self._marks: dict[str, list[tuple[int, str]]] = {}  # by address of a page: place in the HTML and text

    def offer(
        self,
        app: Sphinx,
        pagename: str,
        _template: str,
        context: dict[str, Any],
        _doctree: nodes.document | None,
    ) -> None:
        """Give the page's template ``book_contents()``: the list as HTML, this page marked in it."""
        context["book_contents"] = lambda: self._seen_from(pagename, app)

    def _seen_from(self, pagename: str, app: Sphinx) -> str:
        if not self._html:
            self._split(_marked(app))
        here, done, parts = app.builder.get_target_uri(pagename), 0, []
        for place, text in self._marks.get(here, ()):
            parts += [self._html[done:place], text]
            done = place
        return "".join([*parts, self._html[done:]]).replace(_TOP, "../" * here.count("/"))

    def _split(self, html: str) -> None:
        """Take the marks out of the list and note their places."""
        done, kept, length = 0, [], 0
        for mark in _MARK.finditer(html):
            kept.append(html[done : mark.start()])
            length += len(kept[-1])
            done = mark.end()
            for address in mark[1].split():
                self._marks.setdefault(address, []).append((length, mark[2]))
        self._html = "".join([*kept, html[done:]])


def _marked(app: Sphinx) -> str:
    """The list as HTML with addresses from the top; marks enclose what a page changes."""
    assert isinstance(app.builder, StandaloneHTMLBuilder)  # others have no templates to offer it to
    root = app.config.root_doc
    tree = global_toctree_for_doc(
        app.env, root, app.builder, includehidden=True, titles_only=True, maxdepth=_DEPTH
    )
    soup = BeautifulSoup(app.builder.render_partial(tree)["fragment"], "html.parser")
    for part in soup("ul", recursive=False):
        part["class"] = AttributeValueList([*(part.get("class") or ()), "nav", "bd-sidenav"])
    add_collapse_checkboxes(soup)
    for icon in soup("i"):  # of a font that the book does not have
        icon.replace_with("▾")
    if _FIGURES in app.extensions:
        _add_figures(soup, app)
    above = posixpath.dirname(app.builder.get_target_uri(root))
    own = [a for a in soup("a") if not _ELSEWHERE.match(str(a["href"]))]
    for link in own:
        link["href"] = posixpath.normpath(posixpath.join(above, str(link["href"])))
    for entry in soup("li"):
        _mark(entry)
    for caption in soup.select("p.caption"):
        _fold(soup, caption)
    for link in own:
        link["href"] = _TOP + str(link["href"])
    return str(soup)


def _mark(entry: Tag) -> None:
    """Mark an entry as current and open on its page and those below."""
    pages = " ".join(str(link["href"]) for link in entry("a"))
    entry["class"] = " ".join(entry["class"]) + f"\1{pages}\1 current active\1"
    for below in entry("details", recursive=False):
        below[f"\1{pages}\1open\1"] = None  # type: ignore[assignment]  # an attribute without a value


def _add_figures(soup: BeautifulSoup, app: Sphinx) -> None:
    """A group for the figures after the first one: their pages are in no table of contents."""
    caption = soup.new_tag("p", attrs={"class": "caption", "role": "heading", "aria-level": "2"})
    words = soup.new_tag("span", attrs={"class": "caption-text"})
    words.string = f"{len(verdicts())} 个数字"
    caption.append(words)
    entries = soup.new_tag("ul", attrs={"class": "nav bd-sidenav"})
    above = posixpath.dirname(app.builder.get_target_uri(app.config.root_doc))
    for figure_id, verdict in verdicts().items():
        page = app.builder.get_target_uri(page_name(figure_id))
        link = soup.new_tag(
            "a", attrs={"class": "reference internal", "href": posixpath.relpath(page, above)}
        )
        link.string = f"{verdict.figure.label_zh} {verdict.figure.text}"
        entry = soup.new_tag("li", attrs={"class": "toctree-l1"})
        entry.append(link)
        entries.append(entry)
    first = soup.find("ul", recursive=False)
    if first:
        first.insert_after(caption, entries)
    else:
        soup.extend([caption, entries])


def _fold(soup: BeautifulSoup, caption: Tag) -> None:
    """Close a group of the list; on its own pages it is open."""
    entries = caption.find_next_sibling("ul")
    assert entries  # a caption without entries is refused by the table of contents
    pages = " ".join(str(link["href"]) for link in entries("a"))
    group = soup.new_tag("details", attrs={"class": "group"})
    group[f"\1{pages}\1open\1"] = None  # type: ignore[assignment]  # an attribute without a value
    caption.insert_before(group)
    summary = soup.new_tag("summary")
    summary.append(caption.extract())
    group.extend([summary, entries.extract()])


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", Contents().offer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
