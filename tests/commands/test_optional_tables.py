"""Tables that a county's package may lack: what needs them says so, and the rest goes on."""

import json
from pathlib import Path

import pytest
from support.miniature import make_miniature
from support.project import replace_once, wuqi
from support.tables import own_register, verdicts_of, write_csv

from figurebook.datapackage.problems import TablesError
from figurebook.datapackage.tables import NoTableError, Tables, read_package
from figurebook.figures.definitions import definition_problems, figure_measures
from figurebook.interview.trace import registered_items
from figurebook.notebooks.api import claims
from figurebook.office.accept import check_office_files
from figurebook.site.pages.figure_pages import sentence
from figurebook.systems import rules_workbook
from wuqi import registers

OPTIONAL = (
    "periods",
    "terms",
    "mentions",
    "parts",
    "systems",
    "undefined",
    "publications corroboration",
    "corroboration",
    "agreements",
    "magnitudes",
    "assumptions",
    "privacy",
)


def without(package: Path, *names: str) -> Tables:
    """The package with these tables taken out, and with them every table and key that points at them."""
    gone = set(names)
    descriptor = read_package(package)
    kept = [r for r in descriptor["resources"] if r["name"] not in gone]
    for resource in kept:
        schema = resource.get("schema", {})
        schema["foreignKeys"] = [
            k for k in schema.get("foreignKeys", []) if k["reference"]["resource"] not in gone
        ]
    descriptor["resources"] = kept
    (package / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    return Tables.load(root=package)


@pytest.mark.parametrize("names", OPTIONAL)
def test_the_figures_come_out_without_the_table(package_copy, tables, names):
    bare = without(package_copy, *names.split())
    for name in names.split():
        assert name not in bare.names
        with pytest.raises(NoTableError, match=name):
            getattr(bare, name)
    assert {i: v.result for i, v in verdicts_of(bare).items()} == {
        i: v.result for i, v in verdicts_of(tables).items()
    }


def test_a_key_into_a_table_there_is_not_is_refused(package_copy):
    descriptor = read_package(package_copy)
    descriptor["resources"] = [r for r in descriptor["resources"] if r["name"] != "publications"]
    path = package_copy / "datapackage.json"
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(TablesError, match="没有它指向的表 publications") as caught:
        Tables.load(root=package_copy)
    assert "corroboration.csv" in {Path(p.file).name for p in caught.value.problems}


def test_without_periods_a_period_is_shown_by_its_id(package_copy, tables):
    bare = without(package_copy, "periods")
    period = tables.figures.frame["period"].dropna().iloc[0]
    assert period in str(claims(bare))
    assert period not in str(claims(tables))


def test_the_rows_of_a_table_there_is_not_are_none(package_copy, tables):
    assert without(package_copy, "periods").rows("periods") == []
    assert len(tables.rows("periods")) == len(tables.periods.frame) > 0


def test_without_periods_and_terms_only_figures_are_registered(package_copy, tables):
    bare = without(package_copy, "periods", "terms", "mentions", "parts")
    assert {i.kind for i in registered_items(bare)} == {"figure"}
    assert {i.kind for i in registered_items(tables)} == {"figure", "period", "term"}


def test_without_publications_nothing_is_corroborated(package_copy, tables):
    bare = without(package_copy, "publications", "corroboration")
    assert {v.corroboration for v in verdicts_of(bare).values()} == {"none_found"}
    assert len({v.corroboration for v in verdicts_of(tables).values()}) > 1


def test_a_figure_whose_table_is_not_there_says_which(package_copy, tables):
    bare = without(package_copy, "weak_branches")
    verdict = verdicts_of(bare)["staffing.weak_branches"]
    assert (verdict.result, verdict.reason) == ("not_computed", "数据包里没有表 weak_branches")
    measure = figure_measures()["staffing.weak_branches"]
    assert sentence(measure, bare) == "数据包里没有表 weak_branches。"
    assert "weak_branches" not in sentence(measure, tables)
    assert definition_problems([("staffing.weak_branches", measure)], (), bare) == []


def test_own_tables_are_refused_without_limits_of_privacy(package_copy, tmp_path):
    bare = without(package_copy, "privacy")
    own = tmp_path / "own"
    own.mkdir()
    write_csv(own / "weak_branches.csv", own_register("weak_branches"))
    with pytest.raises(TablesError, match="隐私保护的界限"):
        check_office_files(own, bare.package, bare.text)


def test_a_system_without_rules_or_undefined_points_has_no_workbook(package_copy, tables):
    assert rules_workbook.make(without(package_copy, "undefined"), "S99") is None
    assert rules_workbook.make(tables, "S99")


def test_registers_are_made_only_where_the_package_says_so(package_copy):
    told = f"maker: {registers.MAKER}\n"
    asked = [r["name"] for r in read_package(package_copy)["resources"] if r.get("maker") == registers.MAKER]
    assert list(registers.build(package_copy)) == asked
    for manifest in package_copy.rglob("*.yaml"):
        manifest.write_text(manifest.read_text(encoding="utf-8").replace(told, ""), encoding="utf-8")
    (package_copy / "registers" / "weak_branches.csv").unlink()
    assert registers.build(package_copy) == {}
    assert registers.write(package_copy) == []
    assert registers.differences(package_copy) == []
    replace_once(package_copy / "interview" / "figures.yaml", "key:", f"{told}key:")
    with pytest.raises(LookupError, match="figures"):
        registers.build(package_copy)


@pytest.mark.parametrize("command", ["ledger", "points"])
def test_a_command_on_a_workbook_of_a_system_is_only_its_county_s(tmp_path, command):
    project = make_miniature(tmp_path / "project")
    done = wuqi(project, command, str(tmp_path / "book.xlsx"))
    assert done.returncode == 2
    assert f"No such command '{command}'" in done.stderr
    assert "python -m example_county --help" in done.stderr
    assert "Traceback" not in done.stderr
