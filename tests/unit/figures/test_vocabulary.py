"""Readers never meet a code: each value of each axis that occurs anywhere has its words."""

import csv
import json
import re

import pytest
from support.project import DATA, ROOT

from figurebook.datapackage.bases import BASES
from figurebook.datapackage.tables import Tables
from figurebook.datapackage.validation.field_wording import code_words
from figurebook.figures.verdicts import verify
from figurebook.figures.vocabulary import INDEPENDENCE, RELATIONS, RESULTS, word

AXES = {"RESULTS": RESULTS, "BASES": BASES, "RELATIONS": RELATIONS, "INDEPENDENCE": INDEPENDENCE}
# What the design says, not what the code happens to hold.
DESIGNED = {
    "RESULTS": {"reproduced", "holds", "differs", "not_computed"},
    "BASES": {"recorded", "published", "illustrative", "stated"},
    "RELATIONS": {"same", "related", "unlike", "none_found"},
}


def column(path: str, name: str) -> set[str]:
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return {row[name] for row in csv.DictReader(file)}


def package() -> dict:
    return json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("axis", DESIGNED)
def test_an_axis_has_the_values_of_the_design(axis):
    assert set(AXES[axis]) == DESIGNED[axis]


def test_every_basis_and_independence_in_the_data_has_words():
    bases = {r["basis"] for r in package()["resources"] if "schema" in r}
    independences = column("published/publications.csv", "independence")
    assert len(bases) > 1
    assert len(independences) > 1
    assert bases <= set(BASES)
    assert independences <= set(INDEPENDENCE)


def test_every_verdict_has_words(tables: Tables):
    verdicts = verify(tables)
    assert {v.result for v in verdicts} <= set(RESULTS)
    assert {v.basis for v in verdicts} <= set(BASES)
    assert {v.corroboration for v in verdicts} <= set(RELATIONS)


def views() -> list[tuple[str, list[str]]]:
    """The tables that the pages print, with the columns they name."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "book").glob("*.md")))
    return [
        (table, columns.split())
        for table, columns in re.findall(r"^```\{view\} (\w+)\n:columns: (.*)$", text, re.MULTILINE)
    ]


def test_every_code_that_a_page_prints_has_a_word():
    resources = {r["name"]: r for r in package()["resources"]}
    fields = [
        field
        for table, columns in views()
        for field in resources[table]["schema"]["fields"]
        if field["name"] in columns
    ]
    printed = {value for field in fields for value in field.get("constraints", {}).get("enum", [])}
    assert {"low", "undefined", "same_source", "at_least"} <= printed
    assert [
        (f["name"], v)
        for f in fields
        for v in f.get("constraints", {}).get("enum", [])
        if re.search("[a-z]", v) and v not in code_words(f)
    ] == []


def test_every_column_of_codes_has_a_word_for_each():
    """A code is of Latin letters; what is written in Chinese is its own word."""
    wordless = [
        (r["name"], f["name"], v)
        for r in package()["resources"]
        if "schema" in r
        for f in r["schema"]["fields"]
        for v in f.get("constraints", {}).get("enum", [])
        if re.search("[a-z]", v) and v not in code_words(f)
    ]
    assert wordless == []


@pytest.mark.parametrize(
    ("table", "column_name", "axis"),
    [("publications", "independence", INDEPENDENCE)],
)
def test_a_table_s_words_for_an_axis_are_those_of_the_verdicts(tables, table, column_name, axis):
    words = getattr(tables, table).words(column_name)
    assert len(words) > 2
    assert words == {code: word(axis, code) for code in words}


@pytest.mark.parametrize("axis", AXES)
def test_words_are_short_and_explained_and_differ(axis):
    short = [pair[0] for pair in AXES[axis].values()]
    assert len(set(short)) == len(short)
    for brief, meaning in AXES[axis].values():
        assert 2 <= len(brief) <= 8
        assert meaning.endswith("。")


def test_no_word_stands_for_two_things_across_axes():
    short = [pair[0] for axis in AXES.values() for pair in axis.values()]
    assert len(set(short)) == len(short)


def test_a_value_that_is_on_no_axis_is_refused():
    assert word(RESULTS, "holds") == RESULTS["holds"][0]
    with pytest.raises(KeyError):
        word(RESULTS, "same")
