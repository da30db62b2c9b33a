"""The empty tables in an office program."""

import openpyxl
from support.office import office_saves
from support.project import DATA

from figurebook.datapackage.tables import read_package
from figurebook.office.template import workbook


def test_the_workbook_opens_in_an_office_suite(tmp_path):
    path = tmp_path / "template.xlsx"
    path.write_bytes(workbook(read_package(DATA)))
    kept = openpyxl.load_workbook(office_saves(tmp_path / "again", path)[path.name])
    assert [c.value for c in kept["贫困户"][1]] == [
        c.value for c in openpyxl.load_workbook(path)["贫困户"][1]
    ]
