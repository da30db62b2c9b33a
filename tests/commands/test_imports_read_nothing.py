"""To import a module of the program reads, writes and starts nothing."""

import json
import os
import subprocess
import sys

import pytest
from support.project import ROOT

_WATCHED = """
import importlib, json, os, pkgutil, sys
root, seen = os.path.join(os.getcwd(), ""), []

def watch(event, arguments):
    if event == "subprocess.Popen":
        seen.append(f"{event} {arguments[0]}")
    elif event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        path = os.path.abspath(os.fsdecode(arguments[0]))
        if path.startswith(root) and not path.endswith((".py", ".pyc")) and "__pycache__" not in path:
            seen.append(path.removeprefix(root))

sys.addaudithook(watch)
import PACKAGE as package
names = [module.name for module in pkgutil.walk_packages(package.__path__, "PACKAGE.")
         if not module.name.endswith("__main__")]
for name in names:
    importlib.import_module(name)
# What an installation leaves is not the project's, and importlib reads it for the plugins of others.
seen = [s for s in seen if not s.startswith(".venv") and ".egg-info" not in s]
print(json.dumps({"modules": len(names), "seen": seen}))
"""


def imported(package: str, folder) -> dict:
    """How many modules the package has, and what was opened in ``folder``, or started, to import them all."""
    run = subprocess.run(
        [sys.executable, "-c", _WATCHED.replace("PACKAGE", package)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


@pytest.mark.parametrize(("package", "least"), [("figurebook", 100), ("wuqi", 25)])
def test_to_import_a_package_opens_no_file_and_starts_no_process(package, least):
    found = imported(package, ROOT)
    assert found["modules"] > least
    assert found["seen"] == []


def test_a_module_that_reads_when_it_is_imported_is_found(tmp_path):
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "table.csv").write_text("a\n", encoding="utf-8")
    (tmp_path / "made" / "reads.py").write_text(
        "TEXT = open('table.csv', encoding='utf-8').read()\n", encoding="utf-8"
    )
    assert imported("made", tmp_path) == {"modules": 1, "seen": ["table.csv"]}
