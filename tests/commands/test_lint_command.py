"""The rules of notebooks as a command."""

from support.project import ROOT, committed_notebooks, load_notebook, python, save_notebook, source


def test_the_command_prints_each_breach_and_exits_with_1(tmp_path):
    good = committed_notebooks()[0]
    copy = tmp_path / good.name
    notebook = load_notebook(good)
    cell = next(i for i, c in enumerate(notebook["cells"], 1) if c["cell_type"] == "code")
    notebook["cells"][cell - 1]["source"] = source(notebook["cells"][cell - 1]) + ";"
    save_notebook(copy, notebook)
    run = python(ROOT, "-m", "figurebook.notebooks.lint", str(good), str(copy))
    assert (run.returncode, run.stderr) == (1, "")
    (line,) = run.stdout.splitlines()
    assert line.startswith(f"{copy.name} 第 {cell} 格")
    assert "semicolon" in line
    silent = python(ROOT, "-m", "figurebook.notebooks.lint", str(good))
    assert (silent.returncode, silent.stdout, silent.stderr) == (0, "", "")
