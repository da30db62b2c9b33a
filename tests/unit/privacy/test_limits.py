"""The limits are a table; a table that contradicts itself is refused."""

from pathlib import Path

import pytest
from support.canaries import LIMITS
from support.project import DATA

from figurebook.datapackage.problems import TablesError
from figurebook.datapackage.tables import Tables
from figurebook.office.lay_over import load_with
from figurebook.privacy.limits import limits


def office(folder: Path, old: str, new: str) -> Tables:
    text = (DATA / "settings/privacy.csv").read_text(encoding="utf-8")
    assert old in text
    (folder / "privacy.csv").write_text(text.replace(old, new), encoding="utf-8")
    return load_with(folder)


def test_the_books_own_limits_are_those_of_the_tests(tables):
    assert limits(tables) == LIMITS


def test_an_office_can_set_its_own(tmp_path):
    assert limits(office(tmp_path, "\x2c10\x2c", "\x2c20\x2c"))["small-count"] == 20


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("\x2c5\x2c宽度", "\x2c9\x2c宽度", "请改小 interval"),
        ("\x2c10\x2c户", "\x2c6\x2c户", "改大 small-count"),
        ("\x2c5\x2c宽度", "\x2c\x2c宽度", "value"),
        ("\x2c5\x2c宽度", "\x2c0\x2c宽度", "value"),
    ],
)
def test_limits_that_cannot_be_are_refused(tmp_path, old, new, said):
    with pytest.raises(TablesError, match=said):
        limits(office(tmp_path, old, new))


def test_a_missing_limit_is_named(tmp_path):
    rows = (DATA / "settings/privacy.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "privacy.csv").write_text("".join(rows[:-1]), encoding="utf-8")
    with pytest.raises(TablesError, match="缺少 scan-other"):
        limits(load_with(tmp_path))
