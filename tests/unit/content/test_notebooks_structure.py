"""Every notebook answers its question in the same order, and shows what it rests on."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from support.project import ROOT, committed_notebooks, load_notebook, source
from support.tables import figure_ids

from figurebook.datapackage.tables import Tables
from figurebook.figures.registry import load_figures
from figurebook.site.look import svg

ORDER = ["涉及的数字", "所用的表", "输入检查", "计算", "判定", "图", "这没有说明什么", "练习"]
# Read by the helpers for every notebook: the registry and the evidence, not a notebook's subject.
REGISTRY = {"figures", "periods", "corroboration", "publications"}
BY_STEM = {p.stem: p for p in committed_notebooks()}
OVERVIEW = "01-at-a-glance"  # computes all thirty, through the registry


@pytest.fixture(params=BY_STEM, scope="module")
def path(request) -> Path:
    return BY_STEM[request.param]


@pytest.fixture(scope="module")
def sections(path: Path) -> dict[str, list[dict]]:
    """The cells of a notebook under each heading of the second level; "" is what stands before."""
    found: dict[str, list[dict]] = {"": []}
    name = ""
    for cell in load_notebook(path)["cells"]:
        if cell["cell_type"] == "markdown" and source(cell).startswith("## "):
            name = source(cell).splitlines()[0][3:]
            found[name] = []
        found[name].append(cell)
    return found


def shown(cells: list[dict]) -> list[list[str]]:
    """The tables that cells print, each as lines: its caption, its head, its rows."""
    found = []
    for cell in cells:
        for made in cell.get("outputs", []):
            if "text/html" in made.get("data", {}):
                found.append("".join(made["data"]["text/plain"]).splitlines())
    return found


def charts(cells: list[dict]) -> list[str]:
    """The SVG of each chart that cells draw."""
    return [
        "".join(made["data"]["image/svg+xml"])
        for c in cells
        for made in c.get("outputs", [])
        if "image/svg+xml" in made.get("data", {})
    ]


def prose(cells: list[dict]) -> str:
    return "\n".join(source(c) for c in cells if c["cell_type"] == "markdown")


def ids(table: list[str]) -> list[str]:
    return [line.split(" | ")[0] for line in table[2:]]


def test_there_are_ten_and_the_book_holds_each_once():
    text = (ROOT / "book" / "_toc.yml").read_text(encoding="utf-8")
    chapters = [c["file"] for part in yaml.safe_load(text)["parts"] for c in part["chapters"]]
    listed = [c for c in chapters if c.startswith("notebooks/") and "/systems/" not in c]
    assert len(BY_STEM) == 10
    assert sorted(listed) == [f"notebooks/{stem}" for stem in BY_STEM]
    assert [stem[:2] for stem in BY_STEM] == [f"{i:02}" for i in range(1, 11)]


def test_the_order_of_the_parts(path, sections):
    assert list(sections) == ["", *ORDER]
    assert len(load_notebook(path)["cells"]) <= 25


def test_it_opens_with_its_number_and_a_question(path, sections):
    first = source(sections[""][0])
    assert first.startswith(f"# {int(path.stem[:2])} ")
    assert "？" in first


def test_only_the_parts_are_headings_of_their_level(path):
    text = prose(load_notebook(path)["cells"])
    levels = [len(mark) for mark in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels.count(1) == 1
    assert levels.count(2) == len(ORDER)
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize(
    ("section", "caption"),
    [("涉及的数字", "访谈所述"), ("所用的表", "所用的表"), ("输入检查", "输入检查"), ("判定", "判定")],
)
def test_each_part_shows_its_table(sections, section, caption):
    assert caption in [table[0] for table in shown(sections[section])]


def test_the_verdicts_are_on_the_figures_it_names(sections, tables: Tables):
    (claimed,) = [t for t in shown(sections["涉及的数字"]) if t[0] == "访谈所述"]
    (judged,) = [t for t in shown(sections["判定"]) if t[0] == "判定"]
    figures = load_figures(tables)
    named = [line.split(" | ")[-1] for line in claimed[2:]]
    assert set(named) <= set(figures)
    assert [figures[i].label_zh for i in named] == ids(judged)


def tables_read(path) -> set[str]:
    """The tables of which it read rows or their number, by its stamp: what is said of one is not enough."""
    stamp = load_notebook(path)["metadata"]["figurebook"]
    return {key.split("/")[0] for part in ("tables", "columns", "rows", "counts") for key in stamp[part]}


def test_the_tables_it_shows_are_those_it_read(path, sections):
    read = tables_read(path)
    listed = {i for t in shown(sections["所用的表"]) for i in ids(t)}
    code = "\n".join(source(c) for cells in sections.values() for c in cells if c["cell_type"] == "code")
    named = set(re.findall(r"\bt\.(\w+)\.frame\b", code))
    assert listed
    assert listed <= read
    assert named - REGISTRY <= listed, "reads a table that it does not list"


def test_one_chart_and_it_names_the_tables_it_rests_on(path, sections):
    (drawn,) = charts(sections["图"])
    assert sum(len(charts(cells)) for cells in sections.values()) == 1
    named = {name for source in svg.about(drawn)["sources"] for name in source["tables"]}
    listed = {i for t in shown(sections["所用的表"]) for i in ids(t)}
    assert named
    assert named <= listed | REGISTRY, "rests on a table that it does not list"
    assert named <= tables_read(path), "names a table that it did not read"


@pytest.mark.parametrize("section", ["这没有说明什么", "练习"])
def test_the_last_parts_say_something(sections, section):
    assert len(prose(sections[section])) > len(section) + 20


def test_every_figure_has_a_notebook_beside_the_overview(tables: Tables):
    explained: dict[str, set[str]] = {}
    for stem, found in BY_STEM.items():
        for table in shown(load_notebook(found)["cells"]):
            if table[0] == "判定":
                explained[stem] = set(ids(table))
    every = {f.label_zh for f in load_figures(tables).values()}
    assert len(every) == len(figure_ids())
    assert explained.pop(OVERVIEW) == every
    assert set().union(*explained.values()) == every
