"""A ZIP archive depends on its contents and one date, not on the moment or the machine."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from figurebook import zip_archive

MADE = date(2026, 11, 23)


def packed(files: dict[str, bytes | Path], made: date = MADE, **more) -> bytes:
    out = io.BytesIO()
    zip_archive.write(out, files, made, **more)
    return out.getvalue()


def test_files_are_sorted_dated_and_whole(tmp_path):
    (tmp_path / "x").write_bytes(b"of a file" * 99)
    with zipfile.ZipFile(io.BytesIO(packed({"b": b"given", "a/c": tmp_path / "x"}))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a/c", "b"]
        assert archive.read("a/c") == b"of a file" * 99
        assert archive.read("b") == b"given"
        assert {e.date_time for e in archive.infolist()} == {(2026, 11, 23, 0, 0, 0)}
        assert {e.external_attr >> 16 for e in archive.infolist()} == {0o644}


def test_the_same_files_give_the_same_bytes_whatever_their_order_and_rights(tmp_path):
    (tmp_path / "x").write_bytes(b"1")
    (tmp_path / "x").chmod(0o700)
    assert packed({"a": b"1", "b": b"2"}) == packed({"b": b"2", "a": tmp_path / "x"})


@pytest.mark.parametrize("other", [{"a": b"2"}, {"b": b"1"}])
def test_another_content_or_name_gives_other_bytes(other):
    assert packed({"a": b"1"}) != packed(other)


def test_another_date_gives_other_bytes():
    assert packed({"a": b"1"}) != packed({"a": b"1"}, date(2026, 11, 24))


def test_a_program_stays_one():
    with zipfile.ZipFile(io.BytesIO(packed({"a": b"", "b": b""}, executable=["b"]))) as archive:
        assert {e.filename: e.external_attr >> 16 for e in archive.infolist()} == {"a": 0o644, "b": 0o755}
