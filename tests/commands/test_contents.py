"""The contents beside every page: links right from where the page lies, the page itself marked."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from support.site import sphinx

from figurebook.site.build_state import page_name, verdicts
from figurebook.site.look import contents

PAGES = {
    "index": "# 书\n\n```{toctree}\n:caption: 一\na\nb/c\n```\n\n```{toctree}\n:caption: 二\nd\n"
    "别处 <https://example.org/x>\n```\n",
    "a": "# 甲\n\n## 小节\n",
    "b/c": "# 丙\n\n```{toctree}\ne/f\n```\n",
    "b/e/f": "# 己\n",
    "d": "# 丁\n",
    "g": "---\norphan: true\n---\n\n# 没有收入目录\n",
}


@pytest.fixture(scope="module")
def listed(tmp_path_factory) -> dict[str, BeautifulSoup]:
    """The contents list of every page of a small book, by the page's name; nothing else is on its pages."""
    folder = tmp_path_factory.mktemp("contents")
    theme = folder / "themes" / "alone"
    theme.mkdir(parents=True)
    (theme / "theme.toml").write_text('[theme]\ninherit = "basic"\n', encoding="utf-8")
    (theme / "layout.html").write_text("<nav>{{ book_contents() }}</nav>", encoding="utf-8")
    config = f"html_theme = 'alone'\nhtml_theme_path = [{str(theme.parent)!r}]"
    built = sphinx(folder / "book", "figurebook.site.look.contents", config=config, **PAGES)
    assert built.returncode == 0, built.warnings
    return {name: BeautifulSoup(built.page(name), "html.parser").nav for name in PAGES}


def leads_to(page: str, link) -> str:
    """Where a link of a page leads, seen from the top."""
    return (Path("/") / page).parent.joinpath(link["href"]).resolve().as_posix()[1:]


def test_every_page_lists_every_page_with_links_that_work_from_where_it_lies(listed):
    for page, nav in listed.items():
        links = nav("a")
        assert [a.get_text() for a in links] == ["甲", "丙", "己", "丁", "别处"], page
        assert [leads_to(page, a) for a in links[:-1]] == ["a.html", "b/c.html", "b/e/f.html", "d.html"], page
        assert links[-1]["href"] == "https://example.org/x"
        assert [p.get_text() for p in nav("p", class_="caption")] == ["一", "二"]


@pytest.mark.parametrize(
    ("page", "marked"),
    [("index", []), ("g", []), ("a", ["甲"]), ("b/c", ["丙"]), ("b/e/f", ["丙", "己"]), ("d", ["丁"])],
)
def test_the_page_itself_and_those_above_it_are_marked_and_open(listed, page, marked):
    nav = listed[page]
    assert [li.a.get_text() for li in nav("li", class_="current")] == marked
    first, below, second = nav("details")
    assert below.parent.a.get_text() == "丙"
    assert below.has_attr("open") == ("丙" in marked)
    assert [g.summary.get_text() for g in (first, second)] == ["一", "二"]
    assert first.has_attr("open") == bool({"甲", "丙"} & set(marked))
    assert second.has_attr("open") == ("丁" in marked)
    assert "▾" in below.summary.get_text()  # the theme's font of icons is left out
    assert "\0" not in str(nav)
    assert "\1" not in str(nav)


def test_the_list_is_made_once(monkeypatch):
    made = []
    monkeypatch.setattr(contents, "_marked", lambda app: made.append(app) or '<a href="\0b/c.html">丙</a>')
    app = SimpleNamespace(builder=SimpleNamespace(get_target_uri=lambda page: f"{page}.html"))
    offered, lists = contents.Contents(), []
    for page in ("a", "b/c", "b/e/f"):
        context = {}
        offered.offer(app, page, "page.html", context, None)
        lists.append(context["book_contents"]())
    assert len(made) == 1
    assert [re.search('href="([^"]*)"', x)[1] for x in lists] == ["b/c.html", "../b/c.html", "../../b/c.html"]


def test_every_page_of_the_book_has_the_same_contents(site):
    """Each link leads to a page that is there, and only the page and the one above it are marked."""
    lists = {}
    for path in sorted(site.rglob("*.html")):
        nav = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").find("nav", class_="bd-links")
        if path.name == "404.html":
            assert nav is None
            continue
        entries = nav.select("li > a")
        lists[path] = [(path.parent / a["href"]).resolve() for a in entries]
        assert [a for a in lists[path] if not a.is_file()] == [], path
        marked = [(path.parent / a["href"]).resolve() for a in entries if "current" in a.parent["class"]]
        above = [site / "book" / "systems" / path.name] * (path.parent == site / "notebooks" / "systems")
        assert marked == [*above, path] * (path in lists[path]), path
    assert len({tuple(x) for x in lists.values()}) == 1
    assert len(lists) > 80
    assert len(next(iter(lists.values()))) > 50


def test_the_book_s_groups_are_few_and_every_figure_is_in_one(site):
    page = BeautifulSoup(
        (site / "figures" / "poverty-persons.html").read_text(encoding="utf-8"), "html.parser"
    )
    groups = page.select(".bd-links details.group")
    assert len(groups) == 6
    [opened] = [g for g in groups if g.has_attr("open")]
    links = [leads_to("figures/poverty-persons", a) for a in opened.select("li > a")]
    assert links == [f"{page_name(i)}.html" for i in verdicts()]
    assert [li.a.get_text() for li in opened.select("li.current")] == ["贫困人口 13,540 人"]


def test_a_system_s_notebook_stands_below_it(site):
    page = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    systems = [a["href"] for a in page.select(".bd-links .toctree-l1 > a") if "book/systems/" in a["href"]]
    below = [a["href"] for a in page.select(".bd-links .toctree-l2 > a")]
    assert below == [s.replace("book/", "notebooks/") for s in systems]
    assert len(systems) == 18
