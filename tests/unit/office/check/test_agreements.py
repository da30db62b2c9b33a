"""What the registers' definitions make agree, and amounts in a unit that is not the column's."""

import random
import re

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from support.drawn import examples
from support.given import PACKAGE, RESOURCES, given, ours, problems_of, said
from support.tables import register

from figurebook.office.check.agreements import _RELATIONS
from figurebook.office.check.cells import check
from figurebook.office.check.magnitudes import split
from figurebook.office.office_tables import Intake
from figurebook.office.recognise.headings import HeadingSpellings

VILLAGE, TOWNSHIP, OTHER = "610626001203", "610626001", "610626101"
FACILITY = ["id", "kind", "township_code", "village_code"]
RATES = ["item", "amount", "payee", "per"]
POOR = ["id", "village_code", "persons", "income_2015", "income_2016"]
WEIGHTS = ["system", "name", "parent", "label", "weight", "undefined"]


def facilities(*rows: list[str]) -> dict:
    return {"service_facilities": [FACILITY, *map(list, rows)]}


def rates(*row: str) -> dict:
    return {"funding_rates": [RATES, list(row)]}


def weights(*rows: tuple[str, str, str]) -> dict:
    return {"indicators": [WEIGHTS, *[["S15", n, parent, "x", weight, ""] for n, parent, weight in rows]]}


# name: (tables given, what must be said as (row, column, rule))
CASES = {
    "a village point without its village": (
        facilities(["F1", "village_point", TOWNSHIP, ""]),
        [(2, "village_code", "agreement")],
    ),
    "an activity site without its village": (
        facilities(["F1", "activity_site", "", ""]),
        [(2, "village_code", "agreement")],
    ),
    "a township centre without its township": (
        facilities(["F1", "township_centre", "", VILLAGE]),
        [(2, "township_code", "agreement")],
    ),
    "a mobile centre without its township": (
        facilities(["F1", "mobile_centre", "", ""]),
        [(2, "township_code", "agreement")],
    ),
    "a village point in another township than its village": (
        facilities(["F1", "village_point", TOWNSHIP, VILLAGE], ["F2", "village_point", OTHER, VILLAGE]),
        [(3, "township_code", "agreement")],
    ),
    "a station of the county anywhere": (facilities(["F1", "county_station", "", ""]), []),
    "a village point that leaves its township to its village": (
        facilities(["F1", "village_point", "", VILLAGE]),
        [],
    ),
    "a village that there is not is not also in the wrong township": (
        facilities(["F1", "village_point", OTHER, "610626999999"]),
        [(2, "village_code", "foreign-key")],
    ),
    "a kind that is not known demands nothing": (
        facilities(["F1", "point", "", ""]),
        [(2, "kind", "constraint")],
    ),
    "a village's money paid to a community": (
        rates("village", "2000000", "community", "year"),
        [(2, "payee", "agreement")],
    ),
    "the increase of a community paid to a village": (
        rates("community_increase", "2000000", "village", ""),
        [(2, "payee", "agreement")],
    ),
    "a department's money paid to the county": (
        rates("department", "1", "county", "year"),
        [(2, "payee", "agreement")],
    ),
    "an allowance by the year": (
        rates("first_secretary_day", "5000", "first_secretary", "year"),
        [(2, "per", "agreement")],
    ),
    "an allowance without a period": (
        rates("first_secretary_day", "5000", "first_secretary", ""),
        [(2, "per", "agreement")],
    ),
    "a village's money by the day": (
        rates("village", "2000000", "village", "day"),
        [(2, "per", "agreement")],
    ),
    "a payee that is empty is one fault": (rates("village", "1", "", "year"), [(2, "payee", "constraint")]),
    "weights that sum to 99": (weights(("a", "", "60"), ("b", "", "39")), [(2, "weight", "agreement")]),
    "weights of one parent that sum to 101": (
        weights(("a", "", "100"), ("b", "a", "50"), ("c", "a", "51")),
        [(3, "weight", "agreement")],
    ),
    "weights that cannot be added are not": (
        weights(("a", "", "sixty"), ("b", "", "39")),
        [(2, "weight", "type")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_definition_implies(case):
    tables, expected = CASES[case]
    found = problems_of(**tables)
    assert said(found) == expected
    assert all(re.search("[请应要]", p.message) for p in found)


def test_every_rule_names_tables_and_columns_there_are_and_some_table_breaks_it():
    rules = ours("agreements").fillna("").to_dict("records")
    assert {r["relation"] for r in rules} == set(_RELATIONS)
    for rule in rules:
        columns = {f["name"] for f in RESOURCES[rule["table"]]["schema"]["fields"]}
        named = {rule["column"], rule["where_column"], *rule["by"].split(";")} - {""}
        assert named <= columns
        if rule["where_column"]:
            spec = next(
                f for f in RESOURCES[rule["table"]]["schema"]["fields"] if f["name"] == rule["where_column"]
            )
            assert rule["where_value"] in spec["constraints"]["enum"]
        if rule["other"]:
            assert rule["other_column"] in {f["name"] for f in RESOURCES[rule["other"]]["schema"]["fields"]}


@pytest.mark.parametrize("rule", ours("agreements").fillna("").to_dict("records"), ids=lambda r: r["id"])
def test_our_own_table_spoiled_in_one_cell_breaks_the_rule(rule):
    rows = [list(f := ours(rule["table"])), *f.fillna("").to_numpy().tolist()]
    at = rows[0].index(rule["column"])
    row = next(
        i
        for i, r in enumerate(rows[1:], 1)
        if not rule["where_column"] or r[rows[0].index(rule["where_column"])] == rule["where_value"]
    )
    spoiled = {
        "filled": "",
        "equals": "village" if rule["expected"] != "village" else "county",
        "differs": rule["expected"],
        "same": OTHER,
        "sum": "1",
    }[rule["relation"]]
    rows[row][at] = "year" if (rule["column"], rule["relation"]) == ("per", "equals") else spoiled
    [problem] = problems_of(**{rule["table"]: rows})
    assert (problem.rule, problem.column) == ("agreement", rule["column"])
    assert rule["label"] in problem.message


def test_a_township_is_looked_up_in_the_villages_given():
    villages = [["code", "name", "township_code"], [VILLAGE, "x", OTHER]]
    tables = facilities(["F1", "village_point", TOWNSHIP, VILLAGE]) | {"villages": villages}
    [problem] = [p for p in problems_of(**tables) if p.file == "service_facilities.csv"]
    assert (problem.row, problem.column, problem.rule) == (2, "township_code", "agreement")
    assert OTHER in problem.message
    assert "您给的表“行政村”（villages）" in problem.message


def test_our_facilities_that_a_given_table_of_villages_contradicts_are_counted():
    header, first, *rest = register("villages")
    [problem] = problems_of(villages=[header, [first[0], first[1], OTHER], *rest])
    frames = ours("service_facilities")
    hit = int((frames["village_code"] == first[0]).sum())
    assert hit > 0
    assert (problem.file, problem.row, problem.column, problem.rule) == (
        "villages.csv",
        None,
        "township_code",
        "agreement",
    )
    for part in ("（service_facilities）", "（villages）", f"{len(frames):,} 行", f"有 {hit:,} 行"):
        assert part in problem.message


# --- units


def incomes(values, column: str = "income_2016") -> dict:
    """A table of households with these amounts in one income column, and ours in the other."""
    body = [[f"H{i}", VILLAGE, "3", "395000", "450000"] for i, _ in enumerate(values)]
    for row, value in zip(body, values, strict=True):
        row[POOR.index(column)] = str(int(value))
    return {"poor_households": [POOR, *body]}


def lognormal(n: int, median: float, spread: float = 0.35) -> list[int]:
    rng = random.Random(n)
    return [max(1, round(median * rng.lognormvariate(0, spread))) for _ in range(n)]


@pytest.mark.parametrize("column", ["income_2015", "income_2016"])
@pytest.mark.parametrize(
    ("median", "unit", "factor"),
    [(4_500, "元", "100 "), (4.5, "千元", "100,000 "), (0.45 * 2, "万元", "1,000,000 ")],
)
def test_a_column_in_another_unit_is_told_in_full_with_what_to_do(column, median, unit, factor):
    values = lognormal(401, median, 0.2)
    [problem] = problems_of(**incomes(values, column))
    assert (problem.row, problem.column, problem.rule) == (None, column, "unit")
    for part in (
        f"看来写的是{unit}",
        f"相差 {factor}倍",
        f"{np.median(values):,.0f} 分",
        f"（{unit}）",
        "请在列名里",
    ):
        assert part in problem.message


def test_an_amount_of_no_unit_that_is_known_is_told_without_a_guess():
    [problem] = problems_of(**incomes(lognormal(50, 400_000_000, 0.1)))
    assert problem.rule == "unit"
    assert "看不出" in problem.message


@pytest.mark.parametrize(
    ("heading", "unit", "fen", "seems", "told"),
    [
        ("2016年人均收入（分）", "分", 4_500, "元", ["4,500 分", "相差 100 倍"]),
        ("2016年人均收入/元", "元", 60, "万元", ["0.6 元", "295.2 至 123,630 元", "相差 10,000 倍"]),
        ("2016年人均收入（万元）", "万元", 900_000_000, "元", ["900 万元", "相差 10,000 倍"]),
        ("2016年人均收入（元）", "元", 450_000 * 100, "分", ["450,000 元", "相差 100 倍"]),
    ],
)
def test_the_unit_a_file_says_is_reckoned_with(heading, unit, fen, seems, told):
    table = given("poor_households", incomes([fen] * 5)["poor_households"], units={"income_2016": unit})
    table.headers["income_2016"] = heading
    [problem] = check(Intake({"poor_households": table}), PACKAGE, ours)
    assert problem.column == heading
    advised = re.search("如“([^”]+)”", problem.message)[1]
    assert HeadingSpellings(RESOURCES["poor_households"]["schema"]).field(advised) == ("income_2016", seems)
    assert all(part in problem.message for part in [*told, f"以{unit}为单位", f"看来写的是{seems}"])


def test_two_units_are_told_in_the_one_the_file_says():
    table = given(
        "poor_households",
        incomes([450_000] * 9 + [4_500] * 9)["poor_households"],
        units={"income_2016": "元"},
    )
    [problem] = check(Intake({"poor_households": table}), PACKAGE, ours)
    assert "一种中位数 45，另一种 4,500（以元计）" in problem.message


@pytest.mark.parametrize(("share", "few"), [(2, "元"), (50, "元"), (98, "分")])
def test_a_column_of_two_units_is_told_with_the_rows_of_the_fewer(share, few):
    values = lognormal(500, 450_000)
    mixed = [v // 100 if i % 100 < share else v for i, v in enumerate(values)]
    [problem] = problems_of(**incomes(mixed))
    assert (problem.row, problem.column, problem.rule) == (None, "income_2016", "unit")
    rows = [i for i, _ in enumerate(mixed, 2) if ((i - 2) % 100 < share) == (few == "元")]
    assert "约 100 倍" in problem.message
    assert f"共 {len(rows):,} 行" in problem.message
    assert "、".join(map(str, rows[:5])) in problem.message


@pytest.mark.parametrize("factor", [100, 1_000, 10_000])
def test_the_factor_between_two_units_is_found(factor):
    low = lognormal(100, 45_000_000 / factor, 0.3)
    assert split(np.array(low + lognormal(300, 45_000_000, 0.3)), 1)[3] == factor


@drawn(st.integers(0, 10_000), st.floats(0.05, 1.2), st.integers(1, 3000))
def test_incomes_of_one_unit_are_not_taken_for_two(seed, spread, n):
    """From all alike to a spread at which a hundredth of the households have 16 times the median."""
    rng = np.random.default_rng(seed)
    amounts = np.maximum(1, np.round(450_000 * rng.lognormal(0, spread, n))).astype("int64")
    assert split(amounts, 1) is None


@drawn(
    st.integers(0, 10_000), st.floats(0.05, 0.6), st.integers(5, 95), st.sampled_from([100, 1_000, 10_000])
)
def test_two_units_are_always_found_and_parted_nearly_right(seed, spread, percent, factor):
    rng = np.random.default_rng(seed)
    amounts = 45_000_000 * rng.lognormal(0, spread, 2_000)
    other = rng.random(2_000) < percent / 100
    written = np.maximum(1, np.round(np.where(other, amounts / factor, amounts))).astype("int64")
    border, low, high, found = split(written, 1)
    assert found == factor
    assert low < border < high
    assert ((written < border) != other).mean() < 0.01


def test_one_strange_income_among_many_is_not_a_unit():
    assert problems_of(**incomes([*lognormal(500, 450_000), 4_500, 3_800])) == []


def test_incomes_of_nobody_say_nothing():
    assert problems_of(**incomes([0] * 20)) == []
    assert problems_of(**incomes([0] * 20 + [450_000] * 3)) == []


def test_bounds_are_the_published_numbers_they_name():
    """A tenth of the poverty line, ten times the mean income of rural people, each of its year, in fen."""
    lines = dict(ours("poverty_lines")[["year", "line_yuan"]].itertuples(index=False))
    means = dict(ours("rural_incomes")[["id", "income_yuan"]].itertuples(index=False))
    of_lines = dict(ours("poverty_lines")[["year", "publication"]].itertuples(index=False))
    of_means = dict(ours("rural_incomes")[["id", "publication"]].itertuples(index=False))
    rows = ours("magnitudes").to_dict("records")
    assert [r["column"] for r in rows] == ["income_2015", "income_2016"]
    for rule in rows:
        year = rule["column"][-4:]
        assert int(rule["low"]) == int(lines[year]) * 100 // 10
        assert int(rule["high"]) == int(means[f"china-{year}"]) * 100 * 10
        assert rule["low_publication"] == of_lines[year]
        assert rule["high_publication"] == of_means[f"china-{year}"]
        assert lines[year] in rule["reason"]
        assert means[f"china-{year}"] in rule["reason"]
        assert "假定" in rule["reason"]


def test_a_package_without_these_rules_has_none_to_break():
    without = {"agreements", "magnitudes"}
    package = {"resources": [r for r in PACKAGE["resources"] if r["name"] not in without]}
    broken = facilities(["F1", "village_point", OTHER, VILLAGE]) | incomes([4_500] * 5)
    tables = {n: given(n, rows) for n, rows in broken.items()}
    assert check(Intake(tables), package, ours) == []
    assert len(check(Intake(tables), PACKAGE, ours)) == 2


@examples(60)
@drawn(st.text(min_size=1, max_size=100), st.text(min_size=1, max_size=100))
def test_values_within_a_message_can_be_printed_and_are_not_long(parent, township):
    tables = {
        **weights(("a", parent, "40")),
        "villages": [["code", "name", "township_code"], [VILLAGE, "x", township]],
        **facilities(["1", "village_point", TOWNSHIP, VILLAGE]),
    }
    told = [p.message for p in problems_of(**tables) if p.rule == "agreement"]
    assert all(message.isprintable() and len(message) < 300 for message in told)
    assert any("合计 40" in message for message in told)
