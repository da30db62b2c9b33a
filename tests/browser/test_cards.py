"""The card of a number: on hover and on focus, dismissible, in view, and nothing but a help."""

import pytest
from playwright.sync_api import Page

NUMBER = "article a:has(> .num)"
CARD = "#card-of-figure"


@pytest.fixture(params=["hover", "focus"])
def shown(request, site, page) -> Page:
    page.goto(f"{site.as_uri()}/book/verdicts.html")
    number = page.locator(NUMBER, has_text="13,540").first
    assert not page.locator(CARD).is_visible()
    number.scroll_into_view_if_needed()
    if request.param == "hover":
        number.hover()
    else:
        number.focus()
    page.locator(CARD).wait_for(state="visible")
    return page


def test_a_card_says_value_and_verdict(shown):
    lines = shown.locator(CARD).locator("> *").all_text_contents()
    assert lines == ["贫困人口", "13,540 人", "✕ 旁证：不同", "◇ 依据：本书自编（示意）", "○ 复算：相等"]
    number = shown.locator(NUMBER, has_text="13,540").first
    assert number.get_attribute("aria-describedby") == "card-of-figure"
    assert shown.locator(CARD).get_attribute("role") == "tooltip"


def test_a_card_is_within_the_window_and_beside_its_number(shown):
    card = shown.locator(CARD).bounding_box()
    number = shown.locator(NUMBER, has_text="13,540").first.bounding_box()
    width = shown.viewport_size["width"]
    assert card["x"] >= 0
    assert card["x"] + card["width"] <= width
    gap = max(card["y"] - number["y"] - number["height"], number["y"] - card["y"] - card["height"])
    assert 0 <= gap < 30


def test_escape_dismisses_a_card(shown):
    shown.keyboard.press("Escape")
    shown.locator(CARD).wait_for(state="hidden")
    assert shown.locator("[aria-describedby]").count() == 0


def test_a_card_stays_while_the_pointer_is_on_it_and_goes_after(site, desk):
    desk.goto(f"{site.as_uri()}/book/verdicts.html")
    desk.locator(NUMBER, has_text="13,540").first.hover()
    desk.locator(CARD).hover()
    desk.wait_for_timeout(400)  # longer than a card outlives the pointer
    assert desk.locator(CARD).is_visible()
    desk.mouse.move(0, 0)
    desk.locator(CARD).wait_for(state="hidden")


def test_moving_on_by_keyboard_moves_the_card(site, desk):
    desk.goto(f"{site.as_uri()}/index.html")
    numbers = desk.locator(NUMBER)
    numbers.nth(0).focus()
    first = desk.locator(CARD).text_content()
    numbers.nth(1).focus()
    assert desk.locator(CARD).text_content() != first
    desk.locator("button.mode").focus()
    desk.locator(CARD).wait_for(state="hidden")


def test_touching_a_number_goes_to_its_page(site, opened):
    page = opened(375, has_touch=True)
    page.goto(f"{site.as_uri()}/book/verdicts.html")
    page.locator(NUMBER, has_text="13,540").first.tap()
    page.wait_for_url("**/figures/poverty-persons.html")
    assert page.locator("h1").text_content() == "贫困人口"
