"""The PDF of the whole book, made by the command: its text, bookmarks, numbers, fonts and edges."""

import io
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader
from support.project import ROOT, wuqi

from figurebook.publishing.pdf import edition
from figurebook.publishing.pdf.one_page import Entry, gather, reading_order
from figurebook.publishing.pdf.printing import bookmarks, headings_at_the_foot, page_numbers
from figurebook.site.citation import imprint

RADICALS = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")  # shapes that nobody who searches would type
MARGIN = 51  # points, 18 mm


@pytest.fixture(scope="session")
def printed(site: Path, chromium, tmp_path_factory) -> bytes:
    """The PDF as ``make pdf`` makes it; the browser is asked for so that its lack is told as a lack."""
    chromium.new_page().close()
    out = tmp_path_factory.mktemp("pdf") / "书 本.pdf"
    run = wuqi(ROOT, "pdf", "--out", str(out))
    assert run.returncode == 0, run.stderr
    assert str(out) in run.stdout
    assert [p.name for p in out.parent.iterdir()] == [out.name]
    return out.read_bytes()


@pytest.fixture(scope="session")
def reader(printed: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(printed))


@pytest.fixture(scope="session")
def placed(reader: PdfReader) -> list[tuple[str, list[tuple[float, str]]]]:
    """Each page's text, and every piece of it with how far from the left edge it begins, in points."""
    pages = []
    for page in reader.pages:
        pieces: list[tuple[float, str]] = []

        def look(text, cm, tm, *_, pieces=pieces):
            pieces.append((tm[4] * cm[0] + tm[5] * cm[2] + cm[4], text))

        pages.append((page.extract_text(visitor_text=look), pieces))
    return pages


@pytest.fixture(scope="session")
def texts(placed) -> list[str]:
    return [text for text, _ in placed]


@pytest.fixture(scope="session")
def entries(site: Path) -> list[Entry]:
    return reading_order(site)


@cache
def title(site: Path, entry: Entry) -> str:
    """A page's title, read without the code under test."""
    page = BeautifulSoup((site / f"{entry.name}.html").read_text(encoding="utf-8"), "html.parser")
    for mark in page.select("article.bd-article .headerlink"):
        mark.decompose()
    return page.select_one("article.bd-article h1").get_text(" ", strip=True)


@pytest.mark.parametrize("words", ["贫困人口", "三十个数字", "吴起县", "最大余数法", "旁证", "数据字典"])
def test_the_text_can_be_found(texts, words):
    assert any(words in text.replace("\n", "") for text in texts)


def test_no_character_is_another_of_the_same_shape(texts):
    assert RADICALS.findall("".join(texts)) == []


def test_the_title_page_says_what_this_is(texts):
    about, _ = imprint()
    first = texts[0].replace("\n", "")
    for key in ("title", "subtitle", "version", "date", "author"):
        assert about[key].replace(" ", "") in first.replace(" ", "")
    assert about["abstract"] in first


def test_the_bookmarks_are_the_pages_of_the_book(site, reader, entries):
    top = [b.title for b in reader.outline if not isinstance(b, list)]
    assert top == ["目录", *(title(site, e) for e in entries if e.depth == 1)]
    every = Counter(b.title for b in bookmarks(reader))
    assert all(every[title(site, e)] for e in entries)


def test_the_contents_name_each_page_with_its_number(site, reader, texts, entries):
    numbers = page_numbers(reader)
    contents = re.sub(r"\s+", "", "".join(texts[1 : int(numbers[entries[0].anchor]) - 1]))
    for entry in entries:
        assert re.sub(r"\s+", "", title(site, entry)) + numbers[entry.anchor] in contents
        page = re.sub(r"\s+", "", texts[int(numbers[entry.anchor]) - 1])
        assert re.sub(r"\s+", "", title(site, entry)) in page


def test_every_page_but_the_first_has_its_number_and_its_chapter(site, reader, texts, entries):
    numbers = page_numbers(reader)
    starts = {int(numbers[e.anchor]): title(site, e) for e in entries if e.depth == 1}
    running = "目录"
    assert not re.search(r"^1$", texts[0], re.MULTILINE)
    for number, text in enumerate(texts[1:], 2):
        running = starts.get(number, running)
        lines = [re.sub(r"\s+", "", line) for line in text.splitlines()]
        assert str(number) in lines
        assert any(re.sub(r"\s+", "", running) in line for line in lines), number


def test_links_within_the_text_say_the_page_they_lead_to(reader, texts):
    numbers = page_numbers(reader)
    told = re.findall(r"（第(\d+)页）", re.sub(r"\s+", "", "".join(texts[2:])))
    assert len(told) > 20
    assert set(told) <= set(numbers.values())
    assert "→" in "".join(texts)


def test_every_font_is_embedded_and_the_text_is_in_the_books_own(reader):
    fonts = {}
    for page in reader.pages:
        for reference in page["/Resources"].get("/Font", {}).values():
            font = reference.get_object()
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            files = inner.get("/FontDescriptor", {})
            embedded = font["/Subtype"] == "/Type3" or {"/FontFile", "/FontFile2", "/FontFile3"} & set(files)
            fonts[str(font.get("/BaseFont", "/Type3"))] = bool(embedded)
    assert all(fonts.values()), fonts
    assert any("NotoSansSC" in name for name in fonts)


def test_no_heading_stands_at_the_foot_of_a_page(reader):
    assert headings_at_the_foot(reader) == []


def test_all_text_stands_between_the_margins(reader, placed):
    right = float(reader.pages[0].mediabox.right) - MARGIN
    pieces = [
        (n, round(x), text) for n, (_, found) in enumerate(placed, 1) for x, text in found if text.strip()
    ]
    assert len(pieces) > 1000
    assert [p for p in pieces if not MARGIN - 1 <= p[1] <= right] == []


def test_no_page_is_nearly_empty(texts):
    assert [n for n, text in enumerate(texts, 1) if len(re.sub(r"\s+", "", text)) < 60] == []


def test_it_leads_to_no_file_of_this_machine(printed, reader):
    assert b"file:" not in printed
    assert str(ROOT).encode() not in printed
    addresses = {
        a.get_object()["/A"]["/URI"]
        for p in reader.pages
        for a in p.get("/Annots", [])
        if "/URI" in a.get_object().get("/A", {})
    }
    assert addresses
    assert all(str(a).startswith(("http://", "https://")) for a in addresses)


@pytest.fixture(scope="module")
def gathered(site: Path, entries: list[Entry]) -> str:
    return gather(site, entries, imprint()[0], [edition.STYLE])


def test_printing_asks_for_nothing_but_files(gathered, chromium, tmp_path):
    """What the browser itself saw, not what ``printing`` says it saw."""
    page_file = tmp_path / "book.html"
    page_file.write_text(gathered, encoding="utf-8")
    page, asked = chromium.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.emulate_media(media="print")
    page.goto(page_file.as_uri(), wait_until="load")
    page.close()
    assert {Path(url).name.split("?")[0] for url in asked} >= {"book.html", "site.css", "paper.css"}
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_the_book_is_gathered_the_same_however_often(site, gathered):
    """That one file is printed the same each time is tested on a small one."""
    assert gather(site, reading_order(site), imprint()[0], [edition.STYLE]) == gathered
