"""An amount that stands alone, far from all others, is told and refuses nothing."""

import pytest
from support.given import PACKAGE, ours

from figurebook.office.accept import check_office_files

HEAD = "编号,村代码,人数,2015 年人均收入（元）,2016 年人均收入（元）"


def told(tmp_path, *incomes: str) -> list[tuple]:
    """(column, rows) of every note about amounts far from the others; there must be no problem."""
    rows = [f"H-{n:06},610626001203,4,3950,{income}" for n, income in enumerate(incomes)]
    (tmp_path / "贫困户.csv").write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    intake, problems = check_office_files(tmp_path, PACKAGE, ours)
    assert problems == []
    return [(n.column, [e[0] for e in n.examples]) for n in intake.notes if n.kind == "far-amount"]


USUAL = [str(4000 + 37 * n) for n in range(20)]


@pytest.mark.parametrize(
    ("odd", "rows"),
    [
        (["0.6"], [22]),
        (["0.6", "0.58"], [22, 23]),
        (["6000000"], [22]),
        (["0.6", "900000"], [22, 23]),
        (["0"], []),
        (["45"], []),
        (["60000"], []),
        ([], []),
        (["50", "0.39"], [23]),
    ],
)
def test_what_stands_alone_is_told_with_its_row(odd, rows, tmp_path):
    assert told(tmp_path, *USUAL, *odd) == ([("2016 年人均收入（元）", rows)] if rows else [])


@pytest.mark.parametrize("incomes", [["4500"], ["0"], ["4500", "0.6"]])
def test_of_few_rows_none_stands_alone(incomes, tmp_path):
    assert told(tmp_path, *incomes) == []
