"""A CSV file is read cell for cell, whatever its encoding; each fault is told with its row."""

from __future__ import annotations

import re

import numpy as np
import pytest
from support.grids import cells_of, read, sound

from figurebook.spreadsheets.reading import csv_file, faults


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_csv_in_every_encoding_and_with_every_line_end(encoding, end, tmp_path):
    text = end.join(["编号\x2c村", "H1\x2c甲村", "", 'H2\x2c"乙\x2c村"', ""])
    grids, notes, problems = read(tmp_path, text.encode(encoding), "t.csv")
    assert (notes, problems) == ([], [])
    assert cells_of(grids[0]) == [["编号", "村"], ["H1", "甲村"], ["H2", "乙\x2c村"]]
    assert list(grids[0].frame.index) == [1, 2, 4], "an empty line is a row of the spreadsheet"
    assert (grids[0].file, grids[0].sheet) == ("t.csv", None)
    assert list(grids[0].frame.columns) == [0, 1]
    assert set(grids[0].frame.dtypes) == {np.dtype(object)}


def test_a_line_break_in_a_cell_does_not_count_as_a_row(tmp_path):
    grids, _, _ = read(tmp_path, b'a,b\n"1\n2\n3",x\n4,y\n', "t.csv")
    assert list(grids[0].frame.index) == [1, 2, 3]
    assert grids[0].frame.at[2, 0] == "1\n2\n3"


def test_the_mark_of_gb18030_is_no_part_of_the_first_cell(tmp_path):
    assert sound(tmp_path, "\ufeff编号\x2cn\n".encode("gb18030"), "t.csv") == [["编号", "n"]]


def test_a_quoted_first_cell_after_the_mark(tmp_path):
    assert sound(tmp_path, '"编\x2c号"\x2cn\n'.encode("utf-8-sig"), "t.csv") == [["编\x2c号", "n"]]


def test_invisible_characters_within_cells_are_kept(tmp_path):
    hidden = ["\u200bH1", "甲\u202e村", "\ufeffx"]
    assert sound(tmp_path, ("a,b,c\n" + ",".join(hidden)).encode(), "t.csv")[1] == hidden


def test_only_a_header_is_a_table_without_rows(tmp_path):
    assert sound(tmp_path, b"id,n\n", "t.csv") == [["id", "n"]]


def test_one_column_is_a_table(tmp_path):
    assert sound(tmp_path, b"id\nH1\nH2\n", "t.csv") == [["id"], ["H1"], ["H2"]]


def test_titles_of_one_cell_may_stand_above_a_table(tmp_path):
    rows = sound(tmp_path, "某表\n\n单位\uff1a元\nid\x2cn\x2cm\nH1\x2c3\x2c4\n".encode(), "t.csv")
    assert rows == [["某表", "", ""], ["单位\uff1a元", "", ""], ["id", "n", "m"], ["H1", "3", "4"]]


def test_within_a_table_one_cell_is_a_fault(tmp_path):
    _, _, problems = read(tmp_path, b"id,n\nH1,3\nH2\nH3,4\n", "t.csv")
    assert [(p.rule, p.row) for p in problems] == [("row-shape", 3)]


def test_of_two_rows_that_differ_the_first_counts(tmp_path):
    _, _, problems = read(tmp_path, b"id,n\nH1,3,4\n", "t.csv")
    assert [(p.rule, p.row) for p in problems] == [("row-shape", 2)]


def test_empty_cells_at_the_end_of_a_row_or_of_all_rows_are_no_fault(tmp_path):
    assert sound(tmp_path, b"id,n,\nH1,3,,,\nH2,4,\n", "t.csv") == [["id", "n"], ["H1", "3"], ["H2", "4"]]


def test_misshapen_rows_after_the_first_thousands_are_found(tmp_path):
    rows = [b"H,1\n"] * 50_000
    rows[45_000] = b"H\n"
    _, _, problems = read(tmp_path, b"".join(rows), "t.csv")
    assert [(p.rule, p.row) for p in problems] == [("row-shape", 45_001)]


def test_a_row_of_one_cell_that_begins_a_block_is_no_title(tmp_path):
    _, _, problems = read(tmp_path, b"H,1\n" * csv_file._SAMPLE + b"H\n", "t.csv")
    assert [(p.rule, p.row) for p in problems] == [("row-shape", csv_file._SAMPLE + 1)]


def test_of_very_many_faults_the_rest_is_counted(tmp_path):
    _, _, problems = read(tmp_path, b"a,b\n" * 2000 + b"a\n" * (faults.MAX_LISTED + 7), "t.csv")
    assert len(problems) == faults.MAX_LISTED + 1
    assert "还有 7 处" in problems[-1].message


def test_a_delimiter_within_cells_is_not_taken_for_one(tmp_path):
    rows = [["id", "说明"], ["H1", "一\uff0c二"], ["H2", "三\uff0c四"], ["H3", "五\uff0c六"], ["H4", "a;b|c"]]
    text = "\n".join("\x2c".join(row) for row in rows)
    assert sound(tmp_path, text.encode(), "t.csv") == rows


def test_a_block_that_ends_inside_a_character_is_still_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_file, "_CHUNK", 7)
    text = "编号\x2c村\n" + "".join(f"H{i}\x2c甲乙丙\n" for i in range(20))
    for encoding in ("utf-8", "gb18030"):
        assert sound(tmp_path, text.encode(encoding), "t.csv")[20] == ["H19", "甲乙丙"]
    data = text.encode("gb18030")
    _, _, problems = read(tmp_path, data[:70] + b"\xff" + data[70:], "t.csv")
    assert [(p.rule, p.row) for p in problems] == [("encoding", data[:70].count(b"\n") + 1)]


def test_the_row_of_a_broken_character_is_its_own_wherever_a_block_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_file, "_CHUNK", 8)  # ends two bytes into the second character
    data = "甲乙".encode("utf-8-sig") + b"\xff\nH1\n"
    assert [(p.rule, p.row) for p in read(tmp_path, data, "t.csv")[2]] == [("encoding", 1)]


@pytest.mark.parametrize("written", ['="0001"', '"=""0001"""'])
def test_text_kept_in_excel_s_way_is_read_and_its_rows_told(written, tmp_path):
    grids, notes, problems = read(tmp_path, f'id,n\n{written},3\nH2,4\n{written},="5\n'.encode(), "t.csv")
    assert cells_of(grids[0]) == [["id", "n"], ["0001", "3"], ["H2", "4"], ["0001", '="5']]
    assert [(n.kind, n.count, n.examples) for n in notes] == [("kept-text", 2, ((2, "", ""), (4, "", "")))]
    assert problems == []


def test_a_row_may_lack_what_has_no_heading(tmp_path):
    assert sound(tmp_path, b"id,n,\nH1,3,\nH2,4\n", "t.csv") == [["id", "n"], ["H1", "3"], ["H2", "4"]]
    assert sound(tmp_path, b"title,,\nid,n,\nH1,3,x\nH2,4\n", "t.csv")[3] == ["H2", "4", ""]
    for wrong in (b"id,n,\nH1,3,\nH2\n", b"id,n,m\nH1,3,4\nH2,4\n", b"title,,\nid,n,m\nH1,3,4\nH2,4\n"):
        _, _, problems = read(tmp_path, wrong, "t.csv")
        assert [(p.rule, p.row) for p in problems] == [("row-shape", 3 + wrong.startswith(b"title"))]


@pytest.mark.parametrize("word", ["路", "路支维"])
def test_gb18030_that_is_utf8_by_chance_is_read_as_chinese_and_told(word, tmp_path):
    data = f"id,name\nH1,{word}\n".encode("gb18030")
    assert not re.search("[\u4e00-\u9fff]", data.decode("utf-8"))
    grids, notes, problems = read(tmp_path, data, "t.csv")
    assert cells_of(grids[0])[1] == ["H1", word]
    assert ([n.kind for n in notes], problems) == (["encoding"], [])


@pytest.mark.parametrize("word", ["×", "√", "甲\xb7乙", "3\xb0", "\xd1"])
def test_utf8_is_not_taken_for_gb18030(word, tmp_path):
    assert sound(tmp_path, f"id,name\nH1,{word}\n".encode(), "t.csv")[1] == ["H1", word]
    marked = f"id,name\nH1,{word}\xe9\n".encode("utf-8-sig")
    assert sound(tmp_path, marked, "t.csv")[1] == ["H1", f"{word}\xe9"]


@pytest.mark.parametrize("data", [b"\n\n", b" ,\n\n", b"\r\n \r\n"])
def test_lines_without_anything_are_no_table(data, tmp_path):
    assert [p.rule for p in read(tmp_path, data, "t.csv")[2]] == ["unreadable"]
