"""Periods cover a year without gap or overlap; deadlines are right where calendars are awkward."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figurebook.systems.periods import PER_YEAR, after, can_follow, period_of, periods

YEARS = st.integers(1990, 2100)


@given(YEARS, st.sampled_from(list(PER_YEAR)))
def test_the_periods_of_a_year_follow_each_other_and_fill_it(year, kind):
    found = periods(year, kind)
    assert (found[0].start, found[-1].end) == (date(year, 1, 1), date(year, 12, 31))
    assert all(b.start - a.end == timedelta(days=1) for a, b in pairwise(found))
    assert len(found) == PER_YEAR[kind]


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.sampled_from(list(PER_YEAR)))
def test_a_day_lies_in_its_period(day, kind):
    period = period_of(day, kind)
    assert period.start <= day <= period.end
    assert period in periods(day.year, kind)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        (date(2016, 1, 31), 1, "个月", date(2016, 2, 29)),
        (date(2017, 1, 31), 1, "个月", date(2017, 2, 28)),
        (date(2016, 2, 29), 12, "个月", date(2017, 2, 28)),
        (date(2016, 12, 31), 2, "个月", date(2017, 2, 28)),
        (date(2016, 2, 28), 1, "天", date(2016, 2, 29)),
        (date(2017, 2, 28), 1, "天", date(2017, 3, 1)),
        (date(2016, 12, 31), 1, "天", date(2017, 1, 1)),
        (date(2016, 3, 31), 30, "天", date(2016, 4, 30)),
        (date(2016, 8, 31), 6, "个月", date(2017, 2, 28)),
    ],
)
def test_deadlines_over_month_ends_leap_days_and_the_years_end(start, amount, unit, expected):
    assert after(start, amount, unit) == expected


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(0, 120), st.sampled_from(["天", "个月"]))
def test_a_later_start_never_has_an_earlier_deadline(day, amount, unit):
    assert after(day, amount, unit) <= after(day + timedelta(days=1), amount, unit)


def test_labels_and_what_there_is_not():
    assert [p.label for p in periods(2016, "half")] == ["2016 年上半年", "2016 年下半年"]
    assert periods(2016, "quarter")[0].label == "2016 年第 1 季度"
    with pytest.raises(KeyError):
        periods(2016, "week")
    with pytest.raises(KeyError):
        after(date(2016, 1, 1), 1, "周")


@pytest.mark.parametrize(
    ("day", "amount", "unit", "can"),
    [
        (date(9999, 12, 30), 1, "天", True),
        (date.max, 1, "天", False),
        (date(9999, 11, 30), 1, "个月", True),
        (date(9999, 12, 1), 1, "个月", False),
        (date(2016, 1, 1), 0, "天", True),
    ],
)
def test_no_deadline_follows_beyond_the_last_day_there_is(day, amount, unit, can):
    assert can_follow(day, amount, unit) is can
