"""What is printed from a small HTML file, and what is refused; in a real browser."""

import io
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from figurebook.publishing.pdf import printing
from figurebook.publishing.pdf.edition import STYLE, own_font
from figurebook.publishing.pdf.printing import (
    PrintError,
    bookmarks,
    headings_at_the_foot,
    page_numbers,
    print_pdf,
)

pytestmark = pytest.mark.usefixtures("printing_here")

MADE = date(2026, 11, 23)
LINE = "<p>正文里的一行字。</p>"
ROW = "<tr><td>第 {} 行</td><td>" + "内容" * 4 + "</td></tr>"


def written(folder: Path, body: str) -> Path:
    path = folder / "book.html"
    own_font(body + STYLE.read_text(encoding="utf-8"), folder / "book.ttf")
    face = "<style>@font-face { font-family: Book; src: url(book.ttf) }</style>"
    path.write_text(
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>书</title>'
        f'<link rel="stylesheet" href="{STYLE.as_uri()}">{face}</head><body>{body}</body></html>',
        encoding="utf-8",
    )
    return path


def printed(folder: Path, body: str) -> PdfReader:
    return PdfReader(io.BytesIO(print_pdf(written(folder, body), {"Title": "书"}, MADE)))


def chapter(name: str, inner: str) -> str:
    return (
        f'<article class="bd-article chapter" id="{name}"><h1>章 {name}</h1>{inner}'
        f'<a href="#{name}">始</a></article>'
    )


def article(name: str, inner: str) -> str:
    """As a chapter, but not looked at as one."""
    return chapter(name, inner).replace(" chapter", "")


def link(target: str, classes: str = "page-number") -> str:
    return f'<a href="#{target}">见</a><span class="{classes}" data-target="{target}"></span>'


def test_page_numbers_are_filled_in_until_they_stay(tmp_path):
    far = "".join(f'<p id="p{i}">甲 {i}</p>' for i in range(300))
    body = (
        f"<p>{link('a')}{link('b--y', 'page-number short')}{link('b', 'page-number plain')}</p>"
        + chapter("a", far + link("a--z")).replace('<p id="p299"', '<p id="a--z"')
        + chapter("b", LINE * 60 + '<p id="b--y">此处</p>')
    )
    reader = printed(tmp_path, body)
    texts = [p.extract_text() for p in reader.pages]
    where = {
        n: next(i for i, t in enumerate(texts, 1) if mark in t)
        for n, mark in (("a", "章 a"), ("b", "章 b"), ("b--y", "此处"))
    }
    assert where["b--y"] > where["b"] > where["a"] == 2
    first = texts[0].replace("\n", "")
    assert f"（第 {where['a']} 页）" in first
    assert f"→{where['b--y']}" in first
    assert str(where["b"]) in first.split("→")[1]
    found = page_numbers(PdfReader(io.BytesIO(print_pdf(tmp_path / "book.html", {}, MADE))))
    assert {k: found[k] for k in where} == {k: str(v) for k, v in where.items()}


def test_every_page_has_its_number_and_the_running_title(tmp_path):
    title = "<style>@page { @top-left { content: '书的题名' } }</style>"  # gathered with the book
    reader = printed(tmp_path, title + chapter("a", LINE * 80) + chapter("b", LINE))
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert text.strip().splitlines().count(str(number)) == 1
        assert "书的题名" in text


def test_bookmarks_are_the_headings_each_said_once(tmp_path):
    reader = printed(tmp_path, chapter("a", LINE * 50 + "<h2>一节</h2>" + LINE) + chapter("b", LINE))
    assert [b.title for b in bookmarks(reader)] == ["章 a", "一节", "章 b"]
    assert [i.title for i in reader.outline if not isinstance(i, list)] == ["章 a", "章 b"]


def test_the_document_says_what_it_is_and_not_when_it_was_printed(tmp_path):
    path = written(tmp_path, chapter("a", LINE))
    first, second = (print_pdf(path, {"Title": "题", "Author": "甲"}, MADE) for _ in range(2))
    assert first == second
    reader = PdfReader(io.BytesIO(first))
    assert (reader.metadata.title, reader.metadata.author) == ("题", "甲")
    assert reader.metadata.creation_date.date() == MADE
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(tmp_path).encode() not in first


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr>"
        + "".join(f"<td>services.township_centres_{i}</td>" for i in range(5))
        + "</tr></table>",
        "<table><tr>" + "<td>2016-07-31</td>" * 12 + "</tr></table>",
        "<pre>" + "x" * 400 + "</pre>",
        f"<p>https://a.example/{'y' * 300}</p>",
    ],
    ids=["names", "columns", "code", "address"],
)
def test_what_is_wide_is_made_to_fit(tmp_path, body):
    reader = printed(tmp_path, chapter("a", body))
    assert "章 a" in reader.pages[0].extract_text()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<div style="width: 900px">宽块</div>', "宽块"),
        ('<div style="overflow-x: auto"><div style="width: 640px; padding-right: 99px">藏</div></div>', "藏"),
        ('<svg width="900" height="9" style="max-width: none"><title>图甲</title></svg>', "图甲"),
    ],
    ids=["wide", "scrolls", "drawing"],
)
def test_what_would_be_cut_off_is_refused_by_name(tmp_path, body, said):
    with pytest.raises(PrintError) as caught:
        printed(tmp_path, chapter("b-c", body))
    assert said in str(caught.value)
    assert "b-c" in str(caught.value)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<img alt="x" src="http://192.0.2.1/x.svg">', "http://192.0.2.1/x.svg"),
        ('<img alt="x" src="gone.svg">', "gone.svg"),
        ('<link rel="stylesheet" href="https://192.0.2.1/x.css">', "https://192.0.2.1/x.css"),
        ('<div style="background: url(http://192.0.2.1/y.png)">x</div>', "http://192.0.2.1/y.png"),
    ],
)
def test_nothing_is_asked_for_elsewhere_and_nothing_is_missing(tmp_path, body, said):
    with pytest.raises(PrintError) as caught:
        printed(tmp_path, chapter("a", body))
    assert said in str(caught.value)


def test_the_head_of_a_long_table_is_repeated_and_never_alone(tmp_path):
    table = (
        "<table><thead><tr><th>表头甲</th><th>表头乙</th></tr></thead><tbody>"
        + "".join(ROW.format(i) for i in range(120))
        + "</tbody></table>"
    )
    reader = printed(tmp_path, chapter("a", LINE * 40 + table))
    texts = [p.extract_text() for p in reader.pages]
    heads = [t for t in texts if "表头甲" in t]
    assert len(heads) >= 3
    assert all("第 " in t.split("表头乙")[1] for t in heads)
    assert sum(t.count("第 ") for t in texts) == 120


@pytest.mark.parametrize("lines", [31, 33, 35])
def test_no_heading_stays_at_the_foot_of_a_page(tmp_path, lines):
    listing = '<div class="cell"><div style="padding: 1px"><pre>' + "x\n" * 16 + "</pre></div></div>"
    body = chapter("a", LINE * lines + "<h2>一节</h2>" + listing + "<h2>二节</h2>" + LINE)
    assert headings_at_the_foot(printed(tmp_path, body)) == []


def test_a_heading_at_the_foot_would_be_seen(tmp_path, chromium):
    heading = '<h2 style="margin-top: 236mm; break-after: auto">一节</h2>'
    page = chromium.new_page()
    page.goto(written(tmp_path, heading + '<p style="break-before: page">x</p>').as_uri())
    pdf = page.pdf(outline=True, tagged=True, prefer_css_page_size=True)
    assert headings_at_the_foot(PdfReader(io.BytesIO(pdf))) == [0]


def test_a_few_lines_on_a_last_page_are_drawn_in(tmp_path):
    over = next(n for n in range(26, 60) if len(printed(tmp_path, article("a", LINE * n)).pages) == 2)
    assert len(printed(tmp_path, chapter("a", LINE * over)).pages) == 1


def test_an_old_browser_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(printing, "MARGIN_BOXES", 10**6)
    with pytest.raises(PrintError, match="1000000"):
        printed(tmp_path, LINE)


def test_page_numbers_that_never_stay_are_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(printing, "page_numbers", lambda reader: {"a": str(next(answers))})
    answers = iter(range(100))
    with pytest.raises(PrintError, match="页码"):
        printed(tmp_path, f'<p id="a">{link("a")}</p>')
