"""The limits are a table; a table that contradicts itself is refused."""

from pathlib import Path

import pytest
from support.canaries import LIMITS
from support.project import DATA
from support.tables import read_rows, write_csv

from figurebook.datapackage.problems import TablesError
from figurebook.datapackage.tables import Tables
from figurebook.office.lay_over import load_with
from figurebook.privacy.limits import limits


def office(folder: Path, limit: str, value: str) -> Tables:
    rows = read_rows(DATA / "settings/privacy.csv")
    (row,) = (r for r in rows if r[0] == limit)
    row[rows[0].index("value")] = value
    write_csv(folder / "privacy.csv", rows)
    return load_with(folder)


def test_the_books_own_limits_are_those_of_the_tests(tables):
    assert limits(tables) == LIMITS


def test_an_office_can_set_its_own(tmp_path):
    assert limits(office(tmp_path, "small-count", "20"))["small-count"] == 20


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("interval", str(LIMITS["small-count"] - 1), "请改小 interval"),
        ("small-count", str(LIMITS["interval"] + 1), "改大 small-count"),
        ("interval", "", "value"),
        ("interval", "0", "value"),
    ],
)
def test_limits_that_cannot_be_are_refused(tmp_path, limit, value, said):
    with pytest.raises(TablesError, match=said):
        limits(office(tmp_path, limit, value))


def test_a_missing_limit_is_named(tmp_path):
    rows = (DATA / "settings/privacy.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "privacy.csv").write_text("".join(rows[:-1]), encoding="utf-8")
    with pytest.raises(TablesError, match="缺少 scan-other"):
        limits(load_with(tmp_path))
