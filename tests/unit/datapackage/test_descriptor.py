"""A descriptor that lacks something is refused before anything relies on it, and all it lacks is named."""

import dataclasses

import pytest
from support.descriptor import GONE, put, rewrite
from support.miniature import MINIATURE
from support.project import DATA, replace_once

from figurebook.datapackage import tables as reader
from figurebook.datapackage.descriptor import (
    REGISTRY_COLUMNS,
    TYPES,
    descriptor_problems,
    exposed_personal_columns,
)
from figurebook.datapackage.seals import broken_seals, seal
from figurebook.datapackage.tables import Tables, TablesError, read_package
from figurebook.figures.registry import Figure


@pytest.fixture
def package() -> dict:
    """The miniature's descriptor, to be spoilt."""
    return read_package(MINIATURE / "data")


@pytest.mark.parametrize("data", [DATA, MINIATURE / "data"], ids=["ours", "the miniature's"])
def test_a_whole_descriptor_has_no_faults(data):
    assert descriptor_problems(read_package(data)) == exposed_personal_columns(read_package(data)) == []


def test_the_registry_s_columns_and_the_types_are_those_that_are_read():
    assert {f.name for f in dataclasses.fields(Figure)} == set(REGISTRY_COLUMNS)
    assert set(TYPES) == set(reader._DTYPES)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("name", GONE, "name：没有写"),
        ("resources", GONE, "resources"),
        ("resources", {}, "resources"),
        ("resources", [1], "resources"),
        *[
            (f"crews {key}", GONE, f"表 crews 的 {key}：")
            for key in ("path", "title", "description", "sources", "licenses", "gaps", "schema")
        ],
        *[(f"crews {key}", "", f"表 crews 的 {key}：") for key in ("path", "title", "sources", "gaps")],
        ("crews name", GONE, "resources 第 8 项的 name"),
        ("crews name", "ponds", "表 ponds：不止一项"),
        ("crews title", 5, "表 crews 的 title"),
        ("crews sources", [], "表 crews 的 sources"),
        ("crews sources", [{"path": "x"}], "表 crews 的 sources"),
        ("crews licenses", [{"name": "MIT"}], "表 crews 的 licenses"),
        ("crews licenses", ["MIT"], "licenses"),
        ("crews gaps", [3], "表 crews 的 gaps"),
        ("crews basis", GONE, "表 crews 的 basis 只能是 recorded、published、illustrative、stated 之一"),
        ("crews basis", "guessed", "值 “guessed”"),
        ("crews basis", ["stated"], "表 crews 的 basis"),
        ("crews role", GONE, "表 crews 的 role 只能是 registry、interview、published、register"),
        ("crews role", "registers", "值 “registers”"),
        ("crews role", ["rules"], "表 crews 的 role"),
        ("crews fact", {"key": "id"}, "表 crews 的 fact"),
        ("crews fact", "id", "表 crews 的 fact"),
        ("crews fact", {"key": "id", "value": "metres", "units": "米"}, "表 crews 的 fact"),
        ("crews schema", 3, "表 crews 的 schema.fields"),
        ("crews schema fields", [], "schema.fields"),
        ("crews schema fields 2 title", GONE, "表 crews 的第 3 个字段 members 的 title"),
        ("crews schema fields 2 title", "", "表 crews 的第 3 个字段 members 的 title"),
        ("crews schema fields 2 name", GONE, "表 crews 的第 3 个字段的 name"),
        ("crews schema fields 2 type", GONE, "字段 members 的 type 只能是"),
        ("crews schema fields 2 type", "money", "值 “money”"),
        ("crews schema fields 2 decimals", 1, "表 crews 的 members 的 decimals"),  # of an integer
        *[
            ("figures schema fields 4 decimals", n, "表 figures 的 value 的 decimals：是小数位数")
            for n in (0, 16, "2", True, 1.0, None)
        ],
        ("crews schema fields 2 type", [], "字段 members 的 type 只能是"),
        ("crews schema primaryKey", "id", "schema.primaryKey：要是列名的列表"),
        ("crews schema primaryKey", ["no"], "schema.primaryKey：表 crews 没有列 no"),
        ("crews schema foreignKeys", {}, "schema.foreignKeys"),
        ("crews schema foreignKeys 0 fields", "pond", "schema.foreignKeys"),
        ("crews schema foreignKeys 0 fields", ["well"], "表 crews 没有列 well"),
        ("crews schema foreignKeys 0 reference", GONE, "schema.foreignKeys"),
        ("crews schema foreignKeys 0 reference fields", [], "schema.foreignKeys"),
        ("crews schema foreignKeys 0 reference fields", ["no"], "表 ponds 没有列 no"),
        ("figures schema", GONE, "表 figures"),
        ("figures name", "numbers", "表 figures：没有这张表"),
        ("figures schema fields 13", GONE, "表 figures 的 schema.fields：多了或少了 note"),
        ("figures schema fields 13 name", "remark", "多了或少了 note、remark"),
    ],
    ids=lambda v: None if v is GONE else str(v)[:40],
)
def test_what_is_missing_or_wrong_is_named(package, path, value, said):
    put(package, path, value)
    told = descriptor_problems(package)
    assert {p.file for p in told} == {"datapackage.json"}
    assert said in "\n".join(map(str, told))


def test_a_list_is_no_descriptor():
    assert ["resources" in p.message for p in descriptor_problems([])] == [True]


def test_all_that_is_missing_is_told_at_once(package):
    for path in ("crews title", "ponds basis", "terms schema fields 0 title", "mentions licenses"):
        put(package, path, GONE)
    told = "\n".join(map(str, descriptor_problems(package)))
    for part in (
        "表 crews 的 title",
        "表 ponds 的 basis",
        "表 terms 的第 1 个字段 id 的 title",
        "表 mentions 的 licenses",
    ):
        assert part in told


@pytest.mark.parametrize(
    "reads", [lambda data: Tables.load(root=data), broken_seals], ids=["load", "broken_seals"]
)
def test_whoever_opens_a_package_refuses_an_incomplete_one(package_copy, reads):
    package = read_package(package_copy)
    put(package, "branches title", GONE)
    rewrite(package_copy, package)
    with pytest.raises(TablesError, match="表 branches 的 title"):
        reads(package_copy)


@pytest.mark.parametrize("reads", [lambda data: Tables.load(root=data), seal], ids=["load", "seal"])
@pytest.mark.parametrize("basis", ["recorded", "published", "stated"])
def test_a_personal_column_of_a_table_that_is_not_made_up_is_refused(package_copy, reads, basis):
    """The files of the package are public with the book, and only tables put in are masked and searched."""
    package = read_package(package_copy)
    put(package, "poor_households basis", basis)
    rewrite(package_copy, package)
    manifest = package_copy / "registers" / "poor_households.yaml"
    replace_once(manifest, "basis: illustrative", f"basis: {basis}")
    with pytest.raises(TablesError, match="用 --data 换入") as caught:
        reads(package_copy)
    assert [(p.file, p.column, p.rule) for p in caught.value.problems] == [
        ("registers/poor_households.csv", "id", "personal")
    ]
