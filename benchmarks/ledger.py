"""Measure time and memory per problem of the ledger, step by step.

    .venv/bin/python -m benchmarks.ledger [PROBLEMS …]

The steps move problems through their states, view them, write the workbook and read it back. Default: 1,000,
10,000 and 100,000 problems, five entries each on average. Every size runs in a process of its own. Each step
prints microseconds and bytes per problem; equal columns mean linear growth. Memory is the peak of the process
less its size before the step.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

SIZES = (1_000, 10_000, 100_000)
TODAY = date(3000, 1, 1)  # after the last entry of the largest example


def peak() -> int:
    """The most bytes that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure(size: int) -> None:
    """Run every step on ``size`` problems; print its microseconds and bytes per problem."""
    from figurebook.datapackage.tables import Tables
    from wuqi.systems.three_lists import model, workbook

    rules = model.rules(Tables.load())

    def step(name: str, work: Callable):
        held, start = peak(), time.process_time()
        made = work()
        seconds, grown = time.process_time() - start, peak() - held
        print(f"{size:>9,}  {name:<6}{seconds / size * 1e6:>10,.0f} µs{grown / size:>10,.0f} B", flush=True)
        return made

    book = step("model", lambda: model.example(rules, size))
    step("views", lambda: workbook.views(book, TODAY))
    content = step("write", lambda: workbook.write(book, TODAY))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        path.write_bytes(content)
        back, _ = step("read", lambda: workbook.read(path, rules, TODAY))
    if back.history.digest() != book.history.digest():
        sys.exit("the workbook does not give the ledger back")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]))
    else:
        for size in sys.argv[1:] or SIZES:
            subprocess.run([sys.executable, "-m", "benchmarks.ledger", "--one", str(size)], check=True)
