"""What a notebook shows: tables that screen readers can use, verdicts, and where a chart comes from."""

from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.tables import figure_ids, own_register, write_csv

from figurebook.datapackage.tables import Tables
from figurebook.notebooks import api as nb
from figurebook.office.lay_over import load_with


class Parsed(HTMLParser):
    """The tags of a table with their attributes, and its texts."""

    def __init__(self, markup: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.texts: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.texts.append(data.strip())

    def all(self, tag: str) -> list[dict]:
        return [given for name, given in self.tags if name == tag]


def html_of(title, columns, rows) -> Parsed:
    return Parsed(nb.Shown(title, columns, rows)._repr_html_())


def test_a_table_has_a_caption_and_scopes():
    page = html_of("Title", ["a", "b"], [["x", 1], ["y", 2]])
    assert len(page.all("caption")) == 1
    assert page.texts.index("Title") < page.texts.index("a")
    assert [given.get("scope") for given in page.all("th")] == ["col", "col"]
    assert len(page.all("tr")) == 3
    assert len(page.all("td")) == 4


def test_what_looks_like_markup_is_shown_not_obeyed():
    evil = '<script src="x">&</script>'
    page = html_of(evil, [evil], [[evil]])
    assert page.all("script") == []
    assert page.texts.count(evil) == 3


def test_columns_of_numbers_are_aligned_and_others_are_not():
    page = html_of(
        "t",
        ["int", "float", "numpy", "gaps", "text", "mixed", "empty"],
        [[1, 1.5, np.int64(3), None, "x", 1, None], [2, 2.5, np.float64(4), 7, "y", "z", pd.NA]],
    )
    expected = ["number", "number", "number", "number", None, None, None]
    assert [given.get("class") for given in page.all("th")] == expected
    assert [given.get("class") for given in page.all("td")] == expected * 2


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "—"),
        (pd.NA, "—"),
        (float("nan"), "—"),
        (True, "是"),
        (False, "否"),
        (0, "0"),
        (13540, "13,540"),
        (np.int64(5115), "5,115"),
        (13.9, "13.9"),
        (2.0, "2"),
        (1234.567, "1,234.57"),
        (0.004, "0"),
        ("", ""),
        ("91", "91"),
        (-4507, "-4,507"),
    ],
)
def test_a_cell_as_readers_see_it(value, shown):
    assert nb.plain_cell(value) == shown


def test_the_plain_form_has_the_same_cells():
    shown = nb.Shown("Title", ["a", "b"], [["x", 13540], [None, 2.5]])
    assert repr(shown).splitlines() == ["Title", "a | b", "x | 13,540", "— | 2.5"]


def test_a_frame_is_shown_with_its_columns():
    frame = pd.DataFrame({"name": ["x"], "count": pd.array([None], dtype="Int64")})
    assert repr(nb.show("t", frame)).splitlines() == ["t", "name | count", "x | —"]


def test_checks_name_exactly_those_that_fail():
    assert repr(nb.checks({"first": True, "second": np.True_})).count("通过") == 2
    with pytest.raises(AssertionError) as caught:
        nb.checks({"good": True, "bad": False, "worse": np.False_})
    assert "bad" in str(caught.value)
    assert "worse" in str(caught.value)
    assert "good" not in str(caught.value)


def test_explain_keeps_the_three_axes_apart(tables: Tables):
    shown = nb.explain(tables, "poverty.persons", "staffing.villages")
    assert shown.columns[-3:] == ["旁证", "依据", "复算"]
    assert [row[-3:] for row in shown.rows] == [
        ["不同", "本书自编（示意）", "相等"],
        ["有关", "公开发布", "相等"],
    ]
    assert len(nb.explain(tables).rows) == len(figure_ids())


def test_an_unknown_figure_is_refused_with_its_neighbours(tables: Tables):
    with pytest.raises(KeyError, match=r"poverty\.persons"):
        nb.explain(tables, "poverty.person")


def test_sources_tell_the_basis_and_the_rows(tables: Tables):
    (row,) = nb.sources(tables, "poor_households").rows
    assert row[0] == "poor_households"
    assert row[2] == 5115
    assert row[3] == "本书自编（示意）"


def test_an_overlay_is_what_a_notebook_reads(tmp_path: Path, monkeypatch):
    write_csv(tmp_path / "weak_branches.csv", own_register("weak_branches"))
    monkeypatch.setenv(nb.OVERLAY, str(tmp_path))
    assert nb.tables().basis("weak_branches") == "recorded"
    monkeypatch.delenv(nb.OVERLAY)
    assert nb.tables().basis("weak_branches") == "illustrative"


def test_a_column_of_sentences_is_marked_and_one_of_words_is_not():
    """A phone gives sentences room only where the page says that they are some."""
    page = nb.Shown("t", ["短", "长"], [["词", "这一格里写的是一整句话，要读"], ["词", "短"]])._repr_html_()
    assert page.count('class="sentence"') == 0
    long = "这一格里写的是一整句话，要一字一句地读"
    page = nb.Shown("t", ["短", "长"], [["词", long], ["词", "短"]])._repr_html_()
    assert page.count('<th scope="col" class="sentence">') == 1
    assert page.count('<td class="sentence">') == 2


def test_a_chart_says_where_its_tables_come_from(tables: Tables):
    (made,) = nb.origins(tables, "organisations", "model_members")
    assert made["tables"] == ["organisations", "model_members"]
    assert made["titles"] == [tables.resource(n)["title"] for n in made["tables"]]
    assert made["basis"] == "本书自编（示意）"
    assert made["origin"] == tables.resource("organisations")["sources"][0]["title"]


def test_publications_are_named_with_their_date_and_its_kind(tables: Tables):
    (census,) = nb.origins(tables, "household_sizes")
    assert census["origin"].startswith("国家统计局《第二次全国农业普查资料")
    assert census["origin"].endswith("（数据截止日 2006-12-31）")
    assert census["basis"] == "公开发布"


def test_keys_take_the_publications_of_those_rows_only(tables: Tables):
    (one,) = nb.origins(tables, county_facts=["poor_households"])
    assert "澎湃号" in one["origin"]
    assert "延安日报" not in one["origin"]
    (two,) = nb.origins(tables, county_facts=["poor_households", "poor_persons_2014"])
    assert "延安日报" in two["origin"]
    with pytest.raises(KeyError, match="no_such_fact"):
        nb.origins(tables, county_facts=["poor_households", "no_such_fact"])
    with pytest.raises(KeyError):
        nb.origins(tables, villages=[tables.villages.frame["code"][0]])  # rows without publications


def test_more_publications_than_a_caption_holds_are_named_as_the_package_names_them(tables: Tables):
    assert tables.division_counts.frame["publication"].nunique() > nb.CITED
    (found,) = nb.origins(tables, "division_counts")
    assert found["origin"] == tables.resource("division_counts")["sources"][0]["title"]


def test_a_table_put_in_is_not_said_to_be_ours(tmp_path: Path):
    write_csv(tmp_path / "weak_branches.csv", own_register("weak_branches"))
    (found,) = nb.origins(load_with(tmp_path), "weak_branches")
    assert found["origin"].startswith("换入的登记表（单位没有写明")
    assert found["basis"] == "实际登记"


def test_each_row_in_words():
    frame = pd.DataFrame({"名": ["x", "y"], "占比（%）": [1.25, 30.0], "个数": [1200, 3]})
    assert nb.each(frame, "{名} {个数:,} 个，{占比（%）:.1f}%") == "x 1,200 个，1.2%；y 3 个，30.0%"
    with pytest.raises(KeyError):
        nb.each(frame, "{无}")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["5,115 户", "13.9 %"], ' class="number"'),
        (["4,000 多名"], ' class="number"'),
        ([1, 2.5], ' class="number"'),
        (["2016-07-31"], ""),
        (["2016"], ""),
        (["91 个", "未说明"], ""),
        (["poverty.persons_of_the_county"], ""),
        (["这一格里写的是一整句话，要一字一句地读"], ' class="sentence"'),
        ([None], ""),
    ],
)
def test_a_column_is_aligned_by_what_it_holds(cells, kind):
    rows = [[c] for c in cells]
    assert f'<th scope="col"{kind}>' in nb.Shown("表", ["列"], rows)._repr_html_()
