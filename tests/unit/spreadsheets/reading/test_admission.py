"""Which files are read at all: names, links, what is no file, what changes meanwhile; the rest is told."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from support.hostile import TABLE, problem_of, read_unchanged
from support.workbooks import workbook

from figurebook.spreadsheets.reading import admission, grids
from figurebook.spreadsheets.reading.grids import read_grids


@pytest.mark.parametrize("suffix", [".xls", ".XLS", ".et", ".ods", ".tsv", ".xlsb", ".dbf", ".mdb"])
def test_a_table_in_another_format_is_not_passed_over(suffix, tmp_path):
    (tmp_path / f"t{suffix}").write_bytes(b"x")
    assert problem_of(tmp_path, tmp_path, "unknown-file", "另存为").file == f"t{suffix}"


def test_a_file_named_by_the_user_must_be_a_table(tmp_path):
    (tmp_path / "t.txt").write_text(TABLE, encoding="utf-8")
    problem_of(tmp_path / "t.txt", tmp_path, "unknown-file", "只读 CSV 和 XLSX")


def test_other_files_are_left_aside_and_told(tmp_path):
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    for name in ("datapackage.json", "说明.docx", ".hidden.csv", "~$t.xlsx", ".DS_Store"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "old.csv").mkdir()
    (tmp_path / "old.csv" / "deeper.csv").write_text("x", encoding="utf-8")
    found, notes, problems = read_unchanged(tmp_path, tmp_path)
    assert [g.file for g in found] == ["t.csv"]
    assert [(n.file, n.kind) for n in notes] == [
        ("datapackage.json", "descriptor"),
        ("old.csv", "not-a-table"),
        ("说明.docx", "not-a-table"),
    ]
    assert problems == []


def test_a_path_that_is_not_there(tmp_path):
    assert problem_of(tmp_path / "t.csv", tmp_path, "missing-file", "没有这个文件").file == "t.csv"


def test_the_folder_one_stands_in_has_a_name_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert problem_of(Path(), tmp_path, "missing-file", "没有 .csv 或 .xlsx").file == "."


def test_an_empty_folder(tmp_path):
    problem_of(tmp_path, tmp_path, "missing-file", "没有 .csv 或 .xlsx")


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "村" * 300 + ".csv"])
def test_a_name_of_three_hundred_characters(name, tmp_path):
    assert len(problem_of(tmp_path / name, tmp_path, "name", "太长").file) < 100


def test_a_path_with_nul(tmp_path):
    assert problem_of(Path(f"{tmp_path}/t\0.csv"), tmp_path, "unreadable", "读不出来").file == "t\\u0000.csv"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("t\u202evsc.csv", "t\\u202evsc.csv"),
        ("t\u200b.csv", "t\\u200b.csv"),
        ("t\n.csv", "t\\u000a.csv"),
        ("\ufefft.csv", "\\ufefft.csv"),
        ("t\x1b[31m.csv", "t\\u001b[31m.csv"),
        (os.fsdecode(b"t\xff.csv"), "t\\udcff.csv"),
    ],
)
def test_a_name_that_hides_something_is_told_escaped(name, told, tmp_path):
    (tmp_path / name).write_text(TABLE, encoding="utf-8")
    assert problem_of(tmp_path, tmp_path, "name", "请改名").file == told


def test_a_full_width_space_is_an_honest_character(tmp_path):
    (tmp_path / "村　表.csv").write_text(TABLE, encoding="utf-8")
    assert read_unchanged(tmp_path, tmp_path)[2] == []


@pytest.mark.parametrize("target", ["inside.txt", "../outside.csv", "/etc/passwd", "nowhere"])
def test_a_link_is_not_followed(target, tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    (tmp_path / "outside.csv").write_text("CANARY-7Q2X-0001\n", encoding="utf-8")
    (folder / "inside.txt").write_text(TABLE, encoding="utf-8")
    (folder / "t.csv").symlink_to(target)
    found, _, problems = read_grids(folder)
    assert found == []
    assert [(p.file, p.rule) for p in problems] == [("t.csv", "refused")]
    assert "复制过来" in problems[0].message
    assert problem_of(folder / "t.csv", folder, "refused", "链接")


def test_a_linked_folder_is_not_entered(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "t.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "a" / "b").symlink_to(tmp_path / "b")
    problem_of(tmp_path / "a", tmp_path, "refused", "链接")


def test_a_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "t.csv")
    problem_of(tmp_path, tmp_path, "refused", "不是普通的文件")


def test_a_pipe_that_took_the_place_of_a_file_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "t.csv")
    with (
        pytest.raises(admission.FileRefusedError, match="不是普通的文件"),
        admission.opened(tmp_path / "t.csv"),
    ):
        pass


def test_a_socket(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the address of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("t.xlsx")
        problem_of(tmp_path, tmp_path, "refused", "不是普通的文件")


def test_a_device():
    assert [p.rule for p in read_grids(Path("/dev/zero"))[2]] == ["unknown-file"]


def _append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"H2,4\n")


def _rewrite_in_silence(path: Path) -> None:
    """Same size and time, other bytes."""
    status = path.stat()
    path.write_text(TABLE.replace("3", "4"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _replace(path: Path) -> None:
    path.with_suffix(".new").write_bytes(path.read_bytes())
    path.with_suffix(".new").replace(path)


@pytest.mark.parametrize("change", [_append, _rewrite_in_silence, _replace, Path.unlink])
@pytest.mark.parametrize("when", ["before it was read", "after it was refused"])
def test_a_file_that_changes_while_it_is_read(change, when, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(TABLE, encoding="utf-8")

    def read():
        with admission.opened(path) as file:
            change(path)
            if when == "after it was refused":
                raise admission.FileRefusedError("unreadable", "只读到一半。")
            return file.read()

    with pytest.raises(admission.FileRefusedError) as caught:
        read()
    assert caught.value.problem(path).rule == "changed"
    assert "请关掉正在编辑它的程序" in caught.value.message


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_a_table_that_is_saved_while_it_is_read_is_not_used(name, tmp_path, monkeypatch):
    path = tmp_path / name
    path.write_bytes(TABLE.encode() if name == "t.csv" else workbook([["编号"], ["H1"]]))
    reader = grids._reader(path)

    def slow(path, file, done):
        _append(path)
        return reader(path, file, done)

    monkeypatch.setattr(grids, "_reader", lambda _: slow)
    found, _, problems = read_grids(path)
    assert found == []
    assert [(p.file, p.rule) for p in problems] == [(name, "changed")]


def test_a_folder_with_one_bad_file_still_gives_the_others(tmp_path):
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(b"")
    (tmp_path / "c.xlsx").write_bytes(workbook([["编号"], ["H1"]]))
    found, _, problems = read_unchanged(tmp_path, tmp_path)
    assert [g.file for g in found] == ["a.csv", "c.xlsx"]
    assert [p.file for p in problems] == ["b.csv"]


def test_the_digest_covers_names_and_bytes_of_what_is_read(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(TABLE, encoding="utf-8")
    first = admission.digest(tmp_path)
    assert first == admission.digest(path)
    (tmp_path / "note.txt").write_text("left aside", encoding="utf-8")
    assert admission.digest(tmp_path) == first
    path.rename(tmp_path / "u.csv")
    renamed = admission.digest(tmp_path)
    (tmp_path / "u.csv").write_text(TABLE + "H2\x2c4\n", encoding="utf-8")
    assert len({first, renamed, admission.digest(tmp_path)}) == 3
