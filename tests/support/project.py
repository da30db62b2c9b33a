"""Copy the project for a test to change, and run its commands there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
PARTS = (
    "_config.yml",
    "CITATION.cff",
    "pyproject.toml",
    "requirements.txt",
    "book",
    "data",
    "notebooks",
    "figurebook",
    "wuqi",
)
NO_BROWSER = "no browser: "  # begins the reason of every test skipped for want of one
# Compiled modules are copied too: compiling the program anew takes half the time of a short command. Python
# compares a module's time and size. A copy keeps both; a change does not.
MADE = shutil.ignore_patterns(".ipynb_checkpoints")


def copy_project(to: Path, notebooks: tuple[str, ...] = ()) -> Path:
    """The project's sources in ``to``; with ``notebooks``, of the ten only those (by number)."""
    to.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, to / part, ignore=MADE)
        else:
            shutil.copy(ROOT / part, to / part)
    if notebooks:
        shutil.rmtree(to / "notebooks" / "systems")
        for path in (to / "notebooks").glob("*.ipynb"):
            if path.name[:2] not in notebooks:
                path.unlink()
    return to


def environment(project: Path, **extra: str) -> dict[str, str]:
    """This process's environment, with the project's own ``wuqi`` first and no overlay."""
    own = {k: v for k, v in os.environ.items() if k != "FIGUREBOOK_DATA"}
    return {**own, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1", **extra}


def python(project: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess:
    """Python in the project, its output as text."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=project,
        text=True,
        check=False,
        capture_output=True,
        encoding="utf-8",
        env=environment(project, **extra),
    )


def wuqi(project: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run ``python -m wuqi`` with these arguments in the project.

    Another county's commands are run under the program's name.
    """
    return python(project, "-m", "wuqi" if (project / "wuqi").is_dir() else "figurebook", *arguments)


def run(project: Path, *arguments: str, code: int = 0) -> str:
    """Run a command that must end with this code, without a traceback; return its output."""
    done = wuqi(project, *arguments)
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert done.returncode == code, said
    return said


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes, to prove that nothing in it changed."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and "__pycache__" not in p.parts
    }


def replace_once(path: Path, old: str, new: str) -> None:
    """Change a file in one place; if it is missing, the test is wrong."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def load_notebook(path: Path) -> dict:
    """A notebook as plain JSON: read without the code under test."""
    return json.loads(path.read_text(encoding="utf-8"))


def save_notebook(path: Path, notebook: dict) -> None:
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def source(cell: dict) -> str:
    """A cell's source, whichever of the two forms of the format it is stored in."""
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def committed_notebooks() -> list[Path]:
    """The notebooks on the figures in this checkout, found without the code under test."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def every_notebook() -> list[Path]:
    """These and the notebooks of the systems."""
    return sorted([*committed_notebooks(), *(ROOT / "notebooks" / "systems").glob("*.ipynb")])
