"""Our validator finds in the package's files what Frictionless finds, after any hostile change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import examples
from support.frictionless import faults
from support.project import DATA
from support.tables import read_rows, write_csv

from figurebook.datapackage.tables import read_package
from figurebook.datapackage.validation.package_files import validate

PACKAGE = read_package(DATA)
RESOURCES = {r["name"]: r for r in PACKAGE["resources"] if "schema" in r}
FILES = {name: DATA / r["path"] for name, r in RESOURCES.items()}
# The largest take seconds each; what they are made of, others are too.
NAMES = sorted(name for name, path in FILES.items() if path.stat().st_size < 30_000)
TEXTS = [
    "",
    "x",
    " ",
    "\u3000",
    "0",
    "1",
    "2",
    "-1",
    "1.5",
    "01",
    "true",
    "TRUE",
    "tRUE",
    "S01",
    "D01",
    "2016",
    "a\x2cb",
    'a"b',
    "a\nb",
    "\ufeff1",
    "610626001203",
    "610626999999",
    "9" * 18,
]
# Python reads them as numbers; our notation has none of them, and Frictionless refuses some.
STRICTER = [
    "1_0",
    "\uff14",
    " 4",
    "4 ",
    "\u0664",
    "4\n",
    "1e3",
    "1E-2",
    "NaN",
    "INF",
    "-inf",
    "9" * 19,
    "9" * 40,
]

Rows = list[list[str]]


def wrong(name: str, rows: Rows, folder) -> tuple[set, set]:
    """The faults that we find, and those that Frictionless finds, when the table holds these rows."""
    path = write_csv(folder / f"{name}.csv", rows)
    files = FILES | {name: path}
    ours = validate(PACKAGE, files, [name])
    found = [(p.file, p.rule, p.row, p.column) for p in ours]
    assert len(set(found)) == len(found), "one cell is one fault"
    return set(found), faults(PACKAGE, files, name)


@st.composite
def changed(draw) -> tuple[str, Rows]:
    """A table of the package after one to four changes of cells and rows."""
    name = draw(st.sampled_from(NAMES))
    header, *rows = read_rows(FILES[name])
    for _ in range(draw(st.integers(1, 4))):
        i = draw(st.integers(0, len(rows) - 1))
        j = draw(st.integers(0, len(header) - 1))
        change = draw(st.sampled_from([*["cell"] * 3, "other", "copy", "drop", "short", "long", "blank"]))
        if change == "cell" and j < len(rows[i]):
            rows[i][j] = draw(st.sampled_from(TEXTS))
        elif change == "other" and j < len(rows[i]):
            k = draw(st.integers(0, len(rows) - 1))
            rows[i][j] = rows[k][j] if j < len(rows[k]) else ""
        elif change == "copy":
            rows.insert(draw(st.integers(0, len(rows))), list(rows[i]))
        elif change == "drop" and len(rows) > 1:
            del rows[i]
        elif change == "short":
            del rows[i][j:]
        elif change == "long":
            rows[i].append(draw(st.sampled_from(["", "x"])))
        elif change == "blank":
            rows.insert(i, draw(st.sampled_from([[], [""] * len(header)])))
    return name, [header, *rows]


@examples(150)
@given(changed())
def test_the_faults_of_a_changed_table_are_those_that_frictionless_finds(tmp_path_factory, table):
    ours, theirs = wrong(*table, tmp_path_factory.mktemp("changed"))
    assert ours == theirs


@pytest.mark.parametrize("text", STRICTER)
def test_a_number_in_another_notation_is_refused_whatever_frictionless_says(tmp_path, text):
    header, *rows = read_rows(FILES["branches"])
    rows[3][header.index("members")] = text
    ours, _ = wrong("branches", [header, *rows], tmp_path)
    assert ours == {("branches.csv", "type", 5, "members")}
