"""The map of the overall approach, in a real build."""

import re

import pytest
from support.site import sphinx

from figurebook.datapackage.tables import Tables
from figurebook.site.build_state import system_page
from wuqi.system_map import NOTHING, OURS
from wuqi.systems.overall_approach import example

MAP = example(Tables.load())


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    pages = {system_page(s): f"---\norphan: true\n---\n# {s}\n" for s in MAP.terms}
    made = sphinx(
        tmp_path_factory.mktemp("map"),
        "figurebook.site.pages.systems",
        "wuqi.system_map",
        index="# 题\n\n```{system-map}\n```\n",
        **pages,
    )
    assert (made.returncode, made.warnings) == (0, "")
    return made.page()


@pytest.fixture(scope="module")
def parts(page) -> list[str]:
    """What stands in the item of each part."""
    (listed,) = re.findall(r'<ul class="[^"]*system-map[^"]*">.*?</ul>\s*(?=</section>)', page, re.DOTALL)
    return re.split(r'(?=<li><p><strong class="part">)', listed)[1:]


def test_the_parts_stand_in_the_interview_s_order(parts):
    assert [re.search(r'class="part">([^<]+)<', p)[1] for p in parts] == list(MAP.parts)


def test_every_system_is_linked_under_each_of_its_parts_and_nowhere_else(parts):
    for name, piece in zip(MAP.parts, parts, strict=True):
        links = re.findall(r'href="([^"]+)\.html"', piece)
        assert links == [system_page(s) for s in sorted(MAP.graph[name])]
    assert {s for name in MAP.parts for s in MAP.graph[name]} == set(MAP.terms)


def test_each_link_says_term_figures_and_whose_reading(parts):
    told = re.findall(r">(S\d\d) ([^<]+)</span></a><span class=\"told\">([^<]+)</span>", parts[0])
    said = {system: (term, text) for system, term, text in told}
    assert said["S09"] == ("经费保障", "6 个数字")
    assert said["S17"] == ("典型运用", f"4 个数字 · {OURS}")
    assert said["S02"] == ("三级联动", "没有数字")
    assert set(said) == set(MAP.terms)


def test_a_part_on_which_nothing_hangs_says_so(parts):
    assert [NOTHING in p for p in parts] == [not MAP.graph[name] for name in MAP.parts]
    assert sum(NOTHING in p for p in parts) == 2
