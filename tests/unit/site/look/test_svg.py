"""A chart's SVG within a page: its colours follow the theme, and nothing of it reaches the page."""

import re
import xml.etree.ElementTree as ET

import pytest
from support.charts import chart

from figurebook.notebooks import charts
from figurebook.site.look import svg

EMPTY = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' viewBox="0 0 1 1">{}</svg>'
)


def parsed(made: charts.Chart, prefix: str = "p-") -> ET.Element:
    return ET.fromstring(svg.inline(made.svg, prefix))


def values(root: ET.Element, *names: str) -> list[str]:
    return [node.attrib[n] for node in root.iter() for n in names if n in node.attrib]


def test_it_is_an_image_with_a_name_and_no_size_of_its_own():
    root = parsed(chart("5 < 6 & “甲”"))
    assert (root.tag, root.get("role"), root.get("aria-label")) == ("svg", "img", "5 < 6 & “甲”")
    assert re.fullmatch(r"0 0 345\.6 [\d.]+", root.get("viewBox"))
    assert not {"width", "height", "xmlns", "id"} & set(root.attrib)


def test_nothing_in_it_speaks_for_the_page():
    """A style sheet would; so would a title, which browsers show at the pointer."""
    root = parsed(chart())
    assert {node.tag for node in root.iter()} == {"svg", "defs", "clipPath", "g", "path", "rect", "use"}
    assert (root.get("stroke-linejoin"), root.get("stroke-linecap")) == ("round", "butt")
    # It is what the style sheet said that has been taken away.
    sheet = "*{stroke-linejoin: round; stroke-linecap: butt}"
    assert re.findall(r"<style[^>]*>(.*?)</style>", chart().svg) == [sheet]


def test_two_charts_share_no_id_and_each_refers_to_its_own():
    ids = {}
    for prefix in ("one-", "two-"):
        root = parsed(chart(), prefix)
        ids[prefix] = values(root, "id")
        asked = {v[1:] for v in values(root, "href")}
        asked |= {m for v in values(root, "clip-path", "style") for m in re.findall(r"url\(#([^)]+)\)", v)}
        assert len(ids[prefix]) == len(set(ids[prefix]))
        assert asked == set(ids[prefix]), "an id that nothing needs, or that is not there"
    assert ids["one-"]
    assert not set(ids["one-"]) & set(ids["two-"])


def test_every_colour_can_be_changed_by_the_page_and_falls_back_to_its_own():
    text = svg.inline(chart().svg, "p-")
    assert text.count("#") > 10
    for what, colour in re.findall(r"(?<![-\w])(fill|stroke): ([^;\"]+)", text):
        assert colour == "none" or re.fullmatch(r"var\(--chart-[a-z]+, #[0-9a-f]{6}\)", colour), what
    assert f"fill: var(--chart-blue, {charts.BLUE.lower()})" in text


def test_alternative_text_and_data_of_what_is_no_chart():
    assert svg.alt(EMPTY.format("")) == ""
    assert svg.alt(EMPTY.format("<title> \n </title>")) == ""
    said = '<metadata><description xmlns="http://purl.org/dc/elements/1.1/">{}</description></metadata>'
    for text in ("", "plain words", "[1]", "{"):
        assert svg.about(EMPTY.format(said.format(text))) == {}
    assert svg.about(EMPTY.format("")) == {}


@pytest.mark.parametrize(
    ("inner", "named"),
    [
        ("<script>alert(1)</script>", "script"),
        ("<foreignObject/>", "foreignObject"),
        ("<text>文字</text>", "text"),
        ('<image xlink:href="a.png"/>', "image"),
        ('<g onclick="alert(1)"/>', "onclick"),
        ('<g class="bd-article"/>', "class"),
        ('<use xlink:href="http://192.0.2.1/x.svg#a"/>', "192.0.2.1"),
        ('<use href="x.svg#a"/>', "x.svg"),
        ('<path style="fill: #56b4e9"/>', "#56b4e9"),
        ('<path style="stroke: red"/>', "red"),
        ('<path style="opacity: 1;fill:#123"/>', "#123"),
        ('<path fill="#56b4e9"/>', "fill"),
    ],
)
def test_what_does_not_belong_in_a_chart_is_named(inner, named):
    with pytest.raises(svg.ForeignError, match=re.escape(named)):
        svg.inline(EMPTY.format(inner), "p-")


def test_the_harmless_is_let_be():
    style = "fill: none; stroke: {}; stroke-width: 2; fill-opacity: 0.2"
    kept = ET.fromstring(svg.inline(EMPTY.format(f'<path style="{style.format(charts.BLUE)}"/>'), "p-"))
    assert kept[0].attrib == {"style": style.format(f"var(--chart-blue, {charts.BLUE.lower()})")}
