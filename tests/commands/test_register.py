"""The register and the grid of figures, in a real build."""

import re

import pytest
from support.site import sphinx
from support.tables import figure_ids

from figurebook.site.build_state import page_name, verdict_axes, verdicts


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    made = sphinx(
        tmp_path_factory.mktemp("register"),
        "figurebook.site.roles",
        "figurebook.site.pages.register",
        index="# 题\n\n```{toctree}\nother\n```\n\n```{register}\n```\n",
        other="# 另\n\n```{glance}\n```\n\n甲{verdict}`poverty.persons`乙\n",
    )
    assert (made.returncode, made.warnings) == (0, "")
    return made


@pytest.mark.parametrize(("name", "tag"), [("index", 'tr class="[^"]+"'), ("other", "li")])
def test_each_figure_shows_value_label_and_verdict_by_shape_word_and_colour(built, name, tag):
    close = tag.split()[0]
    found = re.findall(rf"<{tag}>(?:(?!</{close}>).)*?figures/.*?</{close}>", built.page(name), re.DOTALL)
    assert len(found) == len(verdicts()) == len(figure_ids())
    for piece, verdict in zip(found, verdicts().values(), strict=True):
        assert f'href="{page_name(verdict.figure.id)}.html"' in piece
        for part in (verdict.figure.text, verdict.figure.label_zh):
            assert part in piece
        for axis in verdict_axes(verdict):
            told = rf'<span class="axis {axis["kind"]}">{axis["shape"]} \w*{axis["word"]}</span>'
            assert re.search(told, piece)


def test_a_contradiction_has_a_shape_and_a_colour_of_its_own():
    told = {a["value"]: (a["shape"], a["kind"]) for v in verdicts().values() for a in verdict_axes(v)}
    assert told["unlike"] == ("✕", "no")
    assert [value for value, (_, kind) in told.items() if kind == "no"] == ["unlike"]
    # What proves nothing never has the look of what does.
    assert told["illustrative"] == told["stated"] == ("◇", "open")
    assert told["published"] != told["illustrative"]


def test_a_verdict_can_be_said_in_a_line(built):
    assert "甲旁证：不同；依据：本书自编（示意）；复算：相等乙" in built.page("other")


def test_a_verdict_of_an_unknown_figure_fails_the_build(tmp_path):
    failed = sphinx(
        tmp_path,
        "figurebook.site.roles",
        "figurebook.site.pages.register",
        index="# 题\n\n{verdict}`poverty.person`\n",
    )
    assert failed.returncode != 0
    assert "poverty.persons" in failed.warnings
