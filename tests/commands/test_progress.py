"""Whoever waits at a terminal sees how far it is; a file gets none of it, and nothing is said too often."""

import contextlib
import os
import re
import struct
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.project import DATA, ROOT
from support.tables import write_csv

from figurebook.datapackage.tables import Tables, read_package
from figurebook.office.accept import check_office_files
from figurebook.progress import silent, steps

REASON = "terminals of this kind, not known to Windows"
fcntl, pty, termios = (pytest.importorskip(name, reason=REASON) for name in ("fcntl", "pty", "termios"))
WAITING = """
import time
from figurebook.cli.common import meter
with meter() as progress:
    for what in ("甲", "乙"):
        for i in range(8):
            time.sleep(.1)
            progress(what, (i + 1) / 8)
"""
AT_ONCE = WAITING.replace("time.sleep(.1)", "pass")


def on_a_terminal(program: str) -> str:
    """What the program writes to a terminal of 80 columns as its standard error."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    run = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=theirs, cwd=ROOT)
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):  # how Linux tells that the other end is closed
        while block := os.read(ours, 4096):
            said += block
    os.close(ours)
    assert run.communicate()[0] == b""
    assert run.returncode == 0, said
    return said.decode()


def test_a_terminal_is_shown_what_takes_a_while_and_left_clean():
    said = on_a_terminal(WAITING)
    assert re.search(r"甲 +\d+%\|", said)
    assert re.search(r"乙 +100%\|", said)
    assert re.search(r"\r *\r$", said)


def test_a_terminal_is_not_shown_what_is_done_at_once():
    assert "甲" not in on_a_terminal(AT_ONCE)


def test_a_file_gets_nothing():
    run = subprocess.run([sys.executable, "-c", WAITING], cwd=ROOT, capture_output=True, check=True)
    assert run.stdout + run.stderr == b""


@given(st.lists(st.integers(), max_size=20))
def test_steps_hand_out_everything_and_end_with_the_whole(things):
    told = []
    assert list(steps(things, "甲", lambda what, share: told.append((what, share)))) == things
    assert told == [("甲", (i + 1) / len(things)) for i in range(len(things))]


def test_each_stage_of_reading_tells_shares_that_grow_to_the_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("figurebook.spreadsheets.reading.csv_file._BLOCK", 100)
    village = Tables.load().villages.frame["code"][0]
    rows = [[f"H{i}", village, "3", "395000", "450000"] for i in range(2000)]
    write_csv(
        tmp_path / "poor_households.csv",
        [["id", "village_code", "persons", "income_2015", "income_2016"], *rows],
    )
    told: dict[str, list[float]] = {}
    check_office_files(
        tmp_path,
        read_package(DATA),
        Tables.load().text,
        lambda what, share: told.setdefault(what, []).append(share),
    )
    assert list(told) == [
        "读 poor_households.csv",
        "认出各表各列",
        "检查“贫困户”（poor_households）",
        "查找个人信息",
    ]
    for shares in told.values():
        assert shares == sorted(shares)
        assert shares[-1] == 1
    assert len(told["读 poor_households.csv"]) > 10
    assert len(told["检查“贫困户”（poor_households）"]) == 5


@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_nobody_waits_for_silence(share, capsys):
    silent("甲", share)
    assert capsys.readouterr() == ("", "")
