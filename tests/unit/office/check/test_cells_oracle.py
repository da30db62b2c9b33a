"""The cells of an office found at fault are those that Frictionless finds, on tables made at random."""

from hypothesis import given
from hypothesis import strategies as st
from support.drawn import examples
from support.frictionless import faults
from support.given import PACKAGE, RESOURCES, problems_of
from support.project import DATA
from support.tables import write_csv

VILLAGE, SECOND, NOWHERE = "610626001203", "610626001204", "610626999999"
TOWNSHIP = VILLAGE[:9]
# Read by the validator, refused here: another reader might take them for another number or for none.
STRICTER = ["1_0", "\uff14", " 4", "4 ", "٤", "0000000000000004", "4\n"]
TEXTS = ["", "x", "H1", "合计x", "真", "a b", "NaN", "null", '"', "a\x2cb"]
NUMBERS = [
    "0",
    "1",
    "2",
    "30",
    "31",
    "007",
    "+5",
    "-0",
    "-3",
    "2001",
    "1e3",
    "4.0",
    "inf",
    "nan",
    "0x1",
    "",
    "9" * 15,
    "9" * 16,
    "9" * 20,
    "x",
    "1\x2c000",
    *STRICTER,
]
CODES = [VILLAGE, SECOND, NOWHERE, TOWNSHIP, "", "61062600120", VILLAGE + "0"]
POOLS = {
    "id": [*TEXTS, *(f"K{i}" for i in range(9))],
    "persons": NUMBERS,
    "members": NUMBERS,
    "income_2015": NUMBERS,
    "income_2016": NUMBERS,
    "amount": NUMBERS,
    "village_code": CODES,
    "code": [VILLAGE, SECOND, NOWHERE, "", "x"],
    "name": TEXTS,
    "township_code": [TOWNSHIP, "610626101", "610626999", ""],
}


def cell(spec: dict):
    pool = POOLS.get(spec["name"], [])
    if spec["type"] == "boolean":
        pool = ["true", "false", "TRUE", "0", "1", "True", "yes", "tRUE", "", " true"]
    return st.sampled_from([*pool, *spec.get("constraints", {}).get("enum", []), "x"])


@st.composite
def tables(draw):
    names = draw(
        st.sets(
            st.sampled_from(
                [
                    "poor_households",
                    "branches",
                    "villages",
                    "service_facilities",
                    "funding_rates",
                    "weak_branches",
                ]
            ),
            min_size=1,
            max_size=3,
        )
    )
    made = {}
    for name in sorted(names):
        fields = RESOURCES[name]["schema"]["fields"]
        rows = draw(st.lists(st.tuples(*map(cell, fields)), max_size=8))
        made[name] = [[f["name"] for f in fields], *[list(r) for r in rows if any(r)]]
    return made


@examples(80)
@given(tables())
def test_the_cells_at_fault_are_those_that_frictionless_finds(tmp_path_factory, tables):
    """Both name the same (table, row, column); only we refuse numbers in a notation of ``STRICTER``.

    What only this book checks (relations, units, rows that add up, our tables against those given) has rules
    of its own and is left out; so is the key of a row whose number is refused here only: none of the tables
    has a number for a key.
    """
    folder = tmp_path_factory.mktemp("given")
    files = {n: DATA / r["path"] for n, r in RESOURCES.items()}
    files |= {n: write_csv(folder / f"{n}.csv", rows) for n, rows in tables.items()}
    theirs = {
        (file, row, column) for n in sorted(tables) for file, _, row, column in faults(PACKAGE, files, n)
    }
    found = [p for p in problems_of(**tables) if p.row and p.rule not in {"agreement", "total-row"}]
    assert len({(p.file, p.row, p.column) for p in found}) == len(found), "one cell is one fault"
    stricter = {
        (f"{n}.csv", i, column)
        for n, rows in tables.items()
        for i, row in enumerate(rows[1:], 2)
        for column, text in zip(rows[0], row, strict=True)
        if text in STRICTER and POOLS.get(column) is NUMBERS
    }
    assert {(p.file, p.row, p.column) for p in found} == theirs | stricter
