"""A test in a folder ``unit`` that starts a process fails, however it is started and whoever hides it."""

import re

import pytest
from support.project import ROOT, python
from support.tiers import StartedError, no_process

TESTS = ROOT / "tests"
# What tests do that may not be in a folder ``unit``.
COMMAND = "subprocess.run([sys.executable, '-c', 'pass'], check=True)"
STARTING = {
    "command": COMMAND,
    "hidden": "try:\n        subprocess.run(['true'])\n    except BaseException:\n        pass",
    "fork": "if not os.fork():\n        os._exit(0)",
    "shell": "os.system('true')",
    "spawn": "os.posix_spawn(sys.executable, [sys.executable, '-c', 'pass'], {})",
    "pool": "multiprocessing.get_context('fork').Process(target=print).start()",
}
HEAD = "import multiprocessing, os, subprocess, sys\nimport pytest\n\n"


@pytest.fixture(scope="module")
def ended(tmp_path_factory) -> dict[str, str]:
    """How each test ended, by its folder and name."""
    root = tmp_path_factory.mktemp("tiers")
    told = "".join(f"def test_{name}():\n    {what}\n\n" for name, what in STARTING.items())
    fixture = f"@pytest.fixture\ndef made():\n    {COMMAND}\n\ndef test_fixture(made):\n    pass\n\n"
    for folder in ("unit", "whole"):
        (root / folder).mkdir()
        (root / folder / f"test_{folder}.py").write_text(
            f"{HEAD}{told}{fixture}def test_quiet():\n    assert os.getpid()\n", encoding="utf-8"
        )
        (root / folder / f"test_{folder}_module.py").write_text(
            f"{HEAD}{COMMAND}\n\ndef test_module():\n    pass\n", encoding="utf-8"
        )
    (root / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    run = python(
        root,
        "-m",
        "pytest",
        "-v",
        "-p",
        "support.tiers",
        "-p",
        "no:cacheprovider",
        "-n",
        "0",
        "--continue-on-collection-errors",
        "-c",
        root / "pytest.ini",
        root,
        PYTHONPATH=str(TESTS),
    )
    found = re.findall(r"^(\w+)/test_\w+\.py::test_(\w+) (\w+)", run.stdout, flags=re.MULTILINE)
    assert len(found) == 2 * (len(STARTING) + 2) + 1, run.stdout + run.stderr
    assert "ERROR collecting unit/test_unit_module.py" in run.stdout
    return {f"{folder}/{name}": how for folder, name, how in found}


@pytest.mark.parametrize("name", STARTING)
def test_a_unit_test_that_starts_a_process_fails(ended, name):
    assert ended[f"unit/{name}"] == "FAILED"
    assert ended[f"whole/{name}"] == "PASSED"


def test_a_fixture_of_a_unit_test_starts_none_either(ended):
    assert ended["unit/fixture"] == "ERROR"
    assert ended["whole/fixture"] == "PASSED"


def test_a_unit_module_starts_none_when_it_is_read(ended):
    assert "unit/module" not in ended
    assert ended["whole/module"] == "PASSED"


def test_a_unit_test_that_starts_none_passes(ended):
    assert ended["unit/quiet"] == ended["whole/quiet"] == "PASSED"


def test_the_process_is_not_started(tmp_path):
    import subprocess

    with pytest.raises(pytest.fail.Exception, match="touch"), no_process(), pytest.raises(StartedError):
        subprocess.run(["touch", str(tmp_path / "there")], check=False)
    assert list(tmp_path.iterdir()) == []
