"""Every page in a real browser, on a desk and on a phone, from a server and from a folder."""

import pytest
from support.pages import DESK, PHONE, faults, names
from support.project import ROOT, every_notebook
from support.tables import figure_ids


def test_every_source_has_its_page(site):
    sources = [*every_notebook(), *(ROOT / "book").rglob("*.md")]
    expected = {p.relative_to(ROOT).with_suffix(".html").as_posix() for p in sources}
    expected |= {p.relative_to(site).as_posix() for p in (site / "figures").iterdir()}
    assert expected | {"index.html", "search.html", "404.html"} == set(names(site))
    assert len(list((site / "figures").iterdir())) == len(figure_ids())


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize(
    "name",
    [
        "book/systems/s04-three-lists.html",
        "notebooks/08-poverty.html",
        "figures/poverty-persons.html",
        "search.html",
        "index.html",
    ],
)
def test_the_narrowest_phones_have_no_page_that_is_wider_than_they_are(site, opened, name, width):
    assert faults(opened(width), site.as_uri() + "/", name) == []


def test_every_page_is_whole_and_asks_nobody_else(site, served, desk):
    """From a server, in light colours; from a folder, in dark ones, they are looked at with the ZIP."""
    desk.emulate_media(color_scheme="light")
    found = {name: wrong for name in names(site) if (wrong := faults(desk, served, name, [PHONE, DESK]))}
    assert found == {}


def test_using_the_site_asks_nobody_else_either(base, desk):
    """Search, a card, the colours, a drawer, the way back: nothing of it asks another host."""
    asked = []
    desk.on("request", lambda r: asked.append(r.url))
    desk.goto(base + "index.html")
    desk.locator("article a:has(> .num)").first.hover()
    desk.locator("button.mode").click()
    desk.get_by_label("搜索本书").fill("13540")
    desk.keyboard.press("Enter")
    desk.locator("#search-results > li > a").first.click()
    desk.wait_for_url("**/figures/poverty-persons.html*")
    desk.locator("a.right-next").click()
    desk.go_back()
    desk.set_viewport_size({"width": 375, "height": 700})
    desk.get_by_role("link", name="目录", exact=True).first.click()
    assert len(asked) > 8
    assert [url for url in asked if not url.startswith((base, "data:"))] == []


SEEDED = {
    "remote image": ('<img alt="a" src="http://192.0.2.1/x.svg">', "asks elsewhere: http://192.0.2.1/x.svg"),
    "remote script": (
        '<script src="http://192.0.2.1/x.js"></script>',
        "asks elsewhere: http://192.0.2.1/x.js",
    ),
    "missing file": ('<script src="missing.js"></script>', "missing.js"),
    "no alt text": ('<img src="favicon.svg">', "no alt text"),
    "broken image": ('<img alt="a" src="missing.svg">', "not shown"),
    "console error": ("<script>console.error('seeded')</script>", "console: seeded"),
    "script error": ("<script>seeded()</script>", "script error: seeded is not defined"),
    "too wide": ('<div style="width: 2000px; height: 1px"></div>', "wider than the window"),
}


@pytest.mark.parametrize("seed", SEEDED)
def test_a_seeded_fault_is_seen(tmp_path, desk, seed):
    markup, expected = SEEDED[seed]
    html = '<!DOCTYPE html><html lang="zh-CN"><head><title>t</title></head><body>{}</body></html>'
    (tmp_path / "favicon.svg").write_bytes((ROOT / "book/_static/favicon.svg").read_bytes())
    (tmp_path / "clean.html").write_text(html.format("<p>Text</p>"), encoding="utf-8")
    (tmp_path / "seeded.html").write_text(html.format(markup), encoding="utf-8")
    assert faults(desk, tmp_path.as_uri() + "/", "clean.html") == []
    assert any(expected in fault for fault in faults(desk, tmp_path.as_uri() + "/", "seeded.html"))


def test_a_page_too_wide_for_a_phone_only_is_seen(tmp_path, desk):
    html = '<!DOCTYPE html><html lang="zh-CN"><head><title>t</title></head><body>{}</body></html>'
    (tmp_path / "a.html").write_text(html.format('<div style="width: 600px">x</div>'), encoding="utf-8")
    assert faults(desk, tmp_path.as_uri() + "/", "a.html", [DESK]) == []
    (fault,) = faults(desk, tmp_path.as_uri() + "/", "a.html", [PHONE, DESK])
    assert fault.startswith(f"{PHONE} px: wider than the window")


def test_a_figure_leads_to_its_page(base, page):
    page.goto(base + "book/verdicts.html", wait_until="load")
    page.locator("a:has(.num)", has_text="13,540").first.click()
    page.wait_for_url("**/figures/poverty-persons.html")
    assert page.locator("h1").text_content() == "贫困人口"


def test_the_front_door_leads_to_every_page(site, base, desk):
    """All the pages are in the menu or the grid, so that nobody needs to know an address."""
    desk.goto(base + "index.html")
    links = desk.eval_on_selector_all("a[href], form[action]", "all => all.map(a => a.href || a.action)")
    missing = {n for n in names(site) if base + n not in {link.split("#")[0] for link in links}}
    assert missing == {"404.html", "book/home.html"}  # the latter is the front door itself


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("book/home", ("12,622", "4,507", "不同的是", "一份也没有找到", "3,950")),
        ("book/publications", ("12,622", "4,507", "每条公布值数的是什么", "3,950")),
        ("figures/poverty-persons", ("12,622", "✕ 不同")),
        ("figures/poverty-households", ("4,507", "✕ 不同")),
        ("figures/poverty-growth", ("3,950", "△ 有关")),
    ],
)
def test_what_contradicts_the_interview_is_as_plain_as_what_agrees(base, desk, name, told):
    """Later publications stand on the page, with the word for it, consistent or not."""
    desk.goto(f"{base}{name}.html", wait_until="load")
    text = desk.locator("article").inner_text()
    assert [word for word in told if word not in text] == []
