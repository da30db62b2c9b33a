"""Every page that says it is found, and no other; what a query names comes first."""

import random
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page
from support.drawn import drawn
from support.search import ASK, HOSTILE, RESULTS, asked, called, found, occurs, registry

NOT_SEARCHED = {"search.html", "index.html", "404.html"}
EDGE = "\ue000"  # marks the ends of blocks
# The text of a page's article, as the browser itself takes it apart, without any of the site's styles.
TEXT = """edge => {
  const article = document.querySelector("article.bd-article");
  const skipped = "script, style, noscript, template, button, svg, nav, .headerlink, .copybtn";
  for (const element of article.querySelectorAll(skipped)) element.remove();
  const told = (all) => [...all].map((element) => element.textContent.trim());
  const titles = told(article.querySelectorAll("h1"));
  const headings = told(article.querySelectorAll("h1, h2, h3, h4, h5, h6, .rubric"));
  const blocks = [...article.querySelectorAll("*")].filter(
    (element) => element.tagName === "BR" || !getComputedStyle(element).display.startsWith("inline"));
  for (const block of blocks) { block.before(edge); block.after(edge); block.prepend(edge); }
  return {title: titles[0], headings, text: article.textContent};
}"""
QUERIES = {
    "characters": "村 户 党 元 的 表 贫 镇 率 账",
    "words": "贫困 台账 余数 销号 依据 旁证 自编 访谈 支部 社区 练习 口径",
    "compounds": """贫困人口 最大余数法 对数正态 第一书记 人均收入 行政村 软弱涣散 便民服务中心 建档立卡
                    党建工作经费 县直部门党委 流动党员 等于抄一遍 没有找到 已知缺口 换届选举""",
    "quoted": """“四型”党组织 "四型"党员 “两委”""",
    "labels": "党员产业示范点 贫困人口人均收入增长 考核后调整重用的干部",
    "whole numbers": """13540 13,540 13，540 １３５４０ 4500 4,500 5115 5,115 346 91 50000 50,000 1000000 2016
                        0 56""",
    "decimals": "13.9 13.92 120.93",
    "with units": "13540人 4500元 13.9% 13.9％ 346个 2016年 5,115户 1.354万 100万元",
    "parts of numbers": "135 540 3,54 13,54 4,5 500.5 .9 3.9",
    "English": """Frictionless frictionless FRICTIONLESS CSV Binder poverty.persons poor_households
                  weighted_mean sha256 S05""",
    "mixed": "用Frictionless 数据包Frictionless 属制度S05 sha256在",
    "punctuation": "， , （ ( 。 、 · % ： : — “",
    "nonsense": "鸵鸟 鸵鸟鸟鸟 量子纠缠 qwertyuiop 99999999 0.123456 人贫 ☃",
}
SENTENCES = [  # several words, and what is a word only to whoever reads it as one
    "贫困人口 2016",
    "村 社区 经费",
    "第一书记 补贴 50",
    "13 540",
    "13 540 人",
    "１３，５４０ 人",
    "poor persons",
    "income per poor person",
    "自编 Frictionless",
    "贫困人口 鸵鸟",
    "4,500 元",
    "13.9 %",
    "91 100",
    "  村  ",
    "村\t户\u3000党",
]
KINDS = {kind: words.split() for kind, words in QUERIES.items()}
KINDS |= {"sentences": SENTENCES, "hostile": HOSTILE}
FIXED = [query for queries in KINDS.values() for query in queries]


@pytest.fixture(scope="session")
def pages(chromium: Browser, site: Path, served: str) -> dict[str, dict]:
    """Title, headings and blocks of every page that has an article, scripts off and styles left out."""
    context = chromium.new_context(java_script_enabled=False)
    context.route(
        "**/*",
        lambda route: (
            route.continue_() if route.request.resource_type == "document" else route.fulfill(body="")
        ),
    )
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
    return {
        name: told["blocks"] + (called(named[name]) if name in named else []) for name, told in pages.items()
    }


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
            pieces.append(block[start : start + chance.randint(1, 8)])
    return pieces


def test_the_queries_are_many_and_the_pages_are_all_there(pages, texts):
    assert len(set(FIXED)) >= 80
    assert set(registry()) <= set(pages)
    assert all(told["title"] and told["blocks"] for told in pages.values())
    assert 30 <= sum(bool(found(texts, query)) for query in FIXED) < len(FIXED)


def third(queries: list[str], kind: str, base: str) -> list[str]:
    """Those of one kind that a run asks at one place: a third of them, all of them once a week."""
    return drawn(queries, -(-len(queries) // 3), f"{kind} by {base.partition(':')[0]}")


def test_every_query_finds_every_page_that_has_it_and_no_other(base, quiet, texts):
    queries = [query for kind, every in KINDS.items() for query in third(every, kind, base)]
    assert differences(quiet, base, texts, queries) == {}


def test_any_piece_of_any_page_is_found(base, quiet, texts):
    """Cut without regard to words, for a search must not know what a word is."""
    assert differences(quiet, base, texts, third(sampled(texts, of_each=8), "pieces", base)) == {}


def test_a_page_that_the_index_lacks_is_missed(served, quiet, texts):
    """The check above would see it."""

    def damaged(route):
        text = route.fetch().text()
        cut = re.sub(
            r'("url":"book/reconstruction.html".*?"sections":)\[\[.*?\]\](?=\})', r"\1[]", text, count=1
        )
        assert cut != text
        route.fulfill(body=cut, content_type="text/javascript; charset=utf-8")

    quiet.route("**/search-index.js", damaged)
    wrong = differences(quiet, served, texts, ["最大余数法", "第一书记"])
    assert "book/reconstruction.html" in wrong["最大余数法"]


def test_a_page_that_does_not_say_it_is_not_named(served, quiet, texts):
    """The check sees what is found without reason, too."""
    silent = {**texts, "figures/poverty-persons.html": ["."]}
    assert "figures/poverty-persons.html" in differences(quiet, served, silent, ["贫困人口"])["贫困人口"]


def test_a_figure_leads_to_its_own_page_first(base, quiet):
    figures = registry()
    quiet.goto(base + "search.html")
    for name, figure in figures.items():
        for query in (figure["label_zh"], figure["label_en"], figure["id"], figure["label_en"].upper()):
            assert asked(quiet, base, query)[0] == name, query
        same = {n for n, other in figures.items() if other["value"] == figure["value"]}
        for query in (figure["value"], called(figure)[-1].split(" ")[0]):
            assert set(asked(quiet, base, query)[: len(same)]) == same, query


def test_what_readers_type_leads_to_the_figure(base, quiet):
    quiet.goto(base + "search.html")
    for first, queries in {
        "poverty-persons": [
            "13540",
            "13,540",
            "13 540",
            "１３，５４０",
            "13540人",
            "13,540 人",
            "1.354万",
            "贫困人口",
            "poor persons",
        ],
        "poverty-income": ["4500", "4,500元"],
        "poverty-growth": ["13.9%", "13.9"],
        "funding-training": ["100万元"],
        "demonstration-members": ['"四型"党员'],
        "review-members": ["4000多名"],
    }.items():
        for query in queries:
            assert asked(quiet, base, query)[0] == f"figures/{first}.html", query


def test_names_come_before_titles_before_headings_before_text(served, quiet, pages):
    figures = registry()

    def rank(name: str, query: str) -> int:
        names = called(figures[name]) if name in figures else []
        exact = {n.replace(",", "").replace(" ", "").lower() for n in names}
        words = query.split()
        return (
            0
            if query.replace(",", "").replace(" ", "").lower() in exact
            else 1
            if occurs(names, words)
            else 2
            if occurs([pages[name]["title"]], words)
            else 3
            if any(occurs([h], words) for h in pages[name]["headings"])
            else 4
        )

    quiet.goto(served + "search.html")
    seen = set()
    for query in (
        "贫困人口",
        "贫困",
        "村",
        "依据",
        "数据",
        "判定",
        "平均数",
        "旁证",
        "登记",
        "4500",
        "贫困 收入",
        "poor",
        "练习",
    ):
        ranks = [rank(name, query) for name in asked(quiet, served, query)]
        assert ranks == sorted(ranks), query
        seen |= set(ranks)
    assert seen == {0, 1, 2, 3, 4}


def test_pages_of_one_rank_come_by_their_hits_and_the_order_is_stable(served, quiet, pages, texts):
    names = [heading for told in pages.values() for heading in told["headings"]]
    names += [name for figure in registry().values() for name in called(figure)]
    words = {w for w in sampled(texts, of_each=8) if re.fullmatch("[\u4e00-\u9fff]{2,3}", w)}
    told_apart = 0
    quiet.goto(served + "search.html")
    for word in sorted(w for w in words if not any(w in name for name in names)):
        hits = [sum(block.count(word) for block in pages[n]["blocks"]) for n in asked(quiet, served, word)]
        assert hits == sorted(hits, reverse=True), word
        told_apart += len(set(hits)) > 2
    assert told_apart >= 3
    assert asked(quiet, served, "村") == asked(quiet, served, "村")


def test_a_whole_page_as_a_query_finds_that_page(served, quiet, texts):
    quiet.goto(served + "search.html")
    text = " ".join(" ".join(texts["book/limits.html"]).split())[:10_000]
    assert asked(quiet, served, text) == ["book/limits.html"]


@pytest.mark.parametrize("query", ["13540", "人均收入 2016", "Frictionless"])
def test_searching_by_keyboard(base, quiet, texts, query):
    quiet.goto(base + "search.html")
    quiet.keyboard.type(query)
    quiet.locator(RESULTS).first.wait_for()  # as one types
    quiet.keyboard.press("Enter")
    quiet.wait_for_url("**/search.html?q=*")
    quiet.locator(RESULTS).first.wait_for()
    links = quiet.eval_on_selector_all(RESULTS, "all => all.map(a => a.href.split('#')[0])")
    assert {link.removeprefix(base) for link in links} == found(texts, query)
    assert quiet.evaluate("document.activeElement.id") == "search-count"
    quiet.keyboard.press("Tab")
    first = quiet.locator(RESULTS).first
    assert first.evaluate("a => a === document.activeElement && a.matches(':focus-visible')")
    assert first.evaluate("a => getComputedStyle(a).outlineStyle") == "solid"
    quiet.keyboard.press("Enter")
    quiet.wait_for_url(lambda url: url.split("#")[0] == links[0])
