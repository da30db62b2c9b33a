"""The package says who uses each table, and what it says is found to be so."""

import json

import pytest
from helpers_project import copy_project

from wuqi.tables import ROOT
from wuqi.usage import misrecorded, record, used_by


@pytest.fixture
def project(tmp_path):
    return copy_project(tmp_path)


def test_the_committed_package_records_the_users_there_are():
    assert misrecorded(ROOT) == []


def test_every_table_has_a_user_and_users_are_of_four_kinds():
    users = used_by(ROOT)
    assert [name for name, who in users.items() if not who] == []
    assert "poverty.persons" in users["poor_households"]
    assert "notebooks/08-poverty.ipynb" in users["poor_households"]
    assert "wuqi/corroborate.py" in users["corroboration"]
    assert "book/assumptions.md" in users["assumptions"]


def test_a_page_that_comes_to_use_a_table_is_noticed_and_recorded(project):
    page = project / "book" / "limits.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n{fact}`poverty_lines/2016`\n", encoding="utf-8")
    assert misrecorded(project) == ["poverty_lines"]
    record(project)
    assert misrecorded(project) == []
    package = json.loads((project / "data" / "datapackage.json").read_text(encoding="utf-8"))
    lines = next(r for r in package["resources"] if r["name"] == "poverty_lines")
    assert "book/limits.md" in lines["usedBy"]
