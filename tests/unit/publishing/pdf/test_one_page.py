"""One HTML out of a site's pages, on a site of three pages that a test can spoil."""

from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from support.project import ROOT
from support.tables import figure_ids

from figurebook.publishing.pdf.one_page import Entry, GatherError, figure_pages, gather, reading_order

ABOUT = {
    "title": "书 <名>",
    "subtitle": "副题",
    "abstract": "一句话",
    "version": "1.0",
    "date": "今天",
    "author": "甲",
    "license": "乙",
}
TOC = """
root: book/home
parts:
  - caption: 前
    chapters:
      - file: book/register
        sections: [{file: notebooks/01-one}]
"""
CHART = (
    '<svg viewBox="0 0 9 9" aria-labelledby="t"><title id="t">Chart</title><defs>'
    '<linearGradient id="g"/><path id="p" d="M0 0L9 9"/></defs>'
    '<use xlink:href="#p" fill="url(#g)" style="stroke: url(\'#g\')"/>'
    '<a xlink:href="home.html"><text>x</text></a></svg>'
)
PAGES = {
    "book/home": '<h1>首页<a class="headerlink" href="#x">#</a></h1>'
    '<p id="x"><a href="register.html#fig-a">登记</a><a href="#x">此处</a>'
    '<a href="register.html"><span class="num">1 个</span></a></p>',
    "book/register": f'<h1>登记</h1><h2 id="fig-a">甲</h2><a href="https://a.example/b">别处</a>{CHART}'
    '<a href="../index.html">回首页</a><a href="../_static/a.csv">下载</a>'
    '<img src="../_static/a.svg" alt="a">'
    '<details class="toggle"><summary>展开</summary>折叠</details><script>alert(1)</script>',
    "notebooks/01-one": f'<h1>笔记</h1><p id="x">正文</p>{CHART}'
    '<details class="code"><summary>代码</summary><pre>secret = 1</pre></details>'
    "<table><tr><td>日期</td><td>2016-07-31</td></tr>"
    "<tr><td>编号</td><td>services.township_centres</td></tr></table>",
}
SHELL = (
    '<!DOCTYPE html><html data-theme="dark"><head><title>t</title>'
    '<link rel="stylesheet" href="../_static/site.css?v=1"></head>'
    '<body><nav>菜单</nav><article class="bd-article">{}</article></body></html>'
)


def write(site: Path, name: str, article: str) -> None:
    path = site / f"{name}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SHELL.format(article), encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    for name, article in PAGES.items():
        write(folder, name, article)
    (folder / "_static").mkdir()
    for name in ("site.css", "a.csv", "a.svg"):
        (folder / "_static" / name).write_text("", encoding="utf-8")
    (tmp_path / "_toc.yml").write_text(TOC, encoding="utf-8")
    return folder


def order(site: Path, figures=()) -> list[Entry]:
    return reading_order(site, site.parent / "_toc.yml", figures)


def one(site: Path, figures=()) -> BeautifulSoup:
    return BeautifulSoup(gather(site, order(site, figures), ABOUT), "html.parser")


def refused(site: Path) -> str:
    with pytest.raises(GatherError) as caught:
        one(site)
    return str(caught.value)


def test_the_pages_come_in_the_order_of_the_contents(site):
    assert [(e.name, e.part, e.depth) for e in order(site)] == [
        ("book/home", None, 1),
        ("book/register", "前", 1),
        ("notebooks/01-one", None, 1),
    ]


def test_figure_pages_follow_the_register_in_the_order_of_the_registry(site):
    for name in ("figures/b", "figures/a"):
        write(site, name, "<h1>数</h1><h2>节</h2>")
    names = [e.name for e in order(site, ["figures/b", "figures/missing", "figures/a"])]
    assert names == ["book/home", "book/register", "figures/b", "figures/a", "notebooks/01-one"]
    book = one(site, ["figures/a"])
    page = book.find(id="figures-a")
    assert [h.name for h in page.find_all(["h1", "h2", "h3"])] == ["h2", "h3"]
    assert "chapter" not in page["class"]
    assert "chapter" in book.find(id="book-register")["class"]
    assert "#book-register { page: chapter-1; }\n#figures-a { page: chapter-1; }" in book.style.string


def test_the_names_of_the_figure_pages_follow_the_registry():
    assert len(set(figure_pages())) == len(figure_ids())
    assert "figures/services-county-stations" in figure_pages()


def test_the_book_itself_is_in_the_order_of_its_contents(tmp_path):
    names = [
        "book/home",
        "book/verdicts",
        "book/interview",
        "book/register",
        "book/systems/s01-overall-approach",
    ]
    for path in [*(ROOT / "book").rglob("*.md"), *(ROOT / "notebooks").rglob("*.ipynb")]:
        write(tmp_path, path.relative_to(ROOT).with_suffix("").as_posix(), "<h1>页</h1>")
    assert [e.name for e in reading_order(tmp_path)][:5] == names
    assert len(reading_order(tmp_path)) == len(list(tmp_path.rglob("*.html")))


def test_a_page_of_the_contents_that_the_site_lacks_is_named(site):
    (site / "notebooks/01-one.html").unlink()
    assert "notebooks/01-one" in refused(site)


def test_ids_are_unique_and_every_link_has_its_place(site):
    book = one(site)
    ids = Counter(e["id"] for e in book.find_all(id=True))
    assert set(ids.values()) == {1}
    assert {"book-home", "book-home--x", "notebooks-01-one--x", "book-register--fig-a"} <= set(ids)
    links = [a["href"] for a in book.find_all("a", href=True)]
    assert {"#book-register--fig-a", "#book-home--x", "#book-register", "#book-home"} <= set(links)
    assert {x[1:] for x in links if x.startswith("#")} <= set(ids)


def test_links_to_other_pages_get_room_for_a_page_number(site):
    book = one(site)
    places = [(s["data-target"], s["class"]) for s in book.find(id="book-home").select(".page-number")]
    assert places == [("book-register--fig-a", ["page-number"]), ("book-register", ["page-number", "short"])]
    assert book.select_one(".num .page-number")
    told = [(s["data-target"]) for s in book.select(".toc .page-number")]
    assert told == ["book-home", "book-register", "notebooks-01-one"]


def test_drawings_refer_to_themselves(site):
    for name in ("book-register", "notebooks-01-one"):
        drawing = one(site).find(id=name).svg
        assert drawing["aria-labelledby"] == drawing.title["id"] == f"{name}--t"
        use = drawing.find("use")
        assert (use["xlink:href"], use["fill"]) == (f"#{name}--p", f"url(#{name}--g)")
        assert drawing.a.attrs == {}
        assert use["style"] == f"stroke: url(#{name}--g)"


def test_what_is_for_a_screen_goes_and_what_is_folded_opens(site):
    book = one(site)
    assert book.find_all(["script", "button"]) == book.select(".headerlink, .toggle") == []
    assert book.details.has_attr("open")
    assert "菜单" not in book.get_text()
    assert book.html["data-theme"] == "light"
    download = book.find(string="下载").parent
    assert (download.name, download.get("href")) == ("span", None)


def test_folded_code_is_not_printed_but_its_page_is_named(site):
    text = one(site).get_text()
    assert "secret = 1" not in text
    assert text.count("代码没有印，在网站上的同一页：notebooks/01-one.html。") == 1


def test_the_web_address_of_a_link_is_said_unless_it_is_the_text(site):
    write(site, "notebooks/01-one", '<h1>笔记</h1><a href="https://a.example/">https://a.example/</a>')
    told = [s.get_text() for s in one(site).select(".address")]
    assert told == ["（https://a.example/b）"]


def test_the_sites_own_files_are_loaded_from_the_site_and_each_sheet_once(site):
    book = one(site)
    sheets = [link["href"] for link in book.find_all("link")]
    assert sheets == [(site / "_static/site.css").resolve().as_uri()]
    assert Path(urlsplit(book.img["src"]).path) == (site / "_static/a.svg").resolve()


def test_titles_are_text_and_not_markup(site):
    write(site, "book/home", '<h1>甲 "乙" \\ &lt;丙&gt;</h1>')
    write(site, "book/register", '<h1>登记</h1><h2 id="fig-a">甲</h2>')
    text = gather(site, order(site), ABOUT)
    assert '@top-right { content: "甲 \\22 乙\\22  \\5c  \\3c 丙>"; }' in text
    assert BeautifulSoup(text, "html.parser").select_one(".toc a").get_text() == '甲 "乙" \\ <丙>'
    assert BeautifulSoup(text, "html.parser").select_one(".title").get_text() == "书 <名>"


def test_columns_of_short_words_keep_their_lines_and_long_names_may_break(site):
    cells = one(site).table.find_all("td")
    assert ["short" in c.get("class", []) for c in cells] == [True, False, True, False]
    assert [str(w.previous) for w in cells[3].find_all("wbr")] == ["services.", "township_"]
    assert cells[3].get_text() == "services.township_centres"


@given(st.text("ab._/-贫 ", max_size=40))
def test_breaks_change_no_text(text):
    from figurebook.publishing.pdf.one_page import _let_break

    cell = BeautifulSoup(f"<td>{text}</td>", "html.parser").td
    _let_break(cell)
    assert cell.get_text() == text


SPOILED = {
    "no article": ("<div>x</div>", "h1"),
    "remote image": ('<h1>a</h1><img src="https://a.example/x.svg">', "https://a.example/x.svg"),
    "remote image without a scheme": ('<h1>a</h1><img src="//a.example/x.svg">', "//a.example/x.svg"),
    "missing image": ('<h1>a</h1><img src="gone.svg">', "gone.svg"),
    "dead link": ('<h1>a</h1><a href="../book/register.html#gone">x</a>', "#book-register--gone"),
    "an id given twice": ('<h1>a</h1><p id="q"></p><p id="q"></p>', "notebooks-01-one--q"),
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_what_cannot_be_gathered_is_named(site, spoiled):
    article, said = SPOILED[spoiled]
    write(site, "notebooks/01-one", article)
    message = refused(site)
    assert said in message
    assert "notebooks" in message
