"""What a column of numbers can hold exactly, and the cells that it cannot hold."""

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tables import problems_of, register, write_csv

from figurebook.datapackage.exact_numbers import DIGITS, LARGEST_INTEGER, unfit, unfit_numbers
from figurebook.datapackage.problems import TablesError
from figurebook.datapackage.tables import Tables

INTEGER = {"name": "x", "type": "integer"}


def decimal(places: int) -> dict:
    return {"name": "x", "type": "number", "decimals": places}


@pytest.mark.parametrize("cell", ["4.9", "-4.9", "4.90", "5", ".5", "1e3", "0.000", "99999999999999.9"])
def test_what_can_be_held(cell):
    assert unfit(cell, decimal(1)) == ""


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("4.95", "多于 1 位"),
        ("1e-2", "多于 1 位"),
        ("999999999999999.9", "多于 15 位"),
        ("9" * 40, "多于 15 位"),
        ("1e99999999", "多于 15 位"),
        ("NaN", "多于 15 位"),
        ("INF", "多于 15 位"),
        ("-INF", "多于 15 位"),
    ],
)
def test_what_cannot_be_held(cell, said):
    assert said in unfit(cell, decimal(1))


@given(
    st.integers(1, 6).flatmap(
        lambda places: st.tuples(
            st.just(places), st.integers(-(10**DIGITS) + 1, 10**DIGITS - 1), st.integers(0, 8)
        )
    )
)
def test_what_is_held_comes_back_from_its_float(drawn):
    places, number, more = drawn
    cell = format(Decimal(number).scaleb(-more), "f")
    if unfit(cell, decimal(places)):
        assert Fraction(cell) * 10**places % 1 or abs(Fraction(cell)) * 10**places >= 10**DIGITS
    else:
        assert Fraction(round(float(cell) * 10**places), 10**places) == Fraction(cell)


@pytest.mark.parametrize(
    ("cell", "is_fit"),
    [
        (str(LARGEST_INTEGER), True),
        (str(-LARGEST_INTEGER), True),
        (str(LARGEST_INTEGER + 1), False),
        ("9" * 5000, False),
    ],
)
def test_integers_of_64_bits_are_held(cell, is_fit):
    assert (unfit(cell, INTEGER) == "") is is_fit


def test_each_cell_is_named_with_its_row():
    frame = pd.DataFrame({"x": ["1", None, "9" * 20, "1" * 18]}, dtype="string")
    [problem] = unfit_numbers(frame, {"fields": [INTEGER]}, "t.csv")
    assert (problem.file, problem.row, problem.column, problem.value) == ("t.csv", 4, "x", "9" * 20)


def test_an_integer_beyond_int64_in_the_package_is_refused(package_copy):
    rows = register("poor_households")
    rows[3][rows[0].index("income_2016")] = "1" + "0" * 20
    write_csv(package_copy / "registers" / "poor_households.csv", rows)
    path = package_copy / "datapackage.json"  # whose field has a bound of its own, far below
    path.write_text(
        path.read_text(encoding="utf-8").replace('"maximum": 1000000000\n', '"maximum": 1e30\n'),
        encoding="utf-8",
    )
    with pytest.raises(TablesError, match="这个整数太大，记不下") as caught:
        Tables.load(root=package_copy)
    assert [(p.file, p.row, p.column) for p in caught.value.problems] == [
        ("poor_households.csv", 4, "income_2016")
    ]


def test_an_integer_beyond_int64_of_an_office_is_refused(tmp_path):
    rows = register("poor_households")
    rows[3][rows[0].index("income_2016")] = "1" + "0" * 20
    write_csv(tmp_path / "poor_households.csv", rows)
    assert [(p.row, p.column) for p in problems_of(tmp_path)] == [(4, "income_2016")]
