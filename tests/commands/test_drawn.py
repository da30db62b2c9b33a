"""What a run draws: another lot for each seed and purpose, the same again when asked, and all once a week."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import drawn, examples, lot, size
from support.project import ROOT, python

THINGS = [f"thing {i}" for i in range(40)]


@pytest.fixture
def seed(monkeypatch):
    monkeypatch.delenv("TEST_ALL", raising=False)
    return lambda number: monkeypatch.setenv("TEST_SEED", str(number))


def test_the_same_seed_draws_the_same_and_another_draws_others(seed):
    seed(1)
    first = drawn(THINGS, 5, "kills")
    assert first == drawn(THINGS, 5, "kills")
    assert len(set(first)) == 5
    assert first == sorted(first, key=THINGS.index)
    assert first != drawn(THINGS, 5, "rows")
    assert lot("kills").random() == lot("kills").random() != lot("rows").random()
    lots = set()
    for number in range(60):
        seed(number)
        lots.update(drawn(THINGS, 5, "kills"))
    assert lots == set(THINGS)  # in time every thing is drawn


def test_no_more_is_drawn_than_there_is(seed):
    seed(1)
    assert drawn(THINGS, 50, "kills") == THINGS
    assert drawn([], 5, "kills") == []


def test_a_size_is_another_at_each_seed(seed):
    sizes = set()
    for number in range(20):
        seed(number)
        sizes.add(size(5_000, "rows"))
    assert len(sizes) > 10
    assert min(sizes) >= 100
    assert max(sizes) <= 250


def tried(most: int) -> list[int]:
    """The examples that a property test of so many is given."""
    found = []

    @examples(most)
    @given(st.integers(0, 10**9))
    def property_test(number):
        found.append(number)

    property_test()
    return found


def test_a_slow_property_test_tries_a_third_and_others_at_each_seed(seed):
    seed(1)
    first = tried(60)
    assert len(first) == 20
    assert tried(60) == first
    seed(2)
    assert tried(60) != first


def test_a_slow_property_test_tries_all_once_a_week(monkeypatch):
    monkeypatch.setenv("TEST_ALL", "true")
    assert len(tried(60)) == 60


def test_a_run_that_draws_all_leaves_nothing_out(monkeypatch):
    monkeypatch.setenv("TEST_ALL", "true")
    assert drawn(THINGS, 5, "kills") == THINGS
    assert size(5_000, "rows") == 5_000


def test_the_seed_is_told_at_the_end_of_a_run():
    run = python(
        ROOT,
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        "tests/commands/test_drawn.py::test_no_more_is_drawn_than_there_is",
        TEST_SEED="7",
    )
    assert run.returncode == 0, run.stdout
    assert run.stdout.count("TEST_SEED=7") == 1


def test_the_weekly_run_draws_all():
    text = (ROOT / ".github" / "workflows" / "book.yml").read_text(encoding="utf-8")
    assert "TEST_ALL: ${{ github.event_name == 'schedule' }}" in text
    assert "schedule: [{cron:" in text
