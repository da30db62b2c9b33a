"""What one process of a build stores, another reads: the same tables, and whose they are."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from figurebook.datapackage.about import About
from figurebook.datapackage.stored_tables import load_stored_tables, store
from figurebook.datapackage.tables import Tables, TablesError

BRANCHES = pd.DataFrame(
    {
        "id": ["B1", "B2"],
        "village_code": ["610626001203", None],
        "members": ["44", "30"],
        "reviewed_2016": ["true", "false"],
    },
    dtype=object,
)


def test_stored_tables_are_those_that_were_laid_over(tmp_path):
    laid = Tables.load().with_recorded({"branches": BRANCHES}, About("某县委组织部", "2016-12-31"))
    store(laid, tmp_path / "tables")
    read = load_stored_tables(tmp_path / "tables")
    assert read.recorded == laid.recorded == ["branches"]
    assert read.basis("branches") == "recorded"
    assert read.given_by == laid.given_by
    assert_frame_equal(read.branches.frame, laid.branches.frame)
    assert_frame_equal(read.villages.frame, laid.villages.frame)
    assert read.digest("branches") == laid.digest("branches") != Tables.load().digest("branches")


def test_a_package_that_cannot_be_used_is_refused_whatever_was_stored(tmp_path, package_copy):
    store(Tables.load().with_recorded({"branches": BRANCHES}, About()), tmp_path / "tables")
    path = package_copy / "registers" / "villages.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("610626001203", "x"), encoding="utf-8")
    with pytest.raises(TablesError, match=r"villages\.csv"):
        load_stored_tables(tmp_path / "tables", package_copy)


def test_what_a_folder_of_stored_tables_lacks_is_not_made_up(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_stored_tables(tmp_path)
