"""A page for each figure: everything it must say, and every link leading somewhere."""

import html
import re
from itertools import pairwise
from urllib.parse import urldefrag

import pytest
from support.project import DATA, committed_notebooks, load_notebook, source
from support.tables import read_rows

from figurebook.datapackage.bases import BASES
from figurebook.figures.vocabulary import RELATIONS, RESULTS
from figurebook.site.build_state import page_name

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
        f"原文第 {figure['start']} 至 {figure['end']} 字符",
        f"{figure['system']} ",
        f"为 {shown} {more}{figure['unit']}",
    ):
        assert part in text, part


@pytest.mark.parametrize("figure_id", IDS)
def test_a_page_gives_the_three_answers_with_their_meaning(figure_id, pages, tables):
    from figurebook.figures.verdicts import verify

    verdict = next(v for v in verify(tables) if v.figure.id == figure_id)
    text = article(pages[figure_id])
    for axis, value in (
        (RESULTS, verdict.result),
        (BASES, verdict.basis),
        (RELATIONS, verdict.corroboration),
    ):
        assert re.search(rf"[●■◇✕○▲△—] {axis[value][0]} ?{re.escape(axis[value][1])}", text), value
    for e in verdict.evidence:
        assert f"《{e.title}》" in text
        assert e.as_of in text
    assert ("没有找到，不等于没有公布过" in text) is (not verdict.evidence)
    assert ("不是证据" in text) is (verdict.basis in ("reconstructed", "stated"))


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
