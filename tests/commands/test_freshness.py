"""A notebook is stale exactly when something it was computed from has changed."""

import ast
import json
import re
from pathlib import Path

import pytest
from support.project import (
    ROOT,
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
from support.tables import read_rows, write_csv

from figurebook.datapackage.tables import Tables
from figurebook.notebooks import freshness

_ASK = (
    "import json; from figurebook.notebooks import freshness; "
    "from figurebook.datapackage.tables import Tables; "
    "print(json.dumps(freshness.stale(freshness.notebooks(), Tables.load())))"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_project(tmp_path / "project")


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """A project of two short notebooks, for tests that really execute."""
    return copy_project(tmp_path / "project", notebooks=("03", "04"))


def stale_in(project: Path) -> dict[str, list[str]]:
    """What is stale of the copy's notebooks by the copy's tables; modules are this process's."""
    return freshness.stale(freshness.notebooks(project / "notebooks"), Tables.load(root=project / "data"))


def stale_by_its_own_code(project: Path) -> dict[str, list[str]]:
    """The same, asked of the copy's own modules."""
    run = python(project, "-c", _ASK)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def exactly(found: dict[str, list[str]]) -> dict[str, set[str]]:
    """What is stale and why, in whichever order; no reason is told twice."""
    assert all(len(set(reasons)) == len(reasons) for reasons in found.values())
    return {name: set(reasons) for name, reasons in found.items()}


def stamped(part: str, name: str) -> set[str]:
    """The notebooks whose stamp names this module, system or thing read, from the raw files."""
    return {p.name for p in every_notebook() if name in load_notebook(p)["metadata"]["figurebook"][part]}


def module_path(project: Path, module: str) -> Path:
    base = project.joinpath(*module.split("."))
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")


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
    assert len(paths) > len(tables.systems.frame)
    assert freshness.notebooks() == paths
    assert freshness.stale(paths, tables) == {}
    freshness.refuse_stale(paths, tables)


# (table, column, row, value)
CELLS = [
    ("rural_incomes", "income_yuan", 1, "11423"),  # published
    ("poverty_lines", "note", 1, "x"),  # published, and only in some stamps
    ("demonstration_sites", "village_code", 1, "610626001204"),  # registers
    ("poor_households", "income_2016", 1, "684171"),
    ("assumptions", "value", 2, "0.36"),
    ("mentions", "start", 1, "66"),  # in nobody's stamp
]


def test_one_cell_of_a_table_makes_its_readers_stale(project):
    """Each reason names the table, so that all may be changed at once."""
    for cell in CELLS:
        change_cell(project, *cell)
    expected: dict[str, set[str]] = {}
    for table, *_ in CELLS:
        for name in stamped("tables", table):
            expected.setdefault(name, set()).add(f"表 {table} 改了")
    assert exactly(stale_in(project)) == expected


def test_the_tables_above_tell_notebooks_apart():
    """Were every notebook to read every table, the test above could not fail for one too many."""
    readers = [stamped("tables", t) for t in ("rural_incomes", "demonstration_sites", "mentions")]
    assert len({frozenset(r) for r in readers}) == 3
    assert readers[0]
    assert readers[2] == set()


def test_a_value_of_the_registry_makes_those_stale_that_ask_for_its_figure(project):
    """Each reason names the figure, so that all may be changed at once."""
    figures = [
        "poverty.persons",
        "demonstration.sites",
        "staffing.weak_branches",
        "funding.training",
        "services.mobile_centres",
    ]
    rows = read_rows(project / "data" / "interview" / "figures.csv")
    expected: dict[str, set[str]] = {}
    for figure in figures:
        change_cell(project, "figures", "value", [row[0] for row in rows].index(figure), "77")
        asking = stamped("rows", f"figures/id/{figure}")
        named = {
            p.name
            for p in every_notebook()
            if f'"{figure}"'
            in "\n".join(source(c) for c in load_notebook(p)["cells"] if c["cell_type"] == "code")
        }
        shown = {"01-at-a-glance.ipynb"}  # all of them
        shown |= {"s05-four-creations.ipynb"} if figure.startswith("demonstration.") else set()
        assert asking == named | shown
        assert asking != {p.name for p in every_notebook()}
        for name in asking:
            expected.setdefault(name, set()).add(f"表 figures 里 id 为 {figure} 的行改了")
    assert exactly(stale_in(project)) == expected


def test_no_notebook_reads_the_whole_registry():
    assert stamped("tables", "figures") == set()


def test_evidence_is_stamped_by_figure_and_publication_and_a_period_by_id(project):
    rows = read_rows(project / "data" / "published" / "corroboration.csv")
    place = next(i for i, row in enumerate(rows) if row[1] == "services.county_stations")
    change_cell(project, "corroboration", "note", place, "x")
    found = stale_in(project)
    assert set(found) == stamped("rows", "corroboration/figure/services.county_stations")
    assert set(found) == {"01-at-a-glance.ipynb", "06-services.ipynb"}
    periods = read_rows(project / "data" / "interview" / "periods.csv")
    place = next(i for i, row in enumerate(periods) if row[0] == "y2016_review")
    change_cell(project, "periods", "expression", place, "x")
    assert set(stale_in(project)) == set(found) | stamped("rows", "periods/id/y2016_review")
    assert stamped("rows", "periods/id/y2016_review") == {
        "01-at-a-glance.ipynb",
        "07-review.ipynb",
        "s11-institutions.ipynb",
    }


# (table, system, column, value)
RULES = [
    ("parameters", "S03", "value", "5"),
    ("states", "S04", "label", "x"),
    ("ties", "S01", "label", "x"),
    ("ties", "S07", "label", "x"),
    ("point_rules", "S18", "points", "7"),
    ("undefined", "S14", "reason", "x"),
    ("indicators", "S15", "weight", "1"),
]


def test_a_rule_makes_the_notebook_of_its_system_stale_and_no_other(project):
    """Each reason names the table and the system, so that all may be changed at once."""
    for table, system, column, value in RULES:
        rows = read_rows(next((project / "data").rglob(f"{table}.csv")))
        place = next(i for i, r in enumerate(rows) if r[rows[0].index("system")] == system)
        change_cell(project, table, column, place, value)
    found = {name[:3].upper(): reasons for name, reasons in stale_in(project).items()}
    assert found == {system: [f"制度 {system} 在表 {table} 里的规则改了"] for table, system, *_ in RULES}


def test_a_first_rule_in_a_table_makes_the_notebook_of_its_system_stale(project):
    path = project / "data" / "rules" / "awards.csv"
    rows = read_rows(path)
    write_csv(path, [*rows, ["S04", *rows[1][1:-1], ""]])
    assert stale_in(project) == {"s04-three-lists.ipynb": ["制度 S04 在表 awards 里的规则改了"]}


def test_of_a_table_that_is_only_listed_the_number_of_rows_counts_and_what_is_said_of_it(project):
    listing = stamped("counts", "corroboration")
    assert listing == {"01-at-a-glance.ipynb", "10-do-they-fit.ipynb"}
    path = project / "data" / "published" / "corroboration.csv"
    rows = read_rows(path)
    rows.append(["x/1", "review.members", *rows[1][2:]])
    write_csv(path, rows)
    found = stale_in(project)
    assert all("表 corroboration 的行数变了" in found[name] for name in listing)
    assert set(found) == listing | stamped("rows", "corroboration/figure/review.members")


def test_what_is_said_of_a_table_makes_those_stale_that_say_it(project):
    path = project / "data" / "datapackage.json"
    package = load_notebook(path)
    resource = next(r for r in package["resources"] if r["name"] == "assumptions")
    resource["gaps"] = ["x"]
    save_notebook(path, package)
    found = stale_in(project)
    assert set(found) == stamped("manifests", "assumptions") == {"09-behind-the-mean.ipynb"}
    assert found["09-behind-the-mean.ipynb"] == ["表 assumptions 的说明改了"]


def test_a_seal_is_not_part_of_what_is_said_of_a_table(project):
    path = project / "data" / "datapackage.json"
    package = load_notebook(path)
    for resource in package["resources"]:
        resource.update(usedBy=[], bytes=1)
    save_notebook(path, package)
    assert stale_in(project) == {}


def test_a_schema_is_part_of_its_table(project):
    path = project / "data" / "datapackage.json"
    package = load_notebook(path)
    resource = next(r for r in package["resources"] if r["name"] == "weak_branches")
    resource["schema"]["fields"][0]["description"] = "x"
    save_notebook(path, package)
    readers = stamped("tables", "weak_branches")
    assert set(stale_in(project)) == readers | stamped("manifests", "weak_branches")
    assert readers != set()


def test_a_statement_of_a_module_in_use_makes_its_users_stale(project):
    """Each reason names the module, so that all may be changed at once."""
    modules = [
        "figurebook.figures.aggregate",
        "figurebook.notebooks.api",
        "wuqi",
        "wuqi.figures",
        "figurebook.systems.weights",
        "wuqi.systems.three_lists.model",
    ]
    expected: dict[str, set[str]] = {}
    for module in modules:
        path = module_path(project, module)
        path.write_text(path.read_text(encoding="utf-8") + "CHANGED = 1\n", encoding="utf-8")
        assert stamped("modules", module) != set()
        for name in stamped("modules", module):
            expected.setdefault(name, set()).add(f"模块 {module} 改了")
    assert exactly(stale_by_its_own_code(project)) == expected


def test_comments_docstrings_and_layout_of_every_module_make_nothing_stale(project):
    changed = 0
    for path in [p for name in ("figurebook", "wuqi") for p in (project / name).rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        docstring = ast.get_docstring(ast.parse(text), clean=False)
        if docstring:
            text = text.replace(docstring, "Something else.", 1)
        rewritten = f"# first\n{text}\n\n# last\n"
        path.write_text(rewritten, encoding="utf-8")
        changed += 1
    assert changed > 100
    assert stale_by_its_own_code(project) == {}


def test_what_no_stamp_covers_makes_nothing_stale(project):
    """A statement of a module in nobody's stamp, or a word of a message."""
    for module in ("figurebook.interview.trace", *freshness.CANNOT_SHOW):
        assert stamped("modules", module) == set()
        path = module_path(project, module)
        path.write_text(path.read_text(encoding="utf-8") + "CHANGED = 1\n", encoding="utf-8")
    replace_once(project / "figurebook" / "datapackage" / "problems.py", "缺文件", "没有文件")
    replace_once(project / "figurebook" / "datapackage" / "descriptor.py", "没有写，请补上", "请补上")
    assert stale_by_its_own_code(project) == {}


def test_a_notebook_cannot_show_what_the_modules_outside_the_stamps_hold():
    """The modules that kernels load take from them only what refuses a table or tells how far the work is."""
    stamps = [load_notebook(p)["metadata"]["figurebook"] for p in every_notebook()]
    stamped_modules = {m for stamp in stamps for m in stamp["modules"]}
    taken = set()
    for module in stamped_modules:
        for node in ast.walk(ast.parse(module_path(ROOT, module).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                whole = [f"{node.module}.{a.name}" for a in node.names]
                names = whole if node.module not in freshness.CANNOT_SHOW else [node.module] * len(whole)
                taken |= {
                    (module, n, a.name)
                    for n, a in zip(names, node.names, strict=True)
                    if n in freshness.CANNOT_SHOW
                }
            if isinstance(node, ast.Import):
                taken |= {(module, a.name, "") for a in node.names if a.name in freshness.CANNOT_SHOW}
    assert taken == {
        ("figurebook.datapackage.exact_numbers", "figurebook.datapackage.problems", "Problem"),
        ("figurebook.datapackage.tables", "figurebook.datapackage.descriptor", "descriptor"),
        ("figurebook.datapackage.tables", "figurebook.datapackage.problems", "Problem"),
        ("figurebook.datapackage.tables", "figurebook.datapackage.problems", "TablesError"),
        ("figurebook.figures.definitions", "figurebook.datapackage.problems", "Problem"),
        ("figurebook.figures.definitions", "figurebook.datapackage.problems", "TablesError"),
        ("figurebook.figures.evidence", "figurebook.datapackage.problems", "Problem"),
        ("figurebook.privacy.limits", "figurebook.datapackage.problems", "Problem"),
        ("figurebook.privacy.limits", "figurebook.datapackage.problems", "TablesError"),
    }
    source = ROOT / "figurebook" / "datapackage" / "tables.py"
    used = re.findall(r"\bdescriptor\.(\w+)", source.read_text(encoding="utf-8"))
    assert set(used) == {"descriptor_problems", "exposed_personal_columns"}


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


def test_a_notebook_without_a_whole_stamp_is_stale(project):
    parts = [None, "code", "outputs", "tables", "columns", "rows", "counts", "manifests", "rules", "modules"]
    paths = sorted((project / "notebooks").glob("*.ipynb"))
    for path, part in zip(paths, parts, strict=True):
        notebook = load_notebook(path)
        if part is None:
            del notebook["metadata"]["figurebook"]
        else:
            del notebook["metadata"]["figurebook"][part]
        save_notebook(path, notebook)
    assert set(stale_in(project)) == {path.name for path in paths}


def test_stale_error_names_notebooks_and_reasons(project):
    name = edit_cell(project, "04", "code", "\n# changed")
    change_cell(project, "weak_branches", "put_right", 1, "false")
    tables = Tables.load(root=project / "data")
    with pytest.raises(freshness.StaleError) as caught:
        freshness.refuse_stale(freshness.notebooks(project / "notebooks"), tables)
    assert set(caught.value.stale) == stamped("tables", "weak_branches")
    assert len(caught.value.stale[name]) == 2
    assert caught.value.stale[name] == ["代码改了", "表 weak_branches 改了"]
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
    name = edit_cell(
        pair,
        "04",
        "code",
        "\nfrom pathlib import Path\np = Path(nb.__file__)\n"
        "p.write_text(p.read_text(encoding='utf-8') + 'X = 1\\n', encoding='utf-8')",
    )
    run = wuqi(pair, "refresh")
    assert run.returncode == 0, run.stderr
    assert any("figurebook.notebooks.api" in why for why in stale_by_its_own_code(pair)[name])


def test_check_lists_each_stale_notebook_with_every_reason_and_changes_nothing(pair):
    run = wuqi(pair, "refresh", "--check")
    assert (run.returncode, run.stdout, run.stderr) == (0, "共 2 本，没有陈旧的。\n", "")
    name = edit_cell(pair, "04", "code", "\n# changed")
    change_cell(pair, "weak_branches", "put_right", 1, "false")
    with (pair / "figurebook" / "figures" / "verdicts.py").open("a", encoding="utf-8") as file:
        file.write("CHANGED = 1\n")
    before = contents(pair)
    run = wuqi(pair, "refresh", "--check")
    assert run.returncode == 1
    assert run.stderr == ""
    other, told = run.stdout.splitlines()
    assert told == f"{name}：代码改了、表 weak_branches 改了、模块 figurebook.figures.verdicts 改了"
    assert other.startswith("03-")
    assert other.endswith("：模块 figurebook.figures.verdicts 改了")
    assert contents(pair) == before


def test_check_of_tables_that_cannot_be_read_and_with_all_ends_with_2(pair):
    run = wuqi(pair, "refresh", "--check", "--all")
    assert run.returncode == 2
    assert "--all 与 --check 不能同时用" in run.stderr
    (pair / "data" / "registers" / "villages.csv").unlink()
    run = wuqi(pair, "refresh", "--check")
    assert run.returncode == 2
    assert "villages.csv" in run.stderr
    assert "Traceback" not in run.stderr
