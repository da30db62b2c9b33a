"""The source of a commit, read out of a repository of the test's own."""

import io
import os
import zipfile
from datetime import date

from support.downloads import committed, git
from support.project import ROOT

from figurebook.site import source_archive


def test_only_a_folder_with_tracked_files_is_a_checkout(tmp_path, monkeypatch):
    assert source_archive.commit(tmp_path) is None
    git(tmp_path, "init", "--quiet")
    assert source_archive.commit(tmp_path) is None  # without a commit
    (tmp_path / "tracked").mkdir()
    (tmp_path / "tracked" / "a").touch()
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--no-verify", "--message", "All")
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "a").touch()
    commit = git(tmp_path, "rev-parse", "HEAD").strip()
    assert source_archive.commit(tmp_path) == source_archive.commit(tmp_path / "tracked") == commit
    assert source_archive.commit(tmp_path / "copy") is None
    monkeypatch.setenv("GIT_DIR", str(ROOT / ".git"))  # as a hook of another repository sets it
    assert source_archive.commit(tmp_path) == commit
    monkeypatch.setenv("PATH", os.devnull)
    assert source_archive.commit(tmp_path) is None


def test_a_program_of_the_source_can_be_run(tmp_path):
    (tmp_path / "run").touch(0o755)
    (tmp_path / "text").touch(0o644)
    commit = source_archive.commit(committed(tmp_path))
    packed = source_archive.archive(tmp_path, commit, "top", date(2026, 1, 2))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    assert modes == {"top/run": 0o755, "top/text": 0o644, "top/COMMIT": 0o644, "top/.gitignore": 0o644}
