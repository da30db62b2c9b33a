"""Fuzz the readers of an office's files, guided by coverage. CI does not run it.

    uv pip install --python .venv/bin/python atheris
    .venv/bin/python -m benchmarks.fuzz_intake [SECONDS]

Every input is written as a real file. ``read_grids`` reads it as CSV, as XLSX, or as changes to one part of a
sound workbook: the sheet, its strings, styles, list of sheets, or the links between parts. A change says
where, how many bytes go, how many come, and which. Or the input is changes to one of our own registers. It
then goes all the way: read, checked, searched for personal data and, without a problem, put in the register's
place.

The run ends at an exception, at something other than grids, notes and problems, or at an input of more than
ten seconds. Then libFuzzer's report is printed and the input lies in ``_build/fuzz/``. That directory also
keeps the inputs that reached new code; the next run starts from them. ``atheris`` is no requirement of the
book: it has wheels for few platforms.
"""

from __future__ import annotations

import functools
import io
import sys
import tempfile
import zipfile
from collections.abc import Collection, Iterable
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
with atheris.instrument_imports(include=["figurebook"]):
    from figurebook.datapackage.problems import Problem
    from figurebook.datapackage.tables import Tables
    from figurebook.office.accept import accept, check_office_files
    from figurebook.office.lay_over import with_office_tables
    from figurebook.office.recognise.sheets import givable
    from figurebook.spreadsheets.reading import xlsx_workbook  # noqa: F401  (imported late by read_grids, so here for its coverage)
    from figurebook.spreadsheets.reading.grid import Grid, Note
    from figurebook.spreadsheets.reading.grids import read_grids

OUT = ROOT / "_build" / "fuzz"
PARTS = [
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "_rels/.rels",
]
LONGEST = 10  # seconds for one input


@functools.cache
def sound() -> dict[str, bytes]:
    """The parts of a small workbook, its texts shared as Excel writes them."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["id", "day", "n"], ["H1", "=1+1", 2.5]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    end = b"</Relationships>"
    link = b'<Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/>'
    return parts | {
        "xl/_rels/workbook.xml.rels": parts["xl/_rels/workbook.xml.rels"].replace(end, link + end),
        "xl/sharedStrings.xml": (
            b"<sst><si><t>id</t></si><si><r><t>a_x000D_</t></r><rPh><t>b</t></rPh></si></sst>"
        ),
        "xl/worksheets/sheet1.xml": (
            b'<worksheet><cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="1">'
            b'<c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>x</t></is></c></row>'
            b'<row r="3" hidden="1"><c r="A3" t="s"><v>1</v></c><c r="B3" s="1"><f>1+1</f><v>42582.5</v></c>'
            b'<c r="C3" t="d"><v>2016-07-31</v></c><c r="D3" t="b"><v>1</v></c>'
            b'<c r="E3" t="e"><v>#N/A</v></c></row></sheetData>'
            b'<mergeCells><mergeCell ref="A3:A4"/></mergeCells></worksheet>'
        ),
        "xl/styles.xml": (
            b'<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[h]:mm"/></numFmts>'
            b'<cellXfs><xf numFmtId="9"/><xf numFmtId="31"/><xf numFmtId="170"/></cellXfs></styleSheet>'
        ),
    }


def seeds() -> list[bytes]:
    """Inputs to begin with; the first byte of each gives its kind."""
    tables = ["id,n\nH1,3\n", '"a\nb",c\n\n1,2\n', "a\tb\n1\t2\n", "title\nid,n\n1,2,\n3\n"]
    return [
        *(
            b"\0" + text.encode(encoding)
            for text in [*tables, "编号\x2c村\n甲\x2c乙\n"]
            for encoding in ("utf-8-sig", "gb18030")
        ),
        b"\1" + packed(sound()),
        *(bytes([2 + i, 0, 99, 0, 1]) + b" " for i in range(len(PARTS))),
        *(bytes([2 + len(PARTS), i, 0, 0, 0, 0]) for i in range(len(registers()))),
    ]


@functools.cache
def own() -> Tables:
    return Tables.load()


@functools.cache
def registers() -> list[tuple[str, bytes]]:
    """Name and first lines of every table that an office can put in."""
    return [
        (name, b"".join(((ROOT / "data") / r["path"]).read_bytes().splitlines(keepends=True)[:12]))
        for name, r in givable(own().package).items()
    ]


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip of these parts, stored, so that a changed byte is a changed part."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def spliced(content: bytes, changes: bytes) -> bytes:
    """The content after changes.

    A change begins with two bytes of place and two counts of one byte: the bytes that go, and those that
    come. Then follow the bytes that come.
    """
    while len(changes) > 3:
        at, gone, come = int.from_bytes(changes[:2]) % (len(content) + 1), changes[2], changes[3]
        content = content[:at] + changes[4 : 4 + come] + content[at + gone :]
        changes = changes[4 + come :]
    return content


def one_input(data: bytes, folder: Path) -> None:
    """Read one input; its first byte gives the kind of the others."""
    kind, content = (data[0] if data else 0) % (3 + len(PARTS)), data[1:]
    if kind == 2 + len(PARTS):
        one_register(content, folder)
        return
    path = folder / ("t.xlsx" if kind else "t.csv")
    if kind > 1:
        content = packed({**sound(), PARTS[kind - 2]: spliced(sound()[PARTS[kind - 2]], content)})
    path.write_bytes(content)
    grids, notes, problems = read_grids(path)
    if not all(isinstance(grid, Grid) for grid in grids):
        raise AssertionError(f"not all grids: {grids}")
    check_result(grids, notes, problems)


def one_register(data: bytes, folder: Path) -> None:
    """Check a changed register, chosen by the first byte; without problems, put it in."""
    name, content = registers()[(data[0] if data else 0) % len(registers())]
    path = folder / f"{name}.csv"
    path.write_bytes(spliced(content, data[1:]))
    intake, problems = check_office_files(path, own().package, own().text)
    check_result(intake.tables, intake.notes, problems)
    if not problems:
        laid = with_office_tables(own(), accept(path, own().package, own().text))
        if any(
            len(getattr(laid, table_name).frame) != len(table.frame)
            for table_name, table in intake.tables.items()
        ):
            raise AssertionError("rows were lost")


def check_result(contents: Collection, notes: Iterable, problems: Iterable) -> None:
    """Check that there are contents or problems, and that all can be printed.

    AssertionError, too, for a note or a problem that is of another kind.
    """
    if not all(isinstance(note, Note) for note in notes):
        raise AssertionError(f"not all notes: {notes}")
    if not all(isinstance(problem, Problem) for problem in problems):
        raise AssertionError(f"not all problems: {problems}")
    if not (contents or problems) or not all(str(problem).isprintable() for problem in problems):
        raise AssertionError(f"nothing is told, or not in print: {problems}")


def main(seconds: int) -> None:
    """Fuzz for some time; the process ends with libFuzzer's own exit code."""
    corpus = OUT / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for i, seed in enumerate(seeds()):
        (corpus / f"seed-{i}").write_bytes(seed)
    with tempfile.TemporaryDirectory() as folder:
        atheris.Setup(
            [
                sys.argv[0],
                f"-max_total_time={seconds}",
                f"-timeout={LONGEST}",
                "-rss_limit_mb=1500",
                "-max_len=20000",
                "-len_control=0",
                f"-artifact_prefix={OUT}/",
                "-print_final_stats=1",
                str(corpus),
            ],
            lambda data: one_input(data, Path(folder)),
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
