"""No build, however it is started, publishes a notebook that is stale or breaks a rule."""

import pytest
from support.project import copy_project, load_notebook, python, save_notebook

BUILD = ("-c", "from jupyter_book.cli.main import main; main()", "build", ".", "--toc", "book/_toc.yml")


@pytest.fixture
def notebook(tmp_path):
    """A notebook in a copy of the project that a test may alter."""
    return copy_project(tmp_path) / "notebooks" / "02-villages.ipynb"


def refusal(path) -> str:
    run = python(path.parent.parent, *BUILD)
    assert run.returncode != 0
    assert not (path.parent.parent / "_build" / "html" / "index.html").exists()
    return run.stdout + run.stderr


def test_a_stale_notebook_stops_the_build(notebook):
    content = load_notebook(notebook)
    cell = next(c for c in content["cells"] if c["cell_type"] == "code" and "by_kind" in "".join(c["source"]))
    cell["source"] = ["# changed\n", *cell["source"]]
    save_notebook(notebook, content)
    said = refusal(notebook)
    assert "笔记已陈旧" in said
    assert "02-villages.ipynb" in said


def test_a_notebook_that_breaks_a_rule_stops_the_build(notebook):
    content = load_notebook(notebook)
    next(c for c in content["cells"] if c["cell_type"] == "code")["metadata"]["tags"] = ["remove-cell"]
    save_notebook(notebook, content)
    said = refusal(notebook)
    assert "笔记不合规" in said
    assert "02-villages.ipynb" in said
