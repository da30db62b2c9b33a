"""A notebook is stale exactly when something it was computed from has changed."""

import json
import re
from pathlib import Path

import pytest
from helpers import read_rows, write_csv
from helpers_project import (
    contents,
    copy_project,
    every_notebook,
    load_notebook,
    python,
    replace_once,
    save_notebook,
    source,
    wuqi,
)

from wuqi import freshness
from wuqi.tables import Tables

_ASK = ("import json; from wuqi import freshness; from wuqi.tables import Tables; "
        "print(json.dumps(freshness.stale(freshness.notebooks(), Tables.load())))")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_project(tmp_path / "project")


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """A project of two short notebooks, for tests that really execute."""
    return copy_project(tmp_path / "project", notebooks=("03", "04"))


def stale_in(project: Path) -> dict[str, list[str]]:
    """What is stale of the copy's notebooks by the copy's tables; modules are this process's."""
    return freshness.stale(freshness.notebooks(project / "notebooks"),
                           Tables.load(root=project / "data"))


def stale_by_its_own_code(project: Path) -> dict[str, list[str]]:
    """The same, asked of the copy's own modules."""
    run = python(project, "-c", _ASK)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def stamped(part: str, name: str) -> set[str]:
    """The notebooks whose stamp names this table or module, read from the raw files."""
    return {p.name for p in every_notebook() if name in load_notebook(p)["metadata"]["wuqi"][part]}


def change_cell(project: Path, table: str, column: str, row: int, value: str) -> None:
    """One cell of one table, everything else as it was."""
    path = next((project / "data").rglob(f"{table}.csv"))
    rows = read_rows(path)
    place = rows[0].index(column)
    assert rows[row][place] != value
    rows[row][place] = value
    write_csv(path, rows)


def edit_cell(project: Path, number: str, kind: str, text: str) -> str:
    """Append to the last cell of a kind in a notebook; returns the notebook's name."""
    path = next((project / "notebooks").glob(f"{number}-*.ipynb"))
    notebook = load_notebook(path)
    cell = [c for c in notebook["cells"] if c["cell_type"] == kind][-1]
    cell["source"] = source(cell) + text
    save_notebook(path, notebook)
    return path.name


def test_every_notebook_are_fresh(tables: Tables):
    paths = every_notebook()
    assert len(paths) == 10 + 18
    assert freshness.notebooks() == paths
    assert freshness.stale(paths, tables) == {}
    freshness.refuse_stale(paths, tables)


@pytest.mark.parametrize(("table", "column", "row", "value"), [
    ("rural_incomes", "income_yuan", 1, "11423"),  # published
    ("county_facts", "note", 2, "x"),  # published, and only in some stamps
    ("demonstration_sites", "village_code", 1, "610626001204"),  # registers
    ("poor_households", "income_2016", 1, "684171"),
    ("assumptions", "value", 2, "0.36"),
    ("mentions", "start", 1, "66"),  # in nobody's stamp
])
def test_one_cell_of_a_table_makes_its_readers_stale(project, table, column, row, value):
    change_cell(project, table, column, row, value)
    found = stale_in(project)
    assert set(found) == stamped("tables", table)
    assert all(len(why) == 1 and table in why[0] for why in found.values())


def test_the_tables_above_tell_notebooks_apart():
    """Were every notebook to read every table, the test above could not fail for one too many."""
    readers = [stamped("tables", t) for t in ("rural_incomes", "demonstration_sites", "mentions")]
    assert len({frozenset(r) for r in readers}) == 3
    assert readers[0]
    assert readers[2] == set()


def test_a_schema_is_part_of_its_table(project):
    path = project / "data" / "datapackage.json"
    package = load_notebook(path)
    resource = next(r for r in package["resources"] if r["name"] == "weak_branches")
    resource["schema"]["fields"][0]["description"] = "x"
    save_notebook(path, package)
    assert set(stale_in(project)) == stamped("tables", "weak_branches") != set()


@pytest.mark.parametrize("module", ["wuqi.aggregate", "wuqi.notebook", "wuqi"])
def test_a_module_in_use_makes_its_users_stale(project, module):
    base = project.joinpath(*module.split("."))
    path = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    found = stale_by_its_own_code(project)
    assert set(found) == stamped("modules", module) != set()
    assert all(len(why) == 1 and f" {module} " in why[0] for why in found.values())


def test_a_module_in_nobodys_stamp_makes_nothing_stale(project):
    assert stamped("modules", "wuqi.trace") == set()
    path = project / "wuqi" / "trace.py"
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert stale_by_its_own_code(project) == {}


def test_markdown_is_not_computed_from(project):
    edit_cell(project, "04", "markdown", "\n\nAnother sentence.")
    assert stale_in(project) == {}


def test_a_code_cell_makes_its_notebook_stale(project):
    name = edit_cell(project, "04", "code", "\n# changed")
    assert list(stale_in(project)) == [name]


def test_an_output_edited_by_hand_makes_its_notebook_stale(project):
    path = next((project / "notebooks").glob("04-*.ipynb"))
    replace_once(path, "12.1%", "12.2%")
    assert list(stale_in(project)) == [path.name]


@pytest.mark.parametrize("part", [None, "code", "outputs", "tables", "modules"])
def test_a_notebook_without_a_whole_stamp_is_stale(project, part):
    path = next((project / "notebooks").glob("05-*.ipynb"))
    notebook = load_notebook(path)
    if part is None:
        del notebook["metadata"]["wuqi"]
    else:
        del notebook["metadata"]["wuqi"][part]
    save_notebook(path, notebook)
    assert list(stale_in(project)) == [path.name]


def test_stale_error_names_notebooks_and_reasons(project):
    name = edit_cell(project, "04", "code", "\n# changed")
    change_cell(project, "weak_branches", "put_right", 1, "false")
    tables = Tables.load(root=project / "data")
    with pytest.raises(freshness.StaleError) as caught:
        freshness.refuse_stale(freshness.notebooks(project / "notebooks"), tables)
    assert set(caught.value.stale) == stamped("tables", "weak_branches")
    assert len(caught.value.stale[name]) == 2
    told = str(caught.value).splitlines()
    assert len(told) == len(caught.value.stale)
    assert all("weak_branches" in line for line in told)
    assert sum("代码改了" in line for line in told) == 1


def test_executing_everything_again_changes_no_byte(pair):
    before = contents(pair / "notebooks")
    times = {p: p.stat().st_mtime_ns for p in (pair / "notebooks").iterdir()}
    run = wuqi(pair, "refresh", "--all")
    assert (run.returncode, run.stderr) == (0, "")
    assert "2" in run.stdout
    assert contents(pair / "notebooks") == before
    assert {p: p.stat().st_mtime_ns for p in (pair / "notebooks").iterdir()} == times


def test_refresh_executes_what_is_stale_and_nothing_else(pair):
    change_cell(pair, "demonstration_sites", "village_code", 1, "610626101200")
    (name,) = stale_in(pair)
    before = contents(pair / "notebooks")
    other = next(n for n in before if n != name)
    run = wuqi(pair, "refresh")
    assert run.returncode == 0, run.stderr
    assert "1" in run.stdout
    after = contents(pair / "notebooks")
    assert set(after) == {name, other}
    assert after[name] != before[name]
    assert after[other] == before[other]
    assert stale_in(pair) == {}
    # Nothing is due any more, so the same command says so and writes nothing.
    assert "0" in wuqi(pair, "refresh").stdout
    assert contents(pair / "notebooks") == after


def test_a_notebook_that_raises_is_left_as_it_was(pair):
    name = edit_cell(pair, "04", "code", "\nraise ValueError('boom')")
    before = contents(pair / "notebooks")
    run = wuqi(pair, "refresh")
    assert run.returncode == 1
    assert re.search(rf"{name}：单元格 \S+ 出错，ValueError：boom", run.stderr)
    assert "Traceback" not in run.stderr
    assert "raise" not in run.stderr
    assert "03-" not in run.stderr
    assert contents(pair / "notebooks") == before


def test_what_changes_during_a_run_makes_the_notebook_stale(pair):
    """Else a save at the wrong moment would stamp old outputs with the digest of the new code."""
    name = edit_cell(pair, "04", "code", "\nfrom pathlib import Path\np = Path(nb.__file__)\n"
                     "p.write_text(p.read_text(encoding='utf-8') + '# x\\n', encoding='utf-8')")
    run = wuqi(pair, "refresh")
    assert run.returncode == 0, run.stderr
    assert any("wuqi.notebook" in why for why in stale_by_its_own_code(pair)[name])
