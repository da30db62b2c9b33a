"""What the title page says, the book's own font, and that a failure leaves the last PDF."""

from datetime import date

import pytest
from fontTools.ttLib import TTFont

from wuqi import pdf, publish
from wuqi.browser import BrowserError
from wuqi.gather import GatherError
from wuqi.printing import PrintError
from wuqi.tables import ROOT


def test_the_imprint_is_the_citations(tmp_path):
    (tmp_path / "CITATION.cff").write_text(
        "title: 书：副题\nversion: 2.0\nabstract: 一句话\ndate-released: 2026-01-09\n"
        "authors: [{name: 甲}, {name: 乙}]\nlicense: [A, B]\n", encoding="utf-8")
    about, made = pdf.imprint(tmp_path / "CITATION.cff")
    assert made == date(2026, 1, 9)
    assert about == {"title": "书", "subtitle": "副题", "abstract": "一句话", "version": 2.0,
                     "date": "2026 年 1 月 9 日", "author": "甲、乙", "license": "A、B"}


def test_the_books_own_imprint_is_whole():
    about, _ = pdf.imprint()
    assert all(about.values())
    assert about["title"] in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_font_has_the_characters_of_the_text_and_none_of_the_same_shape(tmp_path):
    pdf.own_font("人口十页", tmp_path / "book.ttf")
    known = TTFont(tmp_path / "book.ttf").getBestCmap()
    assert {ord(c) for c in "人口十页Az0（第）→"} <= set(known)
    assert not {ord(c) for c in "\u2f08\u2f1d\u2f17\u2eda贫"} & set(known)


@pytest.mark.parametrize("error", [GatherError("甲"), PrintError("乙"), BrowserError("丙")])
def test_a_failure_says_why_and_leaves_the_last_pdf(tmp_path, monkeypatch, error):
    def fail(*_):
        raise error

    out = tmp_path / "book.pdf"
    out.write_bytes(b"%PDF-last")
    monkeypatch.setattr(publish, "book", lambda **_: False)
    monkeypatch.setattr(pdf, "pdf_of", fail)
    with pytest.raises(publish.PublishError, match=str(error)):
        pdf.make(out)
    assert out.read_bytes() == b"%PDF-last"
    assert list(tmp_path.iterdir()) == [out]


def test_the_site_is_built_before_it_is_printed(tmp_path, monkeypatch):
    steps = []
    monkeypatch.setattr(publish, "book", lambda **_: steps.append("book"))
    monkeypatch.setattr(pdf, "pdf_of", lambda *_: steps.append("pdf") or b"%PDF-new")
    pdf.make(tmp_path / "deeper" / "book.pdf")
    assert steps == ["book", "pdf"]
    assert (tmp_path / "deeper" / "book.pdf").read_bytes() == b"%PDF-new"
