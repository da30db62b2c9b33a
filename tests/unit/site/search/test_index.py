"""The index in small, and the extension in a book of three pages; the searching itself is in ``browser/``."""

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from figurebook.figures.registry import load_figures
from figurebook.site.search.index import INDEX, entries, keys

ARTICLE = '<article class="bd-article"><section id="s"><h1>{}</h1><p>{}</p></section></article>'


def index(site: Path) -> list[dict]:
    """The index of a site, read as the script that it is."""
    script = (site / INDEX).read_text(encoding="utf-8")
    assert script.startswith("window.searchIndex = ")
    return json.loads(script.removeprefix("window.searchIndex = ").rstrip(";\n"))


@pytest.mark.parametrize(
    ("figure_id", "told"),
    [
        (
            "poverty.persons",
            {
                "13540",
                "13540人",
                "1.354万",
                "1.354万人",
                "13,540 人",
                "贫困人口",
                "poverty.persons",
                "poor persons",
            },
        ),
        ("poverty.growth", {"13.9", "13.9%", "13.9 %"}),
        ("review.members", {"4000", "4000名", "4,000 多名"}),
        ("funding.training", {"1000000", "100万", "100万元", "1,000,000 元"}),
        ("funding.village_increase", {"1万", "1万元"}),
    ],
)
def test_a_figure_is_called_by_value_label_and_id(tables, figure_id, told):
    named = keys(load_figures(tables)[figure_id])
    assert told <= set(named)
    assert [k for k in named if "E" in k] == []
    assert (Decimal(named[0]) >= 10_000) == any("万" in k for k in named)


def test_entries_come_in_reading_order_with_their_kinds_and_names(tmp_path):
    for name in ("book/b", "book/a", "notebooks/01", "figures/x", "search", "index", "404"):
        path = tmp_path / f"{name}.html"
        path.parent.mkdir(exist_ok=True)
        path.write_text(ARTICLE.format(name, "</script>\u2028&amp;"), encoding="utf-8")
    (tmp_path / "index.html").write_text(
        "<meta http-equiv='refresh' content='0; url=b.html'>", encoding="utf-8"
    )
    made = list(
        entries(
            tmp_path,
            ["notebooks/01.html", "book/b.html", "gone.html", "book/b.html"],
            {"figures/x.html": ["1", "one"]},
        )
    )
    assert [(e["url"], e["kind"], e["keys"]) for e in made] == [
        ("notebooks/01.html", "笔记", []),
        ("book/b.html", "页面", []),
        ("book/a.html", "页面", []),
        ("figures/x.html", "数字", ["1", "one"]),
    ]
    assert made[1]["title"] == "book/b"
    (tmp_path / "book" / "b.html").write_text('<article class="bd-article">x</article>', encoding="utf-8")
    assert next(entries(tmp_path, ["book/b.html"], {}))["title"] == "book/b.html"
    assert made[1]["sections"] == [["", "book/b", "&"]]


def built(tmp_path: Path, builder: str = "html") -> tuple[Path, str]:
    """A book of three pages with the extension, and what Sphinx warned of."""
    source, out = tmp_path / "source", tmp_path / builder
    source.mkdir(exist_ok=True)
    (source / "z.rst").write_text("首页\n====\n\n.. toctree::\n\n   b\n   a\n", encoding="utf-8")
    (source / "a.rst").write_text(
        "甲 <b>\n======\n\n鸵鸟 </script> --data \\\\ &\n\n小节\n----\n\n台账\n", encoding="utf-8"
    )
    (source / "b.rst").write_text("乙\n====\n\n余数\n", encoding="utf-8")
    warned = io.StringIO()
    with docutils_namespace():
        Sphinx(
            source,
            None,
            out,
            tmp_path / "doctrees",
            builder,
            status=None,
            warning=warned,
            confoverrides={
                "extensions": ["figurebook.site.search.index"],
                "html_theme": "sphinx_book_theme",
                "root_doc": "z",
                "language": "zh_CN",
                "project": "p",
                "smartquotes": False,
                "html_use_index": False,
            },
        ).build(force_all=True)
    return out, warned.getvalue()


def test_the_extension_indexes_a_book_and_turns_sphinx_s_search_off(tmp_path):
    site, warned = built(tmp_path)
    assert warned == ""
    assert [e["url"] for e in index(site)] == ["z.html", "b.html", "a.html"]
    entry = index(site)[2]
    assert (entry["title"], entry["kind"], entry["keys"]) == ("甲 <b>", "页面", [])
    assert [section[1:] for section in entry["sections"]] == [
        ["甲 <b>", "鸵鸟 </script> --data \\ &"],
        ["小节", "台账"],
    ]
    for anchor, heading, _ in entry["sections"][1:]:
        assert f'<section id="{anchor}">\n<h2>{heading}' in (site / "a.html").read_text(encoding="utf-8")
    assert not (site / "searchindex.js").exists()
    page = (site / "search.html").read_text(encoding="utf-8")
    assert INDEX in page
    assert "noscript" in page
    assert "funding.department" in page


def test_a_builder_that_makes_no_site_makes_no_index(tmp_path):
    folder, warned = built(tmp_path, "singlehtml")
    assert warned == ""
    assert not (folder / INDEX).exists()
    assert not (folder / "search.html").exists()
