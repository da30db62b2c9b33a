"""Every system has its page, module, notebook and place in the interview, with the same names in order."""

import ast
import hashlib
import inspect
import json
import re
from itertools import pairwise

import pandas as pd
import pytest
import yaml
from support.project import ROOT, load_notebook, source

from figurebook.datapackage.tables import Tables
from figurebook.figures.registry import figures_by_system, load_figures
from figurebook.systems.rules import rule_tables
from wuqi.systems.catalogue import SYSTEMS as CATALOGUE

SYSTEMS = Tables.load().systems.frame.set_index("id").fillna("")
IDS = [f"S{i:02}" for i in range(1, len(SYSTEMS) + 1)]
PAGE = ["是什么", "由谁做，什么时候做", "涉及的数字", "访谈没有说明的", "工作模型", "可下载的文件", "想一想"]
NOTEBOOK = ["规则", "例表", "看什么", "图", "不许什么", "这没有说明什么", "练习"]
# Arithmetic that is no rule: nothing, one, a pair, fen in a yuan; a township's code has nine digits.
NO_RULE = {0, 1, 2, 9, 100}
QUANTILES = {"S16": {9, 10}}  # tenths of the people, by which incomes are described
NOT_SET = "不设"


def stem(system: str) -> str:
    return f"{system.lower()}-{SYSTEMS.loc[system, 'slug']}"


def page(system: str) -> str:
    return (ROOT / "book" / "systems" / f"{stem(system)}.md").read_text(encoding="utf-8")


def module(system: str):
    return CATALOGUE[system].model


def cells(system: str) -> list[dict]:
    return load_notebook(ROOT / "notebooks" / "systems" / f"{stem(system)}.ipynb")["cells"]


def code(system: str) -> str:
    return "\n".join(source(c) for c in cells(system) if c["cell_type"] == "code")


def headings(text: str, level: str) -> list[str]:
    return re.findall(rf"^{level} (.+)$", text, re.MULTILINE)


def test_they_are_numbered_and_the_menu_holds_each_page_with_its_notebook():
    assert list(SYSTEMS.index) == IDS
    toc = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    (chapters,) = (p["chapters"] for p in toc["parts"] if p["caption"] == "十八项制度")
    assert chapters == [
        {"file": f"book/systems/{stem(s)}", "sections": [{"file": f"notebooks/systems/{stem(s)}"}]}
        for s in IDS
    ]


@pytest.mark.parametrize("system", IDS)
def test_the_page_has_its_parts_in_order_and_the_systems_directives(system):
    text = page(system)
    assert headings(text, "#") == [f"{system} {SYSTEMS.loc[system, 'term']}"]
    assert headings(text, "##") == PAGE
    for name in ("system-card", "system-figures", "undefined", "model", "takeaways"):
        assert f"{{{name}}} {system}\n" in text, name
    written = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for part in ("是什么", "由谁做，什么时候做", "工作模型", "想一想"):
        section = written.split(f"## {part}\n", 1)[1].split("\n## ", 1)[0]
        assert len(section.strip()) > 40, f"{part} says nothing"
    assert "（待写" not in text


@pytest.mark.parametrize("system", IDS)
def test_the_module_has_its_parts_in_order(system):
    made = module(system)
    order = [
        getattr(n, "name", None) or ast.unparse(n.targets[0])
        for n in ast.parse(inspect.getsource(made)).body
        if isinstance(n, (ast.FunctionDef, ast.ClassDef, ast.Assign))
    ]
    wanted = ["SYSTEM", "VIEWS", "rules", "example", *made.VIEWS]
    assert [n for n in order if n in wanted] == wanted
    assert system == made.SYSTEM
    assert SYSTEMS.loc[system, "term"] in made.__doc__.splitlines()[0]


@pytest.mark.parametrize("system", IDS)
def test_the_notebook_shows_the_same_in_the_same_order(system):
    made = module(system)
    text = "\n".join(source(c) for c in cells(system) if c["cell_type"] == "markdown")
    (title,) = headings(text, "#")
    assert title.startswith(f"{system} {SYSTEMS.loc[system, 'term']}")
    assert "？" in title
    assert headings(text, "##") == NOTEBOOK
    called = [n for n in re.findall(r"\bmodel\.(\w+)\(", code(system)) if n in made.VIEWS]
    assert list(dict.fromkeys(called)) == list(made.VIEWS)
    refused = [
        o
        for c in cells(system)
        for o in c.get("outputs", [])
        if "".join(o.get("data", {}).get("text/plain", "")).startswith("被拒绝")
    ]
    assert refused, "the model refuses nothing"


@pytest.mark.parametrize("system", IDS)
def test_no_rule_is_hidden_in_the_code(system):
    model = [n for n in ast.parse(inspect.getsource(module(system))).body if not is_example(n)]
    numbers = {
        n.value
        for part in model
        for n in ast.walk(part)
        if isinstance(n, ast.Constant) and type(n.value) in (int, float)
    }
    assert numbers - NO_RULE - QUANTILES.get(system, set()) == set()


def is_example(part: ast.AST) -> bool:
    """Whether a part of a module makes its example, and is named so."""
    name = getattr(part, "name", "") or (ast.unparse(part.targets[0]) if isinstance(part, ast.Assign) else "")
    return name.lower().lstrip("_").startswith("example")


def test_the_places_in_the_interview_are_in_order_and_no_two_overlap():
    spans = list(zip(SYSTEMS["start"], SYSTEMS["end"], strict=True))
    assert all(a < b for a, b in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_the_places_are_those_of_the_article(interview):
    for system, row in SYSTEMS.iterrows():
        said = interview[row["start"] : row["end"]]
        assert hashlib.sha256(said.encode()).hexdigest() == row["quote_sha256"], system


def test_every_figure_belongs_to_a_system_there_is(tables: Tables):
    figures = load_figures(tables).values()
    assert {f.system for f in figures} <= set(IDS)
    listed = [(s, i) for s, ids in figures_by_system(tables).items() for i in ids]
    assert listed == [(f.system, f.id) for s in dict(listed) for f in figures if f.system == s]


def test_related_systems_exist_and_no_system_is_related_to_itself():
    for system, row in SYSTEMS.iterrows():
        related = row["related"].split(";")
        assert set(related) <= set(IDS) - {system}, system


@pytest.mark.parametrize(
    ("system", "term"), [("S02", "三级联动"), ("S04", "三个清单"), ("S14", "五步工作法")]
)
def test_the_parts_of_a_system_named_by_a_number_are_those_of_its_name(tables, system, term):
    parts = tables.parts.frame
    assert SYSTEMS.loc[system, "parts"].split("、") == parts.loc[parts["term"] == term, "part"].tolist()


def law(tables: Tables) -> list[str]:
    """Undefined points whose default and rules do not say the same, and rules that point nowhere."""
    undefined = tables.undefined.frame.set_index("id")
    pointing: dict[str, list[int]] = {i: [] for i in undefined.index}
    faults = []
    for system in IDS:
        for resource, frame in rule_tables(tables, system):
            for row in frame.to_dict("records"):
                point = row["undefined"]
                if pd.isna(point):
                    continue
                if undefined["system"].get(point) != system:
                    faults.append(f"{resource['name']}: {system} points at {point}")
                    continue
                pointing[point] += [v for v in row.values() if isinstance(v, int)] or [None]
    for point, numbers in pointing.items():
        default = undefined.loc[point, "default"]
        if (default == NOT_SET) != (not numbers):
            faults.append(f"{point}: {default}, {len(numbers)} rules")
        said = {int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", default)}
        faults += [f"{point}: {n} is not in its default" for n in set(numbers) - {None} - said]
    return faults


def test_every_default_is_listed_and_says_what_the_rules_do(tables):
    assert law(tables) == []
    assert set(tables.undefined.frame["system"]) == set(IDS)


# The commas of CSV are written as escapes: next to Chinese they would be taken for slips.
@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("rules/parameters.csv", "期限\x2c12\x2c", "期限\x2c13\x2c"),
        ("rules/undefined.csv", "\x2c12 个月\x2c", "\x2c不设\x2c"),
        ("rules/parameters.csv", "S14.deadline\n", "S13.deadline\n"),
        ("rules/undefined.csv", "该下\x2c不设\x2c", "该下\x2c得分最低者\x2c"),
    ],
    ids=["another value", "a default denied", "another system's point", "a rule nobody has"],
)
def test_a_default_that_its_page_does_not_tell_is_found(package_copy, monkeypatch, table, old, new):
    path = package_copy / table
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    package = json.loads((package_copy / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        resource.get("schema", {}).pop("foreignKeys", None)
    (package_copy / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert law(Tables.load(root=package_copy)) != []
