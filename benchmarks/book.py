"""Measure the CPU time of each way to build and check the book.

    .venv/bin/python -m benchmarks.book [ROUNDS]

One run measures all ways; medians of seconds and ratios are printed. Each round runs every command once, in
turn, so that a machine that changes speed affects all alike. CPU is user and system time of the command and
its children. ``bare`` is jupyter-book on the same pages with execution off; ``forced`` is the same with every
notebook run.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build"]
PYTEST = [sys.executable, "-m", "pytest", "-q", "notebooks", "-p", "no:cacheprovider"]


def measure(command: list, cwd: Path) -> tuple[float, float]:
    """The CPU seconds and wall seconds of one command, which must succeed."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(cwd)},
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode:
        sys.exit(f"{command} failed:\n{run.stdout}{run.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def project(folder: Path, execution: str) -> Path:
    """Copy the book's sources and set ``execute_notebooks`` to ``execution``."""
    for name in ("book", "data", "notebooks", "figurebook", "wuqi"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_config.yml", "CITATION.cff", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    config = folder / "_config.yml"
    config.write_text(
        config.read_text(encoding="utf-8").replace(
            'execute_notebooks: "off"', f'execute_notebooks: "{execution}"'
        ),
        encoding="utf-8",
    )
    return folder


def build(source: Path, out: Path) -> tuple[float, float]:
    """Build cold with jupyter-book alone; CPU and wall seconds."""
    shutil.rmtree(out, ignore_errors=True)
    toc = source / "book" / "_toc.yml"
    return measure([*BUILD, source, "--toc", toc, "--path-output", out, "-W", "-n", "--keep-going"], source)


def main(rounds: int) -> None:
    """Measure every command ``rounds`` times and print medians and ratios."""
    times: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        off, force = project(work / "off", "off"), project(work / "force", "force")
        site = work / "site"
        wuqi = [sys.executable, "-m", "wuqi"]
        for _ in range(rounds):
            shutil.rmtree(site, ignore_errors=True)
            one = {
                "bare": build(off, work / "bare"),
                "book, cold": measure([*wuqi, "book", "--out", site], off),
                "book, nothing changed": measure([*wuqi, "book", "--out", site], off),
                "forced": build(force, work / "forced"),
                "verify": measure([*wuqi, "verify"], off),
                "nbval, 1 worker": measure([*PYTEST, "-n", "0"], ROOT),
                "nbval, 2 workers": measure([*PYTEST, "-n", "2"], ROOT),
            }
            for name, figures in one.items():
                times.setdefault(name, []).append(figures)
    medians = {
        name: [statistics.median(column) for column in zip(*runs, strict=True)]
        for name, runs in times.items()
    }
    print(f"{'':24}{'CPU s':>8}{'wall s':>8}{'CPU/bare':>10}   ({rounds} rounds, medians)")
    for name, (cpu, wall) in medians.items():
        print(f"{name:24}{cpu:8.1f}{wall:8.1f}{cpu / medians['bare'][0]:10.2f}")
    ratio = medians["nbval, 2 workers"][1] / medians["nbval, 1 worker"][1]
    print(f"nbval, wall time of two workers to one: {ratio:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
