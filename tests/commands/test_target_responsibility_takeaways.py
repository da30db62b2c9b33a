"""S15's assessment sheet: its formulas give the model's totals and ranks, and find weights that are wrong."""

import io

import pytest
from openpyxl import load_workbook
from support.office import office_saves

from figurebook.datapackage.problems import TablesError
from figurebook.datapackage.tables import Tables
from figurebook.spreadsheets.reading.filled_sheets import read
from figurebook.systems.ranking import ranks
from wuqi.systems.target_responsibility import model
from wuqi.systems.target_responsibility import takeaways as files

TABLES = Tables.load()
RULES = model.rules(TABLES)
UNITS = model.units(TABLES)
BOOK = model.example(RULES, len(UNITS))
MADE = files.make(TABLES)
NAME = "s15-assessment.xlsx"


def changed(folder, name: str, change):
    path = folder / name
    book = load_workbook(io.BytesIO(MADE[NAME]))
    change(book)
    book.save(path)
    return path


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    """Three workbooks as an office program computes them: as made, scores filled in, a weight wrong."""
    folder = tmp_path_factory.mktemp("office")

    def fill(book):
        for row, unit in enumerate(BOOK.units, 2):
            for at, points in enumerate(BOOK.points(unit).values(), 3):
                book["得分"].cell(row, at, points)

    def spoil(book):
        fill(book)
        book["指标"]["D2"] = 21

    paths = [
        changed(folder, "made.xlsx", lambda _: None),
        changed(folder, "filled.xlsx", fill),
        changed(folder, "wrong.xlsx", spoil),
    ]
    saved = office_saves(folder / "saved", *paths)
    return {name.split(".")[0]: load_workbook(path, data_only=True) for name, path in saved.items()}


def rows(page):
    """The last three cells of each row that is a unit's; the example has a line above its header."""
    return [r[-3:] for r in page.iter_rows(min_row=3 if page.title == "例表" else 2, values_only=True)]


def test_it_makes_the_file_it_names_and_the_same_each_time():
    assert list(MADE) == list(files.FILES) == [NAME]
    assert files.make(TABLES) == MADE


@pytest.mark.parametrize(("book", "sheet"), [("made", "例表"), ("filled", "得分"), ("filled", "例表")])
def test_an_office_program_computes_the_totals_and_ranks_of_the_model(computed, book, sheet):
    totals = BOOK.totals()
    places = ranks(totals)
    for unit, (total, rank, tie) in zip(BOOK.units, rows(computed[book][sheet]), strict=True):
        assert rank == places.get(unit, "未排")
        assert (total or None) == (float(totals[unit]) if unit in totals else None)
        assert (tie == "并列") == (list(places.values()).count(places.get(unit)) > 1)


def test_an_empty_sheet_ranks_nobody(computed):
    assert {r[1] for r in rows(computed["made"]["得分"])} == {"未排"}
    assert [r[5] for r in computed["made"]["指标"].iter_rows(min_row=2, values_only=True)] == ["对"] * 15
    shares = {r[0]: r[6] for r in computed["made"]["指标"].iter_rows(min_row=2, values_only=True)}
    assert shares == {n: float(100 * BOOK.weights.share(n)) for n in BOOK.weights.names}


def test_weights_that_do_not_sum_to_100_are_told_and_give_no_rank(computed):
    page = computed["wrong"]["指标"]
    assert page["E2"].value == 101
    checks = {r[0]: r[5] for r in page.iter_rows(min_row=2, values_only=True)}
    assert {n for n, told in checks.items() if told == "应为 100"} == set(BOOK.weights.children())
    assert {r[:2] for r in rows(computed["wrong"]["得分"])} == {("权重合计有误", "未排")}


def test_points_and_weights_are_open_and_formulas_and_the_example_are_locked():
    book = load_workbook(io.BytesIO(MADE[NAME]))
    assert all(page.protection.sheet for page in book)
    assert [c.protection.locked for c in book["指标"][2]] == [False] * 4 + [True] * 3
    assert [c.protection.locked for c in book["得分"][2]] == [False] * 12 + [True] * 3
    assert all(c.protection.locked for name in ("例表", "节奏") for c in book[name][3])


def test_what_was_filled_in_reads_back_and_points_out_of_range_are_refused(tmp_path):
    sheets = [files.indicator_sheet(BOOK), files.score_sheet(BOOK, "得分")]
    path = changed(tmp_path, "a.xlsx", lambda b: b["得分"].cell(2, 3, "\uff18\uff10 "))
    found = read(path, sheets)
    assert [(r["name"], r["weight"]) for r in found["指标"]] == list(BOOK.weights.weight.items())
    assert found["得分"][0]["party-tasks"] == 80
    with pytest.raises(TablesError, match=r"得分.*C（基层党建：任务清单完成）.*101"):
        read(changed(tmp_path, "b.xlsx", lambda b: b["得分"].cell(2, 3, 101)), sheets)


def test_the_rhythm_of_the_year_is_the_models():
    page = load_workbook(io.BytesIO(MADE[NAME]))["节奏"]
    assert [(r[0].date(), r[2]) for r in page.iter_rows(min_row=2, values_only=True)] == [
        (v.on, v.unit) for v in model.year(RULES, files.YEAR, UNITS)
    ]
