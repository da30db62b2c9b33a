"""Every kind of bad table is refused, each fault said once, where it is and what to do about it."""

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from helpers import Rows, problems_of, read_rows, register, write_csv, write_xlsx

from wuqi.problems import RULES_ZH, Problem, shorten
from wuqi.tables import DATA, Tables

HAN = re.compile("[\u4e00-\u9fff]")
DEPARTMENTS = "id,committee_elected\nD01,true\n"
SITES = "id,village_code\nS001,610626001203\n"
BRANCHES = "id,village_code,members,reviewed_2016\n"
BRANCH = ["B01", "610626001203", "44", "true"]


def branches(row: Rows, *more: Rows) -> Rows:
    return [BRANCHES.strip().split(","), row, *more]


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "not a workbook")


def truncated(path: Path) -> None:
    write_xlsx(path, register("branches"))
    path.write_bytes(path.read_bytes()[:3000])


def torn_sheet(path: Path) -> None:
    """A whole archive with half a sheet in it: only reading to the end shows the damage."""
    write_xlsx(path, register("branches"))
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet[:len(sheet) // 2]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


# name: (files of the folder, what must be said of them as (file, rule, row, column, value))
CASES = {
    "no table at all": ({"notes.md": b"x"}, [("@folder", "missing-file", None, None, None)]),
    "unknown name": ({"village.csv": b"a\n1\n"}, [("village.csv", "unknown-file", None, None, None)]),
    "unknown name among good ones": (
        {"departments.csv": DEPARTMENTS, "Departments.xlsx": branches(BRANCH)},
        [("Departments.xlsx", "unknown-file", None, None, None)]),
    "a table of the interview": (
        {"figures.csv": b"a\n"}, [("figures.csv", "unknown-file", None, None, None)]),
    "same table twice": (
        {"branches.csv": BRANCHES, "branches.xlsx": branches(BRANCH)},
        [("branches.xlsx", "unknown-file", None, None, None)]),
    "a format that is not read": (
        {"branches.xls": b"\xd0\xcf\x11\xe0", "departments.csv": DEPARTMENTS},
        [("branches.xls", "unknown-file", None, None, None)]),
    "missing column": ({"departments.csv": "id\nD01\n"},
                       [("departments.csv", "missing-column", 1, "committee_elected", None)]),
    "extra column": ({"departments.csv": "id,committee_elected,phone\nD01,true,1\n"},
                     [("departments.csv", "extra-column", 1, "phone", None)]),
    "duplicated column": ({"departments.csv": "id,id,committee_elected\nD01,D01,true\n"},
                          [("departments.csv", "duplicate-column", 1, "id", None)]),
    "unnamed column": ({"branches.xlsx": branches([*BRANCH, "x"])},
                       [("branches.xlsx", "extra-column", 1, "（空列名）", None)]),
    "not a truth value": ({"departments.csv": DEPARTMENTS + "D02,maybe\n"},
                          [("departments.csv", "type", 3, "committee_elected", "maybe")]),
    "not a number": ({"branches.csv": BRANCHES + "B01,610626001203,about 40,true\n"},
                     [("branches.csv", "type", 2, "members", "about 40")]),
    "not a whole number": ({"branches.xlsx": branches(["B01", "610626001203", 44.5, True])},
                           [("branches.xlsx", "type", 2, "members", "44.5")]),
    "a failed formula": ({"organisations.xlsx": [["id", "field"], ["O01", "rural"], ["#N/A", "rural"]]},
                         [("organisations.xlsx", "type", 3, "id", "#N/A")]),
    "a failed formula where a number should be": (
        {"branches.xlsx": branches(["B01", "610626001203", "#DIV/0!", True])},
        [("branches.xlsx", "type", 2, "members", "#DIV/0!")]),
    "a quote after a space": (
        {"departments.csv": 'id,committee_elected\n"D01", "true"\n"D02", "true"\n'},
        [("departments.csv", "type", 2, "committee_elected", ' "true"'),
         ("departments.csv", "type", 3, "committee_elected", ' "true"')]),
    "duplicate key": ({"departments.csv": DEPARTMENTS + "D02,true\nD01,false\n"},
                      [("departments.csv", "duplicate-key", 4, "id", "D01")]),
    "duplicate outside the key": (
        {"branches.csv": BRANCHES + "B01,610626001203,44,true\nB02,610626001203,44,true\n"},
        [("branches.csv", "duplicate-key", 3, "village_code", "610626001203")]),
    "broken foreign key": ({"demonstration_sites.csv": SITES + "S002,610626999999\n"},
                           [("demonstration_sites.csv", "foreign-key", 3, "village_code", "610626999999")]),
    "nobody in the household": (
        {"poor_households.csv": "id,village_code,persons,income_2015,income_2016\n"
                                "H0001,610626001203,0,1,1\n"},
        [("poor_households.csv", "constraint", 2, "persons", "0")]),
    "zero in a workbook": ({"branches.xlsx": branches(["B01", "610626001203", 0, True])},
                           [("branches.xlsx", "constraint", 2, "members", "0")]),
    "negative": ({"branches.csv": BRANCHES + "B01,610626001203,-44,true\n"},
                 [("branches.csv", "constraint", 2, "members", "-44")]),
    "too large": ({"branches.csv": BRANCHES + "B01,610626001203,2001,true\n"},
                  [("branches.csv", "constraint", 2, "members", "2001")]),
    "not in the list": ({"organisations.csv": "id,field\nO01,urban\n"},
                        [("organisations.csv", "constraint", 2, "field", "urban")]),
    "not in the pattern": ({"townships.csv": (DATA / "registers/townships.csv").read_text("utf-8")
                            + "61062,name\n"}, [("townships.csv", "constraint", 11, "code", "61062")]),
    "empty required cell": ({"departments.csv": DEPARTMENTS + "D02,\n"},
                            [("departments.csv", "constraint", 3, "committee_elected", "")]),
    "empty key": ({"departments.csv": DEPARTMENTS + ",true\n"},
                  [("departments.csv", "constraint", 3, "id", "")]),
    "empty required reference": ({"demonstration_sites.csv": SITES + "S002,\n"},
                                 [("demonstration_sites.csv", "constraint", 3, "village_code", "")]),
    "empty cell in a workbook": ({"branches.xlsx": branches(["B01", "610626001203", 44, None])},
                                 [("branches.xlsx", "constraint", 2, "reviewed_2016", "")]),
    "neither utf-8 nor gb18030": ({"departments.csv": DEPARTMENTS.encode() + b"D\xff2,true\n"},
                                  [("departments.csv", "encoding", None, None, None)]),
    "utf-16": ({"departments.csv": DEPARTMENTS.encode("utf-16")},
               [("departments.csv", "encoding", None, None, None)]),
    "empty file": ({"departments.csv": b""}, [("departments.csv", "unreadable", None, None, None)]),
    "truncated workbook": ({"branches.xlsx": truncated},
                           [("branches.xlsx", "unreadable", None, None, None)]),
    "workbook with a torn sheet": ({"branches.xlsx": torn_sheet},
                                   [("branches.xlsx", "unreadable", None, None, None)]),
    "an archive that is no workbook": ({"branches.xlsx": zipped},
                                       [("branches.xlsx", "unreadable", None, None, None)]),
    "too few cells": ({"departments.csv": DEPARTMENTS + "D02\n"},
                      [("departments.csv", "row-shape", 3, None, None)]),
    "one cell of four, in the only row": ({"branches.csv": BRANCHES + "B01\n"},
                                          [("branches.csv", "row-shape", 2, None, None)]),
    "too many cells": ({"departments.csv": DEPARTMENTS + "D02,true,x\n"},
                       [("departments.csv", "row-shape", 3, None, None)]),
    "blank row": ({"departments.csv": DEPARTMENTS + "\nD02,true\n"},
                  [("departments.csv", "row-shape", 3, None, None)]),
    "blank row in a workbook": ({"branches.xlsx": branches([], BRANCH)},
                                [("branches.xlsx", "row-shape", 2, None, None)]),
    "semicolons": ({"departments.csv": DEPARTMENTS.replace(",", ";")},
                   [("departments.csv", "missing-column", 1, "id", None),
                    ("departments.csv", "missing-column", 1, "committee_elected", None),
                    ("departments.csv", "extra-column", 1, "id;committee_elected", None)]),
}


def fill(folder: Path, files: dict) -> None:
    for name, content in files.items():
        path = folder / name
        if callable(content):
            content(path)
        elif isinstance(content, list):
            write_xlsx(path, content)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())


def said(problems: list[Problem], folder: Path) -> list[tuple]:
    return [("@folder" if p.file == str(folder) else p.file, p.rule, p.row, p.column, p.value)
            for p in problems]


@pytest.mark.parametrize("case", CASES)
def test_each_fault_is_said_once_and_in_full(tmp_path, case):
    files, expected = CASES[case]
    fill(tmp_path, files)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    problems = problems_of(tmp_path)
    assert said(problems, tmp_path) == expected
    for p in problems:
        shown = str(p)
        for part in (p.file, p.rule, RULES_ZH[p.rule], p.message, p.column, p.row):
            assert part is None or str(part) in shown
        assert p.value is None or shorten(p.value) in shown
        assert HAN.search(p.message), "the sentence is for a Chinese reader"
        assert re.search("[请应要]", p.message), f"says what to do: {p.message}"
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_missing_folder_and_a_file_for_a_folder(tmp_path):
    file = write_csv(tmp_path / "branches.csv", register("branches"))
    for path in (tmp_path / "nowhere", file):
        assert said(problems_of(path), path) == [("@folder", "missing-file", None, None, None)]


def test_the_sheet_of_a_workbook_is_named_and_a_csv_has_none(tmp_path):
    write_xlsx(tmp_path / "branches.xlsx", branches(["B01", "610626001203", 0, True]), "二零一六")
    write_csv(tmp_path / "departments.csv", [["id", "committee_elected"], ["D01", "maybe"]])
    problems = problems_of(tmp_path)
    assert {p.file: p.sheet for p in problems} == {"branches.xlsx": "二零一六", "departments.csv": None}
    assert all(("二零一六" in str(p)) == (p.sheet is not None) for p in problems)


@pytest.mark.parametrize("damage", [truncated, torn_sheet, zipped])
def test_a_damaged_workbook_is_called_one(tmp_path, damage):
    damage(tmp_path / "branches.xlsx")
    [problem] = problems_of(tmp_path)
    assert "XLSX" in problem.message
    assert "另存" in problem.message


def test_losing_a_village_is_reported_wherever_it_was_pointed_at(tmp_path):
    header, *rows = register("villages")
    lost = rows.pop(40)[0]
    write_csv(tmp_path / "villages.csv", [header, *rows])
    expected = []
    for path in sorted((DATA / "registers").glob("*.csv")):
        head, *body = read_rows(path)
        if "village_code" in head:
            expected += [(path.name, "foreign-key", i, "village_code", lost)
                         for i, row in enumerate(body, 2) if row[head.index("village_code")] == lost]
    assert len({file for file, *_ in expected}) == 6, "the village is used in six registers"
    assert said(problems_of(tmp_path), tmp_path) == expected


def test_several_faults_at_once_are_all_reported(tmp_path):
    fill(tmp_path, {
        "departments.csv": "id\nD01\n",
        "branches.csv": BRANCHES + "B01,610626001203,0,true\nB01,610626001204,44,perhaps\n\n"
                                   "B03,610626001206,44\nB04,610626999999,x,true\n",
        "organisations.xlsx": truncated,
        "model_members.csv": "id,field\nM001,rural\nM002,\n",
    })
    assert sorted(said(problems_of(tmp_path), tmp_path), key=str) == sorted([
        ("departments.csv", "missing-column", 1, "committee_elected", None),
        ("branches.csv", "constraint", 2, "members", "0"),
        ("branches.csv", "type", 3, "reviewed_2016", "perhaps"),
        ("branches.csv", "duplicate-key", 3, "id", "B01"),
        ("branches.csv", "row-shape", 4, None, None),
        ("branches.csv", "row-shape", 5, None, None),
        ("branches.csv", "foreign-key", 6, "village_code", "610626999999"),
        ("branches.csv", "type", 6, "members", "x"),
        ("organisations.xlsx", "unreadable", None, None, None),
        ("model_members.csv", "constraint", 3, "field", ""),
    ], key=str)


def test_a_fault_in_every_row_is_said_of_every_row(tmp_path):
    header, *rows = register("poor_households")
    write_csv(tmp_path / "poor_households.csv",
              [header, *([i, code, "0", *incomes] for i, code, _, *incomes in rows)])
    assert [p.row for p in problems_of(tmp_path)] == list(range(2, len(rows) + 2))


def test_a_key_into_a_table_that_is_itself_unusable_is_not_a_second_fault(tmp_path):
    fill(tmp_path, {"villages.csv": b"", "demonstration_sites.csv": SITES})
    assert said(problems_of(tmp_path), tmp_path) == [("villages.csv", "unreadable", None, None, None)]


def test_a_register_without_rows_is_a_register(tmp_path):
    fill(tmp_path, {"departments.csv": b"id,committee_elected\n"})
    assert len(Tables.load(tmp_path).departments.frame) == 0


def test_only_the_first_sheet_counts(tmp_path):
    path = write_xlsx(tmp_path / "branches.xlsx", branches(BRANCH))
    book = openpyxl.load_workbook(path)
    book.create_sheet("notes").append(["anything"])
    book.save(path)
    assert Tables.load(tmp_path).branches.frame["members"].tolist() == [44]


def test_shorten_shows_control_characters_and_cuts():
    assert shorten("a\x00b\n") == "“a\\x00b\\x0a”"
    assert shorten("长" * 61) == "“" + "长" * 60 + "…”"
