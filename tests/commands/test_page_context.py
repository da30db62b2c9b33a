"""Head and foot of every page, with and without a base address, and nothing in English."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from support.small import BASE

# Names that stay as they are: of files, formats, programs, licences and published words.
_LATIN = re.compile(r"[A-Za-z]{2,}")


class Head(HTMLParser):
    """The ``meta``, ``link`` and ``title`` of a page, and every text that only assistive devices read."""

    def __init__(self, page: Path):
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.title, self.labels, self._in_title = "", [], False
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "meta" and (name := given.get("name") or given.get("property")):
            self.meta[name] = given["content"]
        if tag == "link":
            self.links[given["rel"]] = given["href"]
        self._in_title = tag == "title" and not self.title
        self.labels += [given[a] for a in ("aria-label", "title", "placeholder") if given.get(a)]

    def handle_data(self, data):
        if self._in_title:
            self.title += data
            self._in_title = False


def heads(site: Path) -> dict[str, Head]:
    return {p.relative_to(site).as_posix(): Head(p) for p in sorted(site.rglob("*.html"))}


@pytest.fixture
def published(book_built: Path) -> Path:
    """A small site with a base address configured."""
    return book_built / "_build" / "html"


def test_every_page_has_a_title_of_its_own_and_a_description(site):
    found = heads(site)
    titles = [h.title for n, h in found.items() if n != "index.html"]
    assert len(set(titles)) == len(titles) > 50
    assert all(10 <= len(h.meta["description"]) <= 160 for n, h in found.items() if n != "404.html")
    assert not [n for n, h in found.items() if h.meta["description"].startswith("本页涉及")]


def test_a_figure_is_described_by_its_value_and_verdict(site):
    head = Head(site / "figures" / "poverty-persons.html")
    assert head.title == "贫困人口 13,540 人 · 三十个数字"
    assert head.meta["description"] == (
        "据访谈，贫困人口 13,540 人。别处公布的是 12,622 人（2014-12-31）、约 12,000 人（2015），"
        "与访谈不同（来源不明、应同出该县）；差别出自时点、口径，还是有一处有误，无从断定。"
    )


def test_open_graph_repeats_title_and_description(site):
    for name, head in heads(site).items():
        if name == "404.html":
            continue
        assert head.meta["og:description"] == head.meta["description"], name
        assert head.title.startswith(head.meta["og:title"]), name
        assert head.meta["og:locale"] == "zh_CN"
        assert head.meta["og:site_name"] == "三十个数字"


def test_without_a_base_address_no_page_names_one(site):
    found = heads(site)
    assert not [n for n, h in found.items() if "canonical" in h.links or "og:url" in h.meta]


def test_with_a_base_address_every_page_names_its_own(published):
    found = heads(published)
    assert {
        "book/home.html",
        "book/register.html",
        "notebooks/04-weak-branches.html",
        "search.html",
        "figures/poverty-persons.html",
    } <= set(found)
    for name, head in found.items():
        if name == "404.html":
            continue
        expected = BASE + ("index.html" if name == "book/home.html" else name)
        assert head.links["canonical"] == head.meta["og:url"] == expected


def test_with_a_base_address_map_and_404_page_are_absolute(published):
    locations = re.findall("<loc>([^<]+)</loc>", (published / "sitemap.xml").read_text(encoding="utf-8"))
    pages = {p.relative_to(published).as_posix() for p in published.rglob("*.html")}
    assert set(locations) == {BASE + p for p in pages - {"404.html", "search.html", "book/home.html"}}
    assert f'href="{BASE}index.html"' in (published / "404.html").read_text(encoding="utf-8")


def test_no_label_is_in_english(site):
    """Attributes that screen readers say or that show on hover; the pages' text has names in Latin."""
    found = {
        (n, label)
        for n, h in heads(site).items()
        for label in h.labels
        if _LATIN.search(label) and not re.search("[\u4e00-\u9fff]", label)
    }
    assert found == set()
    assert sum(len(h.labels) for h in heads(site).values()) > 200
