"""S18: the same entries in any order give the same book, and nothing recorded is ever lost."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.drawn import examples

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems.stars_and_points import model

RULES = model.rules(Tables.load())
DAY = date(2017, 1, 10)
EVENT = model.Event("E1", DAY, "B01", "B01-1", "meeting", 2, "例：签到表")
CHANGE = model.Change("C1", date(2017, 1, 20), "correct", "E1", 3, "例：漏记")

DAYS = st.dates(date(2016, 12, 1), date(2017, 5, 1))
EVENTS = st.builds(
    model.Event,
    st.sampled_from([f"E{n}" for n in range(8)]),
    DAYS,
    st.sampled_from(["B01", "B02"]),
    st.sampled_from(["", "1", "2", "张"]),
    st.sampled_from([*RULES.items, "donation"]),
    st.integers(-1, 102),
    st.sampled_from(["例", " "]),
)
CHANGES = st.builds(
    model.Change,
    st.sampled_from([*(f"C{n}" for n in range(8)), "E1"]),
    DAYS,
    st.sampled_from(["appeal", "correct", "uphold", "delete"]),
    st.sampled_from([f"E{n}" for n in range(8)]),
    st.none() | st.integers(-1, 12),
    st.sampled_from(["例", ""]),
)
ENTRIES = st.lists(EVENTS | CHANGES, max_size=40)

FEW = settings(max_examples=40, deadline=None)  # the views are frames, and each example makes ten


def told(book):
    """All that a book says, for comparison."""
    return [
        view(book).to_csv()
        for view in (model.points, model.ranking, model.stars, model.rejected, model.corrections)
    ] + [book.changes.history.digest()]


@examples(40)
@given(ENTRIES, st.randoms())
def test_the_same_entries_in_any_order_give_the_same_result(entries, random):
    shuffled = random.sample(entries, len(entries))
    assert told(model.gather(RULES, shuffled)) == told(model.gather(RULES, entries))


@FEW
@given(ENTRIES)
def test_every_entry_is_either_in_the_book_as_given_or_rejected_by_a_rule(entries):
    book = model.gather(RULES, entries)
    assert sorted(map(repr, book.entries)) == sorted(map(repr, entries))
    assert all(event in entries for event in book.events.values()), "a correction changed its original"
    assert all(error.rule for _, error in book.rejected)
    again = model.gather(RULES, book.entries)
    assert again.changes.history.digest() == book.changes.history.digest()


@FEW
@given(ENTRIES, DAYS, st.integers(0, 100))
def test_a_correction_keeps_the_original_and_changes_only_what_it_counts(entries, on, times):
    book = model.gather(RULES, [e for e in entries if e.id not in ("E1", "C1")])
    book.record(replace(EVENT, on=min(on, DAY)))
    before = dict(book.events)
    if times != EVENT.times:
        book.change(replace(CHANGE, times=times))
        assert book.times("E1") == times
        assert model.corrections(book).iloc[-1][["原次数", "其后次数"]].tolist() == [EVENT.times, times]
    assert book.events == before


@examples(40)
@given(ENTRIES)
def test_no_item_counts_beyond_its_cap_and_equal_points_share_a_rank(entries):
    book = model.gather(RULES, entries)
    most = sum(i.points * i.cap for i in RULES.items.values() if i.subject == "member")
    assert all(
        p <= most and counted <= times
        for times, counted, p in (found for (*_, member), found in book.totals().items() if member)
    )
    for frame in (model.ranking(book), model.stars(book)):
        for _, rows in frame.groupby("周期"):
            points = rows["积分"].tolist()
            assert rows["名次"].tolist() == [1 + sum(q > p for q in points) for p in points]
            assert rows["同名次几人"].tolist() == [points.count(p) for p in points]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"id": ""}, "value"),
        ({"id": None}, "value"),
        ({"on": "2017-01-10"}, "value"),
        ({"on": None}, "value"),
        ({"id": "E1"}, "twice"),
        ({"rule": "donation"}, "unknown"),
        ({"rule": "star-one"}, "unknown"),
        ({"rule": ["meeting"]}, "unknown"),
        ({"member": ""}, "S18.subject"),
        ({"rule": "branch-study"}, "S18.subject"),
        ({"branch": ""}, "S18.identifier"),
        ({"branch": "B01 "}, "S18.identifier"),
        ({"member": "某某"}, "S18.identifier"),
        ({"member": None}, "S18.identifier"),
        ({"times": 0}, "S18.times"),
        ({"times": -1}, "S18.times"),
        ({"times": 101}, "S18.times"),
        ({"times": 1.0}, "S18.times"),
        ({"times": True}, "S18.times"),
        ({"times": "2"}, "S18.times"),
        ({"evidence": " 　"}, "S18.evidence"),
        ({"evidence": None}, "S18.evidence"),
    ],
)
def test_hostile_events_are_refused_by_the_rule_that_forbids_them(change, rule):
    book = model.gather(RULES, [EVENT])
    before = told(book)
    with pytest.raises(RuleError) as refusal:
        book.record(replace(EVENT, **{"id": "E2", **change}))
    assert refusal.value.rule == rule
    assert told(book) == before


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"id": "E1"}, "twice"),
        ({"id": "第一条"}, "value"),
        ({"on": None}, "value"),
        ({"event": "E9"}, "unknown"),
        ({"event": None}, "unknown"),
        ({"event": {}}, "unknown"),
        ({"on": date(2017, 1, 9)}, "date-order"),
        ({"action": "delete"}, "action"),
        ({"action": None, "times": None}, "action"),
        ({"action": "appeal"}, "S18.times"),
        ({"times": -1}, "S18.times"),
        ({"times": 101}, "S18.times"),
        ({"times": True}, "S18.times"),
        ({"times": 2}, "S18.another-count"),
        ({"times": None}, "S18.another-count"),
        ({"reason": " "}, "S18.reasons"),
        ({"reason": None}, "S18.reasons"),
        ({"action": "uphold", "times": None}, "transition"),
        ({"action": "appeal", "times": None, "on": date(2017, 2, 10)}, "S18.appeal-in-time"),
    ],
)
def test_hostile_changes_are_refused_by_the_rule_that_forbids_them(change, rule):
    book = model.gather(RULES, [EVENT])
    before = told(book)
    with pytest.raises(RuleError) as refusal:
        book.change(replace(CHANGE, **change))
    assert refusal.value.rule == rule
    assert told(book) == before


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("9", "10"),
        ("C9", "C10"),
        ("C09", "C010"),
        ("C-2-9", "C-2-11"),
        ("C1", "D1"),
        ("7", "C1"),
        ("9" * 5000, "1" + "0" * 5000),
    ],
)
def test_of_two_corrections_on_a_day_the_one_with_the_later_number_counts(first, second):
    changes = [replace(CHANGE, id=first, times=3), replace(CHANGE, id=second, times=5)]
    for entries in (changes, changes[::-1]):
        book = model.gather(RULES, [EVENT, *entries])
        assert book.times("E1") == 5
        assert [e.details["change"] for e in book.changes.history] == [first, second]


def test_an_appeal_is_made_once_and_on_the_last_day_still_in_time():
    book = model.gather(RULES, [EVENT])
    book.change(model.Change("C1", date(2017, 2, 9), "appeal", "E1", None, "例"))
    with pytest.raises(RuleError, match="transition"):
        book.change(model.Change("C2", date(2017, 2, 9), "appeal", "E1", None, "例"))
    book.change(model.Change("C2", date(2017, 2, 9), "correct", "E1", 0, "例：没有参加"))
    with pytest.raises(RuleError, match="appeal-once"):
        book.change(model.Change("C3", date(2017, 2, 9), "appeal", "E1", None, "例"))
    assert model.points(book)["积分"].tolist() == [0]


@pytest.mark.parametrize(
    ("name", "values", "rule"),
    [
        ("donation", {"points": 1}, "unknown"),
        ("meeting", {"points": "2"}, "S18.items"),
        ("meeting", {"points": 1.5}, "S18.items"),
        ("meeting", {"cap": 0}, "S18.items"),
        ("meeting", {"cap": None}, "S18.items"),
        ("meeting", {"subject": "village"}, "S18.items"),
        ("meeting", {"label": " "}, "S18.items"),
        ("meeting", {"subject": "star"}, "S18.items"),
        ("star-one", {"cap": 1}, "S18.items"),
        ("star-one", {"points": 20}, "S18.thresholds"),
    ],
)
def test_hostile_rules_are_refused(name, values, rule):
    with pytest.raises(RuleError) as refusal:
        RULES.changed(name, **values)
    assert refusal.value.rule == rule


def general(table: str, **values):
    """The rules of S18 with other values in the rows of one table."""
    frame = getattr(RULES.general, table).astype(object).assign(**values)
    return model.PointRules(replace(RULES.general, **{table: frame}), RULES.items)


@pytest.mark.parametrize("kind", ["average", "x", "first", "max", "", None, float("nan")])
def test_ties_are_ranked_in_one_of_two_ways(kind):
    with pytest.raises(RuleError) as refusal:
        general("criteria", kind=kind)
    assert refusal.value.rule == "S18.ties"
    dense = general("criteria", kind="dense")
    assert model.ranking(model.example(dense))["名次"].head(9).tolist() == [1, 1, 2, 3, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "values",
    [{"times": 2}, {"times": 0}, {"times": None}, {"period": "week"}, {"period": ""}, {"activity": "score"}],
)
def test_a_period_is_settled_once(values):
    with pytest.raises(RuleError) as refusal:
        general("cadences", **values)
    assert refusal.value.rule == "S18.settled-once"


def test_a_whole_year_can_be_settled_at_a_time():
    yearly = model.gather(general("cadences", period="year"), [EVENT])
    assert model.points(yearly)["周期"].tolist() == ["2017 年"]


def test_what_the_views_say_of_the_example():
    book = model.example(RULES)
    first = model.points(book).iloc[0]  # 4 meetings of 2 and 2 tasks of 5
    assert first.tolist() == ["2017 年第 1 季度", "B01", "B01-1", 6, 6, 18]
    capped = model.points(book).query("次数 != 计入次数")
    assert capped["党员"].tolist() == ["B03-3", "B03-3"]
    assert capped["积分"].tolist() == [23, 23], "4 meetings of 2, and of 4 tasks only 3 of 5"
    ranks = model.ranking(book).head(9)
    assert ranks["名次"].tolist() == [1, 1, 3, 4, 4, 6, 7, 8, 9]
    assert ranks["同名次几人"].tolist() == [2, 2, 1, 2, 2, 1, 1, 1, 1]
    assert model.stars(book)[["支部", "积分", "星"]].head(3).to_numpy().tolist() == [
        ["B02", 35, 3],
        ["B03", 35, 3],
        ["B01", 16, 1],
    ]
    assert [error.rule for _, error in book.rejected] == [
        "twice",
        "unknown",
        "S18.subject",
        "S18.evidence",
        "S18.appeal-in-time",
    ]
    refused = model.rejected(book)
    assert list(refused.columns) == ["编号", "日期", "表", "规则", "拒绝的是"]
    assert refused["表"].tolist() == ["积分记录"] * 4 + ["更正与申诉"]
    assert refused["规则"].tolist()[0] == "已经登记过，不能重复"
    assert refused["拒绝的是"].tolist()[2] == "E050，参加组织生活，没有写党员编号"
    assert model.corrections(book)[["编号", "原次数", "其后次数"]].to_numpy().tolist() == [
        ["C01", 2, 2],
        ["C03", 3, 3],
        ["C02", 2, 4],
        ["C04", 3, 3],
    ]


def test_a_period_ends_with_its_last_day():
    days = [date(2017, 3, 31), date(2017, 4, 1), date(2016, 12, 31)]
    book = model.gather(RULES, [replace(EVENT, id=f"E{n}", on=day) for n, day in enumerate(days)])
    assert model.points(book)["周期"].tolist() == ["2016 年第 4 季度", "2017 年第 1 季度", "2017 年第 2 季度"]


def test_a_correction_counts_in_the_period_of_its_original():
    book = model.gather(RULES, [EVENT, replace(CHANGE, on=date(2017, 6, 30))])
    assert model.points(book).to_numpy().tolist() == [["2017 年第 1 季度", "B01", "B01-1", 3, 3, 6]]


def test_what_if_names_those_whose_rank_or_stars_change_and_only_those():
    book = model.example(RULES)
    assert model.what_if(book, RULES).empty
    starred = model.what_if(book, RULES.changed("star-two", points=16))
    shown = starred[["支部", "党员", "星", "星（假如）"]]
    assert shown.to_numpy().tolist() == [["B01", "（支部）", 1, 2]] * 2
    moved = model.what_if(book, RULES.changed("task", points=2))
    assert list(moved.columns) == ["周期", "支部", "党员", "名次", "名次（假如）", "积分", "积分（假如）"]
    moved = moved.query("周期 == '2017 年第 1 季度'")
    assert moved[["党员", "名次", "名次（假如）"]].to_numpy().tolist() == [["B01-3", 4, 3], ["B02-3", 4, 3]]


def test_every_rule_is_this_books_default_and_none_the_interviews():
    tables = Tables.load()
    for name in tables.names:
        frame = getattr(tables, name).frame
        if tables.resource(name)["role"] == "rules":
            assert frame.loc[frame["system"] == model.SYSTEM, "undefined"].notna().all(), name
