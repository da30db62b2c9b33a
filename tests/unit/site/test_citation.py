"""The book's title, version, date and licence come from the citation file."""

from datetime import date

import pytest
import yaml
from support.project import ROOT

import figurebook
from figurebook.datapackage.problems import TablesError
from figurebook.site.citation import imprint


def test_the_imprint_is_the_citations(tmp_path):
    (tmp_path / "CITATION.cff").write_text(
        "title: 书：副题\nversion: 2.0\nabstract: 一句话\ndate-released: 2026-01-09\n"
        "authors: [{name: 甲}, {name: 乙}]\nlicense: [A, B]\n",
        encoding="utf-8",
    )
    about, made = imprint(tmp_path / "CITATION.cff")
    assert made == date(2026, 1, 9)
    assert about == {
        "title": "书",
        "subtitle": "副题",
        "abstract": "一句话",
        "version": "2.0",
        "date": "2026 年 1 月 9 日",
        "author": "甲、乙",
        "license": "A、B",
    }


def test_the_books_own_imprint_is_whole():
    about, _ = imprint()
    assert all(about.values())
    assert about["title"] in (ROOT / "README.md").read_text(encoding="utf-8")
    assert about["version"] == figurebook.__version__


WHOLE = {
    "title": "书",
    "version": "1",
    "abstract": "一句话",
    "date-released": date(2026, 1, 9),
    "authors": [{"name": "甲"}],
    "license": ["A"],
}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *[(key, None) for key in WHOLE],
        ("abstract", ""),
        ("title", ["书"]),
        ("date-released", "2026-01-09"),
        ("authors", []),
        ("authors", ["甲"]),
        ("authors", [{"family-names": "甲"}]),
        ("license", "MIT"),
        ("license", []),
    ],
)
def test_a_key_that_is_missing_or_written_otherwise_is_named(tmp_path, key, value):
    known = {**WHOLE, key: value}
    if value is None:
        del known[key]
    (tmp_path / "CITATION.cff").write_text(yaml.safe_dump(known, allow_unicode=True), encoding="utf-8")
    with pytest.raises(TablesError, match=f"文件 CITATION.cff.*{key}：") as caught:
        imprint(tmp_path / "CITATION.cff")
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("content", "rules"),
    [
        (None, {"missing-file"}),
        (b"a: [", {"unreadable"}),
        (b"\xff\xfe", {"unreadable"}),
        (b"", {"unreadable"}),
        (b"- a", {"unreadable"}),
    ],
)
def test_a_citation_that_cannot_be_read_is_said(tmp_path, content, rules):
    if content is not None:
        (tmp_path / "CITATION.cff").write_bytes(content)
    with pytest.raises(TablesError) as caught:
        imprint(tmp_path / "CITATION.cff")
    assert {p.rule for p in caught.value.problems} == rules
