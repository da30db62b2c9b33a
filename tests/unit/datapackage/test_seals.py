"""The package's seals: nothing in it can change, go missing or slip in unnoticed."""

import json

import pytest
from support.frictionless import Package, system
from support.miniature import MINIATURE
from support.project import DATA, replace_once

from figurebook.datapackage.seals import broken_seals, seal
from figurebook.datapackage.tables import Tables, TablesError


def said(problems):
    return [(p.file, p.rule) for p in problems]


def test_the_committed_package_is_sealed_and_says_how_large_each_file_is():
    assert broken_seals(DATA) == []
    for resource in json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))["resources"]:
        assert resource["bytes"] == (DATA / resource["path"]).stat().st_size


def test_sealing_again_changes_nothing(package_copy):
    before = (package_copy / "datapackage.json").read_bytes()
    assert seal(package_copy) is False
    assert seal(package_copy) is False
    assert (
        (package_copy / "datapackage.json").read_bytes() == before == (DATA / "datapackage.json").read_bytes()
    )


def test_sealing_takes_up_a_valid_change_once(package_copy):
    path = package_copy / "registers" / "branches.csv"
    path.write_bytes(path.read_bytes().replace(b",44,", b",45,", 1))
    assert said(broken_seals(package_copy)) == [("registers/branches.csv", "sha256")]
    assert seal(package_copy) is True
    assert broken_seals(package_copy) == []
    assert seal(package_copy) is False
    assert Tables.load(root=package_copy).branches.frame["members"].sum() == 4002


@pytest.mark.parametrize(
    "path",
    [
        "registers/poor_households.csv",
        "published/corroboration.csv",
        "interview/figures.csv",
        "interview/source.json",
    ],
)
def test_one_changed_byte_is_reported(package_copy, path):
    content = bytearray((package_copy / path).read_bytes())
    content[len(content) // 2] ^= 1
    (package_copy / path).write_bytes(content)
    assert said(broken_seals(package_copy)) == [(path, "sha256")]


def test_a_missing_an_unlisted_and_an_unsealed_file_are_each_reported(package_copy):
    (package_copy / "registers" / "branches.csv").unlink()
    (package_copy / "interview" / "source.json").unlink()
    (package_copy / "published" / "notes.txt").write_text("x", encoding="utf-8")
    (package_copy / "stray.csv").write_text("x", encoding="utf-8")
    package = json.loads((package_copy / "datapackage.json").read_text(encoding="utf-8"))
    del next(r for r in package["resources"] if r["name"] == "villages")["hash"]
    (package_copy / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert said(broken_seals(package_copy)) == [
        ("interview/source.json", "missing-file"),
        ("registers/villages.csv", "sha256"),
        ("registers/branches.csv", "missing-file"),
        ("published/notes.txt", "unlisted"),
        ("stray.csv", "unlisted"),
    ]


@pytest.mark.parametrize("key", ["hash", "bytes", "usedBy"])
def test_what_was_never_recorded_of_a_file_is_said(package_copy, key):
    package = json.loads((package_copy / "datapackage.json").read_text(encoding="utf-8"))
    del next(r for r in package["resources"] if r["name"] == "villages")[key]
    (package_copy / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    (problem,) = broken_seals(package_copy)
    assert problem.file == "registers/villages.csv"
    assert "还没有登记" in problem.message


def test_no_script_lies_beside_a_table(package_copy):
    (package_copy / "published" / "divisions_2016.py").write_text("", encoding="utf-8")
    assert said(broken_seals(package_copy)) == [("published/divisions_2016.py", "unlisted")]


@pytest.mark.parametrize(
    ("path", "damage", "expected"),
    [
        ("registers/branches.csv", lambda c: c.replace(b",44,", b",0,", 1), ("branches.csv", "constraint")),
        (
            "registers/villages.csv",
            lambda c: c.replace(b"610626001203", b"61062600120x", 1),
            ("villages.csv", "constraint"),
        ),
        ("registers/branches.csv", lambda c: None, ("branches.csv", "missing-file")),
        ("interview/source.json", lambda c: None, ("interview/source.json", "missing-file")),
        ("registers/stray.csv", lambda c: b"a\n", ("registers/stray.csv", "unlisted")),
    ],
    ids=["a value out of range", "a broken key", "a missing table", "a missing file", "an unlisted file"],
)
def test_seal_refuses_what_does_not_validate_and_writes_nothing(package_copy, path, damage, expected):
    file = package_copy / path
    content = damage(file.read_bytes() if file.is_file() else b"")
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    before = {p: p.read_bytes() for p in package_copy.rglob("*") if p.is_file()}
    with pytest.raises(TablesError) as caught:
        seal(package_copy)
    assert expected in said(caught.value.problems)
    assert {p: p.read_bytes() for p in package_copy.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    ("manifest", "old", "new", "key"),
    [
        ("registers/branches.yaml", "title: 党员数", "title: 党员", "schema"),
        ("registers/branches.yaml", "basis: illustrative", "basis: recorded", "basis"),
        ("published/poverty_lines.yaml", "  value: line_yuan", "  value: year", "fact"),
        ("package.yaml", "version: ", "version: 1", "version"),
        (
            "package.yaml",
            "  - rules/states\n  - rules/transitions\n",
            "  - rules/transitions\n  - rules/states\n",
            "tables",
        ),
    ],
)
def test_a_manifest_that_says_otherwise_than_the_descriptor_is_told(package_copy, manifest, old, new, key):
    replace_once(package_copy / manifest, old, new)
    (problem,) = broken_seals(package_copy)
    assert (problem.file, problem.rule) == (manifest, "outdated")
    assert problem.message == f"datapackage.json 里的 {key} 与它说的不同，请运行 python -m wuqi seal。"
    assert seal(package_copy) is True
    assert broken_seals(package_copy) == []


def test_a_table_left_out_of_the_list_is_reported(package_copy):
    replace_once(package_copy / "package.yaml", "  - rules/point_rules\n", "")
    assert said(broken_seals(package_copy)) == [("package.yaml", "outdated")]
    with pytest.raises(TablesError) as caught:
        seal(package_copy)
    assert said(caught.value.problems) == [
        ("rules/point_rules.csv", "unlisted"),
        ("rules/point_rules.yaml", "unlisted"),
    ]


def test_the_miniature_is_sealed():
    assert broken_seals(MINIATURE / "data") == []


def test_frictionless_itself_finds_the_committed_package_valid():
    with system.use_context(trusted=True):
        report = Package(str(DATA / "datapackage.json")).validate()
    assert [e.message for e in report.errors] == []
    assert [e.message for task in report.tasks for e in task.errors] == []
    assert report.valid
    assert len(report.tasks) == 52
