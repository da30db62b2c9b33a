"""Cells: what can be read for certain is, what is read otherwise is told, the rest stays as it is."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.project import DATA

from figurebook.datapackage.tables import read_package
from figurebook.office.recognise.cell_values import KINDS, reader
from figurebook.office.recognise.columns import WrittenCells, codes, read_column
from figurebook.office.recognise.sheets import givable

FEN = {"name": "m", "type": "integer", "unit": "fen", "constraints": {"required": True}}
PERSONS = {"name": "p", "type": "integer", "unit": "person", "constraints": {"required": True}}
COUNT = {"name": "n", "type": "integer", "constraints": {"required": True}}
NUMBER = {"name": "x", "type": "number"}
YUAN = {"name": "y", "type": "number", "unit": "yuan"}
TRUTH = {"name": "b", "type": "boolean", "constraints": {"required": True}}
MAYBE = {"name": "b", "type": "boolean"}
DAY = {"name": "d", "type": "date"}
YEAR = {"name": "j", "type": "year"}
CODE = {"name": "c", "type": "string", "constraints": {"required": True, "pattern": "[0-9]{9}"}}
LINK = {"name": "v", "type": "string"}
TEXT = {"name": "t", "type": "string", "constraints": {"required": True}}
REMARK = {"name": "t", "type": "string"}
ENUM = {
    "name": "e",
    "type": "string",
    "categories": [{"value": "rural", "label": "农村"}, {"value": "village", "label": "村\uff08原有\uff09"}],
    "constraints": {"required": True, "enum": ["rural", "village"]},
}
EMPTY = None


def read(field, text, heading_unit=None):
    is_code = field["name"] in {"c", "v"}
    return reader(field, is_code=is_code, heading_unit=heading_unit)(text)


@pytest.mark.parametrize(
    ("field", "text", "value", "kinds"),
    [
        (COUNT, "44", "44", ()),
        (COUNT, "-3", "-3", ()),
        (COUNT, "\uff14\uff14", "44", ("full-width",)),
        (COUNT, "\u300044\xa0", "44", ("blanks",)),
        (COUNT, "4\u200b4\u202e", "44", ("invisible",)),
        (COUNT, "44.0", "44", ("decimal-zero",)),
        (COUNT, "+44", "44", ("plain-number",)),
        (COUNT, "044", "44", ("plain-number",)),
        (COUNT, "-0", "0", ("plain-number",)),
        (COUNT, "\uff0d\uff13", "-3", ("full-width",)),
        (COUNT, "1,234,567", "1234567", ("thousands",)),
        (COUNT, "1\uff0c234", "1234", ("full-width", "thousands")),
        (COUNT, "1 234", "1234", ("thousands",)),
        (COUNT, "1\u202f234.0", "1234", ("thousands", "decimal-zero")),
        (COUNT, "1.5万", "15000", ("unit",)),
        (PERSONS, "4人", "4", ("unit",)),
        (PERSONS, "４ 名", "4", ("full-width", "unit")),
        (PERSONS, "0.3万人", "3000", ("unit",)),
        (FEN, "450000", "450000", ()),
        (FEN, "4500元", "450000", ("unit",)),
        (FEN, "\uffe54,500.25", "450025", ("full-width", "thousands", "unit")),
        (FEN, "0.45万元", "450000", ("unit",)),
        (FEN, "3分", "3", ("unit",)),
        (YUAN, "4500分", "45", ("unit",)),
        (NUMBER, "0.350", "0.350", ()),
        (NUMBER, "1,234.50", "1234.50", ("thousands",)),
        (NUMBER, "\u2014", EMPTY, ("missing",)),
        (TRUTH, "true", "true", ()),
        (TRUTH, "TRUE", "true", ("boolean",)),
        (TRUTH, "是", "true", ("boolean",)),
        (TRUTH, "无", "false", ("boolean",)),
        (MAYBE, "无", "false", ("boolean",)),
        (MAYBE, "-", EMPTY, ("missing",)),
        (TRUTH, "√", "true", ("boolean",)),
        (TRUTH, "×", "false", ("boolean",)),
        (TRUTH, "０", "false", ("boolean",)),
        (DAY, "2016年7月31日", "2016-07-31", ("date",)),
        (DAY, "2016/7/31", "2016-07-31", ("date",)),
        (DAY, "2016.7.31", "2016-07-31", ("date",)),
        (DAY, "20160731", "2016-07-31", ("date",)),
        (DAY, "2016-07-31 00:00:00", "2016-07-31", ("date",)),
        (DAY, "42582", "2016-07-31", ("date",)),
        (DAY, "2016-07-31", "2016-07-31", ()),
        (YEAR, "2016年", "2016", ("date",)),
        (CODE, "６１０６２６１００", "610626100", ("full-width",)),
        (CODE, "610626100.0", "610626100", ("decimal-zero",)),
        (CODE, "\t610626100", "610626100", ("blanks",)),
        (LINK, "N/A", EMPTY, ("missing",)),
        (LINK, "\uff0d", EMPTY, ("missing",)),
        (TEXT, "１号村\uff08北\uff09 ", "１号村\uff08北\uff09", ("blanks",)),
        (TEXT, "-", "-", ()),
        (TEXT, " \u200b", EMPTY, ("invisible", "blanks")),
        (REMARK, "空", EMPTY, ("missing",)),
        (ENUM, "rural", "rural", ()),
        (ENUM, "农村", "rural", ("word",)),
        (ENUM, "村\x28原有\x29", "village", ("word",)),
        (ENUM, "Ｒural", "rural", ("full-width", "letter-case")),
    ],
)
def test_what_is_certain_is_read_and_told(field, text, value, kinds):
    assert read(field, text) == (value, kinds)
    assert set(kinds) <= set(KINDS)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (COUNT, "1,23"),
        (COUNT, "12,34,567"),
        (COUNT, "0,123"),
        (COUNT, "1,234 567"),
        (COUNT, "4.5"),
        (COUNT, "4."),
        (COUNT, "6.1E+11"),
        (COUNT, "nan"),
        (COUNT, "inf"),
        (COUNT, "12%"),
        (COUNT, "0.00001万"),
        (COUNT, "--3"),
        (COUNT, "(1,234)"),
        (COUNT, "=1+1"),
        (COUNT, "4人"),
        (COUNT, "-"),
        (COUNT, "9" * 5000),
        (COUNT, "九"),
        (COUNT, "\u0664"),
        (COUNT, "1e5"),
        (COUNT, "4\n4"),
        (PERSONS, "4户"),
        (PERSONS, "4元"),
        (PERSONS, "约4人"),
        (PERSONS, "\xa54"),
        (FEN, "0.45万"),
        (FEN, "4500.5"),
        (FEN, "0.001元"),
        (FEN, "4500美元"),
        (FEN, "4500人"),
        (FEN, "1.2.3元"),
        (TRUTH, "2"),
        (TRUTH, "-"),
        (TRUTH, "对不对"),
        (DAY, "2016-02-30"),
        (DAY, "16-7-31"),
        (DAY, "7/31/2016"),
        (DAY, "2016-7/31"),
        (DAY, "20161331"),
        (DAY, "2016年7月"),
        (DAY, "2016-07-31 08:00:00"),
        (CODE, "6.10626E+11"),
        (CODE, "=610626100"),
        (CODE, "'610626100"),
        (CODE, "-"),
        (ENUM, "城市"),
        (ENUM, "rural,village"),
    ],
)
def test_what_is_not_certain_stays_as_it_is_written(field, text):
    assert read(field, text) == (text, ())


@pytest.mark.parametrize(
    ("text", "unit", "value", "kinds"),
    [
        ("4500.50", "元", "450050", ("heading-unit",)),
        ("4,500", "元", "450000", ("thousands", "heading-unit")),
        ("0.45", "万元", "450000", ("heading-unit",)),
        ("4.5", "千元", "450000", ("heading-unit",)),
        ("450000", "分", "450000", ()),
        ("0", "元", "0", ()),
        ("0.45万", "元", "450000", ("unit",)),
        ("4500元", "元", "450000", ("unit",)),
        ("-1", "元", "-100", ("heading-unit",)),
        ("4500元", "万元", "450000", ("unit",)),
        ("2万元", "元", "2000000", ("unit",)),
        ("2万人", "元", "2万人", ()),
        ("0.001", "元", "0.001", ()),
        ("0.45万", "万元", "0.45万", ()),
    ],
)
def test_a_unit_in_the_heading_scales_exactly_and_the_cell_s_own_goes_before_it(text, unit, value, kinds):
    assert read(FEN, text, unit) == (value, kinds)


def test_ten_thousand_under_a_heading_that_says_so_already_is_not_read():
    assert read(PERSONS, "0.3万", "人") == ("3000", ("unit",))
    assert read(PERSONS, "0.3万", "万人") == ("0.3万", ())


def test_a_word_of_two_codes_is_neither():
    twins = {**ENUM, "categories": [{"value": v, "label": "村"} for v in ("rural", "village")]}
    assert read(twins, "村") == ("村", ())


def test_a_cell_of_several_lines_is_one_cell():
    column = read_column(np.array(["a\n", "b"], dtype=object), TEXT, is_code=False)
    assert (column.values.tolist(), list(column.kinds)) == (["a", "b"], ["blanks"])


def test_only_texts_with_a_pattern_a_key_or_a_reference_are_codes():
    schema = {
        "primaryKey": ["a"],
        "foreignKeys": [{"fields": ["b"], "reference": {}}],
        "fields": [
            {"name": "a"},
            {"name": "b"},
            {"name": "c", "constraints": {"unique": True}},
            {"name": "d", "constraints": {"pattern": "x"}},
            {"name": "e"},
        ],
    }
    assert codes(schema) == {"a", "b", "c", "d"}


FIELDS = [FEN, PERSONS, COUNT, NUMBER, YUAN, TRUTH, MAYBE, DAY, YEAR, CODE, LINK, TEXT, REMARK, ENUM]
CHARS = st.sampled_from(
    "0123456789.,-+eE%/：人万元分年月日是否无空农村rual\u3000\xa0\u200b\ufeff０９\uff0c\uff0d\uff0e\n '"
)
TEXTS = st.one_of(
    st.text(CHARS, max_size=12),
    st.text(max_size=12),
    st.integers().map(str),
    st.decimals(allow_nan=True, places=2).map(str),
)


@given(st.sampled_from(FIELDS), TEXTS)
def test_a_reading_is_told_exactly_when_it_differs_and_is_read_as_itself(field, text):
    value, kinds = read(field, text) if text else (None, ())
    assert bool(kinds) == ((value or "") != text)
    if value is not None:
        assert read(field, value) == (value, ())


@given(st.sampled_from(FIELDS), st.lists(TEXTS, max_size=6), st.sampled_from([None, "heading"]))
def test_a_column_is_read_as_its_cells_one_by_one(field, texts, unit):
    heading_unit = {"fen": "元", "yuan": "元", "person": "人"}.get(field.get("unit")) if unit else None
    column = read_column(
        np.array([*texts, ""], dtype=object),
        field,
        is_code=field["name"] in {"c", "v"},
        heading_unit=heading_unit,
    )
    expected = [read(field, t, heading_unit) if t else (None, ()) for t in [*texts, ""]]
    assert column.values.tolist() == [value for value, _ in expected]
    assert column.changed.tolist() == [bool(kinds) for _, kinds in expected]
    for kind in KINDS:
        where = column.kinds.get(kind, np.zeros(len(expected), dtype=bool))
        assert where.tolist() == [kind in kinds for _, kinds in expected]


@given(st.lists(st.integers(-(10**20), 10**20).map(str), min_size=1))
def test_canonical_numbers_are_taken_as_they_are(texts):
    column = read_column(np.array(texts, dtype=object), COUNT, is_code=False)
    assert column.values.tolist() == texts
    assert not column.changed.any()


PLACES = {"元": 2, "万元": 6, "千元": 5, "亿元": 10, "角": 1}


@given(st.integers(0, 10**12), st.sampled_from(list(PLACES.items())))
def test_money_in_any_unit_is_exact(fen, unit):
    word, places = unit
    digits = str(fen).zfill(places + 1)
    amount = f"{digits[:-places]}.{digits[-places:]}"
    assert read(FEN, amount + word)[0] == str(fen)
    assert read(FEN, amount, word)[0] == str(fen)


ENUMS = [
    (name, field)
    for name, resource in givable(read_package(DATA)).items()
    for field in resource["schema"]["fields"]
    if "enum" in field.get("constraints", ())
]


@pytest.mark.parametrize(("name", "field"), ENUMS, ids=lambda x: x if isinstance(x, str) else x["name"])
def test_every_code_of_a_register_or_rule_may_be_given_by_its_word(name, field):
    assert [c["value"] for c in field["categories"]] == field["constraints"]["enum"]
    for category in field["categories"]:
        assert read(field, category["label"]) == (category["value"], ("word",))


def test_what_was_written_is_a_mapping_by_row_and_column():
    written = WrittenCells(
        {
            "a": pd.Series(["x", "y"], index=[3, 7], dtype=object),
            "b": pd.Series(["z"], index=[3], dtype=object),
        }
    )
    assert dict(written) == {(3, "a"): "x", (7, "a"): "y", (3, "b"): "z"}
    assert len(written) == 3
    assert written.get((7, "b")) is None
    assert (3, "c") not in written


def test_every_kind_is_told_in_a_chinese_sentence():
    assert all(re.search("[\u4e00-\u9fff]", told) and told.endswith("。") for told in KINDS.values())
