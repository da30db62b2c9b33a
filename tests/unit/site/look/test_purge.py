"""A purged style sheet: what may be needed stays, what cannot be goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figurebook.site.look.purge import purge, words

USED = {"page", "note", "top"}


@pytest.mark.parametrize(
    "rule",
    [
        "p{color:red}",
        ".page{color:red}",
        "#top{color:red}",
        ".page .note>a{color:red}",
        "html[data-theme=dark] p{color:red}",
        ".page:not(.absent){color:red}",
        ".page:is(.absent,.note){top:0}",
        'a[href=".absent"]{color:red}',
        "@media print{.page{color:red}}",
        "@page{margin:1cm}",
        ":root{--a:#fff}",
        "@keyframes x{from{top:0}to{top:1px}}",
    ],
)
def test_what_a_page_may_need_stays(rule):
    assert "".join(purge(rule, USED).split()) == "".join(rule.split())


@pytest.mark.parametrize(
    "rule",
    [
        ".absent{color:red}",
        "#absent{color:red}",
        ".page .absent{color:red}",
        ".page.absent{color:red}",
        "@media print{.absent{color:red}}",
        "@font-face{font-family:x;src:url(x.woff2)}",
        '@import url("basic.css");',
        '@charset "utf-8";',
        "/* a comment */",
    ],
)
def test_what_no_page_can_use_goes(rule):
    assert purge(rule, USED) == ""


def test_of_a_list_of_selectors_the_used_ones_stay():
    assert purge(".absent,.note,p.absent{color:red}", USED) == ".note{color:red}"
    assert purge(":is(.a,.b) .absent,p{color:red}", USED) == "p{color:red}"


def test_a_broken_sheet_is_refused_with_its_line():
    with pytest.raises(ValueError, match="line 2"):
        purge("p{color:red}\n} p", USED)


def test_words_are_found_in_pages_and_scripts():
    page = "<p class='a-b'>x</p><script>e.classList.add(\"mode\"); c_d</script>"
    assert {"a-b", "mode", "c_d"} <= words(page)


_NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)


@given(st.sets(_NAMES), st.sets(_NAMES))
def test_a_class_stays_exactly_when_it_is_used(classes, used):
    sheet = "".join(f".{c}{{color:red}}" for c in sorted(classes))
    assert purge(sheet, used) == "".join(f".{c}{{color:red}}" for c in sorted(classes & used))
