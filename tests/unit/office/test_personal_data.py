"""Personal information outside the personal columns is a problem of the input, told without the value."""

from pathlib import Path

import pandas as pd
import pytest
from support.canaries import CANARY, LIMITS, identity, mobile

from figurebook.office.office_tables import Intake, OfficeTable
from figurebook.office.personal_data import personal_elsewhere

FIELDS = {
    "poor_households": [
        ("id", "string", True),
        ("village_code", "string", False),
        ("persons", "integer", False),
    ],
    "practices": [("id", "string", False), ("remark", "string", False)],
}
PACKAGE = {
    "resources": [
        {"name": n, "schema": {"fields": [{"name": c, "type": kind, "personal": p} for c, kind, p in fields]}}
        for n, fields in FIELDS.items()
    ]
}


def problems(remark="无", persons="4", code="000000000001", household=CANARY):
    households = {"id": [household], "village_code": [code], "persons": [persons]}
    frames = {
        "poor_households": pd.DataFrame(households, index=[3], dtype=object),
        "practices": pd.DataFrame({"id": ["P1", "P2"], "remark": [None, remark]}, index=[5, 8], dtype=object),
    }
    given = {
        n: OfficeTable(n, Path("例.xlsx"), f"表{n}", f, {c: f"“{c}”" for c in f}) for n, f in frames.items()
    }
    return personal_elsewhere(Intake(given), PACKAGE, LIMITS)


def test_nothing_is_said_of_tables_that_are_as_they_should_be():
    assert problems() == []


@pytest.mark.parametrize(
    ("remark", "kind"),
    [
        (CANARY, "poor_households.id"),
        (CANARY.lower(), "poor_households.id"),
        (identity(), "身份证号"),
        (f"由{identity()}办理", "身份证号"),
        (f"电话{mobile()}", "手机号"),
        ("".join(chr(ord(c) + 0xFEE0) for c in mobile()), "手机号"),
        (f"SFZ{identity()}", "身份证号"),
        (f"Tel{mobile()}", "手机号"),
        (f"{mobile()[:3]}.{mobile()[3:7]}.{mobile()[7:]}", "手机号"),
    ],
)
def test_a_cell_is_told_by_file_sheet_row_column_and_kind(remark, kind):
    [problem] = problems(remark)
    assert (problem.file, problem.sheet) == ("例.xlsx", "表practices")
    assert (problem.row, problem.column) == (8, "“remark”")
    assert (problem.rule, problem.value) == ("personal", None)
    assert kind in problem.message
    assert not [value for value in (remark, mobile(), identity()) if value in str(problem)]


def test_a_wrong_check_digit_is_no_finding():
    assert problems(identity(right=False)) == []


def test_a_column_of_numbers_may_hold_eleven_digits_but_no_identity_number():
    assert problems(persons=mobile()) == []
    assert [p.column for p in problems(persons=identity())] == ["“persons”"]


def test_a_value_shorter_than_the_limit_is_not_compared():
    assert problems("H1", household="H1") == []
    assert len(problems("H12345", household="H12345")) == 1


def test_identity_numbers_in_the_personal_column_are_where_they_belong():
    assert problems(household=identity()) == []


def test_a_village_code_that_is_also_somebodys_number_is_told():
    assert [p.column for p in problems(household="000000000001")] == ["“village_code”"]
