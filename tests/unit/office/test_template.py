"""The empty tables: made from the descriptor alone, and what is filled into them is read back."""

import copy
import csv
import io
import json

import openpyxl
import pytest
from support.project import DATA

from figurebook.datapackage.validation.field_wording import allowed_values
from figurebook.office.template import csv_files, heading, registers, workbook

PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
KEPT = registers(PACKAGE)


def made(package: dict) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(package)))


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    """The workbook for our own tables; not to be altered."""
    return made(PACKAGE)


def test_there_is_a_sheet_a_register_and_one_that_explains(book):
    titles = [r["title"] for r in KEPT]
    assert [s.title for s in book if s.sheet_state == "visible"] == ["说明", *titles]
    assert "贫困户" in titles
    assert "假定" not in titles  # what the reconstruction assumes is no office's register


@pytest.mark.parametrize("resource", KEPT, ids=lambda r: r["name"])
def test_the_headings_are_the_schema_s_titles(book, resource):
    row = [c.value for c in book[resource["title"]][1]]
    assert row == [heading(f) for f in resource["schema"]["fields"]]
    assert all(f["title"] in h for f, h in zip(resource["schema"]["fields"], row, strict=True))


def test_money_is_asked_for_in_yuan(book):
    assert "2016 年人均收入（元）" in [c.value for c in book["贫困户"][1]]


def test_what_is_allowed_is_a_drop_down_in_readers_words(book):
    sheet = book["农村党支部"]
    lists = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
    assert len(lists) == 1  # reviewed or not
    hidden = book["选项"]
    offered = {tuple(c.value for c in column if c.value is not None) for column in hidden.columns}
    assert ("是", "否") in offered
    kinds = next(
        f
        for r in KEPT
        if r["name"] == "service_facilities"
        for f in r["schema"]["fields"]
        if f["name"] == "kind"
    )
    assert allowed_values(kinds) in offered
    assert len(allowed_values(kinds)) == 5


def test_each_column_is_explained_with_what_it_needs(book):
    rows = {(r[0], r[1]): r for r in book["说明"].iter_rows(min_row=2, values_only=True)}
    assert {(r["title"], heading(f)) for r in KEPT for f in r["schema"]["fields"]} <= set(rows)
    assert rows["贫困户", "编号"][3] == "是"
    assert "个人信息" in rows["贫困户", "编号"][4]
    assert "“行政村”" in rows["贫困户", "村代码"][4]
    assert "30" in rows["贫困户", "人数"][2]
    assert rows["软弱涣散组织", "村代码"][3] == "否"
    assert ("单位名称", None) in rows or ("单位名称", "") in rows


def test_another_descriptor_makes_another_template():
    other = copy.deepcopy(PACKAGE)
    other["resources"] = [r for r in other["resources"] if r["name"] in ("townships", "figures")]
    other["resources"][-1]["schema"]["fields"].append({"name": "area", "type": "number", "title": "面积"})
    another = made(other)
    assert [s.title for s in another if s.sheet_state == "visible"] == ["说明", "乡镇"]
    assert [c.value for c in another["乡镇"][1]] == ["代码", "名称", "面积"]


def test_the_csv_files_hold_the_same_headings_and_open_in_excel():
    files = csv_files(PACKAGE)
    assert set(files) == {"说明.csv", *(f"{r['title']}.csv" for r in KEPT)}
    for resource in KEPT:
        content = files[f"{resource['title']}.csv"]
        assert content.startswith(b"\xef\xbb\xbf")
        (row,) = csv.reader(io.StringIO(content.decode("utf-8-sig")))
        assert row == [heading(f) for f in resource["schema"]["fields"]]


def test_more_rows_can_be_typed_or_pasted_than_are_prepared(book):
    for page in book:
        if page.title not in {r["title"] for r in KEPT}:
            continue
        # Columns that share a style are written as one range and read as its first.
        columns = [d for d in page.column_dimensions.values() if d.width == 18]
        assert columns, page.title
        assert {d.protection.locked for d in columns} == {False}, page.title
        assert page.protection.insertRows is page.protection.deleteRows is False, page.title
        reach = {r.max_row for v in page.data_validations.dataValidation for r in v.sqref.ranges}
        assert reach <= {1_048_576}, page.title
    assert book["贫困户"].column_dimensions["A"].number_format == "@"  # 007 pasted below stays 007
