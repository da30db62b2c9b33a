"""S12: an award goes to the best, by records and a rule that are named; no tie is broken silently."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.histories import replayed

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems import incentives as model

TABLES = Tables.load()
RULES = model.rules(TABLES)
AWARDS = model.scheme(RULES, TABLES.rules_of(model.SYSTEM)["awards"])
DAY = date(2016, 12, 31)
UNITS = ["U1", "U2", "U3", "U4", "U5"]
GOOD = {"unit": "U1", "field": "safety", "period": 1, "points": 90}
FIX = {"points": 95, "reasons": "例"}


def scored(totals: dict[str, int]):
    """A book in which each unit has its total in safety, in four equal scores and what is left over."""
    book = model.Book(RULES, AWARDS, UNITS, 2016)
    for unit, total in totals.items():
        for q in range(1, 5):
            book.apply(
                DAY,
                f"{unit}.{q}",
                "score",
                unit=unit,
                field="safety",
                period=q,
                points=total // 4 + (total % 4 if q == 4 else 0),
            )
    return book


TIE = {"U1": 380, "U2": 360, "U3": 350, "U4": 350, "U5": 300}  # three places; U5 is below the minimum


def outcomes(book) -> dict[str, str]:
    return model.standing(book, "safety").set_index("单位")["结果"].to_dict()


def test_the_fields_are_those_the_interview_lists():
    parts = TABLES.systems.frame.set_index("id").at["S12", "parts"]
    fields = RULES.criteria[RULES.criteria["kind"] == "field"]
    assert fields["label"].tolist() == parts.split("、")
    assert fields["undefined"].isna().all()
    assert AWARDS["field"].tolist() == fields["name"].tolist()


@pytest.mark.parametrize(
    ("subject", "action", "told", "rule"),
    [
        ("N", "score", GOOD | {"field": "culture"}, "S12.field"),
        ("N", "score", GOOD | {"field": ""}, "S12.field"),
        ("N", "score", GOOD | {"field": "安全生产"}, "S12.field"),
        ("N", "score", {}, "S12.unit"),
        ("N", "score", GOOD | {"unit": "U9"}, "S12.unit"),
        ("N", "score", GOOD | {"unit": "某人"}, "S12.unit"),
        ("N", "score", GOOD | {"points": -1}, "S12.points"),
        ("N", "score", GOOD | {"points": 101}, "S12.points"),
        ("N", "score", GOOD | {"points": "90"}, "S12.points"),
        ("N", "score", GOOD | {"points": 90.5}, "S12.points"),
        ("N", "score", GOOD | {"points": True}, "S12.points"),
        ("N", "score", GOOD | {"period": 0}, "S12.period"),
        ("N", "score", GOOD | {"period": 5}, "S12.period"),
        ("N", "score", GOOD | {"period": "1"}, "S12.period"),
        ("N", "score", GOOD, "S12.once"),
        ("U1.1", "score", GOOD, "twice"),
        ("N", "correct", FIX, "unknown"),
        ("U1.1", "correct", {"points": 95}, "S12.reasons"),
        ("U1.1", "correct", FIX | {"points": -5}, "S12.points"),
        ("U1.1", "delete", {}, "action"),
        ("culture", "settle", {"chosen": "U3", "reasons": "例"}, "unknown"),
        ("safety", "settle", {"chosen": "U3", "reasons": " "}, "S12.reasons"),
        ("safety", "settle", {"chosen": "U5", "reasons": "例"}, "S12.settle"),
        ("safety", "settle", {"chosen": "U3;U4", "reasons": "例"}, "S12.settle"),
        ("safety", "settle", {"chosen": "", "reasons": "例"}, "S12.settle"),
        ("safety", "settle", {"reasons": "例"}, "S12.settle"),
        ("ecology", "settle", {"chosen": "U3", "reasons": "例"}, "S12.settle"),
    ],
)
def test_hostile_input_is_refused_by_the_rule_that_forbids_it(subject, action, told, rule):
    book = scored(TIE)
    before = (book.history.digest(), model.standing(book, "safety").to_csv())
    with pytest.raises(RuleError) as refusal:
        book.apply(DAY, subject, action, **told)
    assert refusal.value.rule == rule
    assert (book.history.digest(), model.standing(book, "safety").to_csv()) == before


@pytest.mark.parametrize(
    ("on", "subject", "action", "told", "rule"),
    [
        (date(2016, 12, 30), "N", "score", GOOD | {"field": "ecology", "period": 4}, "S12.timing"),
        (date(2016, 9, 29), "N", "score", GOOD | {"field": "ecology", "period": 3}, "S12.timing"),
        (date(1999, 12, 31), "N", "score", GOOD | {"field": "ecology"}, "value"),
        (date(2016, 12, 30), "U1.1", "correct", FIX, "date-order"),
        (date(2016, 12, 30), "safety", "settle", {"chosen": "U3", "reasons": "例"}, "date-order"),
        (None, "N", "score", GOOD, "value"),
        ("2016-12-31", "N", "score", GOOD, "value"),
        (DAY, ["N"], "score", GOOD, "value"),
        (DAY, "N", ["score"], GOOD, "value"),
        (DAY, "N", "score", GOOD | {"field": "ecology", "note": ["例"]}, "value"),
        (DAY, "N", "score", GOOD | {"field": ["ecology"]}, "S12.field"),
        (DAY, "N", "score", GOOD | {"unit": ["U1"]}, "S12.unit"),
        (DAY, "U1.1", "correct", FIX | {"reasons": None}, "S12.reasons"),
        (DAY, "safety", "settle", {"chosen": "U3", "reasons": ["例"]}, "S12.reasons"),
    ],
)
def test_hostile_days_and_values_are_refused_and_nothing_changes(on, subject, action, told, rule):
    book = scored(TIE)
    before = (book.history.digest(), dict(book.records), dict(book.settled))
    with pytest.raises(RuleError) as refusal:
        book.apply(on, subject, action, **told)
    assert refusal.value.rule == rule
    assert (book.history.digest(), book.records, book.settled) == before


def test_a_quarter_is_scored_from_its_last_day_on():
    book = model.Book(RULES, AWARDS, UNITS, 2016)
    book.apply(date(2016, 3, 31), "A", "score", **GOOD)
    book.apply(date(2017, 2, 1), "B", "score", **GOOD | {"period": 2})
    assert list(book.records) == ["A", "B"]


def test_a_unit_listed_twice_is_refused():
    with pytest.raises(RuleError, match="U2") as refusal:
        model.Book(RULES, AWARDS, ["U1", "U2", "U2"], 2016)
    assert refusal.value.rule == "twice"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"quota": 1.5}, "S12.quota"),
        ({"minimum": 300.5}, "S12.minimum"),
        ({"quota": 0}, "S12.quota"),
        ({"quota": -3}, "S12.quota"),
        ({"field": "culture"}, "S12.field"),
        ({"minimum": -1}, "S12.minimum"),
        ({"minimum": 401}, "S12.minimum"),
        ({"name": "ecology"}, "twice"),
    ],
)
def test_a_scheme_that_cannot_be_is_refused(change, rule):
    frame = TABLES.rules_of(model.SYSTEM)["awards"].astype(object)
    row = frame.index[frame["name"] == "safety"]
    for column, value in change.items():
        frame.loc[row, column] = value
    with pytest.raises(RuleError) as refusal:
        model.scheme(RULES, frame)
    assert refusal.value.rule == rule


def test_a_tie_at_the_edge_is_shown_and_no_list_is_given():
    book = scored(TIE)
    assert list(outcomes(book).values()) == ["入选", "入选", "并列待定", "并列待定", "不够最低分"]
    assert model.edges(book).to_numpy().tolist() == [["安全生产先进单位", "U3、U4", 1, None]]
    with pytest.raises(RuleError) as refusal:
        model.winners(book, "safety")
    assert refusal.value.rule == "S12.edge"
    assert "U3、U4" in str(refusal.value)


def test_a_settled_tie_stays_visible_and_closes_the_field():
    book = scored(TIE)
    book.apply(DAY, "safety", "settle", chosen="U4", reasons="例")
    assert model.winners(book, "safety") == ["U1", "U2", "U4"]
    assert model.edges(book)["裁定给"].tolist() == ["U4"]
    assert model.standing(book, "safety").set_index("单位").loc[["U3", "U4"], "名次"].tolist() == [3, 3]
    assert model.qualified(book).set_index("单位")["规则"].str.endswith("；裁定").to_dict() == {
        "U1": False,
        "U2": False,
        "U4": True,
    }
    for subject, action, told, rule in [
        ("safety", "settle", {"chosen": "U3", "reasons": "例"}, "twice"),
        ("U3.1", "correct", FIX, "S12.settled"),
    ]:
        with pytest.raises(RuleError) as refusal:
            book.apply(DAY, subject, action, **told)
        assert refusal.value.rule == rule
    book.apply(DAY, "N", "score", **GOOD | {"field": "ecology"})


@pytest.mark.parametrize("chosen", ["U2", "U2;U3;U4", "U2;U2", "U1;U2"])
def test_a_settlement_fills_the_places_left_and_no_more_or_fewer(chosen):
    book = scored({"U1": 380, "U2": 350, "U3": 350, "U4": 350})
    with pytest.raises(RuleError) as refusal:
        book.apply(DAY, "safety", "settle", chosen=chosen, reasons="例")
    assert refusal.value.rule == "S12.settle"
    book.apply(DAY, "safety", "settle", chosen="U4;U2", reasons="例")
    assert model.winners(book, "safety") == ["U1", "U2", "U4"]


def test_the_minimum_itself_is_enough():
    assert list(outcomes(scored({"U1": 320, "U2": 319})).values())[:2] == ["入选", "不够最低分"]


def test_a_tie_inside_the_quota_or_below_it_needs_nobody():
    inside = scored({"U1": 360, "U2": 360, "U3": 350, "U4": 340, "U5": 340})
    assert model.winners(inside, "safety") == ["U1", "U2", "U3"]
    assert model.standing(inside, "safety")["名次"].tolist() == [1, 1, 3, 4, 4]
    assert model.edges(inside).empty


def test_a_correction_counts_and_keeps_the_first_score():
    book = scored(TIE)
    book.apply(DAY, "U4.1", "correct", points=100, reasons="例")
    assert model.winners(book, "safety") == ["U1", "U4", "U2"]
    assert [dict(e.details)["points"] for e in book.history.of("U4.1")] == [87, 100]


def test_a_unit_with_a_record_missing_is_not_ranked_however_high():
    book = model.Book(RULES, AWARDS, UNITS, 2016)
    for q in (1, 2, 3):
        book.apply(DAY, f"A{q}", "score", unit="U1", field="safety", period=q, points=100)
    book.apply(DAY, "A4", "score", unit="U1", field="ecology", period=4, points=100)
    rows = model.not_ranked(book)
    assert rows.loc[
        (rows["奖项"] == "安全生产先进单位") & (rows["单位"] == "U1"), ["合计", "结果", "记录"]
    ].to_numpy().tolist() == [[300, "记录不全", "A1、A2、A3"]]
    assert model.winners(book, "safety") == []


FULL = st.lists(st.integers(78, 82), min_size=20, max_size=20)


def yearly(points: list[int]) -> list[tuple]:
    """Four scores of each unit in safety."""
    return [(u, "safety", q + 1, points[4 * n + q]) for n, u in enumerate(UNITS) for q in range(4)]


def filled(records):
    book = model.Book(RULES, AWARDS.loc[["safety"]], UNITS, 2016)
    for unit, field, period, points in records:
        book.apply(
            DAY, f"{unit}.{field}.{period}", "score", unit=unit, field=field, period=period, points=points
        )
    return book


@given(FULL, st.integers(0, 20), st.randoms(use_true_random=False))
def test_the_order_of_the_records_makes_no_difference(points, kept, random):
    records = yearly(points)[:kept]
    mixed = list(records)
    random.shuffle(mixed)
    assert model.standing(filled(records), "safety").equals(model.standing(filled(mixed), "safety"))
    assert model.qualified(filled(records)).equals(model.qualified(filled(mixed)))


@given(FULL)
def test_whoever_is_in_is_not_below_anyone_and_never_more_than_the_quota(points):
    book = filled(yearly(points))
    rows, quota = model.standing(book, "safety"), AWARDS.at["safety", "quota"]
    totals = {k: rows.loc[rows["结果"] == k, "合计"].tolist() for k in (model.IN, model.TIED, model.OUT)}
    assert len(totals[model.IN]) <= quota
    assert min(totals[model.IN], default=400) >= max(totals[model.TIED] + totals[model.OUT], default=0)
    assert len(set(totals[model.TIED])) <= 1
    if totals[model.TIED]:
        assert len(totals[model.IN]) < quota < len(totals[model.IN]) + len(totals[model.TIED])
    else:
        assert len(model.winners(book, "safety")) == min(quota, sum(map(len, totals.values())))
    listed = model.qualified(book)
    for row in listed.itertuples():
        assert sum(book.records[r]["points"] for r in row.记录.split("、")) == row.合计


TOLD = st.fixed_dictionaries(
    {},
    optional={
        "unit": st.sampled_from(UNITS),
        "field": st.sampled_from(["safety", "ecology", "culture"]),
        "period": st.integers(0, 5),
        "points": st.integers(-1, 101),
        "reasons": st.sampled_from(["例", ""]),
        "chosen": st.sampled_from(["U1", "U1;U2"]),
    },
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A", "B", "safety"]), TOLD, st.sampled_from(["score", "correct", "settle"])
        ),
        max_size=20,
    )
)
def test_whatever_is_tried_history_replays_and_no_entry_changes(tries):
    book = scored(TIE)
    for subject, told, action in tries:
        before = list(book.history)
        with suppress(RuleError):
            book.apply(DAY, subject, action, **told)
        assert list(book.history)[: len(before)] == before, "an entry was changed"
    again = replayed(book.history, model.Book(RULES, AWARDS, UNITS, 2016))
    assert again.history.digest() == book.history.digest()
    assert (again.records, again.settled) == (book.records, book.settled)


def test_what_the_views_say_of_the_example():
    book = model.example(RULES, TABLES)
    assert len(book.history) == 15 * 5 * 4 - 1 + 1
    best = model.standing(book, "party-building").head(5)
    assert best[["单位", "合计", "名次", "结果"]].to_numpy().tolist() == [
        ["U02", 358, 1, "入选"],
        ["U06", 354, 2, "入选"],
        ["U07", 353, 3, "并列待定"],
        ["U10", 353, 3, "并列待定"],
        ["U11", 349, 5, "名额之外"],
    ]
    assert model.edges(book)["同分的单位"].tolist() == ["U07、U10"]
    assert model.qualified(book).groupby("奖项", sort=False).size().tolist() == [2, 3, 3, 3, 3]
    first = model.qualified(book).iloc[0]
    assert (first["记录"], first["规则"]) == (
        "R002、R077、R152、R227",
        "基层党建先进单位：名额 3，最低 320 分",
    )
    assert model.not_ranked(book)["结果"].value_counts().to_dict() == {"不够最低分": 10, "记录不全": 1}
