"""The registers made here add up exactly to what was said, and come out the same every time."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.project import DATA
from support.tables import read_rows

from figurebook.datapackage.tables import Tables
from figurebook.office.accept import check_office_files
from figurebook.office.lay_over import load_with
from wuqi.registers import (
    FIELDS,
    allot_villages,
    build,
    differences,
    household_sizes,
    incomes,
    largest_remainder,
    write,
)

CENSUS = [Decimal(row[1]) for row in read_rows(DATA / "published" / "household_sizes.csv")[1:]]
SPREAD = {"demonstration_sites": 346, "demonstration_households": 684, "poor_households": 5115}


@pytest.fixture(scope="module")
def built():
    return build(DATA)


@pytest.fixture(scope="module")
def folder(built, tmp_path_factory):
    """The registers as built just now, in files."""
    folder = tmp_path_factory.mktemp("registers")
    for name, content in built.items():
        (folder / f"{name}.csv").write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def rebuilt(folder):
    """The tables with those laid over them."""
    return load_with(folder)


def test_the_built_registers_are_valid_and_are_the_committed_ones(built, folder, rebuilt):
    intake, problems = check_office_files(folder, rebuilt.package, Tables.load().text)
    assert set(intake.tables) == set(built)
    assert problems == []
    assert rebuilt.recorded == [], "they repeat our own rows, and are nobody's record"
    assert len(built) == 14
    for name, content in built.items():
        assert (DATA / "registers" / f"{name}.csv").read_bytes() == content, name
    assert differences(DATA) == []


def test_the_same_bytes_again(built):
    assert build(DATA) == built


def test_totals_and_both_means_are_exact(built, rebuilt):
    rows = rebuilt.poor_households.frame
    persons = [int(p) for p in rows["persons"]]
    assert (len(rows), sum(persons)) == (5115, 13540)
    for column, mean in (("income_2016", 450_000), ("income_2015", 395_000)):
        fen = sum(int(i) * p for i, p in zip(rows[column], persons, strict=True))
        assert Fraction(fen, 13540) == mean
    assert sum(int(m) for m in rebuilt.branches.frame["members"]) == 4001
    assert {n: len(getattr(rebuilt, n).frame) for n in built} == {
        "townships": 9,
        "villages": 91,
        "departments": 15,
        "demonstration_sites": 346,
        "demonstration_households": 684,
        "organisations": 56,
        "model_members": 184,
        "branches": 91,
        "weak_branches": 11,
        "funding_rates": 7,
        "service_facilities": 173,
        "first_secretaries": 91,
        "poor_households": 5115,
        "appointments": 81,
    }


@pytest.mark.parametrize("name", SPREAD)
def test_township_totals_add_up_and_follow_the_village_counts(rebuilt, name):
    villages = rebuilt.villages.frame["township_code"].value_counts()
    units = getattr(rebuilt, name).frame["village_code"].str[:9].value_counts()
    assert units.sum() == SPREAD[name]
    assert len(units) == len(villages) == 9
    for township, number in villages.items():
        assert abs(Fraction(int(units[township])) - Fraction(SPREAD[name] * int(number), 91)) < 1, township
    within = getattr(rebuilt, name).frame["village_code"].value_counts()
    for _, group in within.groupby(within.index.str[:9]):
        assert group.max() - group.min() <= 1


def test_nothing_is_named_that_no_one_published(rebuilt):
    official = {row[0] for row in read_rows(DATA / "published" / "divisions_2016.csv")}
    for name in ("demonstration_sites", "poor_households", "branches", "first_secretaries"):
        assert set(getattr(rebuilt, name).frame["village_code"]) <= official
    assert rebuilt.weak_branches.frame["village_code"].isna().all(), "which villages is not known"
    stations = rebuilt.service_facilities.frame.query("kind == 'county_station'")
    assert stations[["township_code", "village_code"]].isna().all(axis=None)
    for name in ("organisations", "model_members"):
        assert set(getattr(rebuilt, name).frame["field"]) == set(FIELDS)


def test_the_national_list_has_94_units_and_91_villages(tables):
    units = tables.divisions_2016.frame
    assert units["kind"].value_counts().to_dict() == {"village": 91, "community": 3}
    assert units["code"].is_unique
    assert units["township_code"].nunique() == 9
    assert (units["code"].str[:9] == units["township_code"]).all()
    villages = units[units["kind"] == "village"]
    assert list(villages["code"]) == list(tables.villages.frame["code"])
    assert list(villages["name"]) == list(tables.villages.frame["name"])


def test_a_register_changed_by_one_byte_is_reported_and_written_again(package_copy, built):
    registers = package_copy / "registers"
    (registers / "poor_households.csv").write_bytes(built["poor_households"].replace(b"684170", b"684171", 1))
    (registers / "branches.csv").unlink()
    (registers / "villages.csv").write_bytes(built["villages"].replace(b"\n", b"\r\n"))
    changed = ["villages", "branches", "poor_households"]
    assert differences(package_copy) == changed
    assert write(package_copy) == changed
    assert differences(package_copy) == write(package_copy) == []


def test_another_claim_makes_another_register(package_copy, built):
    path = package_copy / "interview" / "figures.csv"
    path.write_bytes(path.read_bytes().replace(b",346,", b",347,", 1))
    assert differences(package_copy) == ["demonstration_sites"]
    assert build(package_copy)["demonstration_sites"].count(b"\n") == 348


@given(st.integers(0, 10_000), st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(any))
@example(1, [1, 1, 1])
@example(10, [3, 3, 3])
def test_largest_remainder_keeps_the_total_and_every_quota(total, weights):
    parts = largest_remainder(total, weights)
    shares = [Fraction(total * w, sum(weights)) for w in weights]
    assert sum(parts) == total
    assert all(int(s) <= p <= -(-s // 1) for s, p in zip(shares, parts, strict=True))
    up = [(s % 1, -i) for i, (s, p) in enumerate(zip(shares, parts, strict=True)) if p > int(s)]
    down = [(s % 1, -i) for i, (s, p) in enumerate(zip(shares, parts, strict=True)) if p == int(s)]
    assert not up or not down or min(up) > max(down), "larger remainders first, then earlier places"


@given(st.integers(0, 2000), st.lists(st.integers(1, 20), min_size=1, max_size=8))
def test_villages_of_a_township_share_evenly_and_townships_by_their_size(total, sizes):
    villages = [{"township_code": f"T{t}"} for t, size in enumerate(sizes) for _ in range(size)]
    parts = allot_villages(total, villages)
    assert (len(parts), sum(parts)) == (len(villages), total)
    shares = largest_remainder(total, sizes)
    for size, share in zip(sizes, shares, strict=True):
        mine, parts = parts[:size], parts[size:]
        assert sum(mine) == share
        assert mine == sorted(mine, reverse=True)
        assert mine[0] - mine[-1] <= 1


@given(
    st.integers(1, 400),
    st.integers(0, 2000),
    st.lists(st.integers(1, 100).map(Decimal), min_size=1, max_size=6),
)
@example(1, 0, [Decimal(1)])
@example(400, 2000, CENSUS)
def test_household_sizes_keep_both_totals(households, extra, census):
    persons = households + min(extra, households * (len(census) - 1))
    counts = household_sizes(households, persons, census)
    assert len(counts) == len(census)
    assert min(counts) >= 0
    assert sum(counts) == households
    assert sum(k * c for k, c in enumerate(counts, 1)) == persons


def test_household_sizes_follow_the_census_tilted_one_way():
    counts = household_sizes(5115, 13540, CENSUS)
    assert sum(k * c for k, c in enumerate(counts, 1)) == 13540
    tilt = [Fraction(c) / Fraction(q) for c, q in zip(counts, CENSUS, strict=True)]
    steps = [float(b / a) for a, b in pairwise(tilt)]
    assert all(abs(step - steps[0]) < 0.01 for step in steps), "one factor from each size to the next"
    assert steps[0] < 1, "smaller households than the census, for a smaller mean"


@pytest.mark.parametrize("persons", [4, 31])
def test_persons_that_do_not_fit_are_refused(persons):
    with pytest.raises(ValueError, match=str(persons)):
        household_sizes(5, persons, CENSUS)


@given(
    st.lists(
        st.tuples(st.decimals(Decimal("0.1"), 10, places=3), st.integers(1, 6)), min_size=1, max_size=40
    ),
    st.integers(1, 10**6),
)
def test_incomes_have_the_exact_mean_and_the_given_proportions(households, mean):
    households += [(Decimal(1), 1)] * 6  # enough one-person households for any remainder
    shape, persons = [s for s, _ in households], [p for _, p in households]
    result = incomes(shape, persons, mean)
    assert sum(r * p for r, p in zip(result, persons, strict=True)) == mean * sum(persons)
    scale = Fraction(mean * sum(persons)) / sum(Fraction(s) * p for s, p in households)
    assert all(0 <= r - int(Fraction(s) * scale) <= 1 for r, s in zip(result, shape, strict=True))


def test_fen_that_cannot_be_placed_are_an_error():
    with pytest.raises(ValueError, match="fen"):
        incomes([Decimal(2), Decimal(1)], [2, 3], 1)
