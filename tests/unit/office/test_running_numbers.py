"""Running numbers stand in for personal values, consistently, and nothing leads back."""

from pathlib import Path

import pandas as pd
from hypothesis import given as over
from hypothesis import strategies as st
from support.project import DATA

from figurebook.datapackage.tables import read_package
from figurebook.office.office_tables import OfficeTable
from figurebook.office.running_numbers import personal_columns, personal_values, pseudonymised

PACKAGE = {
    "resources": [
        {"name": "source"},
        {
            "name": "poor_households",
            "schema": {
                "fields": [
                    {"name": "id", "type": "string", "personal": True},
                    {"name": "village_code", "type": "string"},
                ]
            },
        },
        {
            "name": "visits",
            "schema": {
                "fields": [{"name": "day", "type": "date"}, {"name": "household", "type": "string"}],
                "foreignKeys": [
                    {"fields": ["household"], "reference": {"resource": "poor_households", "fields": ["id"]}}
                ],
            },
        },
    ]
}


def table(name: str, written: dict | None = None, **columns) -> OfficeTable:
    frame = pd.DataFrame(columns, dtype=object)
    frame.index += 3
    return OfficeTable(name, Path(f"{name}.csv"), None, frame, {c: c for c in columns}, written or {})


def test_equal_values_get_equal_numbers_in_the_order_of_the_file_and_across_tables():
    tables = {
        "visits": table("visits", day=["1", "2", "3"], household=["CANARY-2", None, "CANARY-1"]),
        "poor_households": table("poor_households", id=["CANARY-1", "CANARY-2"], village_code=["a", "b"]),
    }
    done = pseudonymised(tables, PACKAGE)
    assert done["poor_households"].frame["id"].to_list() == ["PH1", "PH2"]
    assert done["visits"].frame["household"].to_list() == ["PH2", None, "PH1"]
    assert done["visits"].frame["day"].to_list() == ["1", "2", "3"]
    assert list(done["visits"].frame.index) == [3, 4, 5]
    assert tables["poor_households"].frame["id"].to_list() == ["CANARY-1", "CANARY-2"]


def test_a_reference_without_its_key_is_replaced_too():
    done = pseudonymised({"visits": table("visits", day=["1"], household=["CANARY-9"])}, PACKAGE)
    assert done["visits"].frame["household"].to_list() == ["PH1"]


def test_what_was_written_in_a_personal_cell_is_forgotten_and_searched_for():
    written = {(3, "id"): "ＣＡＮＡＲＹ-1", (3, "village_code"): "Ａ"}
    given = {
        "poor_households": table("poor_households", written, id=["CANARY-1", None], village_code=["A", "B"])
    }
    assert personal_values(given, PACKAGE) == {"poor_households.id": {"CANARY-1", "ＣＡＮＡＲＹ-1"}}
    done = pseudonymised(given, PACKAGE)["poor_households"]
    assert done.written == {(3, "village_code"): "Ａ"}
    assert "CANARY" not in repr(done)


def test_a_running_number_is_nobodys_own():
    ids = ["PH2", "PH1", "phx1", "CANARY-1"]
    done = pseudonymised({"poor_households": table("poor_households", id=ids, village_code=ids)}, PACKAGE)
    numbers = done["poor_households"].frame["id"].to_list()
    assert not set(numbers) & set(ids)
    assert not any(n.startswith(i) for n in numbers for i in ids)


@over(st.lists(st.none() | st.text("PHX0123456789x户-", min_size=1, max_size=4), min_size=1, max_size=30))
def test_numbers_are_as_many_as_values_and_share_none(ids):
    done = pseudonymised({"poor_households": table("poor_households", id=ids, village_code=ids)}, PACKAGE)
    frame = done["poor_households"].frame
    numbers = frame["id"].to_list()
    pairs = {(a, b) for a, b in zip(ids, numbers, strict=True) if a is not None}
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    assert [n is None for n in numbers] == [i is None for i in ids]
    assert not {n.upper() for n in numbers if n} & {i.upper() for i in ids if i}
    assert frame["village_code"].to_list() == ids


def test_the_personal_columns_of_the_package():
    tables = {table for table, _ in personal_columns(read_package(DATA))}
    assert tables == {
        "demonstration_households",
        "model_members",
        "first_secretaries",
        "poor_households",
        "appointments",
    }
