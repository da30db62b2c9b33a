"""Small counts cannot be computed back: attacked by linear programming with all that is shown.

The attack shares no code with the suppression: it has the counts shown, the sums shown, the marks and what
they mean, and asks HiGHS for the smallest and the largest value of every suppressed count.
"""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.attack import KNOWN, LEAST, WIDTH, attacked
from support.canaries import LIMITS
from support.drawn import examples

from figurebook.privacy.suppression import PRIMARY, SECONDARY, WITHHELD, Cell, line, suppressed

COUNTS = st.integers(0, 40) | st.integers(0, 3) | st.integers(0, 4000)


def sums_of_line(n):
    """Which counts add up to which, as (parts, sum): of a line, its total."""
    return [(list(range(n)), "total")]


def sums_of_grid(rows, columns):
    across = [([(i, j) for j in range(columns)], (i, None)) for i in [*range(rows), None]]
    return across + [([(i, j) for i in range(rows)], (None, j)) for j in [*range(columns), None]]


def grid(counts):
    """Counts (row, column) with sums by row (row, None) and column (None, column)."""
    columns = range(len(counts[0]))
    sums = [sum(row[j] for row in counts) for j in columns]
    inner = [
        Cell((i, j), ("row", i), ("column", j), n) for i, row in enumerate(counts) for j, n in enumerate(row)
    ]
    rows = [
        Cell((i, None), ("column", None), ("row", i), sum(row), len(counts) == 1)
        for i, row in enumerate(counts)
    ]
    below = [Cell((None, j), ("column", j), ("row", None), sums[j], len(columns) == 1) for j in columns]
    whole = Cell((None, None), ("row", None), ("column", None), sum(sums), public=True)
    return [*inner, *rows, *below, whole]


def withstands(cells, sums):
    marks = suppressed(cells, LIMITS)
    values = {c.key: c.value for c in cells}
    public = {c.key for c in cells if c.public}
    assert not public & marks.keys()
    small = {k for k, v in values.items() if 0 < v < LEAST and k not in public}
    assert small <= marks.keys()
    total = max(c.value for c in cells)
    for key, (low, high) in attacked(values, marks, sums).items():
        assert low <= values[key] + 1e-6
        assert high >= values[key] - 1e-6
        enough = min(WIDTH, total) if marks[key] == WITHHELD else WIDTH
        assert high - low >= enough - 1e-6, (key, low, high)
    return marks


@given(st.lists(COUNTS, min_size=1, max_size=12))
def test_no_count_of_a_line_with_its_total_is_narrowed(counts):
    withstands(line(counts), sums_of_line(len(counts)))


@examples(20)
@given(st.data(), st.integers(2, 5), st.integers(2, 5))
def test_no_count_of_a_grid_with_all_its_margins_is_narrowed(data, rows, columns):
    counts = [[data.draw(COUNTS) for _ in range(columns)] for _ in range(rows)]
    withstands(grid(counts), sums_of_grid(rows, columns))


@pytest.mark.parametrize("shape", [(1, 4), (4, 1), (1, 1)])
def test_a_grid_of_one_row_or_column_has_margins_that_are_its_cells(shape):
    rows, columns = shape
    counts = [[3 + 9 * i + 8 * j for j in range(columns)] for i in range(rows)]
    if shape == (1, 1):
        assert suppressed(line([3]), LIMITS) == {}
    else:
        withstands(grid(counts), sums_of_grid(rows, columns))


@pytest.mark.parametrize(
    ("counts", "marks"),
    [
        ([40, 20, 10], {}),
        ([40, 20, 0], {}),
        ([], {}),
        ([7], {}),
        ([3, 100, 200], {0: PRIMARY, 1: SECONDARY}),
        ([3, 4, 5, 900], {0: PRIMARY, 1: PRIMARY, 2: PRIMARY}),
        ([1, 1], {0: WITHHELD, 1: WITHHELD}),
        ([1, 0], {0: WITHHELD, 1: WITHHELD}),
    ],
)
def test_what_is_suppressed_and_what_is_not(counts, marks):
    assert suppressed(line(counts), LIMITS) == marks


def test_a_primary_count_alone_would_be_computed_back():
    cells = grid([[3, 100, 200], [50, 60, 70]])
    values = {c.key: c.value for c in cells}
    assert attacked(values, {(0, 0): PRIMARY}, sums_of_grid(2, 3)) == {(0, 0): (3, 3)}
    marks = withstands(cells, sums_of_grid(2, 3))
    assert len(marks) >= 4


def test_companions_that_leave_too_little_room_are_joined_by_more():
    # Beside 9, a 10 leaves room for 1 … 9; beside 1 it would not: it is known to be 10 or more.
    assert suppressed(line([9, 10, 300]), LIMITS) == {0: PRIMARY, 1: SECONDARY}
    assert suppressed(line([1, 10, 300]), LIMITS) == {0: PRIMARY, 2: SECONDARY}
    assert suppressed(line([1, 12, 13, 10]), LIMITS) == {0: PRIMARY, 1: SECONDARY, 2: SECONDARY}


def test_what_stands_beside_a_suppressed_count_goes_along():
    marks = suppressed(line([30, 50, 0, 80]), LIMITS, along=[0, 2])
    assert marks.keys() >= {0, 2}
    assert (marks[0], marks[2]) == (SECONDARY, WITHHELD)


def test_every_way_to_fill_a_small_table_agrees_with_the_attack():
    counts = [[2, 12], [15, 20]]
    cells = grid(counts)
    marks = suppressed(cells, LIMITS)
    assert (0, 0) in marks
    seen = {key: set() for key in marks}
    for a, b, c in product(range(10), range(50), range(50)):  # the first is known to be small
        there = {cell.key: cell.value for cell in grid([[a, b], [c, 49 - a - b - c]])}
        told = all(_fits(there[cell.key], marks.get(cell.key), cell.value) for cell in cells)
        for key in marks if told else ():
            seen[key].add(there[key])
    bounds = attacked({c.key: c.value for c in cells}, marks, sums_of_grid(2, 2))
    for key, values in seen.items():
        assert bounds[key] == pytest.approx((min(values), max(values)))
        assert max(values) - min(values) >= WIDTH


def _fits(count, mark, real):
    low, high = KNOWN.get(mark, (real, real))
    return low <= count <= (high or count)
