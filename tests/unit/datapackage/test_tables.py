"""A table means the same in every form it may come in, and what was read is known."""

import json
import random
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal
from support.project import DATA
from support.tables import own_register, read_rows, register, verdicts_of, write_csv, write_xlsx

from figurebook.datapackage.tables import Tables, TablesError
from figurebook.office.lay_over import load_with

NULLABLE = {"integer": "Int64", "number": "Float64", "boolean": "boolean", "string": "string"}
READ = {"integer": int, "number": float, "boolean": lambda cell: cell == "true", "string": str}
FORMS = {
    "utf-8.csv": lambda path, rows: write_csv(path.with_suffix(".csv"), rows),
    "utf-8-bom.csv": lambda path, rows: write_csv(path.with_suffix(".csv"), rows, "utf-8-sig"),
    "gb18030.csv": lambda path, rows: write_csv(path.with_suffix(".csv"), rows, "gb18030"),
    "xlsx": lambda path, rows: write_xlsx(path.with_suffix(".xlsx"), rows),
    "upper-case.XLSX": lambda path, rows: write_xlsx(path.with_suffix(".XLSX"), rows),
}
# Text in Chinese, numbers, truth values, empty cells, and the largest table there is.
SAMPLES = ["villages", "branches", "weak_branches", "service_facilities", "funding_rates", "poor_households"]


def descriptor(folder: Path) -> dict:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def rewrite(folder: Path, package: dict) -> None:
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")


def resource(package: dict, name: str) -> dict:
    return next(r for r in package["resources"] if r["name"] == name)


def test_every_table_holds_exactly_what_its_file_says(tables):
    assert len(tables.names) == 51
    for name in tables.names:
        fields = tables.resource(name)["schema"]["fields"]
        header, *rows = read_rows(DATA / tables.resource(name)["path"])
        frame = getattr(tables, name).frame
        assert list(frame.columns) == header == [f["name"] for f in fields]
        for field in fields:
            cells = [row[header.index(field["name"])] for row in rows]
            expected = [None if cell == "" else READ[field["type"]](cell) for cell in cells]
            column = frame[field["name"]]
            assert str(column.dtype) == NULLABLE[field["type"]], f"{name}.{field['name']}"
            assert column.astype(object).where(column.notna(), None).tolist() == expected


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_frame_and_verdicts(tables, tmp_path, form, name):
    FORMS[form](tmp_path / name, register(name))
    given = load_with(tmp_path)
    assert_frame_equal(getattr(given, name).frame, getattr(tables, name).frame)
    ours, theirs = verdicts_of(tables), verdicts_of(given)
    assert {i: (v.computed, v.result) for i, v in theirs.items()} == {
        i: (v.computed, v.result) for i, v in ours.items()
    }


def test_numbers_and_truth_values_that_excel_made_of_the_cells_are_read_back(tables, tmp_path):
    header, *rows = register("branches")
    typed = [[i, int(code), float(members), flag == "true"] for i, code, members, flag in rows]
    write_xlsx(tmp_path / "branches.xlsx", [header, *typed])
    assert_frame_equal(load_with(tmp_path).branches.frame, tables.branches.frame)


@pytest.mark.parametrize(
    ("cell", "value"), [("44", 44), (" 44", 44), ("44 ", 44), ("+44", 44), ("044", 44), ("\uff14\uff14", 44)]
)
def test_a_number_the_validator_passes_is_read_as_that_number(tmp_path, cell, value):
    header, first, *rest = register("branches")
    first[2] = cell
    write_csv(tmp_path / "branches.csv", [header, first, *rest])
    assert load_with(tmp_path).branches.frame["members"].iloc[0] == value


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_words_that_other_programs_take_for_missing_are_text(tmp_path, write):
    words = ["NA", "NaN", "null", "None", "n/a", "-", "0", "007"]
    rows = [["id", "field"], *([word, "rural"] for word in words)]
    write(tmp_path / f"organisations.{'csv' if write is write_csv else 'xlsx'}", rows)
    assert load_with(tmp_path).organisations.frame["id"].tolist() == words


def test_column_order_is_free(tables, tmp_path):
    rows = register("poor_households")
    order = list(range(len(rows[0])))
    random.Random(7).shuffle(order)
    assert order != sorted(order)
    write_csv(tmp_path / "poor_households.csv", [[row[i] for i in order] for row in rows])
    assert_frame_equal(load_with(tmp_path).poor_households.frame, tables.poor_households.frame)


def test_only_what_was_put_in_becomes_recorded(tables, tmp_path):
    write_csv(tmp_path / "branches.csv", own_register("branches"))
    given = load_with(tmp_path)
    assert given.basis("branches") == given.branches.basis == "recorded"
    others = [n for n in tables.names if n != "branches"]
    assert [given.basis(n) for n in others] == [tables.basis(n) for n in others]
    assert "recorded" not in {tables.basis(n) for n in tables.names}


@pytest.mark.parametrize(
    "write",
    [
        lambda folder, rows: write_csv(folder / "branches.csv", rows),
        lambda folder, rows: write_csv(folder / "branches.csv", [rows[0], *rows[:0:-1]], "gb18030"),
        lambda folder, rows: write_xlsx(folder / "branches.xlsx", rows),
    ],
    ids=["the file", "another order and encoding", "another format"],
)
def test_our_own_rows_put_in_again_stay_illustrative(tmp_path, write):
    """Agreement with our own table is not evidence, whoever lays it over."""
    write(tmp_path, register("branches"))
    assert load_with(tmp_path).basis("branches") == "illustrative"


def test_files_beside_the_tables_are_left_alone(tmp_path):
    write_csv(tmp_path / "branches.csv", own_register("branches"))
    (tmp_path / "README.md").write_text("notes", encoding="utf-8")
    (tmp_path / "~$branches.xlsx").write_bytes(b"lock file of an open workbook")
    assert load_with(tmp_path).basis("branches") == "recorded"


def test_digest_changes_with_bytes_schema_and_basis_and_with_nothing_else(package_copy, tmp_path):
    def digest(name: str = "branches") -> str:
        return Tables.load(root=package_copy).digest(name)

    original, package = digest(), descriptor(package_copy)
    assert original == digest()

    changed = descriptor(package_copy)
    resource(changed, "branches")["title"] = "another title"
    rewrite(package_copy, changed)
    assert digest() == original

    resource(changed, "branches")["basis"] = "published"
    rewrite(package_copy, changed)
    assert digest() != original

    changed = descriptor(package_copy) | {"resources": package["resources"]}
    resource(changed, "branches")["schema"]["fields"][2]["constraints"]["maximum"] = 1999
    rewrite(package_copy, changed)
    assert digest() != original

    rewrite(package_copy, json.loads((DATA / "datapackage.json").read_text(encoding="utf-8")))
    assert digest() == original
    path = package_copy / "registers" / "branches.csv"
    path.write_bytes(path.read_bytes().replace(b",44,", b",45,", 1))
    assert digest() != original


def test_digest_of_a_table_put_in_is_that_of_ours_only_when_it_is_ours(tables, tmp_path):
    (tmp_path / "branches.csv").write_bytes((DATA / "registers" / "branches.csv").read_bytes())
    assert load_with(tmp_path).digest("branches") == tables.digest("branches")
    write_csv(tmp_path / "branches.csv", own_register("branches"))
    assert load_with(tmp_path).digest("branches") != tables.digest("branches")


def test_rows_are_found_by_a_value_and_none_where_there_is_no_table(tables):
    [lines] = tables.rows_where("poverty_lines", "year", 2016)
    assert lines in tables.rows("poverty_lines")
    assert tables.rows_where("poverty_lines", "year", 1900) == []
    assert tables.rows_where("nothing", "id", "x") == []


def test_the_rules_of_a_system_are_its_rows_of_every_rule_table(tables):
    own = tables.rules_of("S07")
    assert list(own) == tables.rule_tables
    assert len(own) == 16 + 1
    for name, frame in own.items():
        whole = getattr(tables, name).frame
        mine = whole[whole["system"] == "S07"].drop(columns="system").reset_index(drop=True)
        assert frame.equals(mine), name
    assert {name for name, frame in own.items() if len(frame)} == {
        "conditions",
        "practices",
        "ties",
        "undefined",
    }


def test_a_changed_file_of_the_package_itself_is_validated(package_copy):
    path = package_copy / "registers" / "branches.csv"
    sound = path.read_bytes()
    path.write_bytes(sound.replace(b",44,", b",45,", 1))
    assert Tables.load(root=package_copy).branches.frame["members"].sum() == 4002
    path.write_bytes(sound.replace(b",44,", b",0,", 1))
    with pytest.raises(TablesError) as caught:
        Tables.load(root=package_copy)
    assert [(p.file, p.row, p.value) for p in caught.value.problems] == [("branches.csv", 2, "0")]


def test_unknown_table_is_an_attribute_error_that_names_it(tables):
    with pytest.raises(AttributeError, match="no_such_table"):
        _ = tables.no_such_table


@pytest.mark.parametrize(
    ("content", "rule"), [(None, "missing-file"), (b"{", "unreadable"), (b"\xff\xfe", "unreadable")]
)
def test_a_package_without_a_readable_descriptor_is_refused(tmp_path, content, rule):
    if content is not None:
        (tmp_path / "datapackage.json").write_bytes(content)
    with pytest.raises(TablesError) as caught:
        Tables.load(root=tmp_path)
    assert [p.rule for p in caught.value.problems] == [rule]


def test_unit_comes_from_the_schema(tables):
    assert tables.funding_rates.unit("amount") == "fen"
    assert tables.branches.unit("members") == "person"
    assert tables.branches.unit("village_code") is None
