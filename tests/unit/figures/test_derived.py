"""Derived quantities: each against the arithmetic done by hand, and what may not be derived."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from support.project import DATA
from support.tables import read_rows

from figurebook.figures.definitions import definition_problems, derived_quantities
from figurebook.figures.derived import DerivedQuantity, FigureValue, quantities
from figurebook.figures.registry import load_figures

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
A, B, C = (FigureValue(i) for i in ("poverty.persons", "poverty.households", "staffing.villages"))
LETTERS = {"poverty.persons": "甲", "poverty.households": "乙", "staffing.villages": "丙"}
BOUND = FigureValue("review.members")


def test_each_is_what_arithmetic_says(tables):
    found = derived_quantities(tables)
    assert {i: (d.text, d.value) for i, d in found.items()} == EXPECTED


def test_each_names_the_figures_it_rests_on_and_how(tables):
    found = derived_quantities(tables)["funding.villages_yearly"]
    assert found.figures == ("funding.village", "funding.village_increase", "staffing.villages")
    assert found.formula == "（每村每年办公经费（原有） + 每村增加的经费） × 配备“两委”班子的村"


@pytest.mark.parametrize(
    ("formula", "said", "value"),
    [
        (A / B, "甲 ÷ 乙", Fraction(13540, 5115)),
        (A / (1 + B / 100), "甲 ÷ （1 + 乙 ÷ 100）", Fraction(13540 * 100, 5215)),
        ((A + B) * C, "（甲 + 乙） × 丙", (13540 + 5115) * 91),
        (A - (B - C), "甲 - （乙 - 丙）", 13540 - (5115 - 91)),
        (A - B - C, "甲 - 乙 - 丙", 13540 - 5115 - 91),
        (A + (B + C), "甲 + 乙 + 丙", 13540 + 5115 + 91),
        (A / (B * C), "甲 ÷ （乙 × 丙）", Fraction(13540, 5115 * 91)),
        (A * (B / C), "甲 × （乙 ÷ 丙）", Fraction(13540 * 5115, 91)),
        (100 - A, "100 - 甲", 100 - 13540),
        (2 * A, "2 × 甲", 27080),
        (1 / A, "1 ÷ 甲", Fraction(1, 13540)),
        (A - 1, "甲 - 1", 13539),
        (A * 2 + 3, "甲 × 2 + 3", 27083),
    ],
)
def test_a_formula_says_what_it_computes(formula, said, value, tables):
    figures = load_figures(tables)
    letters = {i: replace(f, label_zh=LETTERS[i]) for i, f in figures.items() if i in LETTERS}
    found = quantities({"a.b": DerivedQuantity("a.b", "某数", "个", 0, formula)}, letters)["a.b"]
    assert (found.formula, found.value) == (said, value)


@pytest.mark.parametrize("other", [0.5, "1", None])
def test_a_formula_is_made_of_figures_and_whole_numbers_only(other):
    with pytest.raises(TypeError, match="whole numbers"):
        A * other


def test_a_yearly_sum_with_an_increase_in_it_is_named_as_conditional(tables):
    """The interview does not say whether the increase comes every year (S09.recurrence)."""
    found = derived_quantities(tables)
    conditional = {i for i, d in found.items() if "如果" in d.label_zh}
    resting = {i for i, d in found.items() if any("increase" in f for f in d.figures)}
    assert (
        conditional
        == resting
        == {"funding.village_raised", "funding.community_raised", "funding.villages_yearly"}
    )


def test_what_is_rounded_is_said_to_be(tables):
    signs = {i: d.sign for i, d in derived_quantities(tables).items()}
    assert [i for i, sign in signs.items() if sign == "≈"] == [
        "poverty.persons_per_household",
        "poverty.income_2015",
        "demonstration.sites_per_village",
    ]
    assert set(signs.values()) == {"=", "≈"}


def test_no_derived_id_is_a_figure_s_id():
    figures = {row[0] for row in read_rows(DATA / "interview" / "figures.csv")}
    assert not figures & set(EXPECTED)


@pytest.mark.parametrize(
    ("derived_id", "formula", "said"),
    [
        ("a.b", FigureValue("another.county") / 2, "所用的数字 another.county 没有登记"),
        ("a.b", BOUND / 2, "review.members 只是一个界限"),
        ("staffing.villages", A + B, "有一个数字已经用了这个编号"),
        ("a.b", A / (C - 91), "除数是 0"),
    ],
    ids=["unknown figure", "nothing is derived from a bound", "a figure's id", "division by nothing"],
)
def test_what_cannot_be_derived_is_named(derived_id, formula, said, tables):
    [problem] = definition_problems((), [DerivedQuantity(derived_id, "某数", "个", 0, formula)], tables)
    assert problem.value == derived_id
    assert said in str(problem)


def test_an_id_given_twice_is_named(tables):
    one = DerivedQuantity("a.b", "某数", "个", 0, A / B)
    assert definition_problems((), [one], tables) == []
    [problem] = definition_problems((), [one, one], tables)
    assert (problem.rule, problem.value) == ("duplicate-key", "a.b")


def test_a_figure_s_value_is_taken_as_stated(tables):
    figures = {"x": replace(load_figures(tables)["poverty.growth"], value=Decimal("13.9"))}
    quantity = DerivedQuantity("y", "名称", "%", 1, FigureValue("x") / 10)
    assert quantity.value(figures) == Fraction(139, 100)
    assert quantity.span(figures) == (Fraction("1.385"), Fraction("1.395"))
