"""Charts as readers meet them: in both themes, on a phone, with scripts off, on paper, in a spreadsheet."""

import csv
import io

import pytest
from playwright.sync_api import Browser, Page
from support.charts import contrast
from support.project import committed_notebooks, every_notebook

NAMES = [p.stem for p in committed_notebooks()]
PHONE = 375
LEGIBLE = 10  # px
VISIBLE = 3  # WCAG 2, level AA, for graphics; what is fit for text is in the style sheet
SET_THEME = "theme => { document.documentElement.dataset.theme = theme }"
BACKGROUND = "() => getComputedStyle(document.body).backgroundColor"
# Every colour that is painted, as the browser computed it: text and marks alike. What stands in defs is
# painted where it is used, in the colours of that place if it has none itself.
PAINTED = """() => {
  const found = new Set();
  for (const node of document.querySelectorAll(".chart svg :is(path, use):not(defs *)")) {
    const used = document.querySelector(node.getAttribute("href") || "none");
    for (const what of ["fill", "stroke"]) {
      const colour = getComputedStyle(used && used.style[what] ? used : node)[what];
      const seen = getComputedStyle(node)[what + "Opacity"] !== "0";
      if (seen && colour.startsWith("rgb(")) found.add(colour);
    }
  }
  return [...found];
}"""
# Sizes in pixels of the texts of a chart: a glyph is in a group whose scale tells its size, matplotlib
# drawing glyphs at 100 units an em.
SIZES = """() => [...document.querySelectorAll(".chart svg g[transform*='scale(']")]
  .filter(group => group.querySelector("use"))
  .map(group => Math.hypot(group.getScreenCTM().a, group.getScreenCTM().b) * 100)"""
# Glyphs that the edge of the chart cuts off.
CUT_OFF = """() => {
  const frame = document.querySelector(".chart svg").getBoundingClientRect();
  return [...document.querySelectorAll(".chart svg use")].map(use => use.getBoundingClientRect())
    .filter(box => box.left < frame.left - 1 || box.right > frame.right + 1
                   || box.top < frame.top - 1 || box.bottom > frame.bottom + 1).length;
}"""
PAPER = "() => getComputedStyle(document.documentElement).getPropertyValue('--chart-paper')"


def hexadecimal(colour: str) -> str:
    """``rgb(1, 2, 3)`` as ``#010203``."""
    return "#" + "".join(f"{int(part):02X}" for part in colour[4:-1].split(","))


@pytest.fixture
def opened(chromium: Browser, site):
    """Opens a chart's page from its folder, in a context of one's own choosing."""
    contexts = []

    def open_page(name: str, theme: str = "light", **options):
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{(site / 'notebooks' / name).as_uri()}.html", wait_until="load")
        if options.get("java_script_enabled", True):
            page.evaluate(SET_THEME, theme)
        return page

    yield open_page
    for context in contexts:
        context.close()


def faint(page: Page) -> set[str]:
    """The colours of a chart that do not stand out from the page."""
    background = hexadecimal(page.evaluate(BACKGROUND))
    painted = {hexadecimal(colour) for colour in page.evaluate(PAINTED)} - {background}
    assert len(painted) >= 3
    return {colour for colour in painted if contrast(colour, background) < VISIBLE}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_drawn_stands_out_from_the_page(opened, name):
    page = opened(name)
    papers = set()
    for theme in ("light", "dark"):
        page.evaluate(SET_THEME, theme)
        papers.add(page.evaluate(PAPER).strip())
        # What the style sheet's contrasts are measured against is what the page has.
        assert page.evaluate(PAPER).strip() == hexadecimal(page.evaluate(BACKGROUND))
        assert faint(page) == set()
    assert len(papers) == 2


def test_a_colour_that_does_not_follow_the_theme_would_be_seen(opened):
    page = opened("02-villages", "dark")
    page.add_style_tag(content='html[data-theme="dark"] { --chart-ink: initial }')
    assert faint(page) == {"#1A1A1A"}


@pytest.mark.parametrize("name", NAMES)
def test_the_smallest_text_of_a_chart_is_legible_on_a_phone(opened, name):
    page = opened(name, viewport={"width": PHONE, "height": 800})
    sizes = page.evaluate(SIZES)
    assert sizes
    assert min(sizes) >= LEGIBLE
    assert page.evaluate(CUT_OFF) == 0


def test_small_and_cut_off_text_would_be_seen(opened):
    page = opened("02-villages", viewport={"width": PHONE, "height": 800})
    before = min(page.evaluate(SIZES))
    page.evaluate("() => document.querySelector('.chart svg').setAttribute('viewBox', '20 0 345.6 237.6')")
    assert page.evaluate(CUT_OFF) > 0
    page.add_style_tag(content=".chart svg { width: 50% }")
    assert min(page.evaluate(SIZES)) == pytest.approx(before / 2, rel=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_with_scripts_off_chart_caption_table_and_file_are_there(opened, site, name):
    page = opened(name, java_script_enabled=False)
    chart = page.locator(".chart")
    assert chart.get_by_role("img").is_visible()
    assert "来源：" in chart.locator("figcaption").inner_text()
    assert "依据：" in chart.locator("figcaption").inner_text()
    table = chart.locator("table")
    assert not table.is_visible()
    chart.locator("summary").click()
    assert table.is_visible()
    address = chart.get_by_role("link").get_attribute("href")
    assert address == f"../charts/{name}.csv"
    content = (site / "charts" / f"{name}.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == table.locator("tr").count()
    assert rows[0] == table.locator("th").all_inner_texts()


def test_a_wide_table_scrolls_within_itself(opened):
    page = opened("05-money", viewport={"width": PHONE, "height": 800})
    page.locator(".chart summary").click()
    inner, outer = page.evaluate("""() => [document.querySelector(".chart-data"), document.documentElement]
      .map(node => node.scrollWidth - node.clientWidth)""")
    assert inner > 0
    assert outer == 0


def test_on_paper_the_data_is_unfolded_and_the_colours_are_the_light_ones(opened):
    page = opened("05-money", "dark")
    folded = page.locator(".chart details").bounding_box()["height"]
    dark = page.evaluate(PAINTED)
    page.emulate_media(media="print")
    assert page.locator(".chart-data").is_visible()
    assert page.locator(".chart details").bounding_box()["height"] > 4 * folded
    light = page.evaluate(PAINTED)
    assert not set(light) & set(dark)
    page.emulate_media(media="screen")
    assert page.evaluate(PAINTED) == dark
    assert opened("05-money").evaluate(PAINTED) == light


def test_no_chart_is_published_as_an_image_of_its_own(site):
    assert not list(site.glob("_images/*.svg"))
    assert sorted(p.stem for p in (site / "charts").iterdir()) == sorted(p.stem for p in every_notebook())
