"""The ZIP unpacked in a folder with an awkward name, and every page of it opened from there."""

import zipfile
from pathlib import Path

import pytest
from support.pages import DESK, PHONE, faults, names
from support.project import ROOT, wuqi

from figurebook.publishing.usb import LONGEST, ROOM


@pytest.fixture(scope="module")
def unpacked(site, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("usb")
    run = wuqi(ROOT, "usb", "--out", str(folder / "book.zip"))
    assert run.returncode == 0, run.stderr
    with zipfile.ZipFile(folder / "book.zip") as archive:
        archive.extractall(folder / "我的 U 盘 #1" / "新建 文件夹 (2)")
    return folder / "我的 U 盘 #1" / "新建 文件夹 (2)"


def test_every_page_is_whole_and_asks_for_nothing_that_is_not_there(unpacked, site, desk):
    """As from a server, but from a folder and in dark colours."""
    assert names(unpacked) == names(site)
    desk.emulate_media(color_scheme="dark")
    base = unpacked.as_uri() + "/"
    found = {name: wrong for name in names(unpacked) if (wrong := faults(desk, base, name, [PHONE, DESK]))}
    desk.goto(base + "index.html")
    desk.locator("article h1", has_text="三十个数字").wait_for()
    assert found == {}


def test_nothing_is_left_out_that_a_page_needs_and_nothing_is_in_it_that_none_does(unpacked, site):
    files = {p.relative_to(unpacked).as_posix() for p in unpacked.rglob("*") if p.is_file()}
    ours = {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()}
    assert files - ours == {"README.txt"}
    assert ours - files <= {".buildinfo", ".nojekyll", "objects.inv", "built-from.json"}
    assert max(map(len, files)) + ROOM <= LONGEST
