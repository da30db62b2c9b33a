"""The directives that print tables, in a real build."""

import re

import pytest
from support.site import sphinx

from figurebook.site.pages import dictionary

PAGE = """# 题

```{view} corroboration
:columns: figure published_value qualifier publication
```

```{view} assumptions
:columns: label value unit
```

```{view} assumptions
:columns: label impact
:only: impact high
```

```{words} BASES
```

```{data-dictionary}
```
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("dictionary")
    built = sphinx(folder, "figurebook.site.roles", "figurebook.site.pages.dictionary", index=PAGE)
    assert (built.returncode, built.warnings) == (0, "")
    return built.page()


def rows(page: str) -> list[list[str]]:
    """The cells of every row of every table."""
    found = re.findall(r"<tr\b.*?</tr>", page, re.DOTALL)
    cells = [re.findall(r"<t[dh]\b.*?</t[dh]>", row, re.DOTALL) for row in found]
    return [[re.sub("<[^>]+>", "", cell).strip() for cell in row] for row in cells]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (120.93, "120.93"),
        (3791.5, "3,791.5"),
        (4507.0, "4,507"),
        ("610626", "610626"),
        (None, "—"),
        (float("nan"), "—"),
    ],
)
def test_a_published_number_keeps_its_digits(cell, shown):
    assert dictionary._exact(cell) == shown


def test_keys_are_shown_as_what_they_point_to(page):
    persons = next(r for r in rows(page) if r[1:2] == ["12,622"])
    assert persons[0] == "贫困人口"
    assert persons[2] == "恰好"
    assert persons[3].startswith("延安日报《")
    assert 'href="figures/poverty-persons.html"' in page


def test_a_number_without_a_unit_is_no_quantity(page):
    assert ["随机数种子", "2016", "—"] in rows(page)


def test_the_words_of_an_axis_are_listed(page):
    assert [r[0] for r in rows(page) if len(r) == 3 and r[2] in ("recorded", "published", "stated")] == [
        "实际登记",
        "公开发布",
        "仅见访谈",
    ]


def test_each_table_has_a_section_that_can_be_led_to(page, tables):
    for name in tables.names:
        anchor = f"table-{name.replace('_', '-')}"
        assert re.search(rf'<section id="{anchor}">\s*<h2>{re.escape(tables.resource(name)["title"])}', page)
        assert tables.resource(name)["hash"] in page


def test_only_the_rows_of_the_named_codes_are_shown(page, tables):
    high = tables.assumptions.frame.query("impact == 'high'")["label"]
    assert [r[0] for r in rows(page) if r[1:] == ["高"]] == list(high)
    assert 0 < len(high) < len(tables.assumptions.frame)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (":columns: term labl", "没有列 labl"),
        (":only: knd name", "没有列 knd"),
        (":only: kind name wrod", "没有代码 wrod"),
    ],
)
def test_a_column_or_a_code_that_is_not_there_fails_the_build(tmp_path, options, told):
    built = sphinx(
        tmp_path,
        "figurebook.site.roles",
        "figurebook.site.pages.dictionary",
        index=f"# 题\n\n```{{view}} terms\n{options}\n```\n",
    )
    assert built.returncode != 0
    assert told in built.warnings
