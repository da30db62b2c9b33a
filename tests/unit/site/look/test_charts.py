"""Charts in their pages: origin and data beside them, a file to download, colours that can be seen."""

import csv
import io
import re
from html.parser import HTMLParser
from itertools import combinations
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document
from hypothesis import given
from hypothesis import strategies as st
from support.charts import DATA, SOURCES, chart, contrast, linear, weighted
from support.project import ROOT, committed_notebooks, load_notebook

from figurebook.notebooks import charts as drawing
from figurebook.site.look import charts, svg

TEXT, GRAPHICS = 4.5, 3  # WCAG 2, level AA
SHEET = (ROOT / "figurebook" / "site" / "theme" / "static" / "charts.css").read_text(encoding="utf-8")
# How colours look to who lacks one kind of cone (Machado, Oliveira and Fernandes 2009, severity 1).
SIGHT = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))  # of sRGB, D65
APART = 12  # CIELAB units; about 2 can just be told apart side by side


class Page(HTMLParser):
    """The tags of a page, each with its attributes and what it is in."""

    def __init__(self, markup: str):
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict, tuple[str, ...]]] = []
        self.texts: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes), tuple(self.open)))
        self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.found.append((tag, dict(attributes), tuple(self.open)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def only(self, tag: str) -> tuple[dict, tuple[str, ...]]:
        ((attributes, within),) = [(a, w) for t, a, w in self.found if t == tag]
        return attributes, within


def placed(folder, *texts: str, docname: str = "notebooks/07-name"):
    """A page with these SVG files as its images, after the extension has read it, and the application."""
    app = SimpleNamespace(srcdir=folder, outdir=folder / "site", env=SimpleNamespace(docname=docname))
    app.outdir.mkdir()
    document = new_document("page")
    for i, text in enumerate(texts):
        (folder / f"{i}.svg").write_text(text, encoding="utf-8")
        document += nodes.image(uri=f"/{i}.svg")
    charts.replace(app, document)
    return document, app


def test_a_chart_stands_in_its_page_with_caption_table_and_link(tmp_path):
    document, _ = placed(tmp_path, chart("“甲” < 4").svg)
    (raw,) = document.children
    page = Page(raw.astext())
    assert page.open == []
    assert page.only("svg")[0]["aria-label"] == "“甲” < 4"
    assert page.only("figcaption")[1] == ("div", "figure")
    assert "表甲、表乙。来源：某处《某书》；依据：公开发布。" in page.texts
    assert page.only("summary")[1] == ("div", "details")
    assert page.only("table")[1] == ("div", "details", "div")
    assert page.only("a")[0] == {"href": "../charts/07-name.csv", "download": None}
    assert "open" not in page.only("details")[0]


def test_numbers_are_aligned_with_their_heads_and_a_wide_table_can_be_scrolled_by_key(tmp_path):
    document, _ = placed(tmp_path, chart().svg)
    page = Page(document.astext())
    assert [a.get("class") for t, a, _ in page.found if t == "th"] == [None, "number"]
    assert [a.get("class") for t, a, _ in page.found if t == "td"] == [None, "number"] * 2
    around = [a for t, a, w in page.found if w == ("div", "details") and t == "div"]
    assert around == [{"class": "chart-data", "role": "region", "aria-label": "标题", "tabindex": "0"}]


def test_what_looks_like_markup_is_shown_not_obeyed(tmp_path):
    evil = '"><script>x</script>'
    sources = [{"tables": ["t"], "titles": [evil], "origin": evil, "basis": evil}]
    made = chart(evil, data=DATA.rename(columns={"名": evil}).assign(more=evil), sources=sources)
    told = {**svg.about(made.svg), "title": evil}  # a chart's own title would be drawn
    page = Page(charts.figure(svg.inline(made.svg, "p-"), told, evil))
    assert page.open == []
    assert "script" not in {tag for tag, _, _ in page.found}
    assert page.only("svg")[0]["aria-label"] == evil
    assert page.only("a")[0]["href"] == evil


def test_two_charts_on_a_page_clash_in_nothing(tmp_path):
    document, app = placed(tmp_path, chart("one").svg, chart("two", data=DATA[::-1]).svg, docname="page")
    ids = [a["id"] for node in document.children for _, a, _ in Page(node.astext()).found if "id" in a]
    assert len(ids) == len(set(ids)) > 4
    links = [Page(node.astext()).only("a")[0]["href"] for node in document.children]
    assert links == ["charts/page.csv", "charts/page-2.csv"]
    charts.write(app, document, "page")
    files = [(app.outdir / link).read_text(encoding="utf-8-sig") for link in links]
    assert files[0] != files[1]


def said(folder, caplog, text: str) -> str:
    """What the extension warns of, an image that cannot be placed being left as it is."""
    with caplog.at_level("WARNING"):
        document, _ = placed(folder, text)
    assert isinstance(document[0], nodes.image)
    return caplog.text


@pytest.mark.parametrize(("made", "missing"), [({"alt": " "}, "替代文字"), ({"sources": []}, "来源")])
def test_a_chart_that_keeps_something_back_is_warned_of(tmp_path, caplog, made, missing):
    warned = said(tmp_path, caplog, chart(**made).svg)
    assert f"图没有{missing}，" in warned


def test_a_chart_without_rows_is_warned_of(tmp_path, caplog):
    figure, _ = drawing.axes("t", "", "")
    made = drawing.Chart(figure, "alt", data=DATA.head(0), sources=SOURCES)
    assert "图没有数据，" in said(tmp_path, caplog, made.svg)


def test_a_figure_that_is_no_chart_of_ours_is_warned_of(tmp_path, caplog):
    figure, _ = drawing.axes("t", "", "")
    out = io.StringIO()
    figure.savefig(out, format="svg")
    assert "图没有替代文字、数据、来源，请用 nb.Chart" in said(tmp_path, caplog, out.getvalue())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (chart().svg.replace(drawing.BLUE.lower(), "#56b4e9"), "#56b4e9"),
        (chart().svg.replace("<defs>", "<script/><defs>", 1), "script"),
        ("<svg", "unclosed token"),
        ("", "no element found"),
    ],
)
def test_a_foreign_colour_or_element_is_warned_of(tmp_path, caplog, text, named):
    assert named in said(tmp_path, caplog, text)


def test_other_images_are_let_be(tmp_path):
    document = new_document("page")
    document += [nodes.image(uri="/a.png"), nodes.image(uri="/a.svg", alt="ours")]
    charts.replace(SimpleNamespace(srcdir=tmp_path, env=SimpleNamespace(docname="page")), document)
    assert [type(node) for node in document.children] == [nodes.image] * 2


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_file_is_for_spreadsheets():
    content = charts.as_csv(["名", "=n"], [["甲", 13540], ["-1", -4507], ["@x", 0.1], ['a,"b"\nc', None]])
    assert content.startswith(b"\xef\xbb\xbf")
    assert read_csv(content) == [
        ["名", "'=n"],
        ["甲", "13540"],
        ["'-1", "-4507"],
        ["'@x", "0.1"],
        ['a,"b"\nc', ""],
    ]


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0")), min_size=2))
def test_no_text_computes_and_none_is_lost(cells):
    (row,) = read_csv(charts.as_csv(cells, []))
    for shown, cell in zip(row, cells, strict=True):
        assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert shown in (cell, f"'{cell}")


def colours(theme: str) -> dict[str, tuple[str, float, str]]:
    """``{name: (colour, contrast, fit for)}`` as the style sheet records them for a theme."""
    light, dark = SHEET.split("@media screen", 1)
    found = re.findall(
        r"--chart-(\w+): (#\w{6}); /\* ([\d.]+) (text|graphics) \*/", {"light": light, "dark": dark}[theme]
    )
    return {name: (colour, float(ratio), fit) for name, colour, ratio, fit in found}


def paper(theme: str) -> str:
    return re.findall(r"--chart-paper: (#\w{6});", SHEET)[theme == "dark"]


def test_the_contrast_formula():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # known to fall just short


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_stands_out_and_its_comment_is_true(theme):
    recorded = colours(theme)
    assert set(recorded) | {"paper"} == set(drawing.PALETTE)
    for name, (colour, ratio, fit) in recorded.items():
        measured = contrast(colour, paper(theme))
        assert ratio == pytest.approx(measured, abs=0.005), name
        assert measured >= {"text": TEXT, "graphics": GRAPHICS}[fit], name


def test_the_light_colours_are_those_that_are_drawn():
    light = {name: colour for name, (colour, *_) in colours("light").items()} | {"paper": paper("light")}
    assert light == drawing.PALETTE


def lab(colour: str, sight: str) -> tuple[float, float, float]:
    """A colour in CIELAB as it looks to who sees in that way."""
    seen = [min(1, max(0, weighted(row, linear(colour)))) for row in SIGHT[sight]]
    x, y, z = (weighted(row, seen) / sum(row) for row in XYZ)
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one: str, other: str, sight: str) -> float:
    return sum((a - b) ** 2 for a, b in zip(lab(one, sight), lab(other, sight), strict=True)) ** 0.5


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colours_are_told_apart_without_colour_vision(theme, sight):
    for (one, (a, *_)), (other, (b, *_)) in combinations(colours(theme).items(), 2):
        assert difference(a, b, sight) > APART, (one, other)


def test_colours_that_only_colour_vision_tells_apart_would_be_found():
    red, green = "#B34700", "#6B6B00"
    assert difference(red, green, "all cones") > 3 * APART
    assert difference(red, green, "deuteranopia") < APART


def committed_charts() -> dict[str, str]:
    """The SVG of every chart that is committed, read without the code under test."""
    found = {}
    for path in committed_notebooks():
        outputs = [o for c in load_notebook(path)["cells"] for o in c.get("outputs", [])]
        for n, output in enumerate(o for o in outputs if "image/svg+xml" in o.get("data", {})):
            found[f"{path.stem}/{n}"] = "".join(output["data"]["image/svg+xml"])
    return found


@pytest.mark.parametrize("name", committed_charts())
def test_every_colour_of_the_committed_charts_is_of_the_palette(name):
    used = set(
        re.findall(
            r"#[0-9a-f]{6}\b",
            re.sub(r"<metadata>.*?</metadata>", "", committed_charts()[name], flags=re.DOTALL),
        )
    )
    assert drawing.INK.lower() in used
    assert used <= {colour.lower() for colour in drawing.PALETTE.values()}


def test_there_are_ten_committed_charts():
    assert len(committed_charts()) == 10
