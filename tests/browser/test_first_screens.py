"""The first screen says the whole finding; the register is filtered by its address and by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from figurebook.figures.answers import answer
from figurebook.site.build_state import page_name, verdicts

SIZES = [(1280, 800), (375, 812)]
ROWS = "table.register tbody tr"


def is_in_first_screen(page: Page, selector: str, height: int) -> bool:
    box = page.locator(selector).first.bounding_box()
    return box["y"] >= 0 and box["y"] + box["height"] <= height


def at(page: Page, width: int, height: int) -> Page:
    page.set_viewport_size({"width": width, "height": height})
    return page


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_home_says_the_finding_in_its_first_screen(site, desk, width, height):
    page = at(desk, width, height)
    page.goto(f"{site.as_uri()}/index.html")
    for part in (".finding .answer", ".finding ul.squares"):
        assert is_in_first_screen(page, part, height), part
    told = page.locator(".finding").inner_text()
    for part in (
        "没有同样的数",
        "没有不同的数",
        "编者查过的出版物",
        "没有找到，不等于没有",
        "12,622",
        "4,507",
    ):
        assert part in told
    assert page.locator(".finding .square").count() == len(verdicts())


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_figure_page_answers_in_its_first_screen(site, desk, width, height):
    page = at(desk, width, height)
    for figure_id, verdict in verdicts().items():
        page.goto(f"{site.as_uri()}/{page_name(figure_id)}.html")
        assert page.locator("p.answer").inner_text() == answer(verdict)
        assert is_in_first_screen(page, "p.answer", height), figure_id


def test_a_count_on_home_leads_to_those_figures(site, desk):
    desk.goto(f"{site.as_uri()}/index.html")
    desk.get_by_role("link", name="没有找到 18 个").click()
    desk.wait_for_url("**/book/register.html#corroboration-none-found")
    expect(desk.locator(f"{ROWS}:visible")).to_have_count(18)
    expect(desk.locator(".filters [role=status]")).to_contain_text("只显示 18 个，共 30 个")
    desk.get_by_role("link", name="全部显示").click()
    expect(desk.locator(f"{ROWS}:visible")).to_have_count(30)


def test_the_register_is_filtered_and_sorted_by_keyboard(site, desk):
    desk.goto(f"{site.as_uri()}/book/register.html")
    desk.locator(".filters a", has_text="不同").focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**#corroboration-unlike")
    expect(desk.locator(f"{ROWS}:visible")).to_have_count(2)
    expect(desk.locator(".filters a[aria-current]")).to_have_text("不同 2")
    desk.go_back()
    expect(desk.locator(f"{ROWS}:visible")).to_have_count(30)
    desk.get_by_role("button", name="访谈所述").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(f"{ROWS} td.number").first).to_have_text("3 名")
    desk.keyboard.press("Enter")
    expect(desk.locator(f"{ROWS} td.number").first).to_have_text("1,000,000 元")
    assert desk.locator("th[aria-sort=descending]").count() == 1


def test_the_register_shows_each_verdict_on_a_phone_without_scrolling_sideways(site, desk):
    page = at(desk, 375, 812)
    page.goto(f"{site.as_uri()}/book/register.html")
    boxes = [cell.bounding_box() for cell in page.locator(f"{ROWS} .axis").all()]
    assert len(boxes) == 3 * len(verdicts())
    assert [b for b in boxes if b["x"] < 0 or b["x"] + b["width"] > 375] == []


def test_without_scripts_the_register_is_whole(site, chromium):
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.as_uri()}/book/register.html#corroboration-unlike")
    assert page.locator(f"{ROWS}:visible").count() == 30
    page.context.close()


def test_code_is_closed_at_first_and_opened_by_keyboard(site, desk):
    desk.goto(f"{site.as_uri()}/notebooks/08-poverty.html")
    code = desk.locator("details.code").first
    assert desk.locator("details.code[open]").count() == 0
    assert not code.locator(".highlight").first.is_visible()
    code.locator("summary").focus()
    desk.keyboard.press("Enter")
    expect(code.locator(".highlight").first).to_be_visible()
    assert "nb.tables()" in code.inner_text()


def test_without_scripts_code_opens_too(site, chromium):
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.as_uri()}/notebooks/08-poverty.html")
    page.locator("details.code summary").first.click()
    expect(page.locator("details.code .highlight").first).to_be_visible()
    page.context.close()
