"""Whatever changes an output makes its notebook stale: after a change, what is not stale is run again.

Each change stands for its kind: a cell of a table, a rule of a system, a value of the registry, a line of a
module. One is drawn a run; the weekly run makes every change in turn. A notebook that is stale is due anyway,
so only others are executed, eight a run and all of them once a week: were one of them to come out otherwise,
its stamp would cover too little.
"""

import ast
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from support.drawn import drawn, lot
from support.project import DATA, copy_project, every_notebook, load_notebook, python, save_notebook
from support.tables import figure_ids, read_rows, write_csv

from figurebook.datapackage.problems import TablesError
from figurebook.datapackage.tables import Tables, sha256
from figurebook.notebooks import freshness

_EXECUTE = """
import json, sys
from figurebook.notebooks import freshness
from figurebook.datapackage.tables import Tables
paths = freshness.notebooks()
tables = Tables.load()
stale = freshness.stale(paths, tables)
fresh = [p for p in paths if p.name not in stale and p.name in sys.argv[1:]]
failed = ""
try:
    freshness.refresh(fresh, tables, everything=True)
except freshness.ExecutionError as error:
    failed = str(error)
print(json.dumps([stale, failed]))
"""
Change = Callable[[Path, random.Random], str]


def all_changes() -> dict[str, Change]:
    """Every change there is, by a name that says what it changes."""
    stamps = [load_notebook(p)["metadata"]["figurebook"] for p in every_notebook()]
    modules = {m for s in stamps for m in s["modules"]} | set(freshness.CANNOT_SHOW)
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    tables = [r["name"] for r in package["resources"] if "schema" in r]
    systems = [row[0] for row in read_rows(DATA / "interview" / "systems.csv")[1:]]
    figures = [row[0] for row in read_rows(DATA / "interview" / "figures.csv")[1:]]
    return {
        **{f"a cell of {t}": _cell_of(t) for t in tables},
        **{f"a rule of {s}": _rule_of(s) for s in systems},
        **{f"the value of {f}": _value_of(f) for f in figures},
        **{f"a line of {m}": _line_of(m) for m in sorted(modules)},
    }


def _cell_of(table: str) -> Change:
    return lambda project, draw: _changed_cell(project, table, draw, lambda row: True)


def _rule_of(system: str) -> Change:
    def change(project: Path, draw: random.Random) -> str:
        tables = Tables.load(root=project / "data")
        table = draw.choice([n for n, rows in tables.rules_of(system).items() if len(rows)])
        return _changed_cell(project, table, draw, lambda row: row["system"] == system)

    return change


def _value_of(figure: str) -> Change:
    return lambda project, draw: _changed_cell(
        project, "figures", draw, lambda row: row["id"] == figure, columns=["value"]
    )


def _changed_cell(
    project: Path,
    table: str,
    draw: random.Random,
    chosen: Callable[[dict], bool],
    columns: list[str] | None = None,
) -> str:
    """Change one cell to another that the schema allows; says which."""
    package = json.loads((project / "data" / "datapackage.json").read_text(encoding="utf-8"))
    resource = next(r for r in package["resources"] if r["name"] == table)
    path = project / "data" / resource["path"]
    rows = read_rows(path)
    types = {f["name"]: f["type"] for f in resource["schema"]["fields"]}
    cells = [
        (i, j)
        for i, row in enumerate(rows)
        if i and chosen(dict(zip(rows[0], row, strict=True)))
        for j, column in enumerate(rows[0])
        if row[j] and (not columns or column in columns)
    ]
    draw.shuffle(cells)
    for i, j in cells[:200]:
        old, kind = rows[i][j], types[rows[0][j]]
        for new in _others(old, kind, [row[j] for row in rows[1:]], draw):
            rows[i][j] = new
            write_csv(path, rows)
            try:
                Tables.load(root=project / "data")
            except TablesError:  # a key, an enumeration or a range: another cell is tried
                continue
            # Sealed, so that not every kernel validates the package again.
            resource["hash"] = sha256(path)
            save_notebook(project / "data" / "datapackage.json", package)
            return f"{table}, row {i}, {rows[0][j]}: {old} → {new}"
        rows[i][j] = old
    pytest.fail(f"no cell of {table} can be changed")


def _others(old: str, kind: str, column: list[str], draw: random.Random) -> list[str]:
    if kind in ("integer", "number", "year"):
        return [str(int(float(old)) + 1), str(int(float(old)) - 1)]
    if kind == "boolean":
        return ["false" if old.lower() == "true" else "true"]
    another = sorted({value for value in column if value and value != old})
    return ([f"{old}改"] if kind == "string" else []) + (draw.sample(another, 1) if another else [])


def _line_of(module: str) -> Change:
    """Change one constant or comparison in the module to another."""

    def change(project: Path, draw: random.Random) -> str:
        base = project.joinpath(*module.split("."))
        path = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
        text = path.read_text(encoding="utf-8")
        lines, tree = text.splitlines(keepends=True), ast.parse(text)
        told = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        told |= {id(v) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for v in ast.walk(n)}
        places = [
            n
            for n in ast.walk(tree)
            if isinstance(n, ast.Constant)
            and id(n) not in told
            and n.lineno == n.end_lineno
            and type(n.value) in (str, int, bool)
        ]
        if not places:
            path.write_text(text + "CHANGED = 1\n", encoding="utf-8")
            return f"{module}: a line at the end"
        n = draw.choice(places)
        new = (
            f"{n.value}改"
            if isinstance(n.value, str)
            else (not n.value if isinstance(n.value, bool) else n.value + 1)
        )
        line = lines[n.lineno - 1].encode()
        changed = line[: n.col_offset] + repr(new).encode() + line[n.end_col_offset :]
        lines[n.lineno - 1] = changed.decode()
        path.write_text("".join(lines), encoding="utf-8")
        return f"{module}, line {n.lineno}: {n.value!r} → {new!r}"

    return change


def missed(project: Path, names: list[str]) -> dict[str, str]:
    """Of these notebooks those that are not stale and come out otherwise or not at all when executed."""
    before = {p.name: _outputs(p) for p in (project / "notebooks").rglob("*.ipynb")}
    run = python(project, "-c", _EXECUTE, *names)
    if run.returncode:  # nothing loads any more, and nobody is told that all is well
        assert "Error" in run.stderr
        return {}
    stale, failed = json.loads(run.stdout.splitlines()[-1])
    found = {line.split("：")[0]: line for line in failed.splitlines() if line.split("：")[0] in before}
    found |= {
        p.name: "other outputs"
        for p in (project / "notebooks").rglob("*.ipynb")
        if p.name not in stale and _outputs(p) != before[p.name]
    }
    return found


def _outputs(path: Path) -> list:
    return [c["outputs"] for c in load_notebook(path)["cells"] if c["cell_type"] == "code"]


@pytest.mark.parametrize("name", drawn(list(all_changes()), 1, "changes of what is stamped"))
def test_what_changes_an_output_makes_its_notebook_stale(tmp_path, name):
    project = copy_project(tmp_path / "project")
    told = all_changes()[name](project, lot(name))
    names = [p.name for p in every_notebook()]
    assert missed(project, drawn(names, 8, f"executed after {name}")) == {}, told


def test_a_stamp_that_covers_too_little_is_noticed(tmp_path):
    """The test above can fail: a notebook whose stamp leaves out a table that it read is found."""
    project = copy_project(tmp_path / "project", notebooks=("03", "04"))
    path = next((project / "notebooks").glob("04-*.ipynb"))
    notebook = load_notebook(path)
    del notebook["metadata"]["figurebook"]["tables"]["weak_branches"]
    save_notebook(path, notebook)
    register = project / "data" / "registers" / "weak_branches.csv"
    rows = read_rows(register)
    rows[1][rows[0].index("put_right")] = "false"
    write_csv(register, rows)
    names = [p.name for p in (project / "notebooks").glob("*.ipynb")]
    assert missed(project, names) == {path.name: "other outputs"}


def test_every_kind_of_change_is_among_those_drawn_from():
    names = list(all_changes())
    kinds = ("a cell of ", "a rule of ", "the value of ")
    tables = Tables.load()
    each = [len(tables.names), len(tables.systems.frame), len(figure_ids())]
    assert [sum(n.startswith(kind) for n in names) for kind in kinds] == each
    assert {
        f"a line of {m}" for m in ("wuqi.figures", "figurebook.figures.vocabulary", *freshness.CANNOT_SHOW)
    } <= set(names)
