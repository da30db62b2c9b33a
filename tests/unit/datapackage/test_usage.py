"""The package says who uses each table, and what it says is found to be so."""

import json

import pytest
from support.project import ROOT, copy_project
from support.tables import read_rows

from figurebook.datapackage.tables import Tables
from figurebook.datapackage.usage import misrecorded, record, used_by


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("FIGUREBOOK_PROJECT", str(tmp_path))
    return copy_project(tmp_path)


def test_the_committed_package_records_the_users_there_are():
    assert misrecorded() == []


def test_every_table_has_a_user_and_users_are_of_four_kinds():
    users = used_by()
    assert [name for name, who in users.items() if not who] == []
    assert "poverty.persons" in users["poor_households"]
    assert "notebooks/08-poverty.ipynb" in users["poor_households"]
    assert "figurebook/figures/evidence.py" in users["corroboration"]
    assert "book/assumptions.md" in users["assumptions"]


def test_a_rule_table_is_used_by_the_notebooks_of_the_systems_with_rules_in_it():
    users = used_by()
    assert [u for u in users["duties"] if u.startswith("notebooks/")] == [
        "notebooks/systems/s02-three-level-linkage.ipynb"
    ]
    for name in Tables.load().rule_tables:
        rows = read_rows(next((ROOT / "data").rglob(f"{name}.csv")))
        systems = {row[rows[0].index("system")] for row in rows[1:]}
        notebooks = {u.split("/")[-1][:3].upper() for u in users[name] if u.startswith("notebooks/systems/")}
        assert notebooks == systems, name


def test_a_page_that_comes_to_use_a_table_is_noticed_and_recorded(project):
    page = project / "book" / "limits.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n{fact}`poverty_lines/2016`\n", encoding="utf-8")
    assert misrecorded() == ["poverty_lines"]
    record()
    assert misrecorded() == []
    package = json.loads((project / "data" / "datapackage.json").read_text(encoding="utf-8"))
    lines = next(r for r in package["resources"] if r["name"] == "poverty_lines")
    assert "book/limits.md" in lines["usedBy"]
