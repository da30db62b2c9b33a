"""The search page in a real browser: what it shows, how it is used, and what it never does."""

import json
import re
from urllib.parse import quote

from playwright.sync_api import Page
from support.search import ASK, HOSTILE, RESULTS


def test_a_result_leads_to_the_section_that_has_it(base, quiet):
    quiet.goto(f"{base}search.html?q={quote('最大余数法')}")
    link = quiet.locator(RESULTS).first
    address = link.get_attribute("href")
    assert re.fullmatch(r"book/reconstruction\.html#.+", address)
    section = link.locator(".search-section").inner_text()
    link.click()
    quiet.wait_for_url("**/" + address)
    target = quiet.locator(f"[id='{address.split('#')[1]}']")
    assert section in target.inner_text()
    assert "最大余数法" in target.inner_text()


def test_every_link_leads_to_a_page_and_a_place_that_exist(site, served, quiet):
    quiet.goto(served + "search.html")
    links = set()
    for query in ("村", "数", "表", "的", "a"):
        quiet.evaluate(ASK, query)
        links |= set(quiet.eval_on_selector_all(RESULTS, "all => all.map(a => a.getAttribute('href'))"))
    missing = []
    for link in links:
        name, _, anchor = link.partition("#")
        if anchor and f'id="{anchor}"' not in (site / name).read_text(encoding="utf-8"):
            missing.append(link)
        assert (site / name).is_file()
    assert missing == []
    assert len({link for link in links if "#" in link}) > 10


def test_snippets_show_the_words_that_were_asked_for(served, quiet):
    quiet.goto(f"{served}search.html?q={quote('余数 4,500')}")
    marked = quiet.eval_on_selector_all("#search-results mark", "all => all.map(m => m.textContent)")
    assert {"余数", "4,500"} >= set(marked) != set()
    quiet.evaluate(ASK, "余数")
    for result in quiet.locator(".search-result").all():
        snippet = result.locator(".search-snippet")
        assert "余数" in snippet.inner_text()
        assert len(snippet.inner_text()) < 250
        assert snippet.locator("mark").count() >= 1
        for section in result.locator(".search-section").all():  # the heading is above, not here again
            assert not snippet.inner_text().startswith(section.inner_text())


def with_index(page: Page, served: str, title: str, *sections: tuple[str, str, str]) -> None:
    """Open the search page of a site of one page: anchor, heading and text of each section."""
    entry = {"url": "a.html", "title": title, "kind": title, "keys": [], "sections": sections}
    page.route(
        "**/search-index.js",
        lambda route: route.fulfill(
            body=f"window.searchIndex = {json.dumps([entry])};", content_type="text/javascript"
        ),
    )
    page.goto(served + "search.html")


def test_the_text_of_a_page_is_never_read_as_html(served, quiet):
    """Pages may write about markup; the index is text, and stays text."""
    hostile = "<img src=x onerror=alert(1)> & <b>村</b> </script><script>alert(2)</script>"
    with_index(
        quiet,
        served,
        f"题 {hostile}",
        ("", f"题 {hostile}", ""),
        ('s" onclick="alert(3)', f"节 {hostile}", f"{hostile} 村\n{hostile}"),
    )
    for query in ("村", "节", "alert", "<b>"):
        quiet.evaluate(ASK, query)
        made = quiet.eval_on_selector_all("#search-results *", "all => all.map(e => e.tagName)")
        assert {"LI", "A", "P"} <= set(made) <= {"A", "LI", "MARK", "P", "SPAN"}
        assert hostile in quiet.locator(".search-snippet").inner_text()


def test_a_snippet_is_cut_between_characters_and_shows_a_hit_whole(served, quiet):
    run = "".join(chr(0x4E00 + i) for i in range(400))
    with_index(quiet, served, "题", ("", "题", f"{run}123,456.78{'𠮷' * 300}末"))
    for query, start, end in ((run[100:350], "…", "…"), (run[390], "…", "𠮷…"), ("末", "…𠮷", "末")):
        quiet.evaluate(ASK, query)
        told = quiet.locator(".search-snippet").evaluate("e => e.textContent")
        assert quiet.locator(".search-snippet mark").evaluate("e => e.textContent") == query
        assert told.startswith(start)
        assert told.endswith(end)
        assert not re.search("[\ud800-\udfff\ufffd]", told)  # half a character
    for at in range(290, 325):  # wherever the snippet ends, it ends before the number or after it
        quiet.evaluate(ASK, run[at])
        told = quiet.locator(".search-snippet").inner_text()
        assert ("1" in told) == ("123,456.78" in told)
    quiet.evaluate(f"({ASK})('\\ud842')")
    assert quiet.locator(RESULTS).count() == 0


def test_nothing_found_is_said_with_advice(base, quiet):
    quiet.goto(f"{base}search.html?q={quote('鸵鸟鸟')}")
    assert quiet.locator("#search-count").inner_text() == "没有找到：鸵鸟鸟"
    assert quiet.locator("#search-none a").get_attribute("href") == "book/register.html"
    assert quiet.locator("#search-none").is_visible()
    assert not quiet.locator("#search-help").is_visible()


def test_an_empty_query_says_what_can_be_searched(base, quiet):
    for query in ("", "?q=", "?q=%20%E3%80%80", "?other=1"):
        quiet.goto(base + "search.html" + query)
        assert "千位分隔" in quiet.locator("#search-help").inner_text()
        assert not quiet.locator("#search-none").is_visible()
        assert quiet.locator("#search-count").inner_text() == ""
        assert quiet.locator(RESULTS).count() == 0
        assert quiet.evaluate("document.activeElement.id") == "search-query"


def test_a_query_is_never_read_as_html(base, quiet):
    def made() -> set[str]:
        found = "#search-count *, #search-results *"
        return set(quiet.eval_on_selector_all(found, "all => all.map(e => e.tagName)"))

    allowed = {"A", "LI", "MARK", "P", "SPAN", "STRONG"}
    for query in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"'><svg onload=alert(1)>"):
        quiet.goto(f"{base}search.html?q={quote(query)}")
        assert quiet.locator("#search-count strong").evaluate("e => e.textContent") == query
        assert made() == {"STRONG"}
    for query in HOSTILE:
        quiet.evaluate(ASK, query)
        assert made() <= allowed, query


def test_half_a_character_finds_nothing_and_breaks_nothing(base, quiet):
    quiet.goto(base + "search.html")
    for half in ("\\ud842", "\\udfb7", "\\ud800x"):
        quiet.evaluate(f'({ASK})("{half}")')
        assert quiet.locator(RESULTS).count() == 0
    quiet.goto(base + "search.html?q=%ED%A0%80")
    assert "没有找到" in quiet.locator("#search-count").inner_text()


def test_the_way_back_from_a_result_leads_to_the_results(base, quiet):
    quiet.goto(base + "search.html")
    quiet.keyboard.type("Frictionless & 1%")
    quiet.keyboard.press("Control+A")
    quiet.keyboard.type("Frictionless")
    quiet.locator(RESULTS).first.click()
    quiet.wait_for_url("**/book/data.html*")
    quiet.go_back()
    quiet.wait_for_url("**/search.html?q=Frictionless")
    assert quiet.locator(RESULTS).count() > 0


def test_a_word_still_being_composed_is_not_searched_for(served, quiet):
    quiet.goto(served + "search.html")
    quiet.evaluate("""() => {
      const field = document.getElementById("search-query");
      field.value = "cun";
      field.dispatchEvent(new InputEvent("input", {isComposing: true}));
    }""")
    assert quiet.locator("#search-count").inner_text() == ""
    quiet.evaluate("""() => {
      const field = document.getElementById("search-query");
      field.value = "村";
      field.dispatchEvent(new CompositionEvent("compositionend"));
    }""")
    assert quiet.locator(RESULTS).count() > 0


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
    loading = {
        p.relative_to(site).as_posix()
        for p in site.rglob("*.html")
        if "search-index.js" in p.read_text(encoding="utf-8")
    }
    assert loading == {"search.html"}
    sphinx_s = re.compile(r"searchindex\.js|searchtools\.js|language_data\.js")
    for path in site.rglob("*.html"):
        assert not sphinx_s.search(path.read_text(encoding="utf-8")), path.name
    assert not (site / "searchindex.js").exists()
