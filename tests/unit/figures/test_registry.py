"""The registry: thirty figures in the interview's order, and how their numbers are written."""

import dataclasses
import hashlib
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.project import DATA
from support.tables import read_rows

from figurebook.figures.definitions import definition_problems, figure_measures
from figurebook.figures.registry import QUALIFIERS, find, load_figures, number, plain, rounded

VALUES = [
    346,
    684,
    56,
    184,
    15,
    91,
    11,
    50_000,
    20_000,
    80_000,
    10_000,
    20_000,
    1_000_000,
    56,
    9,
    91,
    9,
    8,
    91,
    50,
    91,
    4000,
    5115,
    13_540,
    4500,
    Decimal("13.9"),
    41,
    31,
    6,
    3,
]


class Recorder:
    """Stands before the tables and writes down which of them are asked for."""

    def __init__(self, tables):
        self.tables, self.asked = tables, []

    def __getattr__(self, name):
        self.asked.append(name)
        return getattr(self.tables, name)


@pytest.fixture(scope="module")
def figures(tables):
    return load_figures(tables)


def test_thirty_figures_in_the_order_of_the_interview(figures):
    assert [f.value for f in figures.values()] == VALUES
    assert list(figures) == [f.id for f in figures.values()]
    ends = [0, *(f.end for f in figures.values())]
    for figure_, previous_end in zip(figures.values(), ends, strict=False):
        assert previous_end <= figure_.start < figure_.end


def test_ids_are_unique_in_the_file_itself():
    header, *rows = read_rows(DATA / "interview" / "figures.csv")
    ids = [row[header.index("id")] for row in rows]
    assert len(ids) == len(set(ids)) == len(VALUES)


def test_a_figure_says_all_that_the_pages_need(figures):
    assert {f.qualifier for f in figures.values()} == set(QUALIFIERS)
    assert [f.id for f in figures.values() if f.qualifier == "at_least"] == ["review.members"]
    assert [f.id for f in figures.values() if f.qualifier == "rounded"] == [
        "poverty.income",
        "poverty.growth",
    ]
    for f in figures.values():
        assert f.label_zh
        assert f.label_en
        assert len(f.quote_sha256) == 64
        assert isinstance(f.note, str)
        assert f.period is None or isinstance(f.period, str)


def test_a_figure_cannot_be_changed(figures):
    with pytest.raises(dataclasses.FrozenInstanceError):
        figures["poverty.persons"].value = Decimal(1)


@pytest.mark.parametrize(
    ("figure_id", "text"),
    [
        ("demonstration.sites", "346 个"),
        ("review.members", "4,000 多名"),
        ("poverty.growth", "13.9 %"),
        ("poverty.persons", "13,540 人"),
        ("funding.training", "1,000,000 元"),
    ],
)
def test_text_is_value_and_unit_as_stated(figures, figure_id, text):
    assert figures[figure_id].text == text


def test_quotes_hash_to_the_registered_digests(figures, interview):
    for f in figures.values():
        quote = interview[f.start : f.end]
        assert hashlib.sha256(quote.encode()).hexdigest() == f.quote_sha256, f.id


@pytest.mark.parametrize("figure_id", figure_measures())
def test_the_table_named_is_the_table_read(tables, figures, figure_id):
    recorder = Recorder(tables)
    measure = figure_measures()[figure_id]
    measure.compute(recorder)
    assert set(recorder.asked) == set(measure.reads) == {figures[figure_id].table}


def test_each_figure_has_one_computation(figures, tables):
    assert list(figure_measures()) == list(figures)
    again = ("poverty.persons", figure_measures()["poverty.persons"])
    [problem] = definition_problems([*figure_measures().items(), again], (), tables)
    assert (problem.rule, problem.value) == ("duplicate-key", "poverty.persons")


def test_find_returns_the_figure_or_names_the_nearest(figures):
    assert find(figures, "poverty.persons") is figures["poverty.persons"]
    with pytest.raises(KeyError) as caught:
        find(figures, "poverty.person")
    assert "poverty.person " in str(caught.value)
    assert "poverty.persons" in str(caught.value)
    with pytest.raises(KeyError, match="无"):
        find(figures, "\u3007")


@given(st.integers(-(10**15), 10**15), st.integers(0, 8), st.integers(0, 6))
@example(5, 1, 0)
@example(-5, 1, 0)
@example(1385, 2, 1)
def test_rounded_is_half_up_on_decimals(units, scale, decimals):
    exact = Decimal(units).scaleb(-scale)
    expected = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert rounded(Fraction(units, 10**scale), decimals) == expected


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6), st.integers(0, 6))
def test_rounded_is_half_up_on_any_fraction(numerator, denominator, decimals):
    with localcontext(prec=60):  # a non-terminating quotient stays off every tie at this precision
        expected = (Decimal(numerator) / denominator).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert rounded(Fraction(numerator, denominator), decimals) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (4000, 0, "4,000"),
        (Fraction(139, 10), 1, "13.9"),
        (Decimal("4500"), 2, "4,500.00"),
        (0.5, 0, "1"),
        (-0.4, 0, "0"),
        (Fraction(-1, 2), 0, "-1"),
        (1234567.891, 2, "1,234,567.89"),
        (Fraction(2, 3), 4, "0.6667"),
        (999.95, 1, "1,000.0"),
        (0, 0, "0"),
    ],
)
def test_number_is_written_for_readers(value, decimals, shown):
    assert number(value, decimals) == shown


@given(st.integers(0, 10**10), st.integers(0, 4))
def test_a_table_s_number_is_the_decimal_it_was_written_as(units, scale):
    written = Decimal(units).scaleb(-scale)
    value = plain(float(str(written)))
    assert value == written
    assert "E" not in str(value)
    assert not str(value).endswith(".0")
