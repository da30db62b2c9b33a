"""What others published is shown with its publication, and a difference is never outweighed."""

import itertools
from decimal import Decimal

import pytest
from support.project import DATA
from support.tables import read_rows

from figurebook.figures.evidence import Evidence, evidence_on, relation
from figurebook.figures.registry import load_figures
from figurebook.figures.vocabulary import INDEPENDENCE, RELATIONS


@pytest.fixture(scope="module")
def evidence(tables):
    return {i: found for i in load_figures(tables) if (found := evidence_on(tables, i))}


def piece(word: str) -> Evidence:
    return Evidence(
        "x/1", "x.y", Decimal(1), "个", "2016", word, "", "t", "p", "2016", "published", None, "unclear"
    )


def test_no_row_of_the_table_is_lost_and_each_is_under_its_figure(tables, evidence):
    header, *rows = read_rows(DATA / "published" / "corroboration.csv")
    expected = [(row[0], row[1], Decimal(row[2])) for row in rows]
    assert header[:3] == ["id", "figure", "published_value"]
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
    is one equation with the interview's own numbers in it: neither agrees, both are consistent."""
    same_thing = [
        (e.figure, e.publisher, e.independence)
        for pieces in evidence.values()
        for e in pieces
        if e.relation in ("agrees", "differs")
    ]
    assert same_thing == [
        ("poverty.households", "澎湃号·政务", "same_source"),
        ("poverty.persons", "延安日报", "unclear"),
        ("poverty.persons", "澎湃号·政务", "same_source"),
    ]
    assert {
        e.relation for i in ("staffing.villages", "poverty.income", "poverty.growth") for e in evidence[i]
    } == {"consistent"}


@pytest.mark.parametrize(
    ("figure", "value", "date"),
    [("poverty.persons", 12622, "2019-12-05"), ("poverty.households", 4507, "2020-04-17")],
)
def test_the_known_differences_are_said(evidence, figure, value, date):
    [found] = [e for e in evidence[figure] if e.value == value]
    assert (found.relation, found.date) == ("differs", date)
    assert relation(evidence[figure]) == "differs"


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
    """Communities are not stations: equal or not, the counts are consistent, and both are shown."""
    shown = {e.as_of[:4]: (e.value, e.relation) for e in evidence["services.county_stations"]}
    assert shown == {
        "2016": (3, "consistent"),
        "2017": (3, "consistent"),
        "2020": (8, "consistent"),
        "2022": (8, "consistent"),
    }


@pytest.mark.parametrize(
    ("words", "word"),
    [
        ([], "none found"),
        (["consistent"], "consistent"),
        (["agrees"], "agrees"),
        (["differs"], "differs"),
        (["consistent", "agrees"], "agrees"),
        (["agrees", "differs"], "differs"),
        (["consistent", "differs"], "differs"),
        (["agrees", "consistent", "differs"], "differs"),
    ],
)
def test_a_difference_outweighs_an_agreement_in_whatever_order(words, word):
    for order in itertools.permutations(words):
        assert relation([piece(w) for w in order]) == word
