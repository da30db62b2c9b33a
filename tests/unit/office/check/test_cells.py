"""Every fault of a table given is found once, in its cell; a personal value is never told."""

import re

import pytest
from support.given import PACKAGE, RESOURCES, given, ours, problems_of, said
from support.tables import register

from figurebook.datapackage.problems import RULES_ZH
from figurebook.office.check import table as judged
from figurebook.office.check.cells import cells, check
from figurebook.office.check.table import CheckedTable
from figurebook.office.office_tables import Intake

HAN = re.compile("[\u4e00-\u9fff]")
VILLAGE, SECOND, NOWHERE = "610626001203", "610626001204", "610626999999"
POOR = ["id", "village_code", "persons", "income_2015", "income_2016"]
HOUSEHOLD = ["H1", VILLAGE, "4", "395000", "450000"]
BRANCH_HEAD, BRANCH = ["id", "village_code", "members", "reviewed_2016"], ["B01", VILLAGE, "44", "true"]


def household(**cells: str) -> list[list[str]]:
    return [
        POOR,
        ["H0", SECOND, "2", "395000", "450000"],
        [cells.get(c, v) for c, v in zip(POOR, HOUSEHOLD, strict=True)],
    ]


def branch(**cells: str) -> list[list[str]]:
    return [BRANCH_HEAD, [cells.get(c, v) for c, v in zip(BRANCH_HEAD, BRANCH, strict=True)]]


def poor(value: str, rule: str, column: str = "persons") -> tuple:
    return {"poor_households": household(**{column: value})}, [(3, column, rule)]


# name: (tables given, exactly what must be said as (row, column, rule))
FAULTS = {
    "nobody": poor("0", "constraint"),
    "fewer than nobody": poor("-1", "constraint"),
    "thirty-one persons": poor("31", "constraint"),
    "empty where a number is required": poor("", "constraint"),
    "word for a number": poor("about 4", "type"),
    "half a person": poor("4.5", "type"),
    "a whole number with a point": poor("4.0", "type"),
    "exponent": poor("1e5", "type", "income_2016"),
    "capital exponent": poor("4E5", "type", "income_2016"),
    "hexadecimal": poor("0x10", "type"),
    "underscore": poor("1_0", "type"),
    "thousand separator": poor("450,000", "type", "income_2016"),
    "full-width digits": poor("\uff14", "type"),
    "digits of another script": poor("٤", "type"),
    "superscript": poor("²", "type"),
    "space before": poor(" 4", "type"),
    "zero-width space behind": poor("4\u200b", "type"),
    "right-to-left mark": poor("\u200f4", "type"),
    "nan": poor("nan", "type", "income_2015"),
    "NaN": poor("NaN", "type", "income_2015"),
    "inf": poor("inf", "type", "income_2015"),
    "minus infinity": poor("-Infinity", "type", "income_2015"),
    "sixteen digits": poor("1234567890123456", "type", "income_2015"),
    "beyond int64": poor("9" * 19, "type", "income_2015"),
    "a thousand digits": poor("1" * 1000, "type", "income_2015"),
    "a formula": poor("=1+1", "type"),
    "a failed formula": poor("#DIV/0!", "type"),
    "negative income": poor("-1", "constraint", "income_2015"),
    "ten million yuan and a fen": poor("1000000001", "constraint", "income_2015"),
    "a village there is not": poor(NOWHERE, "foreign-key", "village_code"),
    "a required pointer left empty": poor("", "constraint", "village_code"),
    "an empty key": poor("", "constraint", "id"),
    "a key twice": poor("H0", "duplicate-key", "id"),
    "not a truth value": ({"branches": branch(reviewed_2016="yes")}, [(2, "reviewed_2016", "type")]),
    "truth in odd capitals": ({"branches": branch(reviewed_2016="tRUE")}, [(2, "reviewed_2016", "type")]),
    "an empty truth value": ({"branches": branch(reviewed_2016="")}, [(2, "reviewed_2016", "constraint")]),
    "too many members": ({"branches": branch(members="2001")}, [(2, "members", "constraint")]),
    "a village with two branches": (
        {"branches": [*branch(), ["B02", VILLAGE, "44", "true"]]},
        [(3, "village_code", "duplicate-key")],
    ),
    "not in the list": ({"organisations": [["id", "field"], ["O1", "urban"]]}, [(2, "field", "constraint")]),
    "in the list but for a capital": (
        {"organisations": [["id", "field"], ["O1", "Rural"]]},
        [(2, "field", "constraint")],
    ),
    "every cell of a row": (
        {"poor_households": [POOR, ["H1", NOWHERE, "0", "x", ""]]},
        [
            (2, "persons", "constraint"),
            (2, "income_2015", "type"),
            (2, "income_2016", "constraint"),
            (2, "village_code", "foreign-key"),
        ],
    ),
    "a pattern is met in full or not at all": (
        {"townships": [*register("townships"), ["6106260019", "x"]]},
        [(11, "code", "constraint")],
    ),
    "a line break behind a pattern": (
        {"townships": [*register("townships"), ["610626900\n", "x"]]},
        [(11, "code", "constraint")],
    ),
    "a key that is wrong as well as twice is one fault": (
        {"townships": [*register("townships"), ["1", "x"], ["1", "y"]]},
        [(11, "code", "constraint"), (12, "code", "constraint")],
    ),
    "three times the same key": (
        {"organisations": [["id", "field"], *[["O1", "rural"]] * 3]},
        [(3, "id", "duplicate-key"), (4, "id", "duplicate-key")],
    ),
    "the same in many rows": (
        {"organisations": [["id", "field"], ["O1", ""], ["O2", "rural"], ["O3", ""]]},
        [(2, "field", "constraint"), (4, "field", "constraint")],
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_each_fault_is_said_once_where_it_is(case):
    tables, expected = FAULTS[case]
    found = problems_of(**tables)
    assert said(found) == expected
    for problem in found:
        assert HAN.search(problem.message)
        assert re.search("[请应要]", problem.message), f"says what to do: {problem.message}"
        assert RULES_ZH[problem.rule] in str(problem)


@pytest.mark.parametrize("code", ["6.10626E+11", "6e+05", "-6.1E+117"])
@pytest.mark.parametrize("column", ["id", "village_code"])
def test_a_code_that_a_spreadsheet_rounded_is_told_how_to_get_it_back(code, column):
    [problem] = problems_of(poor_households=household(**{column: code}))
    assert (problem.row, problem.column, problem.rule) == (3, column, "type")
    assert "科学记数" in problem.message
    assert "从原始登记重新填" in problem.message


@pytest.mark.parametrize("code", ["3E12", "E+11", "6.1E+1", "C+2"])
def test_a_code_with_such_letters_is_a_code(code):
    assert problems_of(poor_households=household(id=code)) == []


def test_tables_without_a_fault_have_none():
    names = [n for n, r in RESOURCES.items() if r["role"] in ("register", "rules", "setting")]
    everything = {n: given(n, [list(f := ours(n)), *f.fillna("").to_numpy().tolist()]) for n in names}
    assert len(everything) > 25
    assert check(Intake(everything), PACKAGE, ours) == []
    for name in names:
        assert check(Intake({name: everything[name]}), PACKAGE, ours) == []


def test_a_table_without_rows_has_no_fault():
    assert problems_of(poor_households=[POOR]) == []


def test_a_value_is_told_as_it_stands_in_the_file_and_the_column_as_it_is_headed():
    table = given("branches", branch(members="0"), written={(2, "members"): "零"})
    table.headers["members"] = "党员数"
    [problem] = check(Intake({"branches": table}), PACKAGE, ours)
    assert (problem.column, problem.value) == ("党员数", "零")


def test_rows_are_those_of_the_file():
    table = given("poor_households", household(persons="0"), first=7)
    [problem] = check(Intake({"poor_households": table}), PACKAGE, ours)
    assert problem.row == 8


def test_a_column_that_may_be_missing_is_read_as_empty():
    table = given("weak_branches", [["id", "village_code", "put_right"], ["W1", "", "true"]])
    del table.headers["village_code"]
    assert check(Intake({"weak_branches": table}), PACKAGE, ours) == []


# --- personal columns


CANARY = "CANARY-7Q2X-0001"


@pytest.mark.parametrize(
    "rows",
    [
        [POOR, *[[CANARY, *HOUSEHOLD[1:]]] * 2],
        [POOR, [CANARY, *HOUSEHOLD[1:]], [CANARY, NOWHERE, "0", "x", "-1"]],
        [POOR, [CANARY, *HOUSEHOLD[1:]], ["合计：" + CANARY, "", "9", "1", "1"]],
    ],
)
def test_the_value_of_a_personal_column_is_never_told(rows):
    found = problems_of(poor_households=rows)
    assert found
    assert CANARY not in "".join(map(repr, found))


def test_two_households_of_one_number_are_named_by_their_rows():
    found = problems_of(poor_households=[POOR, ["H9", *HOUSEHOLD[1:]], HOUSEHOLD, ["H9", *HOUSEHOLD[1:]]])
    assert said(found) == [(4, "id", "duplicate-key")]
    assert "第 2 行" in found[0].message
    assert found[0].value is None


# --- other types, which another county's package may have


def typed_table(spec: dict, *values: str) -> list[tuple]:
    resource = {"title": "x", "schema": {"fields": [{"name": "c", **spec}]}}
    return said(cells(CheckedTable(given("x", [["c"], *[[v] for v in values]]), resource)))


@pytest.mark.parametrize(
    ("spec", "good", "bad"),
    [
        (
            {"type": "date"},
            ["2016-07-31", "2016-02-29"],
            ["2015-02-29", "2016-7-31", "20160731", "2016-07-31 "],
        ),
        ({"type": "year"}, ["2016"], ["16", "2016.0", "\uff12016"]),
        ({"type": "yearmonth"}, ["2016-07"], ["2016-13", "2016-7"]),
        ({"type": "number"}, ["1", "-1.5", ".5", "2."], ["1e5", "NaN", "1_0", "0x1", "1,5", ".", "9" * 16]),
        ({"type": "boolean"}, ["true", "FALSE", "0"], ["t", "是"]),
    ],
)
def test_types(spec, good, bad):
    assert typed_table(spec, *good) == []
    assert typed_table(spec, *bad) == [(i, "c", "type") for i, _ in enumerate(bad, 2)]


@pytest.mark.parametrize(
    ("spec", "good", "bad"),
    [
        ({"type": "date", "constraints": {"minimum": "2016-01-01"}}, ["2016-01-01"], ["2015-12-31"]),
        ({"type": "integer", "constraints": {"enum": ["1", 2]}}, ["1", "02"], ["3"]),
        ({"type": "number", "constraints": {"maximum": 1.5}}, ["1.5"], ["1.51"]),
        ({"type": "number", "decimals": 1}, ["1.5", "1.50", "15"], ["1.51", "123456789012345.5"]),
        (
            {"type": "string", "constraints": {"minLength": 2, "maxLength": 3}},
            ["ab", "一二三"],
            ["一", "abcd"],
        ),
    ],
)
def test_constraints(spec, good, bad):
    assert typed_table(spec, *good) == []
    assert typed_table(spec, *bad) == [(i, "c", "constraint") for i, _ in enumerate(bad, 2)]


def test_beyond_a_number_of_faults_they_are_counted(monkeypatch):
    monkeypatch.setattr(judged, "LISTED", 3)
    rows = [["id", "field"], *[[f"O{i}", "x"] for i in range(10)]]
    found = problems_of(organisations=rows)
    assert said(found) == [*[(i, "field", "constraint") for i in (2, 3, 4)], (None, "field", "constraint")]
    assert "10 处" in found[-1].message
