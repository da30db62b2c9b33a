"""What an example makes up is told of no unit that exists: not in a model, a notebook or a file."""

import json
import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from support.project import ROOT, load_notebook, source

from figurebook.datapackage.tables import Tables
from figurebook.systems.example_ids import fictitious
from wuqi.systems import institutions, key_people
from wuqi.systems.inspection import model as inspection
from wuqi.systems.target_responsibility import (
    model as target_responsibility,
)
from wuqi.systems.target_responsibility import (
    takeaways as target_responsibility_files,
)
from wuqi.systems.three_lists import model as three_lists
from wuqi.systems.three_lists import takeaways as three_lists_files

TABLES = Tables.load()
REAL = {
    str(x)
    for name in ("townships", "villages", "branches", "departments")
    for column in ("code", "id", "name", "village_code")
    if column in (frame := getattr(TABLES, name).frame)
    for x in frame[column]
}
HISTORIES = {
    "S03": key_people.example(key_people.rules(TABLES), key_people.units(TABLES)).history,
    "S04": three_lists.example(three_lists.rules(TABLES)).history,
    "S06": inspection.example(inspection.rules(TABLES), inspection.units(TABLES)).history,
    "S11": institutions.example(
        institutions.rules(TABLES), TABLES.branches.frame["members"], len(TABLES.townships.frame)
    ).procedure.history,
    "S15": target_responsibility.example(target_responsibility.rules(TABLES), 9).history,
}
# What is computed out of an example; a plan or a register may name units that exist.
INVENTED = [
    "ranking",
    "results",
    "gaps",
    "scores",
    "sensitivity",
    "overdue",
    "open_items",
    "by_unit",
    "without_post",
    "pairing",
    "responsibility",
    "follow_up",
    "unfinished",
]
NOTEBOOKS = {
    "S03": "s03-key-people",
    "S04": "s04-three-lists",
    "S06": "s06-inspection",
    "S11": "s11-institutions",
    "S15": "s15-target-responsibility",
}


def real(text: str) -> set[str]:
    """The units of the registers that a text names."""
    return {
        w for w in re.findall(r"[\w-]+", text) for unit in REAL if w == unit or (len(unit) > 3 and unit in w)
    }


def test_the_registers_are_looked_for():
    assert real("610626102 过了期限") == {"610626102"}
    assert real("visit-township-2017month03-610626101-1")
    assert real("B01，D01") == {"B01", "D01"}


def test_identifiers_are_many_enough_and_of_one_width():
    assert fictitious(2) == ["例01", "例02"]
    assert fictitious(100)[::99] == ["例001", "例100"]
    assert len(set(fictitious(115))) == 115
    assert fictitious(0) == []


@pytest.mark.parametrize("system", HISTORIES)
def test_no_entry_of_an_example_names_a_unit_that_exists(system):
    told = "\n".join(f"{e.subject} {dict(e.details)}" for e in HISTORIES[system])
    assert "例" in told
    assert real(told) == set()


@pytest.mark.parametrize("system", NOTEBOOKS)
def test_no_result_in_a_notebook_names_one(system):
    cells = load_notebook(ROOT / "notebooks" / "systems" / f"{NOTEBOOKS[system]}.ipynb")["cells"]
    shown = [
        c
        for c in cells
        if c["cell_type"] == "code" and any(f"model.{view}(book" in source(c) for view in INVENTED)
    ]
    assert shown
    assert real(json.dumps([c["outputs"] for c in shown], ensure_ascii=False)) == set()
    said = "\n".join(source(c) for c in cells if c["cell_type"] == "markdown")
    assert "编号不指向任何单位" in said.split("## 例表", 1)[1].split("## 看什么", 1)[0]


@pytest.mark.parametrize(
    ("content", "sheets"),
    [
        (three_lists_files.make(TABLES)["s04-ledger-example.xlsx"], None),
        (target_responsibility_files.make(TABLES)["s15-assessment.xlsx"], ["例表"]),
    ],
)
def test_no_sheet_filled_with_an_example_names_one(content, sheets):
    book = load_workbook(BytesIO(content))
    for name in sheets or book.sheetnames:
        told = "\n".join(str(c.value) for row in book[name].iter_rows() for c in row if c.data_type != "f")
        assert real(told) == set(), name


def test_the_assessment_s_example_says_above_its_header_that_it_is_invented():
    made = target_responsibility_files.make(TABLES)["s15-assessment.xlsx"]
    page = load_workbook(BytesIO(made))["例表"]
    assert page["A1"].value == "例：分数是编的，单位是虚的，不是任何乡镇的得分和名次。"
    assert [page.cell(r, 1).value for r in range(2, 12)] == ["单位编号", *fictitious(9)]
    assert "名称" not in [c.value for c in page[2]]
