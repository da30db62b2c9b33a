"""Each page printed on its own: its title, all its text, light, and nothing cut off."""

import io

import pytest
from pypdf import PdfReader

KINDS = [
    "index.html",
    "figures/poverty-persons.html",
    "notebooks/05-money.html",
    "book/register.html",
    "book/publications.html",
    "book/assumptions.html",
    "book/data.html",
]
WIDTH = 672  # px: A4 less the margins of book.css, 178 mm


@pytest.mark.parametrize("name", KINDS)
def test_a_page_prints_well_on_its_own(site, desk, name):
    desk.emulate_media(media="print", color_scheme="dark")
    desk.set_viewport_size({"width": WIDTH, "height": 900})
    desk.goto(f"{site.as_uri()}/{name}")
    assert desk.locator("article h1").first.is_visible()
    assert not desk.locator(".bd-header-article").is_visible()
    assert desk.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )
    assert (
        desk.evaluate(
            """(width) => [...document.querySelectorAll("article *")]
        .filter((e) => !e.closest("svg") && e.getBoundingClientRect().right > width + 1)
        .map((e) => e.outerHTML.slice(0, 80))""",
            WIDTH,
        )
        == []
    )
    # No column is so narrow that its words stand one character below the other.
    assert (
        desk.evaluate("""() => [...document.querySelectorAll("article :is(td, th):not(.number)")]
        .filter((e) => e.getBoundingClientRect().width < (e.matches(".sentence") ? 60 : 40))
        .map((e) => e.outerHTML.slice(0, 80))""")
        == []
    )


def test_a_page_is_printed_with_its_title_and_its_folded_parts(site, desk):
    desk.goto(f"{site.as_uri()}/notebooks/05-money.html")
    reader = PdfReader(io.BytesIO(desk.pdf(prefer_css_page_size=True)))
    text = "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert "5经费：标准乘个数" in text
    assert "图中的数据" in text
    assert len(reader.pages) < 12
    assert abs(float(reader.pages[0].mediabox.width) - 595) < 2  # A4, in points
