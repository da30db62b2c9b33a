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


def built(folder, directive: str, system: str) -> Built:
    return sphinx(
        folder,
        "figurebook.site.roles",
        "figurebook.site.pages.systems",
        **PAGES,
        index=f"# 题\n\n```{{{directive}}} {system}\n```\n",
    )


def rows(made: Built) -> list[list[str]]:
    """The rows of all tables of the page, each cell as text."""
    assert (made.returncode, made.warnings) == (0, "")
    return [
        [re.sub(r"<[^>]+>", "", c).strip() for c in re.findall(r"<t[dh].*?</t[dh]>", r, re.DOTALL)]
        for r in re.findall(r"<tr.*?</tr>", made.page(), re.DOTALL)
    ]


def said(made: Built) -> list[tuple[str, str]]:
    """What the page's lists of names and words say, in order."""
    assert (made.returncode, made.warnings) == (0, "")
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", re.sub(r"\n", "", made.page()), re.DOTALL)
    return [tuple(re.sub(r"<[^>]+>", "", part).strip() for part in pair) for pair in found]


def test_the_card_has_parts_place_and_links_to_related_systems(tmp_path):
    made = built(tmp_path, "system-card", "S14")
    shown = dict(said(made))
    assert shown["编号与名称"] == "S14 能上能下（promotion and demotion）"
    assert shown["访谈列出的各部分"] == "承诺、督查、述职、评议、考核"
    assert shown["在访谈里的位置"].startswith("原文第 2331–2374 字符")
    assert re.findall(r'href="(book/systems/[^"]+)"', made.page()) == [
        "book/systems/s12-incentives.html",
        "book/systems/s13-error-tolerance.html",
    ]


def test_the_figures_have_their_verdicts(tmp_path):
    shown = rows(built(tmp_path, "system-figures", "S17"))
    assert shown[1] == ["新提拔干部", "41 人", "— 没有找到", "◇ 本书自编（示意）", "○ 相等"]
    assert len(shown) == 5


def test_a_system_without_figures_says_so(tmp_path):
    assert "没有给出数字" in built(tmp_path, "system-figures", "S14").page()


def test_what_is_undefined_is_shown_with_default_and_reason(tmp_path, tables):
    made = built(tmp_path, "undefined", "S14")
    frame = tables.undefined.frame.query("system == 'S14'")
    told = [w for n, w in said(made) if n == "本书的默认"]
    assert told == frame["default"].tolist()
    assert "不设" in told
    assert [w for n, w in said(made) if n == "理由"] == frame["reason"].tolist()
    points = [re.sub(r"<[^>]+>", "", p) for p in re.findall(r'<p class="point">(.*?)</p>', made.page())]
    assert points == [f"{p} {i}" for p, i in zip(frame["point"], frame["id"], strict=True)]


def test_the_model_has_its_notebook_its_functions_and_rules_marked_with_their_origin(tmp_path):
    made = built(tmp_path, "model", "S14")
    shown = rows(made)
    assert 'href="notebooks/systems/s14-promotion-demotion.html"' in made.page()
    assert [r[0] for r in shown[1:4]] == ["progress", "outstanding", "overdue"]
    assert ["承诺之后走完五步的期限", "本书默认（S14.deadline）", "12", "个月", "deadline"] in shown
    assert ["已承诺", "访谈", "中间", "committed"] in shown


def test_what_the_interview_gives_of_a_rule_is_told_as_given(tmp_path):
    shown = rows(built(tmp_path, "model", "S09"))
    told = {r[-1]: r[1] for r in shown}
    assert told["department"] == "访谈（标准）；其余：本书默认（S09.departments）"
    for item in ("village_increase", "community_increase"):
        assert told[item] == "访谈（标准）；其余：本书默认（S09.recurrence）"
    assert told["community"] == "访谈（标准）；其余：本书默认（S09.per-community）"
    assert told["village"] == told["training"] == "访谈"
    assert not any("访谈给出的" in r for r in shown), "it has no column of its own"


@pytest.mark.parametrize("directive", ["system-card", "system-figures", "undefined", "model"])
def test_a_system_there_is_not_fails_the_build(tmp_path, directive):
    made = built(tmp_path, directive, "S99")
    assert made.returncode != 0
    assert "没有制度 S99" in made.warnings
