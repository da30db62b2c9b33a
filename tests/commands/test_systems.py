"""What a system's page shows from the tables, in real builds; a system there is not fails the build."""

import re

import pytest
from support.site import Built, sphinx

ORPHAN = "---\norphan: true\n---\n# 页\n"
PAGES = dict.fromkeys(
    [
        "book/systems/s12-incentives",
        "book/systems/s13-error-tolerance",
        "notebooks/systems/s09-funding",
        "notebooks/systems/s14-promotion-demotion",
    ],
    ORPHAN,
)


SHOWN = [
    ("system-card", "S14"),
    ("system-figures", "S17"),
    ("system-figures", "S14"),
    ("undefined", "S14"),
    ("model", "S14"),
    ("model", "S09"),
]
DIRECTIVES = ["system-card", "system-figures", "undefined", "model"]


def built(folder, directives: list[tuple[str, str]]) -> Built:
    """A build with a page for each directive and system."""
    pages = {f"{d}-{system}": f"{ORPHAN}\n```{{{d}}} {system}\n```\n" for d, system in directives}
    extensions = ["figurebook.site.roles", "figurebook.site.pages.systems"]
    return sphinx(folder, *extensions, **PAGES, **pages, index="# 题\n")


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[tuple[str, str], str]:
    """The page of each directive and system."""
    made = built(tmp_path_factory.mktemp("systems"), SHOWN)
    assert (made.returncode, made.warnings) == (0, "")
    return {(d, system): made.page(f"{d}-{system}") for d, system in SHOWN}


def rows(page: str) -> list[list[str]]:
    """The rows of all tables of the page, each cell as text."""
    return [
        [re.sub(r"<[^>]+>", "", c).strip() for c in re.findall(r"<t[dh].*?</t[dh]>", r, re.DOTALL)]
        for r in re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    ]


def said(page: str) -> list[tuple[str, str]]:
    """What the page's lists of names and words say, in order."""
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", re.sub(r"\n", "", page), re.DOTALL)
    return [tuple(re.sub(r"<[^>]+>", "", part).strip() for part in pair) for pair in found]


def test_the_card_has_parts_place_and_links_to_related_systems(pages):
    page = pages["system-card", "S14"]
    shown = dict(said(page))
    assert shown["编号与名称"] == "S14 能上能下（promotion and demotion）"
    assert shown["访谈列出的各部分"] == "承诺、督查、述职、评议、考核"
    assert shown["在访谈里的位置"].startswith("原文第 2331–2374 字符")
    assert re.findall(r'href="(book/systems/[^"]+)"', page) == [
        "book/systems/s12-incentives.html",
        "book/systems/s13-error-tolerance.html",
    ]


def test_the_figures_have_their_verdicts(pages):
    shown = rows(pages["system-figures", "S17"])
    assert shown[1] == ["新提拔干部", "41 人", "— 没有找到", "◇ 本书自编（示意）", "○ 相等"]
    assert len(shown) == 5


def test_a_system_without_figures_says_so(pages):
    assert "没有给出数字" in pages["system-figures", "S14"]


def test_what_is_undefined_is_shown_with_default_and_reason(pages, tables):
    page = pages["undefined", "S14"]
    frame = tables.undefined.frame.query("system == 'S14'")
    told = [w for n, w in said(page) if n == "本书的默认"]
    assert told == frame["default"].tolist()
    assert "不设" in told
    assert [w for n, w in said(page) if n == "理由"] == frame["reason"].tolist()
    points = [re.sub(r"<[^>]+>", "", p) for p in re.findall(r'<p class="point">(.*?)</p>', page)]
    assert points == [f"{p} {i}" for p, i in zip(frame["point"], frame["id"], strict=True)]


def test_the_model_has_its_notebook_its_functions_and_rules_marked_with_their_origin(pages):
    page = pages["model", "S14"]
    shown = rows(page)
    assert 'href="notebooks/systems/s14-promotion-demotion.html"' in page
    assert [r[0] for r in shown[1:4]] == ["progress", "outstanding", "overdue"]
    assert ["承诺之后走完五步的期限", "本书默认（S14.deadline）", "12", "个月", "deadline"] in shown
    assert ["已承诺", "访谈", "中间", "committed"] in shown


def test_what_the_interview_gives_of_a_rule_is_told_as_given(pages):
    shown = rows(pages["model", "S09"])
    told = {r[-1]: r[1] for r in shown}
    assert told["department"] == "访谈（标准）；其余：本书默认（S09.departments）"
    for item in ("village_increase", "community_increase"):
        assert told[item] == "访谈（标准）；其余：本书默认（S09.recurrence）"
    assert told["community"] == "访谈（标准）；其余：本书默认（S09.per-community）"
    assert told["village"] == told["training"] == "访谈"
    assert not any("访谈给出的" in r for r in shown), "it has no column of its own"


@pytest.fixture(scope="module")
def unknown(tmp_path_factory) -> Built:
    return built(tmp_path_factory.mktemp("unknown"), [(directive, "S99") for directive in DIRECTIVES])


@pytest.mark.parametrize("directive", DIRECTIVES)
def test_a_system_there_is_not_fails_the_build(unknown, directive):
    assert unknown.returncode != 0
    [line] = [line for line in unknown.warnings.splitlines() if f"{directive}-S99.md" in line]
    assert "没有制度 S99" in line
