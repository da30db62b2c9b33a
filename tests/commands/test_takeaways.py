"""Files to take away: made with the site, linked from their page, openable, the same each time."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support.drawn import drawn
from support.office import office_saves
from support.site import sphinx

from figurebook.datapackage.tables import Tables
from figurebook.site.pages.takeaways import FOLDER, files_of

IDS = Tables.load().systems.frame["id"].tolist()
ALL = [(system, name) for system in IDS for name in files_of(system)]
# Those that an office program opens: a third at a run, all of them once a week.
WORKBOOKS = [(system, name) for system, name in ALL if name.endswith(".xlsx")]
OPENED = drawn(WORKBOOKS, -(-len(WORKBOOKS) // 3), "workbooks")


def test_the_directive_links_the_files_and_the_build_writes_them(tmp_path):
    built = sphinx(
        tmp_path,
        "figurebook.site.pages.takeaways",
        **{"index": "# 题\n\n```{toctree}\nbook/a\n```\n", "book/a": "# 甲\n\n```{takeaways} S14\n```\n"},
    )
    assert (built.returncode, built.warnings) == (0, "")
    links = re.findall(r'href="\.\./(files/[^"]+)"', built.page("book/a"))
    assert links == [f"{FOLDER}/{name}" for name in files_of("S14")]
    for link in links:
        assert (built.out / link).read_bytes() == files_of("S14")[Path(link).name][1]


def test_every_system_has_a_file_and_no_two_files_have_one_name():
    names = [name for _, name in ALL]
    assert {system for system, _ in ALL} == set(IDS)
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"s\d\d-[a-z-]+\.(xlsx|ics)", n) and n.startswith(s.lower()) for s, n in ALL)


@pytest.mark.parametrize(("system", "name"), ALL)
def test_a_file_is_the_same_each_time_it_is_made(system, name):
    first = files_of(system)[name][1]
    files_of.cache_clear()
    assert files_of(system)[name][1] == first


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory) -> tuple[Path, dict[str, Path]]:
    """The folder of the workbooks as made, and each as an office program saved it."""
    folder = tmp_path_factory.mktemp("made")
    for system, name in OPENED:
        (folder / name).write_bytes(files_of(system)[name][1])
    return folder, office_saves(folder / "saved", *(folder / name for _, name in OPENED))


def values(path: Path) -> dict[str, list[list]]:
    """``{sheet: rows}`` as text, formulas left out: their results depend on the day."""
    book = load_workbook(path)
    return {
        page.title: [
            [None if c.value is None or c.data_type == "f" else str(c.value) for c in row]
            for row in page.iter_rows()
            if any(c.value is not None for c in row)
        ]
        for page in book
    }


@pytest.mark.parametrize("name", [name for _, name in OPENED])
def test_a_workbook_opens_in_an_office_program_and_keeps_all_it_holds(workbooks, name):
    folder, saved = workbooks
    given, kept = values(folder / name), values(saved[name])
    assert list(kept) == list(given)
    for sheet, rows in given.items():
        width = max(map(len, rows), default=0)
        assert [[*r, *[None] * (width - len(r))][:width] for r in kept[sheet]] == rows, sheet
    computed = load_workbook(saved[name], data_only=True)
    assert [
        c.coordinate for page in computed for row in page.iter_rows() for c in row if c.data_type == "e"
    ] == []
