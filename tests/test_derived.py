"""Derived quantities: each against the arithmetic done by hand, and what may not be derived."""

from fractions import Fraction

import pytest
from helpers import read_rows

from wuqi import derived
from wuqi.derived import load_derived
from wuqi.tables import DATA

# By hand, from the figures as stated.
EXPECTED = {
    "poverty.persons_per_household": ("2.65 人", Fraction(13540, 5115)),
    "poverty.income_2015": ("3,951 元", Fraction(4500_000, 1139)),
    "demonstration.sites_per_village": ("3.8 个", Fraction(346, 91)),
    "funding.village_raised": ("30,000 元", 30_000),
    "funding.community_raised": ("100,000 元", 100_000),
    "funding.villages_yearly": ("2,730,000 元", 30_000 * 91),
    "funding.departments_yearly": ("750,000 元", 50_000 * 15),
}


def test_each_is_what_arithmetic_says(tables):
    found = load_derived(tables)
    assert {i: (d.text, d.value) for i, d in found.items()} == EXPECTED


def test_each_names_the_figures_it_rests_on_and_how(tables):
    found = load_derived(tables)["funding.villages_yearly"]
    assert found.figures == ("funding.village", "funding.village_increase", "staffing.villages")
    assert found.formula == "（每村每年办公经费（原有） + 每村增加的经费） × 配备“两委”班子的村"


def test_a_yearly_sum_with_an_increase_in_it_is_named_as_conditional(tables):
    """The interview does not say whether the increase comes every year (S09.recurrence)."""
    conditional = {i for i, d in load_derived(tables).items() if "如果" in d.label_zh}
    resting = {i for i, d in load_derived(tables).items() if any("increase" in f for f in d.figures)}
    assert conditional == resting == {
        "funding.village_raised", "funding.community_raised", "funding.villages_yearly"}


def test_what_is_rounded_is_said_to_be(tables):
    signs = {i: d.sign for i, d in load_derived(tables).items()}
    assert [i for i, sign in signs.items() if sign == "≈"] == [
        "poverty.persons_per_household", "poverty.income_2015", "demonstration.sites_per_village"]
    assert set(signs.values()) == {"=", "≈"}


def test_no_derived_id_is_a_figure_s_id():
    figures = {row[0] for row in read_rows(DATA / "interview" / "figures.csv")}
    assert not figures & set(EXPECTED)


@pytest.fixture
def definitions(monkeypatch):
    monkeypatch.setattr(derived, "_DEFINITIONS", {})
    return derived._DEFINITIONS


def test_a_registry_without_the_figures_has_no_such_quantity(tables, definitions):
    derived.derived("a.b", "甲", "个")(lambda f: f["another.county"])
    assert load_derived(tables) == {}


def test_nothing_is_derived_from_a_bound(tables, definitions):
    derived.derived("a.b", "甲", "个")(lambda f: f["review.members"] / 2)
    with pytest.raises(KeyError, match=r"review\.members"):
        load_derived(tables)
