"""The book's own font, and that a failure leaves the last PDF."""

import pytest
from fontTools.ttLib import TTFont

from figurebook.publishing import book
from figurebook.publishing.pdf import edition
from figurebook.publishing.pdf.browser import BrowserError
from figurebook.publishing.pdf.one_page import GatherError
from figurebook.publishing.pdf.printing import PrintError


def test_the_font_has_the_characters_of_the_text_and_none_of_the_same_shape(tmp_path):
    edition.own_font("人口十页", tmp_path / "book.ttf")
    known = TTFont(tmp_path / "book.ttf").getBestCmap()
    assert {ord(c) for c in "人口十页Az0（第）→"} <= set(known)
    assert not {ord(c) for c in "\u2f08\u2f1d\u2f17\u2eda贫"} & set(known)


@pytest.mark.parametrize("error", [GatherError("甲"), PrintError("乙"), BrowserError("丙")])
def test_a_failure_says_why_and_leaves_the_last_pdf(tmp_path, monkeypatch, error):
    def fail(*_):
        raise error

    out = tmp_path / "book.pdf"
    out.write_bytes(b"%PDF-last")
    monkeypatch.setattr(book, "publish", lambda *_, **__: False)
    monkeypatch.setattr(edition, "pdf_of", fail)
    with pytest.raises(book.PublishError, match=str(error)):
        edition.make(out)
    assert out.read_bytes() == b"%PDF-last"
    assert list(tmp_path.iterdir()) == [out]


def test_the_site_is_built_before_it_is_printed(tmp_path, monkeypatch):
    steps = []
    monkeypatch.setattr(book, "publish", lambda *_, **__: steps.append("book"))
    monkeypatch.setattr(edition, "pdf_of", lambda *_: steps.append("pdf") or b"%PDF-new")
    edition.make(tmp_path / "deeper" / "book.pdf")
    assert steps == ["book", "pdf"]
    assert (tmp_path / "deeper" / "book.pdf").read_bytes() == b"%PDF-new"
