"""A PDF of a site made from somebody's own tables."""

from support.office_tables import office_tables, write_workbook
from support.own_tables import CANARY, canary, searched
from support.project import wuqi
from support.small import small_book


def test_a_pdf_of_their_site_says_whose_it_is_and_holds_no_canary(chromium, tmp_path):
    """The browser is asked for so that its lack is told as a lack; the command starts its own."""
    own = small_book(tmp_path / "project", "08-poverty")
    path = write_workbook(tmp_path / "tables.xlsx", office_tables(canary))
    run = wuqi(own, "pdf", "--data", path, "--out", tmp_path / "theirs.pdf")
    assert run.returncode == 0, run.stderr
    assert "实际登记" in searched(tmp_path / "theirs.pdf")
    assert CANARY not in searched(tmp_path / "theirs.pdf")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["project", "tables.xlsx", "theirs.pdf"]
