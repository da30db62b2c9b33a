"""A site says what it consists of: whatever is missing, altered or somebody else's is found."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figurebook.publishing import site_record


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    for name in ("index.html", "book/home.html", "_static/site.css", ".nojekyll"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    site_record.write(folder, "made from this")
    return folder


def test_it_names_every_other_file_with_its_digest(site):
    told = json.loads((site / "built-from.json").read_text(encoding="utf-8"))
    assert told["inputs"] == site_record.inputs(site) == "made from this"
    assert told["files"] == {
        name: hashlib.sha256(name.encode()).hexdigest()
        for name in (".nojekyll", "_static/site.css", "book/home.html", "index.html")
    }
    assert site_record.is_whole(site)
    assert site_record.unpublished_files(site) == []


@given(st.sampled_from(["index.html", "book/home.html", "_static/site.css", ".nojekyll"]), st.data())
def test_one_byte_more_less_or_other_is_damage(tmp_path_factory, name, data):
    site = tmp_path_factory.mktemp("any")
    (site / "book").mkdir()
    (site / "_static").mkdir()
    for each in ("index.html", "book/home.html", "_static/site.css", ".nojekyll"):
        (site / each).write_text(each, encoding="utf-8")
    site_record.write(site, "x")
    before = (site / name).read_bytes()
    after = data.draw(
        st.one_of(
            st.just(before[:-1]),
            st.binary(min_size=1, max_size=20).map(before.__add__),
            st.binary(min_size=len(before), max_size=len(before)),
        )
    )
    (site / name).write_bytes(after)
    assert site_record.is_whole(site) == (after == before)
    shutil.rmtree(site)


@pytest.mark.parametrize("name", ["index.html", "book", "built-from.json"])
def test_what_is_missing_is_damage(site, name):
    (shutil.rmtree if (site / name).is_dir() else Path.unlink)(site / name)
    assert not site_record.is_whole(site)


def test_a_folder_in_the_place_of_a_file_is_damage(site):
    (site / "index.html").unlink()
    (site / "index.html").mkdir()
    assert not site_record.is_whole(site)


@pytest.mark.parametrize("name", ["notes.txt", "book/deeper/notes.txt"])
def test_somebody_elses_file_is_no_damage_and_is_named(site, name):
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    (site / name).write_text("mine", encoding="utf-8")
    assert site_record.is_whole(site)
    assert site_record.unpublished_files(site) == [name]


def test_somebody_elses_link_is_named_and_not_followed(site, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.txt").write_text("mine", encoding="utf-8")
    (site / "photos").symlink_to(tmp_path / "photos")
    assert site_record.unpublished_files(site) == ["photos"]


def test_what_a_file_manager_leaves_is_nobodys(site):
    for name in (".DS_Store", "book/Thumbs.db", "desktop.ini"):
        (site / name).write_bytes(b"\0")
    assert site_record.unpublished_files(site) == []
    assert site_record.is_whole(site)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"files": {}', '{"files": {}}'])
def test_a_manifest_that_tells_nothing_makes_every_file_somebodys(site, text):
    (site / "built-from.json").write_text(text, encoding="utf-8")
    assert site_record.inputs(site) is None
    assert set(site_record.unpublished_files(site)) == {
        ".nojekyll",
        "_static/site.css",
        "book/home.html",
        "index.html",
    }


def test_a_site_from_before_files_were_listed_is_ours_and_not_known_to_be_whole(site):
    (site / "built-from.json").write_text('{"inputs": "made from this"}', encoding="utf-8")
    assert site_record.unpublished_files(site) == []
    assert not site_record.is_whole(site)


def test_no_folder_holds_nothing(tmp_path):
    assert site_record.unpublished_files(tmp_path / "nowhere") == []
    assert site_record.inputs(tmp_path / "nowhere") is None
    assert not site_record.is_whole(tmp_path / "nowhere")
