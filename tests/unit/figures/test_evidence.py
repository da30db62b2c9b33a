"""What others published is shown with its publication, and a difference is never outweighed."""

import itertools
from decimal import Decimal

import pytest
from support.project import DATA
from support.tables import read_rows, write_csv

from figurebook.datapackage.tables import Tables
from figurebook.figures.evidence import evidence_on, evidence_problems
from figurebook.figures.registry import load_figures
from figurebook.figures.relations import strongest
from figurebook.figures.vocabulary import INDEPENDENCE, RELATIONS


@pytest.fixture(scope="module")
def evidence(tables):
    return {i: found for i in load_figures(tables) if (found := evidence_on(tables, i))}


def test_no_row_of_the_table_is_lost_and_each_is_under_its_figure(tables, evidence):
    header, *rows = read_rows(DATA / "published" / "corroboration.csv")
    expected = [(row[0], row[1], Decimal(row[3])) for row in rows]
    assert header[:4] == ["id", "figure", "counted", "published_value"]
    got = [(e.id, e.figure, e.value) for pieces in evidence.values() for e in pieces]
    assert sorted(got) == sorted(expected)
    assert set(evidence) <= set(load_figures(tables))
    assert all(e.figure == figure for figure, pieces in evidence.items() for e in pieces)


def test_every_piece_names_publication_publisher_and_date(evidence):
    header, *rows = read_rows(DATA / "published" / "publications.csv")
    known = {tuple(row[header.index(c)] for c in ("title", "publisher", "date", "date_kind")) for row in rows}
    for e in itertools.chain(*evidence.values()):
        assert e.title
        assert e.publisher
        assert e.date[:4].isdigit()
        assert (e.title, e.publisher, e.date, e.date_kind) in known
        assert e.relation in RELATIONS
        assert e.independence in INDEPENDENCE
        assert e.url is None or e.url.startswith("http")


def test_nobody_independent_of_the_county_speaks_of_the_same_thing(evidence):
    """The home page says so. A list of villages is no list of staffed committees, and 3,950 × 1.139 = 4,500
    is one equation with the interview's own numbers in it: neither is the same, both are related."""
    same_thing = [
        (e.figure, e.publisher, e.independence)
        for pieces in evidence.values()
        for e in pieces
        if e.relation in ("same", "unlike")
    ]
    assert same_thing == [
        ("poverty.households", "澎湃号·政务", "same_source"),
        ("poverty.persons", "延安日报", "unclear"),
        ("poverty.persons", "澎湃号·政务", "same_source"),
    ]
    assert {
        e.relation for i in ("staffing.villages", "poverty.income", "poverty.growth") for e in evidence[i]
    } == {"related"}


@pytest.mark.parametrize(
    ("figure", "value", "date"),
    [("poverty.persons", 12622, "2019-12-05"), ("poverty.households", 4507, "2020-04-17")],
)
def test_the_known_differences_are_said(evidence, figure, value, date):
    [found] = [e for e in evidence[figure] if e.value == value]
    assert (found.relation, found.date) == ("unlike", date)
    assert strongest(e.relation for e in evidence[figure]) == "unlike"


def test_what_is_cited_from_a_list_of_divisions_is_what_the_list_counts(tables):
    header, *rows = read_rows(DATA / "published" / "corroboration.csv")
    counted = tables.division_counts.frame.groupby("publication").agg(
        villages=("villages", "sum"), communities=("communities", "sum"), townships=("township_code", "count")
    )
    kinds = {
        "services.county_stations": "communities",
        "services.township_centres": "townships",
        "services.mobile_centres": "townships",
    }
    cited = [dict(zip(header, row, strict=True)) for row in rows if "nbs-divisions" in "".join(row)]
    assert len(cited) > len(kinds)
    for row in cited:
        kind = kinds.get(row["figure"], "villages")
        assert int(row["published_value"]) == counted.loc[row["publication"], kind], row["id"]


def test_a_list_of_the_interview_s_time_stands_beside_later_ones(evidence):
    """Communities are not stations: equal or not, the counts are related, and both are shown."""
    shown = {e.as_of[:4]: (e.value, e.relation) for e in evidence["services.county_stations"]}
    assert shown == {
        "2016": (3, "related"),
        "2017": (3, "related"),
        "2020": (8, "related"),
        "2022": (8, "related"),
    }


CHANGES = {
    "an equation that there is not": ("poverty.income/1", "equation", "poverty.nothing", "没有这个编号"),
    "an equation without the figure": (
        "poverty.income/1",
        "equation",
        "funding.village_raised",
        "推不到一起",
    ),
    "an equation that does not hold": ("poverty.income/1", "published_value", "3940", "推不到一起"),
    "an equation of another figure": ("staffing.villages/1", "equation", "poverty.income_2015", "推不到一起"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_row_that_contradicts_the_rule_is_refused_by_its_name(change, package_copy):
    row, column, value, why = CHANGES[change]
    change_row(package_copy, row, column, value)
    [problem] = list(evidence_problems(Tables.load(root=package_copy)))
    assert row in str(problem)
    assert why in problem.message


def test_the_figure_must_be_one_that_the_equation_rests_on(package_copy):
    change_row(package_copy, "staffing.villages/1", "equation", "poverty.income_2015")
    change_row(package_copy, "staffing.villages/1", "published_value", "3950")
    [problem] = list(evidence_problems(Tables.load(root=package_copy)))
    assert "没有用到数字 staffing.villages" in problem.message


def test_our_own_rows_contradict_nothing(tables):
    assert list(evidence_problems(tables)) == []


@pytest.mark.parametrize(
    ("row", "column", "value", "relation", "reason"),
    [
        ("staffing.villages/1", "counted", "staffed_villages", "related", "another_date"),
        ("poverty.persons/1", "published_value", "13540", "related", "another_date"),
        ("poverty.persons/1", "counted", "villages", "related", "another_thing"),
        ("poverty.income/1", "equation", "", "unlike", ""),
        ("poverty.growth/2", "published_value", "14", "unlike", ""),
        ("poverty.households/1", "qualifier", "at_least", "related", "bound"),
    ],
)
def test_a_changed_cell_moves_the_relation(package_copy, row, column, value, relation, reason):
    change_row(package_copy, row, column, value)
    found = {e.id: e for e in evidence_on(Tables.load(root=package_copy), row.split("/")[0])}[row]
    assert (found.relation, found.reason) == (relation, reason)


def test_the_same_number_of_the_same_year_is_the_same(package_copy):
    for column, value in (("published_value", "13540"), ("as_of", "2016-12-31")):
        change_row(package_copy, "poverty.persons/1", column, value)
    found = evidence_on(Tables.load(root=package_copy), "poverty.persons")[0]
    assert (found.relation, found.reason) == ("same", "")


def change_row(data, row, column, value):
    path = data / "published" / "corroboration.csv"
    header, *rows = read_rows(path)
    for cells in rows:
        if cells[0] == row:
            cells[header.index(column)] = value
    write_csv(path, [header, *rows])
