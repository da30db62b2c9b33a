"""The search page in a real browser: it finds what the pages say, all of it, and nothing else."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from helpers_search import called, found, occurs, registry
from playwright.sync_api import Browser, Page

NOT_SEARCHED = {"search.html", "index.html", "404.html"}
EDGE = "\ue000"  # marks the ends of blocks
# The text of a page's article, as the browser itself takes it apart, without any of the site's styles.
TEXT = """edge => {
  const article = document.querySelector("article.bd-article");
  const unseen = "script, style, noscript, template, button, svg, .headerlink, .copybtn";
  for (const element of article.querySelectorAll(unseen)) element.remove();
  const told = (all) => [...all].map((element) => element.textContent.trim());
  const titles = told(article.querySelectorAll("h1"));
  const headings = told(article.querySelectorAll("h1, h2, h3, h4, h5, h6, .rubric"));
  const blocks = [...article.querySelectorAll("*")].filter(
    (element) => element.tagName === "BR" || !getComputedStyle(element).display.startsWith("inline"));
  for (const block of blocks) { block.before(edge); block.after(edge); block.prepend(edge); }
  return {title: titles[0], headings, text: article.textContent};
}"""
ASK = """query => {
  const field = document.getElementById("search-query");
  field.value = query;
  field.dispatchEvent(new InputEvent("input"));
  return [...document.querySelectorAll("#search-results > li > a")].map((link) => link.href.split("#")[0]);
}"""
RESULTS = "#search-results > li > a"

QUERIES = {
    "characters": "村 户 党 元 的 表 贫 镇 率 账",
    "words": "贫困 台账 余数 销号 依据 旁证 重构 访谈 支部 社区 练习 口径",
    "compounds": """贫困人口 最大余数法 对数正态 第一书记 人均收入 行政村 软弱涣散 便民服务中心 建档立卡
                    党建工作经费 县直部门党委 流动党员 不证明任何事 复算一致 未见旁证 已知缺口 换届选举""",
    "quoted": """“四型”党组织 "四型"党员 “两委”""",
    "labels": "党员产业示范户 贫困人口人均收入增长 考核后调整重用的干部",
    "whole numbers": """13540 13,540 13，540 １３５４０ 4500 4,500 5115 5,115 346 91 50000 50,000 1000000 2016
                        0 56""",
    "decimals": "13.9 13.92 12.093",
    "with units": "13540人 4500元 13.9% 13.9％ 346个 2016年 5,115户 1.354万 100万元",
    "parts of numbers": "135 540 3,54 13,54 4,5 500.5 .9 3.9",
    "English": """Frictionless frictionless FRICTIONLESS CSV Binder poverty.persons poor_households
                  weighted_mean sha256 S05""",
    "mixed": "用Frictionless 数据包Frictionless 属制度S05 sha256在",
    "punctuation": "， , （ ( 。 、 · % ： : — “",
    "nonsense": "鸵鸟 鸵鸟鸟鸟 量子纠缠 qwertyuiop 99999999 0.123456 人贫 ☃",
}
SENTENCES = [  # several words, and what is a word only to whoever reads it as one
    "贫困人口 2016", "村 社区 经费", "第一书记 补贴 50", "13 540", "13 540 人", "１３，５４０ 人",
    "poor persons", "registered poor persons", "重构 Frictionless", "贫困人口 鸵鸟", "4,500 元", "13.9 %",
    "91 100", "  村  ", "村\t户\u3000党",
]
HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&", "&amp;", "&lt;b&gt;", "\"'><b>",
    "</ol>", ".*", "[", "(", "\\", "\\d+", "^$", "a{2}", "村|户", "?", "+", "贫困\u200b人口", "\u00ad",
    "constructor", "__proto__", "%00", "%", "\0", "\ufffd", "😀", "𠮷",
    "e\u0301", "İ", "ﬁ", "⽂", "①",
    "村" * 10_000, "1" * 10_000, "1 " * 5_000, "1,234" * 2_000, "村 1" * 3_000,
    "." * 10_000, "１" * 300 + "，" * 300,
]
FIXED = [word for words in QUERIES.values() for word in words.split()] + SENTENCES + HOSTILE


@pytest.fixture(scope="session")
def pages(chromium: Browser, site: Path, served: str) -> dict[str, dict]:
    """Title, headings and blocks of every page that has an article, scripts off and styles left out."""
    context = chromium.new_context(java_script_enabled=False)
    context.route("**/*", lambda route: route.continue_() if route.request.resource_type == "document"
                  else route.fulfill(body=""))
    page, read = context.new_page(), {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        if name in NOT_SEARCHED or "<article" not in path.read_text(encoding="utf-8"):
            continue
        page.goto(served + quote(name))
        told = page.evaluate(TEXT, EDGE)
        read[name] = {**told, "blocks": [b for b in told["text"].split(EDGE) if b.strip()]}
    context.close()
    return read


@pytest.fixture(scope="session")
def texts(pages) -> dict[str, list[str]]:
    """The blocks of each page; with a figure's page goes what it may be asked for by."""
    named = registry()
    return {name: told["blocks"] + (called(named[name]) if name in named else [])
            for name, told in pages.items()}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(15_000)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: (errors.append(dialog.message), dialog.dismiss()))
    yield page
    context.close()
    assert errors == []


@pytest.fixture(params=["http", "file"])
def base(request, site: Path) -> str:
    """Where the site is opened from."""
    return request.getfixturevalue("served") if request.param == "http" else site.as_uri() + "/"


def asked(page: Page, base: str, query: str) -> list[str]:
    """The pages that the open search page names for a query, in order."""
    return [link.removeprefix(base) for link in page.evaluate(ASK, query)]


def differences(page: Page, base: str, texts: dict[str, list[str]], queries: list[str]) -> dict[str, list]:
    """What was missed, found without reason or found twice, by query; page names."""
    page.goto(base + "search.html")
    wrong = {}
    for query, links in zip(queries, page.evaluate(f"all => all.map({ASK})", queries), strict=True):
        named, due = [link.removeprefix(base) for link in links], found(texts, query)
        if set(named) != due or len(named) != len(due):
            wrong[query[:50]] = sorted(set(named) ^ due) or ["twice"]
    return wrong


def sampled(texts: dict[str, list[str]], of_each: int) -> list[str]:
    """Pieces of every page, one to eight characters long, cut anywhere within a block."""
    chance, pieces = random.Random(3), []
    for blocks in texts.values():
        for _ in range(of_each):
            block = " ".join(chance.choice(blocks).split())
            start = chance.randrange(len(block))
            pieces.append(block[start:start + chance.randint(1, 8)])
    return pieces


def test_the_queries_are_many_and_the_pages_are_all_there(pages, texts):
    assert len(set(FIXED)) >= 80
    assert set(registry()) <= set(pages)
    assert all(told["title"] and told["blocks"] for told in pages.values())
    assert 30 <= sum(bool(found(texts, query)) for query in FIXED) < len(FIXED)


def test_every_query_finds_every_page_that_has_it_and_no_other(base, page, texts):
    assert differences(page, base, texts, FIXED) == {}


def test_any_piece_of_any_page_is_found(base, page, texts):
    """Cut without regard to words, for a search must not know what a word is."""
    assert differences(page, base, texts, sampled(texts, of_each=8)) == {}


def test_a_page_that_the_index_lacks_is_missed(served, page, texts):
    """The check above would see it."""
    def damaged(route):
        text = route.fetch().text()
        cut = re.sub(r'("url":"book/reconstruction.html".*?"sections":)\[\[.*?\]\](?=\})', r"\1[]", text,
                     count=1)
        assert cut != text
        route.fulfill(body=cut, content_type="text/javascript; charset=utf-8")

    page.route("**/search-index.js", damaged)
    wrong = differences(page, served, texts, ["最大余数法", "第一书记"])
    assert "book/reconstruction.html" in wrong["最大余数法"]


def test_a_page_that_does_not_say_it_is_not_named(served, page, texts):
    """The check sees what is found without reason, too."""
    silent = {**texts, "figures/poverty-persons.html": ["."]}
    assert "figures/poverty-persons.html" in differences(page, served, silent, ["贫困人口"])["贫困人口"]


def test_a_figure_leads_to_its_own_page_first(base, page):
    figures = registry()
    page.goto(base + "search.html")
    for name, figure in figures.items():
        for query in (figure["label_zh"], figure["label_en"], figure["id"], figure["label_en"].upper()):
            assert asked(page, base, query)[0] == name, query
        same = {n for n, other in figures.items() if other["value"] == figure["value"]}
        for query in (figure["value"], called(figure)[-1].split(" ")[0]):
            assert set(asked(page, base, query)[:len(same)]) == same, query


def test_what_readers_type_leads_to_the_figure(base, page):
    page.goto(base + "search.html")
    for first, queries in {
        "poverty-persons": ["13540", "13,540", "13 540", "１３，５４０", "13540人", "13,540 人", "1.354万",
                            "贫困人口", "poor persons"],
        "poverty-income": ["4500", "4,500元"], "poverty-growth": ["13.9%", "13.9"],
        "funding-training": ["100万元"], "demonstration-members": ['"四型"党员'],
        "review-members": ["4000多名"],
    }.items():
        for query in queries:
            assert asked(page, base, query)[0] == f"figures/{first}.html", query


def test_names_come_before_titles_before_headings_before_text(served, page, pages):
    figures = registry()

    def rank(name: str, query: str) -> int:
        names = called(figures[name]) if name in figures else []
        exact = {n.replace(",", "").replace(" ", "").lower() for n in names}
        words = query.split()
        return (0 if query.replace(",", "").replace(" ", "").lower() in exact
                else 1 if occurs(names, words) else 2 if occurs([pages[name]["title"]], words)
                else 3 if any(occurs([h], words) for h in pages[name]["headings"]) else 4)

    page.goto(served + "search.html")
    seen = set()
    for query in ("贫困人口", "贫困", "村", "依据", "数据", "判定", "平均数", "旁证", "登记", "4500",
                  "贫困 收入", "poor", "练习"):
        ranks = [rank(name, query) for name in asked(page, served, query)]
        assert ranks == sorted(ranks), query
        seen |= set(ranks)
    assert seen == {0, 1, 2, 3, 4}


def test_pages_of_one_rank_come_by_their_hits_and_the_order_is_stable(served, page, pages, texts):
    names = [heading for told in pages.values() for heading in told["headings"]]
    names += [name for figure in registry().values() for name in called(figure)]
    words = {w for w in sampled(texts, of_each=8) if re.fullmatch("[\u4e00-\u9fff]{2,3}", w)}
    told_apart = 0
    page.goto(served + "search.html")
    for word in sorted(w for w in words if not any(w in name for name in names)):
        hits = [sum(block.count(word) for block in pages[n]["blocks"]) for n in asked(page, served, word)]
        assert hits == sorted(hits, reverse=True), word
        told_apart += len(set(hits)) > 2
    assert told_apart >= 3
    assert asked(page, served, "村") == asked(page, served, "村")


def test_a_result_leads_to_the_section_that_has_it(base, page):
    page.goto(f"{base}search.html?q={quote('最大余数法')}")
    link = page.locator(RESULTS).first
    address = link.get_attribute("href")
    assert re.fullmatch(r"book/reconstruction\.html#.+", address)
    section = link.locator(".search-section").inner_text()
    link.click()
    page.wait_for_url("**/" + address)
    target = page.locator(f"[id='{address.split('#')[1]}']")
    assert section in target.inner_text()
    assert "最大余数法" in target.inner_text()


def test_every_link_leads_to_a_page_and_a_place_that_exist(site, served, page):
    page.goto(served + "search.html")
    links = set()
    for query in ("村", "数", "表", "的", "a"):
        page.evaluate(ASK, query)
        links |= set(page.eval_on_selector_all(RESULTS, "all => all.map(a => a.getAttribute('href'))"))
    missing = []
    for link in links:
        name, _, anchor = link.partition("#")
        if anchor and f'id="{anchor}"' not in (site / name).read_text(encoding="utf-8"):
            missing.append(link)
        assert (site / name).is_file()
    assert missing == []
    assert len({link for link in links if "#" in link}) > 10


def test_snippets_show_the_words_that_were_asked_for(served, page):
    page.goto(f"{served}search.html?q={quote('余数 4,500')}")
    marked = page.eval_on_selector_all("#search-results mark", "all => all.map(m => m.textContent)")
    assert {"余数", "4,500"} >= set(marked) != set()
    page.evaluate(ASK, "余数")
    for result in page.locator(".search-result").all():
        snippet = result.locator(".search-snippet")
        assert "余数" in snippet.inner_text()
        assert len(snippet.inner_text()) < 250
        assert snippet.locator("mark").count() >= 1
        for section in result.locator(".search-section").all():  # the heading is above, not here again
            assert not snippet.inner_text().startswith(section.inner_text())


def with_index(page: Page, served: str, title: str, *sections: tuple[str, str, str]) -> None:
    """Open the search page of a site of one page: anchor, heading and text of each section."""
    entry = {"url": "a.html", "title": title, "kind": title, "keys": [], "sections": sections}
    page.route("**/search-index.js", lambda route: route.fulfill(
        body=f"window.searchIndex = {json.dumps([entry])};", content_type="text/javascript"))
    page.goto(served + "search.html")


def test_the_text_of_a_page_is_never_read_as_html(served, page):
    """Pages may write about markup; the index is text, and stays text."""
    hostile = "<img src=x onerror=alert(1)> & <b>村</b> </script><script>alert(2)</script>"
    with_index(page, served, f"题 {hostile}", ("", f"题 {hostile}", ""),
               ('s" onclick="alert(3)', f"节 {hostile}", f"{hostile} 村\n{hostile}"))
    for query in ("村", "节", "alert", "<b>"):
        page.evaluate(ASK, query)
        made = page.eval_on_selector_all("#search-results *", "all => all.map(e => e.tagName)")
        assert {"LI", "A", "P"} <= set(made) <= {"A", "LI", "MARK", "P", "SPAN"}
        assert hostile in page.locator(".search-snippet").inner_text()


def test_a_snippet_is_cut_between_characters_and_shows_a_hit_whole(served, page):
    run = "".join(chr(0x4E00 + i) for i in range(400))
    with_index(page, served, "题", ("", "题", f"{run}123,456.78{'𠮷' * 300}末"))
    for query, start, end in ((run[100:350], "…", "…"), (run[390], "…", "𠮷…"), ("末", "…𠮷", "末")):
        page.evaluate(ASK, query)
        told = page.locator(".search-snippet").evaluate("e => e.textContent")
        assert page.locator(".search-snippet mark").evaluate("e => e.textContent") == query
        assert told.startswith(start)
        assert told.endswith(end)
        assert not re.search("[\ud800-\udfff\ufffd]", told)  # half a character
    for at in range(290, 325):  # wherever the snippet ends, it ends before the number or after it
        page.evaluate(ASK, run[at])
        told = page.locator(".search-snippet").inner_text()
        assert ("1" in told) == ("123,456.78" in told)
    page.evaluate(f"({ASK})('\\ud842')")
    assert page.locator(RESULTS).count() == 0


def test_nothing_found_is_said_with_advice(base, page):
    page.goto(f"{base}search.html?q={quote('鸵鸟鸟')}")
    assert page.locator("#search-count").inner_text() == "没有找到：鸵鸟鸟"
    assert page.locator("#search-none a").get_attribute("href") == "book/register.html"
    assert page.locator("#search-none").is_visible()
    assert not page.locator("#search-help").is_visible()


def test_an_empty_query_says_what_can_be_searched(base, page):
    for query in ("", "?q=", "?q=%20%E3%80%80", "?other=1"):
        page.goto(base + "search.html" + query)
        assert "千位分隔" in page.locator("#search-help").inner_text()
        assert not page.locator("#search-none").is_visible()
        assert page.locator("#search-count").inner_text() == ""
        assert page.locator(RESULTS).count() == 0
        assert page.evaluate("document.activeElement.id") == "search-query"


def test_a_query_is_never_read_as_html(base, page):
    def made() -> set[str]:
        found = "#search-count *, #search-results *"
        return set(page.eval_on_selector_all(found, "all => all.map(e => e.tagName)"))

    allowed = {"A", "LI", "MARK", "P", "SPAN", "STRONG"}
    for query in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"'><svg onload=alert(1)>"):
        page.goto(f"{base}search.html?q={quote(query)}")
        assert page.locator("#search-count strong").evaluate("e => e.textContent") == query
        assert made() == {"STRONG"}
    for query in HOSTILE:
        page.evaluate(ASK, query)
        assert made() <= allowed, query


def test_half_a_character_finds_nothing_and_breaks_nothing(base, page):
    page.goto(base + "search.html")
    for half in ("\\ud842", "\\udfb7", "\\ud800x"):
        page.evaluate(f"({ASK})(\"{half}\")")
        assert page.locator(RESULTS).count() == 0
    page.goto(base + "search.html?q=%ED%A0%80")
    assert "没有找到" in page.locator("#search-count").inner_text()


def test_a_whole_page_as_a_query_finds_that_page(served, page, texts):
    page.goto(served + "search.html")
    text = " ".join(" ".join(texts["book/limits.html"]).split())[:10_000]
    assert asked(page, served, text) == ["book/limits.html"]


@pytest.mark.parametrize("query", ["13540", "人均收入 2016", "Frictionless"])
def test_searching_by_keyboard(base, page, texts, query):
    page.goto(base + "search.html")
    page.keyboard.type(query)
    page.locator(RESULTS).first.wait_for()  # as one types
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=*")
    page.locator(RESULTS).first.wait_for()
    links = page.eval_on_selector_all(RESULTS, "all => all.map(a => a.href.split('#')[0])")
    assert {link.removeprefix(base) for link in links} == found(texts, query)
    assert page.evaluate("document.activeElement.id") == "search-count"
    page.keyboard.press("Tab")
    first = page.locator(RESULTS).first
    assert first.evaluate("a => a === document.activeElement && a.matches(':focus-visible')")
    assert first.evaluate("a => getComputedStyle(a).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.split("#")[0] == links[0])


def test_the_way_back_from_a_result_leads_to_the_results(base, page):
    page.goto(base + "search.html")
    page.keyboard.type("Frictionless & 1%")
    page.keyboard.press("Control+A")
    page.keyboard.type("Frictionless")
    page.locator(RESULTS).first.click()
    page.wait_for_url("**/book/data.html*")
    page.go_back()
    page.wait_for_url("**/search.html?q=Frictionless")
    assert page.locator(RESULTS).count() > 0


def test_a_word_still_being_composed_is_not_searched_for(served, page):
    page.goto(served + "search.html")
    page.evaluate("""() => {
      const field = document.getElementById("search-query");
      field.value = "cun";
      field.dispatchEvent(new InputEvent("input", {isComposing: true}));
    }""")
    assert page.locator("#search-count").inner_text() == ""
    page.evaluate("""() => {
      const field = document.getElementById("search-query");
      field.value = "村";
      field.dispatchEvent(new CompositionEvent("compositionend"));
    }""")
    assert page.locator(RESULTS).count() > 0


def test_without_scripts_the_page_says_so_and_leads_elsewhere(chromium, site, base):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + "search.html?q=1")
    told = page.locator("article noscript")
    assert "脚本" in told.inner_text()
    for link in told.locator("a").all():
        assert (site / link.get_attribute("href")).is_file()
    assert not page.locator(".search-form").is_visible()
    context.close()


def test_a_missing_index_is_said(served, chromium):
    page = chromium.new_page()
    page.route("**/search-index.js", lambda route: route.abort())
    page.goto(served + "search.html?q=1")
    assert "没有载入" in page.locator("#search-count").inner_text()
    page.close()


def test_results_push_nothing_about(chromium, served):
    for width in (1280, 375):
        context = chromium.new_context(viewport={"width": width, "height": 800})
        page = context.new_page()
        page.add_init_script("""window.shift = 0; new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) window.shift += entry.value;
        }).observe({type: "layout-shift", buffered: true});""")
        page.goto(f"{served}search.html?q={quote('村')}")
        page.wait_for_timeout(300)
        assert page.locator(RESULTS).count() > 10
        assert page.evaluate("window.shift") < 0.01
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()


def test_only_the_search_page_loads_the_index_and_nothing_loads_sphinx_s(site):
    loading = {p.relative_to(site).as_posix() for p in site.rglob("*.html")
               if "search-index.js" in p.read_text(encoding="utf-8")}
    assert loading == {"search.html"}
    sphinx_s = re.compile(r"searchindex\.js|searchtools\.js|language_data\.js")
    for path in site.rglob("*.html"):
        assert not sphinx_s.search(path.read_text(encoding="utf-8")), path.name
    assert not (site / "searchindex.js").exists()
