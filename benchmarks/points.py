"""Measure time and memory per event of points books of several sizes.

    .venv/bin/python -m benchmarks.points [EVENTS ...]

Default: 1,000, 10,000 and 100,000 events. Each size runs in a process of its own. ``book`` makes the book of
shuffled events (a twentieth corrected) and all its views; ``write`` and ``read`` are the workbook. Times are
CPU microseconds per event. Memory is the process's peak less its size before the first event, in bytes per
event. With linear growth no number of a column rises from a line to the next. Small sizes include the fixed
cost of a workbook.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from figurebook.datapackage.tables import Tables
from wuqi.systems.stars_and_points import model
from wuqi.systems.stars_and_points.workbook import Filled, from_workbook, to_workbook

SIZES = (1_000, 10_000, 100_000)
SHARE = 20  # one event in so many is corrected
VIEWS = (model.points, model.ranking, model.stars, model.rejected, model.corrections)


def events(n: int) -> list[model.Event | model.Change]:
    """``n`` events of a year, with corrections.

    Each branch has ten members, each member about fifty events.
    """
    rules, branches = ("meeting", "study", "service", "task"), max(1, n // 500)
    made: list[model.Event | model.Change] = [
        model.Event(
            f"E{i}",
            date(2017, 1 + i % 12, 1 + i % 28),
            f"B{i % branches}",
            f"M{i // branches % 10}",
            rules[i % 4],
            1 + i % 5,
            f"例：签到表第 {i} 页",
        )
        for i in range(n)
    ]
    made += [
        model.Change(f"C{i}", date(2017, 12, 31), "correct", f"E{i}", 9, "例：漏记")
        for i in range(0, n, SHARE)
    ]
    random.Random(n).shuffle(made)
    return made


def timed(do: Callable):
    """The CPU seconds of ``do``, and its result."""
    start = time.process_time()
    result = do()
    return time.process_time() - start, result


def peak() -> int:
    """The most memory this process has had, in bytes (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure(n: int) -> None:
    """Print ``n`` and, per event, the µs to make, write and read, and the bytes."""
    rules = model.rules(Tables.load())
    to_workbook(Filled(rules, []), model.PointsBook(rules))  # loads the modules that are loaded once
    before, entries = peak(), events(n)

    def views() -> model.PointsBook:
        book = model.gather(rules, entries)
        for view in VIEWS:
            view(book)
        return book

    booked, book = timed(views)
    plain = peak() - before
    wrote, content = timed(lambda: to_workbook(Filled(rules, entries), book))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(content)
        read, again = timed(lambda: from_workbook(path, rules.general))
    assert len(again.entries) == len(entries)
    times = (f"{seconds / n * 1e6:8.0f}" for seconds in (booked, wrote, read))
    print(f"{n:>8,}", *times, f"{plain / n:8,.0f}", f"{(peak() - before) / n:8,.0f}")


def main(sizes: list[str]) -> None:
    print("  events     book    write     read    bytes  bytes with workbook", flush=True)
    for n in sizes or SIZES:
        subprocess.run([sys.executable, "-m", "benchmarks.points", "--one", str(n)], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]))
    else:
        main(sys.argv[1:])
