"""Every kind of bad table of a package is refused, each fault said once, where it is and what to do."""

import re
from pathlib import Path

import pytest
from support.project import DATA
from support.tables import read_rows, register, write_csv

from figurebook.datapackage.problems import RULES_ZH, Problem, shorten
from figurebook.datapackage.tables import read_package
from figurebook.datapackage.validation.package_files import validate

HAN = re.compile("[\u4e00-\u9fff]")
DEPARTMENTS = "id,committee_elected\nD01,true\n"
SITES = "id,village_code\nS001,610626001203\n"
POVERTY_LINES = (DATA / "published/poverty_lines.csv").read_text("utf-8").partition("\n")[0] + "\n"
BRANCHES = "id,village_code,members,reviewed_2016\n"


def problems_of(folder: Path) -> list[Problem]:
    """What is said of the package when the files of the folder stand in the places of its tables."""
    package = read_package(DATA)
    files = {r["name"]: DATA / r["path"] for r in package["resources"]}
    own = {p.stem: p for p in folder.iterdir()}
    pointing = {
        r["name"]
        for r in package["resources"]
        for k in r.get("schema", {}).get("foreignKeys", [])
        if k["reference"]["resource"] in own
    }
    return validate(package, files | own, sorted({*own, *pointing}))


CASES = {
    "missing column": (
        {"departments.csv": "id\nD01\n"},
        [("departments.csv", "missing-column", 1, "committee_elected", None)],
    ),
    "extra column": (
        {"departments.csv": "id,committee_elected,phone\nD01,true,1\n"},
        [("departments.csv", "extra-column", 1, "phone", None)],
    ),
    "duplicated column": (
        {"departments.csv": "id,id,committee_elected\nD01,D01,true\n"},
        [("departments.csv", "duplicate-column", 1, "id", None)],
    ),
    "not a truth value": (
        {"departments.csv": DEPARTMENTS + "D02,maybe\n"},
        [("departments.csv", "type", 3, "committee_elected", "maybe")],
    ),
    "not a number": (
        {"branches.csv": BRANCHES + "B01,610626001203,about 40,true\n"},
        [("branches.csv", "type", 2, "members", "about 40")],
    ),
    "a number in a notation of Python's": (
        {"branches.csv": BRANCHES + "B01,610626001203,4_4,true\n"},
        [("branches.csv", "type", 2, "members", "4_4")],
    ),
    "an integer too great to be held": (
        {"branches.csv": BRANCHES + f"B01,610626001203,{2**63},true\n"},
        [("branches.csv", "type", 2, "members", str(2**63))],
    ),
    "a quote after a space": (
        {"departments.csv": 'id,committee_elected\n"D01", "true"\n"D02", "true"\n'},
        [
            ("departments.csv", "type", 2, "committee_elected", ' "true"'),
            ("departments.csv", "type", 3, "committee_elected", ' "true"'),
        ],
    ),
    "duplicate key": (
        {"departments.csv": DEPARTMENTS + "D02,true\nD01,false\n"},
        [("departments.csv", "duplicate-key", 4, "id", "D01")],
    ),
    "duplicate outside the key": (
        {"branches.csv": BRANCHES + "B01,610626001203,44,true\nB02,610626001203,44,true\n"},
        [("branches.csv", "duplicate-key", 3, "village_code", "610626001203")],
    ),
    "broken foreign key": (
        {"demonstration_sites.csv": SITES + "S002,610626999999\n"},
        [("demonstration_sites.csv", "foreign-key", 3, "village_code", "610626999999")],
    ),
    "nobody in the household": (
        {
            "poor_households.csv": "id,village_code,persons,income_2015,income_2016\n"
            "H0001,610626001203,0,1,1\n"
        },
        [("poor_households.csv", "constraint", 2, "persons", "0")],
    ),
    "negative": (
        {"branches.csv": BRANCHES + "B01,610626001203,-44,true\n"},
        [("branches.csv", "constraint", 2, "members", "-44")],
    ),
    "too large": (
        {"branches.csv": BRANCHES + "B01,610626001203,2001,true\n"},
        [("branches.csv", "constraint", 2, "members", "2001")],
    ),
    "not in the list": (
        {"organisations.csv": "id,field\nO01,urban\n"},
        [("organisations.csv", "constraint", 2, "field", "urban")],
    ),
    "not in the pattern": (
        {"townships.csv": (DATA / "registers/townships.csv").read_text("utf-8") + "61062,name\n"},
        [("townships.csv", "constraint", 11, "code", "61062")],
    ),
    "empty required cell": (
        {"departments.csv": DEPARTMENTS + "D02,\n"},
        [("departments.csv", "constraint", 3, "committee_elected", "")],
    ),
    "empty key": (
        {"departments.csv": DEPARTMENTS + ",true\n"},
        [("departments.csv", "constraint", 3, "id", "")],
    ),
    "empty required reference": (
        {"demonstration_sites.csv": SITES + "S002,\n"},
        [("demonstration_sites.csv", "constraint", 3, "village_code", "")],
    ),
    "neither utf-8 nor gb18030": (
        {"departments.csv": DEPARTMENTS.encode() + b"D\xff2,true\n"},
        [("departments.csv", "encoding", None, None, None)],
    ),
    "utf-16": (
        {"departments.csv": DEPARTMENTS.encode("utf-16")},
        [("departments.csv", "encoding", None, None, None)],
    ),
    "empty file": ({"departments.csv": b""}, [("departments.csv", "unreadable", None, None, None)]),
    "a quote that is never closed": (
        {"poverty_lines.csv": POVERTY_LINES + '2016,3000,net_income,yunnan-yearbook-2017,"note'},
        [("poverty_lines.csv", "unreadable", None, None, None)],
    ),
    "a cell of more characters than are read": (
        {"poverty_lines.csv": POVERTY_LINES + "2016,3000,net_income,yunnan-yearbook-2017," + "x" * 200_000},
        [("poverty_lines.csv", "unreadable", None, None, None)],
    ),
    "too few cells": (
        {"departments.csv": DEPARTMENTS + "D02\n"},
        [("departments.csv", "row-shape", 3, None, None)],
    ),
    "one cell of four, in the only row": (
        {"branches.csv": BRANCHES + "B01\n"},
        [("branches.csv", "row-shape", 2, None, None)],
    ),
    "too many cells": (
        {"departments.csv": DEPARTMENTS + "D02,true,x\n"},
        [("departments.csv", "row-shape", 3, None, None)],
    ),
    "blank row": (
        {"departments.csv": DEPARTMENTS + "\nD02,true\n"},
        [("departments.csv", "row-shape", 3, None, None)],
    ),
    "semicolons": (
        {"departments.csv": DEPARTMENTS.replace(",", ";")},
        [
            ("departments.csv", "missing-column", 1, "id", None),
            ("departments.csv", "missing-column", 1, "committee_elected", None),
            ("departments.csv", "extra-column", 1, "id;committee_elected", None),
        ],
    ),
}


def fill(folder: Path, files: dict) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def said(problems: list[Problem]) -> list[tuple]:
    return [(p.file, p.rule, p.row, p.column, p.value) for p in problems]


@pytest.mark.parametrize("case", CASES)
def test_each_fault_is_said_once_and_in_full(tmp_path, case):
    files, expected = CASES[case]
    fill(tmp_path, files)
    problems = problems_of(tmp_path)
    assert said(problems) == expected
    for p in problems:
        shown = str(p)
        for part in (p.file, p.rule, RULES_ZH[p.rule], p.message, p.column, p.row):
            assert part is None or str(part) in shown
        assert p.value is None or shorten(p.value) in shown
        assert HAN.search(p.message), "the sentence is for a Chinese reader"
        assert re.search("[请应要]", p.message), f"says what to do: {p.message}"


def test_an_integer_too_great_is_told_from_a_text_that_is_none(tmp_path):
    fill(tmp_path, {"branches.csv": BRANCHES + f"B01,610626001203,{2**63},true\nB02,610626001204,x,true\n"})
    assert [p.message for p in problems_of(tmp_path)] == [
        "这个整数太大，记不下：绝对值不能超过 9,223,372,036,854,775,807。请核对。",
        "这里应填整数。",
    ]


def test_a_table_that_is_not_there_is_said():
    package = read_package(DATA)
    files = {r["name"]: DATA / r["path"] for r in package["resources"]}
    [problem] = validate(package, files | {"departments": DATA / "nowhere.csv"}, ["departments"])
    assert (problem.file, problem.rule) == ("nowhere.csv", "missing-file")


def test_losing_a_village_is_reported_wherever_it_was_pointed_at(tmp_path):
    header, *rows = register("villages")
    lost = rows.pop(40)[0]
    write_csv(tmp_path / "villages.csv", [header, *rows])
    expected = []
    for path in sorted((DATA / "registers").glob("*.csv")):
        head, *body = read_rows(path)
        if "village_code" in head:
            expected += [
                (path.name, "foreign-key", i, "village_code", lost)
                for i, row in enumerate(body, 2)
                if row[head.index("village_code")] == lost
            ]
    assert len({file for file, *_ in expected}) == 6, "the village is used in six registers"
    assert said(problems_of(tmp_path)) == expected


def test_several_faults_at_once_are_all_reported(tmp_path):
    fill(
        tmp_path,
        {
            "departments.csv": "id\nD01\n",
            "branches.csv": BRANCHES + "B01,610626001203,0,true\nB01,610626001204,44,perhaps\n\n"
            "B03,610626001206,44\nB04,610626999999,x,true\n",
            "model_members.csv": "id,field\nM001,rural\nM002,\n",
        },
    )
    assert sorted(said(problems_of(tmp_path)), key=str) == sorted(
        [
            ("departments.csv", "missing-column", 1, "committee_elected", None),
            ("branches.csv", "constraint", 2, "members", "0"),
            ("branches.csv", "type", 3, "reviewed_2016", "perhaps"),
            ("branches.csv", "duplicate-key", 3, "id", "B01"),
            ("branches.csv", "row-shape", 4, None, None),
            ("branches.csv", "row-shape", 5, None, None),
            ("branches.csv", "foreign-key", 6, "village_code", "610626999999"),
            ("branches.csv", "type", 6, "members", "x"),
            ("model_members.csv", "constraint", 3, "field", ""),
        ],
        key=str,
    )


def test_a_fault_in_every_row_is_said_of_every_row(tmp_path):
    header, *rows = register("poor_households")
    write_csv(
        tmp_path / "poor_households.csv",
        [header, *([i, code, "0", *incomes] for i, code, _, *incomes in rows)],
    )
    assert [p.row for p in problems_of(tmp_path)] == list(range(2, len(rows) + 2))


def test_a_key_into_a_table_that_is_itself_unusable_is_not_a_second_fault(tmp_path):
    fill(tmp_path, {"villages.csv": b"", "demonstration_sites.csv": SITES})
    assert said(problems_of(tmp_path)) == [("villages.csv", "unreadable", None, None, None)]


def test_a_register_without_rows_is_a_register(tmp_path):
    fill(tmp_path, {"departments.csv": b"id,committee_elected\n"})
    assert problems_of(tmp_path) == []


def test_shorten_shows_control_characters_and_cuts():
    assert shorten("a\x00b\n") == "“a\\x00b\\x0a”"
    assert shorten("长" * 61) == "“" + "长" * 60 + "…”"
