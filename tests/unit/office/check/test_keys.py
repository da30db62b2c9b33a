"""Tables that point at one another: given and given, given and ours; what does not agree is counted."""

import re

import pytest
from support.given import PACKAGE, RESOURCES, ours, problems_of, said
from support.project import DATA
from support.tables import register, write_csv

from figurebook.datapackage.problems import Problem
from figurebook.datapackage.validation.package_files import validate

VILLAGE, NOWHERE = "610626001203", "610626999999"
TOWNSHIP = VILLAGE[:9]


def household(*villages: str) -> list[list[str]]:
    return [
        ["id", "village_code", "persons", "income_2015", "income_2016"],
        *[[f"H{i}", village, "4", "395000", "450000"] for i, village in enumerate(villages)],
    ]


def test_a_pointer_is_looked_up_in_the_table_given_before_ours():
    villages = [["code", "name", "township_code"], [NOWHERE, "x", TOWNSHIP]]
    found = problems_of(villages=villages, poor_households=household(VILLAGE, NOWHERE))
    own = [p for p in found if p.file == "poor_households.csv"]
    assert said(own) == [(2, "village_code", "foreign-key")]
    assert "您给的表“行政村”（villages）" in own[0].message
    [ours_said] = problems_of(poor_households=household(NOWHERE))
    assert "本书的表“行政村”（villages）" in ours_said.message


def test_a_pointer_is_told_the_column_by_its_title():
    [problem] = problems_of(poor_households=household(NOWHERE))
    assert "的“代码”一列里找不到" in problem.message
    assert "code" not in problem.message


def test_our_tables_that_point_at_a_given_one_are_named_with_their_counts():
    header, lost, *rest = register("villages")
    found = problems_of(villages=[header, *rest])
    pointing = [
        n
        for n in RESOURCES
        if any(r[-1] == lost[0] or lost[0] in r for r in ours(n).fillna("").to_numpy().tolist())
        if n not in {"villages", "divisions_2016"}
    ]
    assert len(found) == len(pointing) == 6
    for name, problem in zip(pointing, found, strict=True):
        rows = ours(name)
        hit = int((rows["village_code"] == lost[0]).sum())
        assert (problem.file, problem.row, problem.column, problem.rule) == (
            "villages.csv",
            None,
            "code",
            "foreign-key",
        )
        for part in (f"（{name}）", "（villages）", f"{len(rows):,} 行", f"{hit:,} 行", lost[0]):
            assert part in problem.message


def test_our_rows_without_a_place_in_a_given_table_are_as_many_as_the_validator_finds(tmp_path):
    header, *rows = register("villages")
    path = write_csv(tmp_path / "villages.csv", [header, *rows[7:]])
    files = {n: DATA / r["path"] for n, r in RESOURCES.items()} | {"villages": path}
    pointing = [
        n
        for n, r in RESOURCES.items()
        if any(k["reference"]["resource"] == "villages" for k in r["schema"].get("foreignKeys", []))
    ]
    hits = {n: len(validate(PACKAGE, files, [n])) for n in pointing}
    found = problems_of(villages=[header, *rows[7:]])
    told = {n: p.message for n in pointing for p in found if f"（{n}）" in p.message}
    counted = {n: int(re.search(r"有 (\d+) 行指向", m).group(1)) for n, m in told.items()}
    assert counted == {n: k for n, k in hits.items() if k}


def test_a_larger_table_of_villages_stands_with_our_households():
    assert problems_of(villages=[*register("villages"), [NOWHERE, "x", TOWNSHIP]]) == []


@pytest.mark.parametrize(
    "refused",
    [
        Problem("villages.csv", "unreadable", ""),
        Problem("行政村.xlsx", "encoding", ""),
        Problem("all.xlsx", "missing-column", "", sheet="行政村", row=1, column="code"),
    ],
)
def test_a_pointer_into_a_table_that_was_refused_is_no_second_fault(refused):
    rows = household(NOWHERE)
    assert problems_of(poor_households=rows) != []
    assert problems_of(said=(refused,), poor_households=rows) == []
