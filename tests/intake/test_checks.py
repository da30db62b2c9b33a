"""Every fault of a table given is found once, in its cell, and by the same judgement as the validator's."""

import re

import pytest
from helpers import register, write_csv
from helpers_given import PACKAGE, RESOURCES, given, ours, problems_of, said
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from wuqi.intake import judged
from wuqi.intake.checks import cells, check
from wuqi.intake.given import Intake
from wuqi.intake.judged import Judged
from wuqi.intake.keys import mixed
from wuqi.problems import RULES_ZH, Problem
from wuqi.tables import DATA
from wuqi.validate import validate

HAN = re.compile("[\u4e00-\u9fff]")
VILLAGE, SECOND, NOWHERE = "610626001203", "610626001204", "610626999999"
TOWNSHIP = VILLAGE[:9]
POOR = ["id", "village_code", "persons", "income_2015", "income_2016"]
HOUSEHOLD = ["H1", VILLAGE, "4", "395000", "450000"]
BRANCH_HEAD, BRANCH = ["id", "village_code", "members", "reviewed_2016"], ["B01", VILLAGE, "44", "true"]
FACILITY = ["id", "kind", "township_code", "village_code"]
RATES = ["item", "amount", "payee", "per"]


def household(**cells: str) -> list[list[str]]:
    return [POOR, ["H0", SECOND, "2", "395000", "450000"],
            [cells.get(c, v) for c, v in zip(POOR, HOUSEHOLD, strict=True)]]


def branch(**cells: str) -> list[list[str]]:
    return [BRANCH_HEAD, [cells.get(c, v) for c, v in zip(BRANCH_HEAD, BRANCH, strict=True)]]


def facility(*cells: str) -> list[list[str]]:
    return [FACILITY, list(cells)]


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
        {"branches": [*branch(), ["B02", VILLAGE, "44", "true"]]}, [(3, "village_code", "duplicate-key")]),
    "not in the list": ({"organisations": [["id", "field"], ["O1", "urban"]]}, [(2, "field", "constraint")]),
    "in the list but for a capital": (
        {"organisations": [["id", "field"], ["O1", "Rural"]]}, [(2, "field", "constraint")]),
    "every cell of a row": (
        {"poor_households": [POOR, ["H1", NOWHERE, "0", "x", ""]]},
        [(2, "persons", "constraint"), (2, "income_2015", "type"), (2, "income_2016", "constraint"),
         (2, "village_code", "foreign-key")]),
    "a pattern is met in full or not at all": (
        {"townships": [*register("townships"), ["6106260019", "x"]]}, [(11, "code", "constraint")]),
    "a line break behind a pattern": (
        {"townships": [*register("townships"), ["610626900\n", "x"]]}, [(11, "code", "constraint")]),
    "a key that is wrong as well as twice is one fault": (
        {"townships": [*register("townships"), ["1", "x"], ["1", "y"]]},
        [(11, "code", "constraint"), (12, "code", "constraint")]),
    "three times the same key": (
        {"organisations": [["id", "field"], *[["O1", "rural"]] * 3]},
        [(3, "id", "duplicate-key"), (4, "id", "duplicate-key")]),
    "the same in many rows": (
        {"organisations": [["id", "field"], ["O1", ""], ["O2", "rural"], ["O3", ""]]},
        [(2, "field", "constraint"), (4, "field", "constraint")]),
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


def test_tables_without_a_fault_have_none():
    names = [n for n, r in RESOURCES.items() if r["path"].startswith(("registers/", "rules/"))]
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


@pytest.mark.parametrize("rows", [
    [POOR, *[[CANARY, *HOUSEHOLD[1:]]] * 2],
    [POOR, [CANARY, *HOUSEHOLD[1:]], [CANARY, NOWHERE, "0", "x", "-1"]],
    [POOR, [CANARY, *HOUSEHOLD[1:]], ["合计：" + CANARY, "", "9", "1", "1"]],
])
def test_the_value_of_a_personal_column_is_never_told(rows):
    found = problems_of(poor_households=rows)
    assert found
    assert CANARY not in "".join(map(repr, found))


def test_two_households_of_one_number_are_named_by_their_rows():
    found = problems_of(poor_households=[POOR, ["H9", *HOUSEHOLD[1:]], HOUSEHOLD, ["H9", *HOUSEHOLD[1:]]])
    assert said(found) == [(4, "id", "duplicate-key")]
    assert "第 2 行" in found[0].message
    assert found[0].value is None


# --- tables that point at one another


def test_a_pointer_is_looked_up_in_the_table_given_before_ours():
    villages = [["code", "name", "township_code"], [NOWHERE, "x", TOWNSHIP]]
    found = problems_of(villages=villages, poor_households=household(village_code=NOWHERE))
    own = [p for p in found if p.file == "poor_households.csv"]
    assert said(own) == [(2, "village_code", "foreign-key")]
    assert "您给的表“行政村”（villages）" in own[0].message
    [ours_said] = problems_of(poor_households=household(village_code=NOWHERE))
    assert "本书的表“行政村”（villages）" in ours_said.message


def test_our_tables_that_point_at_a_given_one_are_named_with_their_counts():
    header, lost, *rest = register("villages")
    found = problems_of(villages=[header, *rest])
    pointing = [n for n in RESOURCES if any(r[-1] == lost[0] or lost[0] in r for r in
                                            ours(n).fillna("").to_numpy().tolist())
                if n not in {"villages", "divisions_2016"}]
    assert len(found) == len(pointing) == 6
    for name, problem in zip(pointing, found, strict=True):
        rows = ours(name)
        hit = int((rows["village_code"] == lost[0]).sum())
        assert (problem.file, problem.row, problem.column, problem.rule) == (
            "villages.csv", None, "code", "foreign-key")
        for part in (f"（{name}）", "（villages）", f"{len(rows):,} 行", f"{hit:,} 行", lost[0]):
            assert part in problem.message


def test_our_rows_without_a_place_in_a_given_table_are_as_many_as_the_validator_finds(tmp_path):
    header, *rows = register("villages")
    path = write_csv(tmp_path / "villages.csv", [header, *rows[7:]])
    files = {n: DATA / r["path"] for n, r in RESOURCES.items()} | {"villages": path}
    pointing = [n for n, r in RESOURCES.items() if any(
        k["reference"]["resource"] == "villages" for k in r["schema"].get("foreignKeys", []))]
    hits = {n: len(validate(PACKAGE, files, [n])) for n in pointing}
    found = problems_of(villages=[header, *rows[7:]])
    told = {n: p.message for n in pointing for p in found if f"（{n}）" in p.message}
    counted = {n: int(re.search(r"有 (\d+) 行指向", m).group(1)) for n, m in told.items()}
    assert counted == {n: k for n, k in hits.items() if k}


def test_a_larger_table_of_villages_stands_with_our_households():
    assert problems_of(villages=[*register("villages"), [NOWHERE, "x", TOWNSHIP]]) == []


def test_what_stands_together_is_told_once_a_pair():
    given_two = {n: given(n, register(n)) for n in ("villages", "poor_households")}
    notes = mixed(Intake(given_two), PACKAGE)
    assert [n.message for n in notes if "poor_households" in n.message] == []
    assert {n.file for n in notes} == {"villages.csv"}
    assert sum("（townships）" in n.message for n in notes) == 1
    assert len(notes) == 1 + 6  # townships, and the six other registers that point at villages
    [note] = mixed(Intake({"poor_households": given_two["poor_households"]}), PACKAGE)
    assert (note.kind, "（villages）" in note.message) == ("mixed", True)


@pytest.mark.parametrize("refused", [
    Problem("villages.csv", "unreadable", ""), Problem("行政村.xlsx", "encoding", ""),
    Problem("all.xlsx", "missing-column", "", sheet="行政村", row=1, column="code")])
def test_a_pointer_into_a_table_that_was_refused_is_no_second_fault(refused):
    rows = household(village_code=NOWHERE)
    assert problems_of(poor_households=rows) != []
    assert problems_of(said=(refused,), poor_households=rows) == []


# --- other types, which another county's package may have


def typed_table(spec: dict, *values: str) -> list[tuple]:
    resource = {"title": "x", "schema": {"fields": [{"name": "c", **spec}]}}
    return said(cells(Judged(given("x", [["c"], *[[v] for v in values]]), resource)))


@pytest.mark.parametrize(("spec", "good", "bad"), [
    ({"type": "date"}, ["2016-07-31", "2016-02-29"], ["2015-02-29", "2016-7-31", "20160731", "2016-07-31 "]),
    ({"type": "year"}, ["2016"], ["16", "2016.0", "\uff12016"]),
    ({"type": "yearmonth"}, ["2016-07"], ["2016-13", "2016-7"]),
    ({"type": "number"}, ["1", "-1.5", ".5", "2."], ["1e5", "NaN", "1_0", "0x1", "1,5", ".", "9" * 16]),
    ({"type": "boolean"}, ["true", "FALSE", "0"], ["t", "是"]),
])
def test_types(spec, good, bad):
    assert typed_table(spec, *good) == []
    assert typed_table(spec, *bad) == [(i, "c", "type") for i, _ in enumerate(bad, 2)]


@pytest.mark.parametrize(("spec", "good", "bad"), [
    ({"type": "date", "constraints": {"minimum": "2016-01-01"}}, ["2016-01-01"], ["2015-12-31"]),
    ({"type": "integer", "constraints": {"enum": ["1", 2]}}, ["1", "02"], ["3"]),
    ({"type": "number", "constraints": {"maximum": 1.5}}, ["1.5"], ["1.51"]),
    ({"type": "string", "constraints": {"minLength": 2, "maxLength": 3}}, ["ab", "一二三"], ["一", "abcd"]),
])
def test_constraints(spec, good, bad):
    assert typed_table(spec, *good) == []
    assert typed_table(spec, *bad) == [(i, "c", "constraint") for i, _ in enumerate(bad, 2)]


def test_beyond_a_number_of_faults_they_are_counted(monkeypatch):
    monkeypatch.setattr(judged, "LISTED", 3)
    rows = [["id", "field"], *[[f"O{i}", "x"] for i in range(10)]]
    found = problems_of(organisations=rows)
    assert said(found) == [*[(i, "field", "constraint") for i in (2, 3, 4)], (None, "field", "constraint")]
    assert "10 处" in found[-1].message


# --- the validator of the package as an oracle

# Read by the validator, refused here: another reader might take them for another number or for none.
STRICTER = ["1_0", "\uff14", " 4", "4 ", "٤", "0000000000000004", "4\n"]
TEXTS = ["", "x", "H1", "合计x", "真", "a b", "NaN", "null", '"', "a\x2cb"]
NUMBERS = ["0", "1", "2", "30", "31", "007", "+5", "-0", "-3", "2001", "1e3", "4.0", "inf", "nan", "0x1", "",
           "9" * 15, "9" * 16, "9" * 20, "x", "1\x2c000", *STRICTER]
CODES = [VILLAGE, SECOND, NOWHERE, TOWNSHIP, "", "61062600120", VILLAGE + "0"]
POOLS = {"id": [*TEXTS, *(f"K{i}" for i in range(9))], "persons": NUMBERS, "members": NUMBERS,
         "income_2015": NUMBERS, "income_2016": NUMBERS, "amount": NUMBERS, "village_code": CODES,
         "code": [VILLAGE, SECOND, NOWHERE, "", "x"], "name": TEXTS,
         "township_code": [TOWNSHIP, "610626101", "610626999", ""]}


def cell(spec: dict):
    pool = POOLS.get(spec["name"], [])
    if spec["type"] == "boolean":
        pool = ["true", "false", "TRUE", "0", "1", "True", "yes", "tRUE", "", " true"]
    return st.sampled_from([*pool, *spec.get("constraints", {}).get("enum", []), "x"])


@st.composite
def tables(draw):
    names = draw(st.sets(st.sampled_from(["poor_households", "branches", "villages", "service_facilities",
                                          "funding_rates", "weak_branches"]), min_size=1, max_size=3))
    made = {}
    for name in sorted(names):
        fields = RESOURCES[name]["schema"]["fields"]
        rows = draw(st.lists(st.tuples(*map(cell, fields)), max_size=8))
        made[name] = [[f["name"] for f in fields], *[list(r) for r in rows if any(r)]]
    return made


@settings(max_examples=80)
@drawn(tables())
def test_the_cells_at_fault_are_those_the_validator_finds(tmp_path_factory, tables):
    """Both name the same (table, row, column); only we refuse numbers in a notation of ``STRICTER``.

    What only this book checks (relations, units, rows that add up, our tables against those given) has rules
    of its own and is left out; so is the key of a row whose number is refused here only: none of the tables
    has a number for a key.
    """
    folder = tmp_path_factory.mktemp("given")
    files = {n: DATA / r["path"] for n, r in RESOURCES.items()}
    files |= {n: write_csv(folder / f"{n}.csv", rows) for n, rows in tables.items()}
    theirs = {(p.file, p.row, p.column) for p in validate(PACKAGE, files, sorted(tables))}
    found = [p for p in problems_of(**tables) if p.row and p.rule not in {"agreement", "total-row"}]
    assert len({(p.file, p.row, p.column) for p in found}) == len(found), "one cell is one fault"
    stricter = {(f"{n}.csv", i, column) for n, rows in tables.items() for i, row in enumerate(rows[1:], 2)
                for column, text in zip(rows[0], row, strict=True)
                if text in STRICTER and POOLS.get(column) is NUMBERS}
    assert {(p.file, p.row, p.column) for p in found} == theirs | stricter
