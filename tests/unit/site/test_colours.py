"""The contrast beside each colour of the book's style sheet is the contrast it has."""

import re

import pytest
from support.charts import contrast
from support.project import ROOT

TEXT = (ROOT / "figurebook" / "site" / "theme" / "static" / "book.css").read_text(encoding="utf-8")
_LIGHT, _DARK, *_ = re.findall(r"html\[data-theme.*?\] \{(.*?)\}", TEXT, re.DOTALL)
BLOCKS = {"light": _LIGHT, "dark": _DARK}


@pytest.mark.parametrize("theme", BLOCKS)
def test_recorded_contrasts_are_right_and_enough_for_text(theme):
    page = re.search(r"--pst-color-background: (#\w{6})", BLOCKS[theme])[1]
    recorded = re.findall(r"--([\w-]+): (#\w{6}); /\* ([\d.]+) \*/", BLOCKS[theme])
    assert len(recorded) == 11
    for name, colour, ratio in recorded:
        assert float(ratio) == pytest.approx(contrast(colour, page), abs=0.051), name
        assert float(ratio) >= 4.5, name


def test_both_themes_name_the_same_colours():
    names = [re.findall(r"--([\w-]+):", block) for block in BLOCKS.values()]
    assert names[0] == names[1] != []
