"""Manifests: what they say becomes the descriptor; what they lack or misspell is said with file and key."""

import shutil
from pathlib import Path

import pytest
from support.miniature import MINIATURE
from support.project import DATA, replace_once

from figurebook.datapackage import manifests
from figurebook.datapackage.descriptor import descriptor_problems
from figurebook.datapackage.problems import TablesError
from figurebook.datapackage.tables import read_package
from figurebook.datapackage.validation.field_wording import code_words
from figurebook.office.recognise.headings import HeadingSpellings

CREWS, PACKAGE = "registers/crews.yaml", "package.yaml"
RECORDED = ("hash", "bytes", "usedBy")


@pytest.fixture
def data(tmp_path) -> Path:
    """The miniature's data, to be spoilt."""
    return Path(shutil.copytree(MINIATURE / "data", tmp_path / "data"))


def field(package: dict, table: str, name: str) -> dict:
    schema = next(r["schema"] for r in package["resources"] if r["name"] == table)
    return next(f for f in schema["fields"] if f["name"] == name)


@pytest.mark.parametrize("folder", [DATA, MINIATURE / "data"], ids=["ours", "the miniature's"])
def test_the_manifests_make_the_descriptor_that_is_committed(folder):
    made, kept = manifests.read(folder), read_package(folder)
    for resource in kept["resources"]:
        for key in RECORDED:
            del resource[key]
    assert made == kept
    assert descriptor_problems(made) == []


def test_every_table_says_what_a_row_is():
    assert [r["name"] for r in read_package(DATA)["resources"] if "schema" in r and "row" not in r] == []


def test_keys_follow_the_columns_that_refer(data):
    schema = next(r["schema"] for r in manifests.read(data)["resources"] if r["name"] == "crews")
    assert schema["foreignKeys"] == [
        {"fields": ["pond"], "reference": {"resource": "ponds", "fields": ["id"]}}
    ]
    moves = next(r["schema"] for r in manifests.read(DATA)["resources"] if r["name"] == "transitions")
    assert {
        "fields": ["system", "source"],
        "reference": {"resource": "states", "fields": ["system", "state"]},
    } in moves["foreignKeys"]


def test_words_close_a_column_unless_it_is_open(data):
    path = data / "registers" / "crews.yaml"
    words = "    title: 负责的水塘\n    words:\n      P01: 东塘\n      no: 不知\n"
    replace_once(path, "    title: 负责的水塘\n", words)
    told = field(manifests.read(data), "crews", "pond")
    assert code_words(told) == {"P01": "东塘", "no": "不知"}
    assert told["constraints"]["enum"] == ["P01", "no"], "a bare no is a code and not a truth value"
    replace_once(path, "      no: 不知\n", "      no: 不知\n    open: true\n")
    told = field(manifests.read(data), "crews", "pond")
    assert code_words(told) == {"P01": "东塘", "no": "不知"}
    assert "enum" not in told["constraints"]


def test_what_looks_like_a_number_or_a_date_stays_text(data):
    replace_once(data / "registers" / "crews.yaml", "title: 修渠队", "title: 2017")
    replace_once(data / "package.yaml", "version: ", "version: 2017-01-0")
    package = manifests.read(data)
    assert package["version"] == "2017-01-01"
    assert next(r["title"] for r in package["resources"] if r["name"] == "crews") == "2017"
    rules = field(package, "crews", "members")["constraints"]
    assert rules == {"required": True, "minimum": 0, "maximum": 100}


def test_a_synonym_names_its_column(data):
    replace_once(data / CREWS, "    title: 队员\n", "    title: 队员\n    synonyms: [人手]\n")
    schema = next(r["schema"] for r in manifests.read(data)["resources"] if r["name"] == "crews")
    assert HeadingSpellings(schema).field("人 手（人）") == ("members", "人")
    assert HeadingSpellings(schema).field("队员")[0] == "members"
    plain = next(r["schema"] for r in read_package(MINIATURE / "data")["resources"] if r["name"] == "crews")
    assert HeadingSpellings(plain).field("人手") == (None, None)


def test_every_synonym_of_ours_names_its_column():
    found = [
        (r["schema"], f["name"], s)
        for r in read_package(DATA)["resources"]
        if "schema" in r
        for f in r["schema"]["fields"]
        for s in f.get("synonyms", ())
    ]
    assert len(found) > 2
    assert [s for schema, name, s in found if HeadingSpellings(schema).field(s)[0] != name] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (CREWS, "title: 修渠队\n", "", "title：没有写，请补上"),
        (CREWS, "title: 修渠队\n", "title:\n", "title：没有写"),
        (CREWS, "title: 修渠队\n", "title: [a]\n", "title：要是一句文字"),
        (CREWS, "title: 修渠队\n", "titel: 修渠队\n", "titel：没有这个键，可以写 title、"),
        (CREWS, "role: register", "role: registers", "role：只能是 registry、"),
        (CREWS, "basis: illustrative", "basis: guessed", "basis：只能是 recorded、"),
        (CREWS, "gaps:\n  - 全是虚构的\n", "gaps:\n", "gaps：要是一个列表"),
        (CREWS, "gaps:\n  - 全是虚构的\n", "", "gaps：没有写"),
        (CREWS, "sources:\n  - 为测试编写的练习文\n", "sources: []\n", "sources：要是一个列表，至少一项"),
        (CREWS, "key: [id]", "key: [no]", "key：没有列 no"),
        (CREWS, "key: [id]", "key: id", "key：要是一个列表"),
        (CREWS, "key: [id]", "license: MIT\nkey: [id]", "license：package.yaml 的 licenses 里没有 MIT"),
        (CREWS, "key: [id]", "fact:\n  key: id\nkey: [id]", "fact.value：没有写"),
        (CREWS, "key: [id]", "fact:\n  key: id\n  value: no\nkey: [id]", "fact.value：没有列 no"),
        (CREWS, "    title: 队员\n", "", "fields.members.title：没有写"),
        (CREWS, "    title: 队员\n", "    title: 编号\n", "fields.members：“编号”也是列 id 的名称"),
        (CREWS, "    title: 队员\n", "    title: 队员\n    synonyms: [负责的水塘]\n", "也是列 pond 的名称"),
        (
            CREWS,
            "    type: integer\n    unit: person",
            "    type: money\n    unit: person",
            "fields.members.type：只能是 integer、",
        ),
        (CREWS, "    required: true", "    required: yes", "fields.id.required：只能写 true"),
        (CREWS, "    maximum: 100\n", "    maximum: many\n", "fields.members.maximum：要是一个数"),
        (CREWS, "    maximum: 100\n", "    decimals: 1\n", "fields.members.decimals：只有 type 是 number"),
        (CREWS, "    maximum: 100\n", "    decimals: 16\n", "fields.members.decimals：要是 1 到 15 的整数"),
        (CREWS, "    maximum: 100\n", "    decimals: few\n", "fields.members.decimals：要是 1 到 15 的整数"),
        (CREWS, "    refers_to: ponds.id", "    refers_to: ponds", "fields.pond.refers_to：要写成 表名.列名"),
        (CREWS, "    refers_to: ponds.id", "    refers_to: wells.id", "fields.pond.refers_to：没有表 wells"),
        (
            CREWS,
            "    refers_to: ponds.id",
            "    refers_to: ponds.no",
            "fields.pond.refers_to：表 ponds 没有列 no",
        ),
        (CREWS, "    refers_to: ponds.id", "    within: id", "fields.pond.within：写了 refers_to"),
        (CREWS, "    refers_to: ponds.id", "    open: true", "fields.pond.open：写了 words"),
        (CREWS, "    refers_to: ponds.id", "    words: {a: x, b: x}", "fields.pond.words：两个代码"),
        (CREWS, "    refers_to: ponds.id", "    words: {a: }", "fields.pond.words：a 没有写"),
        (
            CREWS,
            "    refers_to: ponds.id",
            "    words: {a: x}\n    values: [a]",
            "fields.pond.values：写了 words",
        ),
        (CREWS, "  pond:\n", "  pond: x\n  pool:\n", "fields.pond：要写成键和值"),
        ("interview/figures.yaml", "  note:\n", "  remark:\n", "多了或少了 note、remark"),
        (PACKAGE, "name: miniature\n", "", "name：没有写"),
        (PACKAGE, "license: CC", "license: BY", "license：licenses"),
        (
            PACKAGE,
            "  - registers/ponds\n",
            "  - registers/ponds\n  - interview/ponds\n",
            "tables：ponds 不止一项",
        ),
        (PACKAGE, "  - registers/ponds\n", "", "没有表 ponds"),
    ],
    ids=lambda v: v[:30].strip(),
)
def test_what_is_wrong_is_said_with_its_file_and_key(data, file, old, new, said):
    replace_once(data / file, old, new)
    with pytest.raises(TablesError) as caught:
        manifests.read(data)
    told = [str(p) for p in caught.value.problems]
    place = CREWS if said == "没有表 ponds" else file
    assert [line for line in told if line.startswith(f"文件 {place}：") and said in line], told
    assert all("\n" not in line for line in told)


@pytest.mark.parametrize(
    ("content", "row", "said"),
    [
        (b"title: [x\n", "第 2 行", "不是合格的 YAML"),
        (b"a: b: c\n", "第 1 行", "不是合格的 YAML"),
        (b"title: x\ntitle: y\n", "第 2 行", "“title”写了两次"),
        (b"- x\n", "", "要写成键和值"),
        (b"", "", "要写成键和值"),
        ("title: 修".encode("gb18030"), "", "不是 UTF-8"),
        (b"title: \x00\n", "", "不是合格的 YAML"),
        (b"[a]: x\n", "第 1 行", "键要是一个词"),
    ],
)
def test_what_is_no_manifest_is_said_in_one_line(data, content, row, said):
    (data / CREWS).write_bytes(content)
    with pytest.raises(TablesError) as caught:
        manifests.read(data)
    told = str(caught.value)
    assert told.startswith(f"文件 {CREWS}")
    assert row in told
    assert said in told
    assert "\n" not in told or said == "要写成键和值"


@pytest.mark.parametrize("name", [CREWS, PACKAGE])
def test_a_manifest_that_is_not_there_is_said(data, name):
    (data / name).unlink()
    with pytest.raises(TablesError) as caught:
        manifests.read(data)
    assert [(p.file, p.rule) for p in caught.value.problems] == [(name, "missing-file")]


def test_all_that_is_wrong_is_said_at_once(data):
    replace_once(data / CREWS, "title: 修渠队\n", "")
    replace_once(data / CREWS, "    title: 队员\n", "")
    replace_once(data / "registers" / "ponds.yaml", "role: register", "role: no")
    with pytest.raises(TablesError) as caught:
        manifests.read(data)
    assert [p.file for p in caught.value.problems] == ["registers/ponds.yaml", CREWS, CREWS]
