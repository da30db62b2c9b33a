"""The roles that put numbers into prose, in a real build; an unknown id fails it."""

import html
import re

import pytest
from support.site import Built, sphinx

ORPHAN = "---\norphan: true\n---\n"
SYSTEM = "book/systems/s05-four-creations"
PAGE = """# 题

甲{num}`poverty.persons`乙

{num}`funding.training 万`

{num}`review.members 万`

{num}`poverty.persons_per_household`

{num}`funding.villages_yearly 万`

{fact}`county_facts/poor_persons_2014`

{tally}`basis/published`

{system}`S05`
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    built = sphinx(
        tmp_path_factory.mktemp("roles"),
        "figurebook.site.roles",
        index=PAGE,
        **{SYSTEM: f"{ORPHAN}# S05"},
    )
    assert (built.returncode, built.warnings) == (0, "")
    return built.page()


def links(page: str) -> dict[str, tuple[str, list[str]]]:
    """``{text: (address, lines of the card)}`` of each number."""
    number = r'<a class="reference internal" href="([^"]+)"><span class="num"([^>]*)>([^<]+)</span>'
    found = re.findall(number, page)
    return {
        text: (href, html.unescape(re.search('data-card="([^"]*)"', rest)[1]).split("|"))
        for href, rest, text in found
    }


def test_a_number_has_value_unit_link_and_card(page):
    href, card = links(page)["13,540 人"]
    assert href == "figures/poverty-persons.html"
    assert card == ["贫困人口", "13,540 人", "✕ 旁证：不同", "◇ 依据：本书自编（示意）", "○ 复算：相等"]


def test_ten_thousands_where_the_page_asks_for_them(page):
    assert {"100 万元", "0.4 万多名", "273 万元"} <= links(page).keys()


def test_a_derived_number_leads_to_the_figure_it_rests_on(page):
    href, card = links(page)["2.65 人"]
    assert href == "figures/poverty-persons.html#derived"
    assert card == ["户均人数", "≈ 2.65 人", "贫困人口 ÷ 贫困户"]


def test_a_published_value_names_its_publication(page):
    assert re.search(r'<span class="fact" title="延安日报《[^"]+》2019-[\d-]+">12,622 人</span>', page)


def test_a_system_can_be_led_to(page):
    assert f'href="{SYSTEM}.html"><span class="doc">S05</span></a>' in page


UNKNOWN = {
    "{num}`poverty.person`": "poverty.persons",
    "{num}`poverty.persons_per_houshold`": "poverty.persons_per_household",
    "{num}`poverty.persons 亿`": "只能写",
    "{fact}`county_facts/poor_person_2014`": "poor_persons_2014",
    "{fact}`registers/x`": "county_facts",
    "{tally}`basis/publishd`": "basis/published",
    "{system}`S99`": "S09",
}


@pytest.fixture(scope="module")
def unknown(tmp_path_factory) -> Built:
    """A page for each unknown id, in one build."""
    pages = {f"page{n}": f"{ORPHAN}# 题\n\n{role}\n" for n, role in enumerate(UNKNOWN)}
    folder = tmp_path_factory.mktemp("unknown")
    return sphinx(folder, "figurebook.site.roles", index="# 题\n", **pages)


@pytest.mark.parametrize(("number", "told"), list(enumerate(UNKNOWN.values())), ids=UNKNOWN)
def test_an_unknown_id_fails_the_build_and_names_the_nearest(unknown, number, told):
    assert unknown.returncode != 0
    [line] = [line for line in unknown.warnings.splitlines() if f"page{number}.md:6" in line]
    assert told in line
