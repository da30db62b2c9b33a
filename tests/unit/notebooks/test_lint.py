"""Each rule for notebooks is broken once, alone, and must be named with its cell."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.project import committed_notebooks, load_notebook, save_notebook, source

from figurebook.notebooks.lint import MAX_BYTES, MAX_CELLS, check

NUMBER = "04"  # the notebook that is broken; which one makes no difference
HIDING = (
    "hide-input",
    "hide-output",
    "hide-cell",
    "remove-input",
    "remove-output",
    "remove-cell",
    "nbval-ignore-output",
    "nbval-skip",
    "nbval-raises-exception",
    "raises-exception",
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A committed notebook that may be broken."""
    (path,) = [p for p in committed_notebooks() if p.name.startswith(NUMBER)]
    return Path(shutil.copy(path, tmp_path))


def stream(name: str, text: str) -> dict:
    return {"output_type": "stream", "name": name, "text": [text]}


def append(text: str) -> Callable[[dict], None]:
    return lambda cell: cell.update(source=source(cell) + text)


def output(made: dict) -> Callable[[dict], None]:
    return lambda cell: cell["outputs"].append(made)


def tag(name: str) -> Callable[[dict], None]:
    return lambda cell: cell["metadata"].setdefault("tags", []).append(name)


def picture(kind: str) -> Callable[[dict], None]:
    return output({"output_type": "display_data", "metadata": {}, "data": {kind: "iVBORw0KGgo="}})


ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "x", "traceback": []}
BREACHES = {
    "unexecuted": ("unexecuted", lambda cell: cell.update(execution_count=None)),
    "semicolon": ("semicolon", append(";")),
    "semicolon and blanks": ("semicolon", append(" ; \n\n")),
    "semicolon and comments": ("semicolon", append(";  # quiet\n# really")),
    "png": ("bitmap", picture("image/png")),
    "jpeg": ("bitmap", picture("image/jpeg")),
    "stderr": ("stderr", output(stream("stderr", "careful"))),
    "error": ("error", output(ERROR)),
    "path in source": ("machine-path", append("\nopen('/home/somebody/tables.csv')")),
    "windows path in source": ("machine-path", append("\nopen('C:\\\\Users\\\\somebody')")),
    "path in a stream": ("machine-path", output(stream("stdout", "read /home/somebody/tables.csv"))),
    "windows path in a stream": ("machine-path", output(stream("stdout", "read D:\\tables.csv"))),
    "path in data": (
        "machine-path",
        output(
            {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<b>/Users/somebody</b>"}}
        ),
    ),
    "source hidden": ("hidden", lambda cell: cell["metadata"].update(jupyter={"source_hidden": True})),
    **{f"tag {name}": ("hidden", tag(name)) for name in HIDING},
    **{
        f"mark {name}": ("hidden", append(f"\n# {name}"))
        for name in (
            "NBVAL_IGNORE_OUTPUT",
            "NBVAL_SKIP",
            "NBVAL_RAISES_EXCEPTION",
            "PYTEST_VALIDATE_IGNORE_OUTPUT",
        )
    },
    "mark without a blank": ("hidden", append("\n#NBVAL_SKIP")),
}


def break_code_cell(path: Path, change: Callable[[dict], None]) -> int:
    """Break one code cell in the middle; returns its number as a reader counts, from 1."""
    notebook = load_notebook(path)
    numbers = [i for i, c in enumerate(notebook["cells"], 1) if c["cell_type"] == "code"]
    number = numbers[len(numbers) // 2]
    change(notebook["cells"][number - 1])
    save_notebook(path, notebook)
    return number


@pytest.mark.parametrize("path", committed_notebooks(), ids=lambda p: p.stem)
def test_committed_notebooks_keep_the_rules(path):
    assert check(path) == []


@pytest.mark.parametrize("name", BREACHES)
def test_a_broken_rule_is_named_with_its_cell_and_nothing_else(copy, name):
    rule, change = BREACHES[name]
    cell = break_code_cell(copy, change)
    assert [(b.notebook, b.cell, b.rule) for b in check(copy)] == [(copy.name, cell, rule)]


def test_a_markdown_cell_may_not_hide_either(copy):
    notebook = load_notebook(copy)
    number = next(i for i, c in enumerate(notebook["cells"], 1) if c["cell_type"] == "markdown")
    tag("remove-cell")(notebook["cells"][number - 1])
    save_notebook(copy, notebook)
    assert [(b.cell, b.rule) for b in check(copy)] == [(number, "hidden")]


@pytest.mark.parametrize(("excess", "expected"), [(0, []), (1, [(0, "too-long")])])
def test_too_many_cells(copy, excess, expected):
    notebook = load_notebook(copy)
    while len(notebook["cells"]) < MAX_CELLS + excess:
        notebook["cells"].append(
            {"cell_type": "markdown", "id": f"x{len(notebook['cells'])}", "metadata": {}, "source": ["Text."]}
        )
    save_notebook(copy, notebook)
    assert [(b.cell, b.rule) for b in check(copy)] == expected


@pytest.mark.parametrize(("excess", "expected"), [(0, []), (1, [(0, "too-long")])])
def test_too_many_bytes(copy, excess, expected):
    copy.write_bytes(copy.read_bytes().ljust(MAX_BYTES + excess))
    assert [(b.cell, b.rule) for b in check(copy)] == expected


def test_metadata_of_another_program_is_found(copy):
    notebook = load_notebook(copy)
    notebook["metadata"]["toc"] = {}
    save_notebook(copy, notebook)
    assert [(b.cell, b.rule) for b in check(copy)] == [(0, "metadata")]
    assert "toc" in check(copy)[0].message


@pytest.mark.parametrize(
    "change",
    [
        append("\nprint('a: b;')"),  # a semicolon inside
        append("\nprint('total:\\nrest')"),  # an escape, not a drive
        output(stream("stdout", "total:\nrest 1:\\n https://example.org/home/page")),
        tag("exercise"),
    ],
    ids=["semicolon inside", "colon before an escape", "colon at a line's end", "other tag"],
)
def test_what_only_looks_like_a_breach_is_allowed(copy, change):
    break_code_cell(copy, change)
    assert check(copy) == []


def test_two_breaches_are_two(copy):
    first = break_code_cell(copy, append(";"))
    break_code_cell(copy, tag("hide-input"))
    assert {(b.cell, b.rule) for b in check(copy)} == {(first, "semicolon"), (first, "hidden")}
