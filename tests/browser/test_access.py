"""Every kind of page for every reader: axe, the keyboard alone, without scripts, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

KINDS = [
    "index.html",
    "book/verdicts.html",
    "book/register.html",
    "book/data.html",
    "book/reconstruction.html",
    "figures/poverty-persons.html",
    "figures/staffing-departments.html",
    "notebooks/08-poverty.html",
    "search.html?q=13540",
    "search.html?q=qwertyuiop",
    "404.html",
]


def violations(page: Page) -> list[str]:
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing(site, page, colours):
    page.emulate_media(color_scheme=colours)
    found = {}
    for name in KINDS:
        page.goto(f"{site.as_uri()}/{name}")
        assert name == "404.html" or page.evaluate("document.documentElement.dataset.theme") == colours
        found[name] = violations(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(found) == len(KINDS)


def test_axe_would_find_something(tmp_path, desk):
    (tmp_path / "a.html").write_text(
        "<html lang='zh'><title>t</title><main><h1>a</h1><p style='color:#aaa'>Text</p><button></button>",
        encoding="utf-8",
    )
    desk.goto(tmp_path.as_uri() + "/a.html")
    assert {v.split(":")[0] for v in violations(desk)} >= {"color-contrast", "button-name"}


def focused(page: Page) -> str:
    """What has the focus, as a reader of the screen would be told."""
    return page.evaluate("""() => { const e = document.activeElement;
        return (e.getAttribute("aria-label") || e.textContent).trim().split("\\n")[0]; }""")


def test_the_first_key_skips_to_the_text(site, desk):
    desk.goto(f"{site.as_uri()}/book/verdicts.html")
    desk.keyboard.press("Tab")
    assert focused(desk) == "跳转至主要内容"
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.closest('main') !== null")


def test_every_link_and_button_is_reached_by_keyboard_and_seen(site, page):
    """Tab from the top to the end: nothing is missed, nothing traps, what has the focus is in view."""
    page.goto(f"{site.as_uri()}/figures/poverty-persons.html")
    expected = page.evaluate("""() => [...document.querySelectorAll("a[href], button, input")]
        .filter((e) => e.checkVisibility({visibilityProperty: true})).length""")
    seen = 0
    for _ in range(expected + 10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        state = page.evaluate("""() => { const e = document.activeElement, r = e.getBoundingClientRect();
            const style = getComputedStyle(e);
            return {tag: e.tagName, view: r.bottom > 0 && r.top < innerHeight && r.width > 0,
                    ring: style.outlineStyle !== "none" && style.outlineWidth !== "0px"
                          || style.boxShadow !== "none"}; }""")
        assert state["view"], focused(page)
        assert state["ring"], focused(page)
        seen += state["tag"] in ("A", "BUTTON", "INPUT")
    else:
        pytest.fail("the focus never came to the end of the page")
    assert seen == expected > 15


def test_the_colours_change_by_keyboard_and_stay(site, desk):
    desk.goto(f"{site.as_uri()}/index.html")
    button = desk.locator("button.mode")
    theme = lambda: desk.evaluate("document.documentElement.dataset.theme")  # noqa: E731
    said = []
    button.focus()
    for _ in range(3):
        desk.keyboard.press("Enter")
        said.append((button.text_content(), button.get_attribute("aria-label"), theme()))
    assert said == [
        (f"配色：{mode}", f"配色：{mode}", theme)
        for mode, theme in (("亮色", "light"), ("暗色", "dark"), ("自动", "light"))
    ]
    desk.keyboard.press("Enter")
    desk.keyboard.press("Enter")
    desk.goto(f"{site.as_uri()}/book/data.html")
    assert theme() == "dark"
    assert desk.locator("button.mode").text_content() == "配色：暗色"


def test_a_stored_mode_that_is_none_is_not_used(site, desk):
    desk.add_init_script("localStorage.setItem('mode', 'pink')")
    desk.goto(f"{site.as_uri()}/index.html")
    assert desk.locator("button.mode").text_content() == "配色：自动"


@pytest.mark.parametrize(
    ("opener", "drawer", "inside"),
    [("目录", "#pst-primary-sidebar", "怎样读判定"), ("本页", "#pst-secondary-sidebar", "依据：表是谁的")],
)
def test_a_drawer_opens_and_closes_by_keyboard(site, opened, opener, drawer, inside):
    page = opened(375)
    page.goto(f"{site.as_uri()}/book/verdicts.html")
    link = page.locator(drawer).get_by_role("link", name=inside, exact=True)
    assert not link.is_visible()
    page.locator(".header-article__inner").get_by_role("link", name=opener, exact=True).press("Enter")
    link.wait_for(state="visible")
    page.keyboard.press("Tab")
    assert page.evaluate(f"document.activeElement.closest('{drawer}') !== null")
    page.keyboard.press("Escape")
    link.wait_for(state="hidden")


def test_a_click_beside_an_open_drawer_closes_it(site, opened):
    page = opened(375)
    page.goto(f"{site.as_uri()}/book/verdicts.html#pst-primary-sidebar")
    assert page.locator("#pst-primary-sidebar").is_visible()
    page.mouse.click(365, 400)
    page.locator("#pst-primary-sidebar").wait_for(state="hidden")


@pytest.mark.parametrize("width", [1280, 375])
def test_without_scripts_a_page_can_be_read_and_walked_through(site, opened, width):
    page = opened(width, java_script_enabled=False)
    page.goto(f"{site.as_uri()}/figures/poverty-persons.html")
    assert "13,540 人" in page.locator("article").inner_text()
    assert not page.locator("button.mode").is_visible()
    if width == 375:
        page.get_by_role("link", name="目录", exact=True).first.click()
    page.locator("#pst-primary-sidebar summary", has_text="方法与数据").click()
    page.locator("#pst-primary-sidebar").get_by_role("link", name="数据字典", exact=True).click()
    assert page.url.endswith("/book/data.html")
    page.locator("a.right-next").click()
    assert page.url.endswith("/book/publications.html")


def test_ctrl_k_goes_to_the_search_field(site, desk):
    desk.goto(f"{site.as_uri()}/book/data.html")
    desk.keyboard.press("Control+k")
    assert focused(desk) == "搜索本书"


def test_closing_a_drawer_returns_to_where_the_reader_was(site, opened):
    page = opened(375)
    page.goto(f"{site.as_uri()}/book/data.html")
    page.evaluate("scrollTo({top: 3000, behavior: 'instant'})")
    for closer in ("Escape", "关闭目录"):
        menu = page.locator(".header-article__inner").get_by_role("link", name="目录", exact=True)
        at = menu.bounding_box()
        page.mouse.click(at["x"] + 5, at["y"] + 5)  # Playwright's own click would scroll first
        page.locator("#pst-primary-sidebar").wait_for(state="visible")
        if closer == "Escape":
            page.keyboard.press(closer)
        else:
            page.get_by_role("link", name=closer, exact=True).click()
        page.locator("#pst-primary-sidebar").wait_for(state="hidden")
        assert abs(page.evaluate("scrollY") - 3000) < 10
