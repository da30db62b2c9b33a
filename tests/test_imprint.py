"""The book's title, version, date and licence come from the citation file."""

from datetime import date

import wuqi
from wuqi.imprint import imprint
from wuqi.tables import ROOT


def test_the_imprint_is_the_citations(tmp_path):
    (tmp_path / "CITATION.cff").write_text(
        "title: 书：副题\nversion: 2.0\nabstract: 一句话\ndate-released: 2026-01-09\n"
        "authors: [{name: 甲}, {name: 乙}]\nlicense: [A, B]\n", encoding="utf-8")
    about, made = imprint(tmp_path / "CITATION.cff")
    assert made == date(2026, 1, 9)
    assert about == {"title": "书", "subtitle": "副题", "abstract": "一句话", "version": "2.0",
                     "date": "2026 年 1 月 9 日", "author": "甲、乙", "license": "A、B"}


def test_the_books_own_imprint_is_whole():
    about, _ = imprint()
    assert all(about.values())
    assert about["title"] in (ROOT / "README.md").read_text(encoding="utf-8")
    assert about["version"] == wuqi.__version__
