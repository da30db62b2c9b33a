"""Measure reading, checking and verifying own tables, per household, and the cost of a start.

    .venv/bin/python -m benchmarks.own_tables [--pairs PAIRS] [ROWS …]

Default: 11 pairs; 10,000, 100,000 and 1,000,000 households as CSV, made here, the same at every run. Every
step is a process of its own. CPU is user and system time; memory is the peak of the process. Microseconds and
bytes per household stand beside them, less the cost of a process that only imports pandas (the least of
three). Equal numbers from line to line mean linear growth. ``read`` is that of ``office.recognise.tables``,
``check`` is that and the one of ``office.check.cells``, ``verify`` is ``python -m wuqi verify --data``.

First comes the ratio of two CPU times, with 5,115 households: ``verify``, and a script that imports pandas
and reads the same files. They run PAIRS times, one after the other. They run on the book's own tables, then
with all registers put in by ``--data``, as one workbook and as CSV. Registers put in are also checked and
searched. The goal is a median ratio of at most 1.5; the actual ratio is printed. The commands keep OpenBLAS
from starting threads (``figurebook/cli/__init__.py``), but a script that only imports pandas does not. In
brackets stands the ratio to that script with the same setting.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl

ROOT = Path(__file__).resolve().parent.parent
REGISTERS = ROOT / "data" / "registers"
SIZES = (10_000, 100_000, 1_000_000)
# Like a user's: compiled modules are kept from run to run, and the number of threads is not set.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in {"PYTHONDONTWRITEBYTECODE", "OPENBLAS_NUM_THREADS"}
} | {"PYTHONPATH": str(ROOT)}
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
BARE = "import pandas"
READ = """
import sys
from pathlib import Path
from figurebook.office.recognise.tables import read
from figurebook.project import data
from figurebook.datapackage.tables import read_package
DATA = data()
package = read_package(DATA)
intake = read(Path(sys.argv[1]), package)
problems = list(intake.problems)
"""
CHECK = (
    READ
    + """
from figurebook.office.check.cells import check
from figurebook.datapackage.files import read_strings
paths = {r["name"]: DATA / r["path"] for r in package["resources"]}
problems += check(intake, package, lambda name: read_strings(paths[name]))
"""
)
REPORT = """
for problem in problems[:20]:
    print(problem)
sys.exit(bool(problems) or "poor_households" not in intake.tables)
"""
SAME_FILES = """
import sys
import pandas
for path in sys.argv[1:]:
    pandas.read_csv(path) if path.endswith(".csv") else pandas.read_excel(path, sheet_name=None)
"""
READ_BY_VERIFY = """
from figurebook.project import data
from figurebook.datapackage.tables import Tables
from figurebook.figures.verdicts import verify
tables = Tables.load()
verify(tables)
names = {key.split("/")[0] for part, key in tables.all_reads() if part != "manifests"}
print(*(data() / tables.resource(name)["path"] for name in sorted(names)), sep="\\n")
"""


def households(size: int) -> Iterator[list]:
    """``size`` invented rows of ``poor_households``, in our villages; the header first."""
    with (REGISTERS / "villages.csv").open(encoding="utf-8", newline="") as file:
        villages = [row["code"] for row in csv.DictReader(file)]
    draw = random.Random(size)
    yield ["id", "village_code", "persons", "income_2015", "income_2016"]
    for i in range(size):
        before = round(395_000 * draw.lognormvariate(0, 0.35))
        yield [f"N{i:07}", villages[i % len(villages)], draw.randint(1, 6), before, before * 1139 // 1000]


def fill(folder: Path, size: int) -> Path:
    folder.mkdir()
    with (folder / "poor_households.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(households(size))
    return folder


def measure(*arguments: str | Path, allowed: tuple[int, ...] = (0,), **env: str) -> tuple[float, int]:
    """The CPU seconds and peak bytes of a Python process, which must end as allowed."""
    run = subprocess.Popen(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**ENVIRONMENT, **env},
    )
    output = run.stdout.read()
    _, status, usage = os.wait4(run.pid, 0)
    run.stdout.close()
    run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode not in allowed:
        sys.exit(f"{arguments[0]} ended with {run.returncode}:\n{output}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def growth(sizes: list[int], work: Path) -> None:
    """Print one line for each size and step."""
    bare_seconds, bare_peak = min(measure("-c", BARE) for _ in range(3))
    print(f"{'households':>10}  {'step':<8}{'CPU s':>8}{'peak MB':>9}{'µs a row':>10}{'bytes a row':>13}")
    for size in sizes:
        folder = fill(work / str(size), size)
        steps = {
            "read": (["-c", READ + REPORT, folder], (0,)),
            "check": (["-c", CHECK + REPORT, folder], (0,)),
            "verify": (["-m", "wuqi", "verify", "--data", folder], (0, 1)),
        }
        for name, (arguments, allowed) in steps.items():
            seconds, peak = measure(*arguments, allowed=allowed)
            each = (seconds - bare_seconds) / size * 1e6
            print(
                f"{size:>10,}  {name:<8}{seconds:8.2f}{peak / 1e6:9.0f}{each:10.1f}"
                f"{(peak - bare_peak) / size:13,.0f}",
                flush=True,
            )
        shutil.rmtree(folder)


def start(work: Path, pairs: int) -> None:
    """Print the ratios of ``verify``, without and with own tables, to reading the same files."""
    paths = subprocess.run(
        [sys.executable, "-c", READ_BY_VERIFY],
        cwd=ROOT,
        text=True,
        check=True,
        stdout=subprocess.PIPE,
        env=ENVIRONMENT,
    ).stdout
    compared("verify", [], paths.split(), pairs)
    folder = fill(work / "all", 5_115)
    for path in REGISTERS.glob("*.csv"):
        if path.name not in {"poor_households.csv", "assumptions.csv"}:
            shutil.copy(path, folder)
    book = workbook(folder)
    compared("verify --data XLSX", ["--data", book], [str(book)], pairs)
    compared("verify --data CSV", ["--data", folder], sorted(map(str, folder.glob("*.csv"))), pairs)


def workbook(folder: Path) -> Path:
    """Write a folder's tables as sheets of one workbook beside it, numbers as numbers."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for path in sorted(folder.glob("*.csv")):
        sheet = book.create_sheet(path.stem)
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                sheet.append([int(cell) if cell.isdecimal() and len(cell) < 9 else cell for cell in row])
    out = folder.with_suffix(".xlsx")
    book.save(out)
    return out


def compared(name: str, arguments: list, files: list[str], pairs: int) -> None:
    runs = [
        (
            measure("-m", "wuqi", "verify", *arguments, allowed=(0, 1))[0],
            measure("-c", SAME_FILES, *files)[0],
            measure("-c", SAME_FILES, *files, **ONE_THREAD)[0],
        )
        for _ in range(pairs)
    ]
    ours, theirs, single = (statistics.median(column) for column in zip(*runs, strict=True))
    ratio, to_single = (statistics.median(run[0] / run[i] for run in runs) for i in (1, 2))
    print(
        f"5,115 households: {name} {ours:.2f} s, reading alone {theirs:.2f} s "
        f"(on one thread {single:.2f} s); median ratio of {pairs} runs {ratio:.2f} ({to_single:.2f})",
        flush=True,
    )


def main(sizes: list[int], pairs: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        start(Path(scratch), pairs)
        growth(sizes, Path(scratch))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=11)
    parser.add_argument("rows", type=int, nargs="*", default=SIZES)
    arguments = parser.parse_args()
    main(arguments.rows, arguments.pairs)
