"""Files too large in one way or another: refused in little memory and time, and left as they were."""

from __future__ import annotations

import json
import os
import random
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from support.hostile import SECONDS, problem_of, state
from support.project import ROOT
from support.workbooks import SHEET, packed, parts, sheet, sheet_xml, tampered, workbook

from figurebook.datapackage.tables import Tables
from figurebook.spreadsheets.reading import admission
from figurebook.spreadsheets.reading import xlsx_archive as archive
from wuqi.systems.stars_and_points import takeaways
from wuqi.systems.three_lists import model
from wuqi.systems.three_lists import workbook as three_lists_book


def test_a_sheet_of_too_many_elements(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_ELEMENTS", 500)
    (tmp_path / "t.xlsx").write_bytes(sheet("", after="<a/>" * 500))
    problem = problem_of(tmp_path, tmp_path, "too-large", "另存为 CSV")
    assert problem.sheet == "表1"


def _sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def test_a_file_that_is_too_large_is_not_opened(tmp_path):
    _sparse(tmp_path / "t.csv", admission.MAX_BYTES + 1)
    problem_of(tmp_path, tmp_path, "too-large", "256 MB")


def test_files_that_are_too_large_together(tmp_path):
    for i in range(5):
        _sparse(tmp_path / f"{i}.csv", admission.MAX_BYTES)
    problem_of(tmp_path, tmp_path, "too-large", "合计")


def test_a_folder_of_too_many_files(tmp_path):
    for i in range(admission.MAX_FILES + 1):
        (tmp_path / f"{i}.csv").touch()
    problem_of(tmp_path, tmp_path, "too-large", "1000 个")


# Bombs: read in a process of their own that may not take much memory.

MEMORY = 600 << 20  # address space; Python with pandas takes 170 MB of it at rest


def spoilt(book: bytes, cells: str, before: str = "") -> bytes:
    """A workbook whose first sheet has these rows instead of its own."""
    return tampered({SHEET: sheet_xml(cells, before)}, book)


def _bomb(path: Path, book: bytes) -> None:
    """A sheet of 600 MB in a file of some 10 MB: not packed as tightly as to be told by that."""
    noise = random.Random(0).randbytes(10_000)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts(book).items():
            if name != SHEET:
                archive.writestr(name, content)
        with archive.open(SHEET, "w", force_zip64=True) as out:
            for _ in range(600):
                out.write(noise + b" " * 990_000)


def _lying_bomb(path: Path, book: bytes) -> None:
    """A sheet of 50 MB that says it has 1000 bytes."""
    members = parts(book)
    members[SHEET] = sheet_xml('<row><c t="str"><v>x</v></c></row>') + b" " * 50_000_000
    data = bytearray(packed(members))
    size = struct.pack("<I", len(members[SHEET]))
    assert data.count(size) == 2
    path.write_bytes(bytes(data).replace(size, struct.pack("<I", 1000)))


def _tight_bomb(path: Path, book: bytes) -> None:
    """A sheet of 50 MB, packed 1000 times."""
    path.write_bytes(spoilt(book, "", before=" " * 50_000_000))


def _million_columns(path: Path, book: bytes) -> None:
    path.write_bytes(spoilt(book, "<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>"))


def _million_columns_csv(path: Path, _: bytes) -> None:
    path.write_bytes(b"1," * 499_999 + b"1\n" + b"1," * 1_000_000 + b"1\n")


def _wide_and_long(path: Path, _: bytes) -> None:
    path.write_bytes((b"," * 999 + b"1\n") * 21_000)


def _long_directory(path: Path, _: bytes) -> None:
    """A zip whose table of contents alone has 60 MB."""
    entry = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0)
    directory = (entry + b"a.xml") * 1_200_000
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 65535, 65535, len(directory), 0, 0)
    path.write_bytes(directory + end)


def _many_parts(path: Path, _: bytes) -> None:
    path.write_bytes(packed({f"xl/{i}": b"" for i in range(10_001)}, zipfile.ZIP_STORED))


def _lying_dimension(path: Path, book: bytes) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="C1048576"><v>3</v></c></row>'
    path.write_bytes(spoilt(book, cells, '<dimension ref="A1:XFD1048576"/>'))


def _many_styled_cells(path: Path, book: bytes) -> None:
    """What is left when a colour was given to whole rows: cells without content."""
    columns = [f"{a}{b}" for a in " ABCDEFGHIJ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    rows = (
        f'<row r="{i}">' + "".join(f'<c r="{c.strip()}{i}" s="0"/>' for c in columns) + "</row>"
        for i in range(2, 500)
    )
    path.write_bytes(spoilt(book, '<row r="1"><c r="A1"><v>1</v></c></row>' + "".join(rows)))


def _deep(path: Path, book: bytes) -> None:
    path.write_bytes(tampered({"xl/styles.xml": b"<a>" * 5_000_000}, book))


BOMBS = {
    "zip-bomb.xlsx": (_bomb, "too-large", "压缩炸弹"),
    "tight-bomb.xlsx": (_tight_bomb, "too-large", "压缩炸弹"),
    "lying-bomb.xlsx": (_lying_bomb, "unreadable", "不是完整的 XLSX"),
    "million-columns.xlsx": (_million_columns, "too-large", "1000 列"),
    "million-columns.csv": (_million_columns_csv, "too-large", "1000 列"),
    "wide-and-long.csv": (_wide_and_long, "too-large", "单元格超过"),
    "long-directory.xlsx": (_long_directory, "too-large", "目录太长"),
    "many-parts.xlsx": (_many_parts, "too-large", "10001 个"),
    "deep.xlsx": (_deep, "unreadable", "100 层"),
    "lying-dimension.xlsx": (_lying_dimension, None, (2, 3)),
    "many-styled-cells.xlsx": (_many_styled_cells, None, (1, 1)),
}
_CHILD = """
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
from pathlib import Path
from figurebook.spreadsheets.reading.grids import read_grids
told = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    start = time.process_time()
    grids, _, problems = read_grids(path)
    told[path.name] = {"problems": [(p.rule, p.message) for p in problems],
                       "shapes": [g.frame.shape for g in grids], "seconds": time.process_time() - start}
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def bombs(tmp_path_factory):
    """What a process with little memory tells of each bomb."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, (make, *_) in BOMBS.items():
        make(folder / name, workbook([["编号"]]))
    before = state(folder)
    run = subprocess.run(
        [sys.executable, "-c", _CHILD, str(folder), str(MEMORY)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert run.returncode == 0, run.stderr
    assert state(folder) == before
    return json.loads(run.stdout)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_little_memory_and_time(name, bombs):
    _, rule, words = BOMBS[name]
    told = bombs[name]
    assert told["seconds"] < SECONDS
    if rule is None:
        assert told["problems"] == []
        assert told["shapes"] == [list(words)]
    else:
        assert [r for r, _ in told["problems"]] == [rule]
        assert words in told["problems"][0][1]


# The same bombs, and more, in the workbooks that ``ledger`` and ``points`` read.


def _junk_below_the_header(path: Path, book: bytes) -> None:
    header, _, rest = parts(book)[SHEET].partition(b"</row>")
    junk = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>' * 250_000
    path.write_bytes(tampered({SHEET: header + b"</row>" + junk + rest[rest.index(b"</sheetData>") :]}, book))


def _many_merged(path: Path, book: bytes) -> None:
    content = parts(book)[SHEET].replace(
        b"</sheetData>",
        b"</sheetData><mergeCells>" + b'<mergeCell ref="A2:A3"/>' * 300_000 + b"</mergeCells>",
    )
    path.write_bytes(tampered({SHEET: content}, book))


HEADER = (2, "表头应为")
FILLED_IN = {  # what becomes of each: the exit code and words of the message
    **{name: (make, 2, words) for name, (make, rule, words) in BOMBS.items() if rule},
    "million-columns.csv": (_million_columns_csv, 2, "只读 .xlsx 工作簿"),
    "wide-and-long.csv": (_wide_and_long, 2, "只读 .xlsx 工作簿"),
    "lying-dimension.xlsx": (_lying_dimension, *HEADER),
    "many-styled-cells.xlsx": (_many_styled_cells, *HEADER),
    "junk-below-the-header.xlsx": (_junk_below_the_header, 2, "不能空着"),
    "many-merged.xlsx": (_many_merged, 2, "合并的单元格超过 10000 处"),
    "sound.xlsx": (Path.write_bytes, 0, ""),
}
MAKERS = {
    "ledger": lambda tables: three_lists_book.write(model.example(model.rules(tables))),
    "points": lambda tables: takeaways.make(tables)["s18-points-example.xlsx"],
}
LITTLE, SHORT = 250 << 20, 2  # bytes held at most, CPU seconds for one file
_COMMANDS = """
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]),) * 2)
from pathlib import Path
from click.testing import CliRunner
from figurebook.cli.main import cli
told = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    start = time.process_time()
    done = CliRunner().invoke(cli, [sys.argv[2], str(path)])
    told[path.name] = {"code": done.exit_code, "output": done.output, "seconds": time.process_time() - start}
held, = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
told["held"] = int(held.split()[1]) * 1024
print(json.dumps(told))
"""


@pytest.fixture(scope="module", params=MAKERS)
def refusals(request, tmp_path_factory):
    """What a process with little memory says when a command is to read each bomb."""
    folder = tmp_path_factory.mktemp(request.param)
    book = MAKERS[request.param](Tables.load())
    for bomb, (make, *_) in FILLED_IN.items():
        make(folder / bomb, book)
    before = state(folder)
    run = subprocess.run(
        [sys.executable, "-c", _COMMANDS, str(folder), request.param, str(MEMORY)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert run.returncode == 0, run.stderr
    assert state(folder) == before
    return json.loads(run.stdout)


@pytest.mark.parametrize("name", FILLED_IN)
def test_a_bomb_to_be_filled_in_is_refused_in_little_memory_and_time(name, refusals):
    _, code, words = FILLED_IN[name]
    told = refusals[name]
    assert told["code"] == code, told["output"]
    assert words in told["output"]
    assert "Traceback" not in told["output"]
    assert told["seconds"] < SHORT
    assert len(told["output"].splitlines()) < 200


def test_no_bomb_to_be_filled_in_takes_much_memory(refusals):
    assert refusals["held"] < LITTLE
