"""A verdict says what follows from the tables, on three axes, and never more."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from support.tables import register, verdicts_of

from figurebook.datapackage.bases import BASES
from figurebook.datapackage.tables import Tables
from figurebook.figures.registry import load_figures
from figurebook.figures.verdicts import compare, figure_verdict, summary, verify
from figurebook.figures.vocabulary import RELATIONS, RESULTS
from figurebook.office.lay_over import with_office_tables
from figurebook.office.office_tables import Intake, OfficeTable

STATED = [
    "funding.department",
    "funding.village",
    "funding.community",
    "funding.village_increase",
    "funding.community_increase",
    "funding.training",
    "services.daily_allowance",
]
KEYS = [
    "id",
    "claimed",
    "computed",
    "unit",
    "qualifier",
    "result",
    "basis",
    "corroboration",
    "corroboration_reason",
    "table",
    "rests_on",
]


@pytest.fixture(scope="module")
def verdicts(tables):
    return verify(tables)


@pytest.fixture(scope="module")
def figures(tables):
    return load_figures(tables)


def test_thirty_verdicts_in_order_and_nothing_against_the_interview(verdicts, figures):
    assert [v.figure.id for v in verdicts] == list(figures)
    assert {v.figure.id: v.result for v in verdicts if v.result != "reproduced"} == {
        "review.members": "holds"
    }
    assert not any(v.reason for v in verdicts)


def test_a_table_made_here_is_never_more_than_illustrative(verdicts):
    by_basis = {v.figure.id: v.basis for v in verdicts}
    assert [i for i, b in by_basis.items() if b == "published"] == ["staffing.villages"]
    assert sorted(i for i, b in by_basis.items() if b == "stated") == sorted(STATED)
    assert sum(b == "illustrative" for b in by_basis.values()) == len(by_basis) - 1 - len(STATED)


def test_as_json_has_exactly_the_keys_of_the_contract(verdicts):
    objects = [v.as_json() for v in verdicts]
    assert all(list(o) == KEYS for o in objects)
    assert json.loads(json.dumps(objects)) == objects
    got = {o["id"]: (o["claimed"], o["computed"], o["unit"]) for o in objects}
    assert got["poverty.growth"] == (13.9, 13.9241, "%")
    assert got["poverty.income"] == (4500, 4500, "元")
    assert got["review.members"] == (4000, 4001, "名")
    assert isinstance(got["poverty.income"][1], int)


def test_summary_adds_up_on_every_axis(verdicts):
    tally = summary(verdicts)
    assert {axis: list(values) for axis, values in tally.items()} == {
        "corroboration": list(RELATIONS),
        "basis": list(BASES),
        "result": list(RESULTS),
    }
    for axis, counted in tally.items():
        assert counted == {value: sum(getattr(v, axis) == value for v in verdicts) for value in counted}
        assert sum(counted.values()) == len(verdicts)


@pytest.mark.parametrize(
    ("figure_id", "computed", "result"),
    [
        ("staffing.villages", Fraction(91), "reproduced"),
        ("staffing.villages", Fraction(90), "differs"),
        ("staffing.villages", Fraction(92), "differs"),
        ("staffing.villages", Fraction(91 * 10**9 + 1, 10**9), "differs"),
        ("review.members", Fraction(3999), "differs"),
        ("review.members", Fraction(4000), "differs"),
        ("review.members", Fraction(40001, 10), "holds"),
        ("review.members", Fraction(4001), "holds"),
        ("review.members", Fraction(9999), "holds"),
        ("poverty.growth", Fraction("13.849"), "differs"),
        ("poverty.growth", Fraction("13.85") - Fraction(1, 10**30), "differs"),
        ("poverty.growth", Fraction("13.85"), "reproduced"),
        ("poverty.growth", Fraction("13.9"), "reproduced"),
        ("poverty.growth", Fraction("13.95") - Fraction(1, 10**30), "reproduced"),
        ("poverty.growth", Fraction("13.95"), "differs"),
        ("poverty.growth", Fraction("-13.9"), "differs"),
        ("poverty.income", Fraction("4499.49"), "differs"),
        ("poverty.income", Fraction("4499.5"), "reproduced"),
        ("poverty.income", Fraction("4500.499"), "reproduced"),
        ("poverty.income", Fraction("4500.5"), "differs"),
        ("poverty.income", None, "not_computed"),
        ("review.members", None, "not_computed"),
    ],
)
def test_compare_at_the_claim_s_own_precision(figures, figure_id, computed, result):
    assert compare(figures[figure_id], computed) == result


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ({"funding_rates": [r for r in register("funding_rates") if r[0] != "village"]}, {"funding.village"}),
        (
            {"poor_households": register("poor_households")[:1]},
            {"poverty.persons", "poverty.income", "poverty.growth"},
        ),
        ({"branches": register("branches")[:1]}, {"review.members"}),
    ],
    ids=["a rate that is not in the table", "no household", "no branch"],
)
def test_no_row_is_not_computed_with_a_reason_and_not_zero(tmp_path, rows, missing):
    given = {
        name: OfficeTable(name, tmp_path / name, None, pd.DataFrame(content, columns=head), {})
        for name, (head, *content) in rows.items()
    }
    verdicts = verdicts_of(with_office_tables(Tables.load(), Intake(given)))
    uncomputed = {i: v for i, v in verdicts.items() if v.result == "not_computed"}
    assert set(uncomputed) == missing
    for v in uncomputed.values():
        assert v.computed is None
        assert v.as_json()["computed"] is None
        assert v.figure.table in v.reason


def test_a_figure_without_a_table_or_without_a_computation_is_not_computed(tables, figures):
    for changed, basis, named in (
        (replace(figures["poverty.persons"], table="no_such_table"), "stated", "no_such_table"),
        (replace(figures["poverty.persons"], id="poverty.unheard_of"), "illustrative", "计算方法"),
    ):
        verdict = figure_verdict(changed, tables, [])
        assert (verdict.result, verdict.computed, verdict.basis) == ("not_computed", None, basis)
        assert named in verdict.reason
        assert verdict.corroboration == "none_found"


def test_a_sum_of_decimals_is_not_computed_and_says_why_in_one_line(tables, figures, monkeypatch):
    table = tables.poor_households
    fields = [{**f, "type": "number"} if f["name"] == "persons" else f for f in table.schema["fields"]]
    monkeypatch.setitem(tables._cache, "poor_households", replace(table, schema={"fields": fields}))
    verdict = figure_verdict(figures["poverty.persons"], tables, [])
    assert (verdict.result, verdict.computed) == ("not_computed", None)
    assert verdict.reason == (
        'Total("poor_households", "persons")：表 poor_households 的列 persons 是小数，'
        "字段没有写明 decimals（小数位数），算不准，所以不算"
    )
    assert figure_verdict(figures["poverty.households"], tables, []).result == "reproduced"


def test_a_claim_that_is_changed_differs(tables, figures):
    changed = replace(figures["poverty.persons"], value=Decimal(13541))
    assert figure_verdict(changed, tables, []).result == "differs"
