"""The ZIP for a memory stick: each rule broken once, the same bytes twice, the last one left in place."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.project import contents

from figurebook.publishing import book, usb
from figurebook.publishing.book import PublishError
from figurebook.publishing.usb import broken_rules, pack, readme
from figurebook.site.citation import imprint

MADE = date(2026, 11, 23)
RESERVED = ["CON", "PRN", "AUX", "NUL", *(f"{p}{n}" for p in ("COM", "LPT") for n in range(10))]
PATHS = st.lists(st.text("a:AbC.-_ 0贫", min_size=1, max_size=5), min_size=1, max_size=3).map("/".join)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    for name in (
        "index.html",
        "book/home.html",
        "_static/site.css",
        ".buildinfo",
        "objects.inv",
        "built-from.json",
        ".nojekyll",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name * 100, encoding="utf-8")
    return folder


def refused(site: Path) -> str:
    with pytest.raises(PublishError) as caught:
        pack(site, site.parent / "out.zip", b"", MADE)
    assert not (site.parent / "out.zip").exists()
    return str(caught.value)


def test_the_site_is_in_it_and_what_only_builders_need_is_not(site, tmp_path):
    pack(site, tmp_path / "a.zip", b"read me", MADE)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["README.txt", "_static/site.css", "book/home.html", "index.html"]
        assert archive.read("README.txt") == b"read me"
        assert archive.read("book/home.html") == (site / "book/home.html").read_bytes()
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 23, 0, 0, 0)}
    assert (tmp_path / "a.zip").stat().st_size < 2000


def test_the_same_site_gives_the_same_bytes(site, tmp_path):
    pack(site, tmp_path / "a.zip", b"x", MADE)
    for path in site.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes())
    (site / "index.html").chmod(0o600)
    pack(site, tmp_path / "b.zip", b"x", MADE)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "首页.html",
        "a b.html",
        "a.html ",
        "a..",
        "folder./a.html",
        "folder /a.html",
        "a?.html",
        "a:b.html",
        "a#b.html",
        "a%20b.html",
        "a\\b.html",
        "a\n.html",
        "é.html",
        "con",
        "Aux.html",
        "book/nul.tar.gz",
        "lpt1/a.html",
        "COM9.txt",
        "a" * 91,
        "a/" * 42 + "abcdefg",
    ],
)
def test_a_name_that_cannot_be_stored_is_named(name):
    (told,) = broken_rules(["index.html", name])
    assert name in told


@pytest.mark.parametrize("reserved", RESERVED)
def test_every_reserved_name_is_refused(reserved):
    for name in (reserved, reserved.lower(), f"{reserved}.html", f"a/{reserved}.x/b"):
        assert len(broken_rules([name])) == 1
    for name in (f"{reserved}X", f"X{reserved}", f"a.{reserved}"):
        assert broken_rules([name]) == []


@pytest.mark.parametrize(
    "names",
    [
        ["a/Home.html", "a/home.html"],
        ["A/x.html", "a/y.html"],
        ["a", "a/b.html"],
        ["a/b.html", "A"],
        ["README.txt", "README.txt"],
        ["readme.TXT", "README.txt"],
    ],
)
def test_names_that_meet_on_a_case_insensitive_disk_are_named(names):
    (told,) = broken_rules(names)
    assert names[1] in told


def test_names_that_windows_can_store_are_let_be():
    assert (
        broken_rules(
            [
                "index.html",
                "a/index.html",
                "b/index.html",
                "a.b-c_d.9.html",
                ".hidden",
                "a" * 90,
                "console.html",
                "a/conference/nullable.txt",
                "com10.txt",
            ]
        )
        == []
    )


@given(st.lists(PATHS, max_size=6, unique=True))
def test_what_passes_can_be_stored_without_loss(names):
    """The laws as a disk has them: what passes has plain parts and never falls on another."""
    if broken_rules(names):
        return
    places = {}
    for name in names:
        assert name.isascii()
        assert len(name) <= 90
        parts = name.split("/")
        assert all(p and p.rstrip(". ") == p and p.split(".")[0].upper() not in RESERVED for p in parts)
        for depth in range(1, len(parts) + 1):
            whole = "/".join(parts[:depth])
            kind = (whole, depth == len(parts))
            assert places.setdefault(whole.lower(), kind) == kind


@given(st.lists(PATHS, max_size=6, unique=True))
def test_a_fault_stays_whatever_else_is_there(names):
    assert broken_rules([*names, "con.html"])[-1].startswith("con.html")


@pytest.mark.parametrize("name", ["book/首页.html", "aux.html", "BOOK.html/a", "readme.txt", "x" * 91])
def test_a_site_that_breaks_a_rule_is_not_packed(site, name):
    if name.startswith("BOOK"):
        (site / "book.html").write_text("x", encoding="utf-8")
    (site / name).parent.mkdir(exist_ok=True)
    (site / name).write_text("x", encoding="utf-8")
    assert name in refused(site) or name.lower() in refused(site).lower()


def test_a_site_without_its_first_page_is_not_packed(site):
    (site / "index.html").unlink()
    assert "index.html" in refused(site)


def test_a_refusal_leaves_the_last_one(site, tmp_path, monkeypatch):
    out = tmp_path / "out" / "book.zip"
    monkeypatch.setattr(book, "publish", lambda *_, **__: False)
    monkeypatch.setattr(book, "place", lambda: site)
    usb.make(out)
    before = contents(out.parent)
    (site / "nul.html").write_text("x", encoding="utf-8")
    with pytest.raises(PublishError, match=r"nul\.html"):
        usb.make(out)
    assert contents(out.parent) == before
    assert list(before) == ["book.zip"]


def test_the_readme_can_be_read_by_any_windows_editor():
    text = readme(imprint()[0])
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.count(b"\n") == text.count(b"\r\n") > 5
    told = text.decode("utf-8-sig")
    for part in ("解压", "index.html", "联网", "2026.11.0", "三十个数字"):
        assert part in told
    assert "{" not in told
