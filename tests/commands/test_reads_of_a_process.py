"""A process knows all that it asked of the tables."""

import subprocess
import sys

from support.project import ROOT


def test_all_reads_names_what_the_process_asked_for():
    script = """
from figurebook.datapackage.tables import Tables
one, other = Tables.load(), Tables.load()
def told():
    print(*sorted("/".join(read) for read in Tables.all_reads()))
told()
one.villages, other.branches, other.branches, one.rows("terms"), one.text("parts")
told()
one.digest("departments")
told()
Tables.all_reads().clear()
told()
Tables._all_reads.clear()
one.basis("departments"), one.resource("terms"), one.referred("branches"), "nothing" in one
told()
Tables._all_reads.clear()
one.count("villages"), one.column("figures", "id"), one.rows_where("figures", "id", "poverty.persons")
one.rows_where("nothing", "id", 1), one.rules_of("S04")
told()
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    whole = "tables/branches tables/parts tables/terms tables/villages"
    assert done.stdout.splitlines() == [
        "",
        whole,
        whole,
        whole,
        "manifests/branches manifests/departments manifests/nothing manifests/terms",
        "columns/figures/id counts/villages rows/figures/id/poverty.persons rows/nothing/id/1 rules/S04",
    ]
