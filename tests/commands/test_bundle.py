"""One style sheet, one script, and no file that no page asks for."""

import re
from types import SimpleNamespace

import pytest

from figurebook.site.look.bundle import Bundle


def pages(site):
    return [p for p in site.rglob("*.html") if p.name != "404.html"]


def test_every_page_asks_for_one_sheet_and_one_script(site):
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        assert len(re.findall('rel="stylesheet"', text)) == 1, page
        scripts = re.findall(r'<script[^>]* src="([^"]+)"', text)
        own = [s for s in scripts if "site.js" not in s]
        assert len(scripts) - len(own) == 1, page
        assert not own or page.name == "search.html"


def test_nothing_lies_beside_them_unasked(site):
    text = "".join(p.read_text(encoding="utf-8") for p in site.rglob("*.html"))
    for path in (site / "_static").rglob("*"):
        assert not path.is_file() or f"_static/{path.relative_to(site / '_static').as_posix()}" in text


def test_what_the_pages_use_is_in_the_sheet_and_the_icons_are_not(site):
    sheet = (site / "_static" / "site.css").read_text(encoding="utf-8")
    for used in ("ul.glance", ".card-of-figure", "--pst-color-primary", ".highlight", "admonition"):
        assert used in sheet, used
    assert "fontawesome" not in sheet.lower()
    assert "@font-face" not in sheet
    assert "@import" not in sheet
    assert len(sheet) < 120_000


@pytest.fixture
def project(tmp_path):
    """A built page, its files, and the application that built it, as far as a bundle looks at it."""
    static = tmp_path / "_static"
    (static / "styles").mkdir(parents=True)
    for name in ("theme", "pydata-sphinx-theme", "sphinx-book-theme"):
        sheet = f".page{{--{name}:1}}.absent{{top:0}}"
        (static / "styles" / f"{name}.css").write_text(sheet, encoding="utf-8")
    (static / "own.css").write_text(".added{top:1px}", encoding="utf-8")
    (static / "one.js").write_text("const a = () => 1", encoding="utf-8")
    (static / "two.js").write_text("(() => document.body.classList.add('added'))()", encoding="utf-8")
    (static / "doctools.js").write_text("unused()", encoding="utf-8")
    (static / "icon.svg").write_text("<svg/>", encoding="utf-8")
    (static / "vendor" / "deep").mkdir(parents=True)
    (static / "vendor" / "deep" / "font.ttf").write_text("font", encoding="utf-8")
    (tmp_path / "a.html").write_text('<p class="page"><img src="_static/icon.svg?v=1">', encoding="utf-8")
    return SimpleNamespace(outdir=tmp_path, builder=SimpleNamespace(format="html"))


def gathered() -> Bundle:
    bundle = Bundle()
    asset = lambda name: SimpleNamespace(filename=name)  # noqa: E731
    context = {
        "css_files": [asset("_static/own.css?v=1")],
        "script_files": [
            asset("_static/one.js"),
            asset(None),
            asset("_static/two.js"),
            asset("_static/doctools.js"),
        ],
    }
    bundle.gather(None, "a", "page.html", context, None)
    bundle.gather(None, "b", "page.html", context, None)
    return bundle


def test_files_are_joined_in_order_and_the_rest_removed(project):
    gathered().write(project, None)
    static = project.outdir / "_static"
    assert sorted(p.name for p in static.rglob("*")) == ["icon.svg", "site.css", "site.js"]
    sheet, script = ((static / n).read_text(encoding="utf-8") for n in ("site.css", "site.js"))
    order = [sheet.index(part) for part in ("--theme", "--pydata", "--sphinx-book", ".added")]
    assert order == sorted(order)
    assert ".absent" not in sheet
    # A script may end without a semicolon; the next must not become its argument.
    assert re.search(r"=> 1\s*;\s*\(\(\) =>", script)
    assert "unused" not in script


def test_a_failed_build_is_left_alone(project):
    gathered().write(project, RuntimeError())
    assert not (project.outdir / "_static" / "site.css").exists()
    assert (project.outdir / "_static" / "vendor" / "deep" / "font.ttf").exists()
