"""A page for each figure: everything it must say, and every link leading somewhere."""

import html
import re
from collections import Counter
from itertools import pairwise
from urllib.parse import urldefrag

import pytest
from support.project import DATA, committed_notebooks, load_notebook, source
from support.tables import read_rows

from figurebook.figures.answers import answer
from figurebook.figures.verdicts import Verdict, verify
from figurebook.site.build_state import anchor_of, page_name, verdict_axes

HEAD, *ROWS = read_rows(DATA / "interview" / "figures.csv")
FIGURES = [dict(zip(HEAD, row, strict=True)) for row in ROWS]
IDS = [f["id"] for f in FIGURES]


@pytest.fixture(scope="module")
def pages(site) -> dict[str, str]:
    return {i: (site / f"{page_name(i)}.html").read_text(encoding="utf-8") for i in IDS}


def article(page: str) -> str:
    """The text of the page's article, without its tags."""
    text = re.sub(r"<[^>]+>", "", page[page.index("<article") : page.index("</article>")])
    return html.unescape(re.sub(r"\s+", " ", text))


def test_there_is_a_page_for_each_figure_and_no_other(site):
    assert {p.relative_to(site).with_suffix("").as_posix() for p in (site / "figures").iterdir()} == {
        page_name(i) for i in IDS
    }
    assert len(set(map(page_name, IDS))) == len(IDS)


def test_addresses_are_short_and_ascii():
    assert page_name("poverty.persons") == "figures/poverty-persons"
    assert all(re.fullmatch(r"figures/[a-z-]{1,40}", page_name(i)) for i in IDS)


@pytest.mark.parametrize("figure", FIGURES, ids=IDS)
def test_a_page_says_what_was_said_and_where(figure, pages):
    text = article(pages[figure["id"]])
    value = float(figure["value"])
    more = "多" if figure["qualifier"] == "at_least" else ""
    shown = f"{value:,.0f}" if value == int(value) else figure["value"]
    for part in (
        *(figure[k] for k in ("label_zh", "label_en", "id", "note", "quote_sha256")),
        f"第 {figure['start']} 至 {figure['end']} 字符",
        f"{figure['system']} ",
        f"{shown} {more}{figure['unit']}",
    ):
        assert part in text, part


@pytest.fixture(scope="module")
def verdicts(tables) -> dict[str, Verdict]:
    return {v.figure.id: v for v in verify(tables)}


@pytest.mark.parametrize("figure_id", IDS)
def test_a_page_begins_with_the_answer_and_gives_the_three_answers(figure_id, pages, verdicts):
    verdict, page = verdicts[figure_id], pages[figure_id]
    text = article(page)
    assert f'<p class="answer">{html.escape(answer(verdict), quote=False)}</p>' in page
    asked = [text.index(f"{q} {w}") for q, w in _questions(verdict)]
    assert asked == sorted(asked)
    assert text.index(answer(verdict)) < asked[0]
    for e in verdict.evidence:
        assert f"《{e.title}》" in text
        assert e.as_of in text
        assert e.counted_zh in text
    assert ("没有找到，不等于没有公布过" in text) is (not verdict.evidence)
    assert ("算出来当然相等" in text) is (verdict.basis == "illustrative")
    assert ("等于抄一遍" in text) is (verdict.basis == "stated")


def _questions(verdict: Verdict) -> list[tuple[str, str]]:
    found = verdict_axes(verdict)
    questions = ("旁证：别处怎么说", "依据：表是谁的", "复算：算得出吗")
    return [(q, f"{a['shape']} {a['word']}") for q, a in zip(questions, found, strict=True)]


def test_code_digest_and_offsets_are_folded(pages):
    for page in pages.values():
        body = page[page.index("<article") : page.index("</article>")]
        opened = re.sub(r"<details.*?</details>", "", body, flags=re.DOTALL)
        assert "sha256" in body
        assert "sha256" not in opened
        assert 'class="highlight' in body
        assert 'class="highlight' not in opened


def test_no_sentence_stands_twice_on_a_page(pages):
    for figure_id, page in pages.items():
        sentences = [s.strip() for s in re.split(r"[。；]|(?<=>)\s*(?=<)", _plain(page))]
        long = [s for s in sentences if len(re.findall(r"[\u4e00-\u9fff]", s)) >= 10]
        assert [s for s, n in Counter(long).items() if n > 1] == [], figure_id


def _plain(page: str) -> str:
    """The text of the article but for tables; the end of an element is a full stop."""
    body = page[page.index("<article") : page.index("</article>")]
    body = re.sub(r"<table.*?</table>", "", body, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "。", body))


def test_our_paragraph_is_one_click_away_and_back(pages, site):
    retold = (site / "book" / "interview.html").read_text(encoding="utf-8")
    for figure_id, page in pages.items():
        anchor = anchor_of(figure_id)
        assert f'href="../book/interview.html#{anchor}"' in page
        assert retold.count(f'id="{anchor}"') == 1
        place = retold.index(f'id="{anchor}"')
        assert f"{page_name(figure_id)}.html" in retold[retold.rindex("<p", 0, place) : place + 200]


@pytest.mark.parametrize("figure_id", IDS)
def test_every_link_of_a_page_leads_somewhere(figure_id, pages, site):
    folder = (site / page_name(figure_id)).parent
    links = set(re.findall(r'<a [^>]*href="([^"]+)"', pages[figure_id]))
    local = {link for link in links if not link.startswith("http")}
    assert len(local) > 25
    for link in local:
        path, anchor = urldefrag(link)
        target = (folder / path).resolve() if path else site / f"{page_name(figure_id)}.html"
        assert target.is_file(), link
        if anchor:
            assert f'id="{anchor}"' in target.read_text(encoding="utf-8"), link


def test_previous_and_next_walk_through_all_thirty_in_order(pages):
    for here, after in pairwise(IDS):
        name = page_name(after).removeprefix("figures/") + ".html"
        assert re.search(rf'class="right-next"\s+href="{name}"', pages[here])
        back = page_name(here).removeprefix("figures/") + ".html"
        assert re.search(rf'class="left-prev"\s+href="{back}"', pages[after])


def test_a_page_lists_exactly_the_notebooks_that_name_the_figure(pages):
    for figure_id in IDS:
        expected = {
            p.stem
            for p in committed_notebooks()
            if any(
                f'"{figure_id}"' in source(c) for c in load_notebook(p)["cells"] if c["cell_type"] == "code"
            )
        }
        body = pages[figure_id][pages[figure_id].index('<section id="where">') :]
        assert set(re.findall(r'notebooks/([\w-]+)\.html"', body[: body.index("</section>")])) == expected
    assert any(f'"{IDS[0]}"' in source(c) for p in committed_notebooks() for c in load_notebook(p)["cells"])


def test_a_figure_with_a_derived_quantity_shows_it(pages):
    assert "户均人数：贫困人口 ÷ 贫困户 ≈ 2.65 人" in article(pages["poverty.households"])
    assert "由它推得的" not in article(pages["appointments.adjusted"])
