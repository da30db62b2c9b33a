"""The scan of everything to be published finds a canary in every kind of file, and names none."""

import base64
import gzip
import html
import io
import json
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import rc_context
from matplotlib.figure import Figure
from openpyxl import Workbook
from openpyxl.comments import Comment
from support.canaries import CANARY, LIMITS, identity, mobile

from figurebook.privacy.folding import folded, searchable
from figurebook.privacy.output_scan import scan_personal

KIND = "poor_households.id"
WORDS = {
    "html text": ("a.html", "<p>{}</p>"),
    "html attribute": ("a.html", '<p title="{}">x</p>'),
    "html comment": ("a.html", "<!-- {} -->"),
    "script": ("a.html", "<script>x='{}'</script>"),
    "svg": ("a.svg", "<svg><text>{}</text></svg>"),
    "css": ("a.css", "a::after {{content: '{}'}}"),
    "svg description": ("a.svg", "<svg><dc:description>[&quot;{}&quot;]</dc:description></svg>"),
    "search index": ("search-index.js", 'window.searchIndex = [["","\\n{}户"]]'),
    "sitemap": ("a.xml", "<loc>{}</loc>"),
    "csv": ("a.csv", "编号\x2c人数\n{},4\n"),
    "ics": ("a.ics", "SUMMARY:{}\r\n"),
    "_sources notebook": ("_sources/a.ipynb", '{{"source": ["x = \\"{}\\"\\n"]}}'),
    "_sources page": ("_sources/a.md", "- {}\n"),
    "text": ("robots.txt", "{}"),
    "no ending": ("CNAME", "{}"),
    "json": ("figures.json", '["{}"]'),
    "name of a file": ("{}.png", ""),
    "binary": ("a.png", "\0\3tEXt {} \0"),
}
SPLIT = [
    ("html", CANARY[:9] + "<wbr>" + CANARY[9:]),
    ("html", f"<b>{CANARY[:3]}</b>{CANARY[3:]}"),
    ("html", CANARY.replace("-", "&nbsp;")),
    ("html", CANARY.replace("-", "&#8209;")),
    ("html", "".join(f"&#{ord(c)};" for c in CANARY)),
    ("html", CANARY.replace("-", "-\u200b")),
    ("html", CANARY[:8] + "&shy;" + CANARY[8:]),
    ("html", CANARY.lower()),
    ("json", "".join(f"\\u{ord(c):04x}" for c in CANARY)),
    ("js", "".join(f"\\x{ord(c):02x}" for c in CANARY)),
    ("js", "".join(f"\\u{{{ord(c):x}}}" for c in CANARY)),
    ("html", "".join(f"%{ord(c):02x}" for c in CANARY)),
    ("html", html.escape("".join(f"\\u{ord(c):04x}" for c in CANARY))),
    ("txt", quote(CANARY)),
    ("txt", "".join(chr(ord(c) + 0xFEE0) if c != "-" else c for c in CANARY)),
    ("html", "data:image/svg+xml;base64," + base64.b64encode(f"<svg>{CANARY}</svg>".encode()).decode()),
]


def faults(path: Path, *values: str) -> list[str]:
    found = scan_personal(path, {KIND: set(values or (CANARY,))}, LIMITS).faults
    contents = [fault.partition("：")[2] for fault in found]
    assert not any(v in told for told in contents for v in (*values, CANARY))
    return found


def one(path: Path, name: str, content: str | bytes) -> Path:
    file = path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(("value", "kind"), [(CANARY, KIND), (identity(), "身份证号"), (mobile(), "手机号")])
@pytest.mark.parametrize("where", WORDS)
def test_each_kind_of_text_is_read(tmp_path, where, value, kind):
    name, text = (
        part.replace("{{", "\1")
        .replace("}}", "\2")
        .replace("{}", value)
        .replace("\1", "{")
        .replace("\2", "}")
        for part in WORDS[where]
    )
    assert faults(one(tmp_path, name, text)) == [f"{name}：含有个人信息（{kind}）"]


@pytest.mark.parametrize("where", WORDS)
def test_nothing_is_found_where_nothing_is(tmp_path, where):
    name, text = (part.replace("{}", "CANARY-7Q2X-00012") for part in WORDS[where])
    assert faults(one(tmp_path, name, text)) == []


@pytest.mark.parametrize(("ending", "text"), SPLIT)
def test_a_value_written_otherwise_is_found(tmp_path, ending, text):
    assert faults(one(tmp_path, f"a.{ending}", f"<p>{text}</p>")) == [f"a.{ending}：含有个人信息（{KIND}）"]


def test_every_fault_is_told_once_a_file_and_kind(tmp_path):
    one(tmp_path, "a.html", f"{CANARY} {CANARY} {identity()} {mobile()}")
    one(tmp_path, "b/c.csv", CANARY)
    assert faults(tmp_path) == [
        f"{f}：含有个人信息（{k}）"
        for f, k in (("a.html", KIND), ("a.html", "手机号"), ("a.html", "身份证号"), ("b/c.csv", KIND))
    ]


def workbook(place: str) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet["A1"] = CANARY if place == "cell" else "编号"
    if place == "comment":
        sheet["A1"].comment = Comment(CANARY, "x")
    if place == "docProps":
        book.properties.creator = CANARY
    if place == "sheet name":
        sheet.title = CANARY
    if place == "hidden sheet":
        hidden = book.create_sheet("b")
        hidden.sheet_state = "hidden"
        hidden["B2"] = CANARY
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("place", ["cell", "comment", "docProps", "sheet name", "hidden sheet", "nowhere"])
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_workbook_is_opened_also_in_an_archive(tmp_path, place, wrapped):
    content, name = workbook(place), "a.xlsx"
    if wrapped:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("html/files/a.xlsx", content)
        content, name = out.getvalue(), "usb.zip"
    expected = [] if place == "nowhere" else [f"{name}：含有个人信息（{KIND}）"]
    assert faults(one(tmp_path, name, content) / name) == expected


def test_the_runs_of_rich_text_in_a_workbook_are_read_as_one(tmp_path):
    runs = f"<si><r><t>{CANARY[:9]}</t></r><r><rPr><b/><sz val='11'/></rPr><t>{CANARY[9:]}</t></r></si>"
    assert faults(one(tmp_path, "sharedStrings.xml", runs))
    assert not faults(one(tmp_path, "sharedStrings.xml", runs.replace("</r><r>", "</r></si><si><r>")))


def test_compressed_files_and_inventories_are_inflated(tmp_path):
    import zlib

    one(tmp_path, "a.csv.gz", gzip.compress(f"编号\n{CANARY}\n".encode()))
    one(tmp_path, "objects.inv", b"# zlib.\n" + zlib.compress(CANARY.encode()))
    assert faults(tmp_path) == [f"{n}：含有个人信息（{KIND}）" for n in ("a.csv.gz", "objects.inv")]


def printed(text: str = "x", **metadata) -> bytes:
    figure, out = Figure(), io.BytesIO()
    with rc_context({"pdf.fonttype": 42}):
        figure.text(0.1, 0.5, text)
        figure.savefig(out, format="pdf", metadata=metadata)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (printed(CANARY), True),
        (printed(CANARY.replace("7", "7\n")), True),
        (printed(Title=CANARY), True),
        (printed(Keywords=CANARY), True),
        (printed(), False),
    ],
)
def test_a_pdf_is_read_text_and_information(tmp_path, content, found):
    assert bool(faults(one(tmp_path, "book.pdf", content) / "book.pdf")) == found


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", printed()[:900]),
        ("a.xlsx", workbook("cell")[:900]),
        ("a.gz", gzip.compress(b"x" * 99, mtime=0)[:20]),
    ],
)
def test_what_cannot_be_read_is_a_fault(tmp_path, name, content):
    [fault] = faults(one(tmp_path, name, content))
    assert fault.startswith(f"{name}：读不出")


def test_archives_in_archives_are_opened_so_far_and_no_further(tmp_path):
    content = workbook("cell")
    for _ in range(5):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("inner.zip", content)
        content = out.getvalue()
    assert "套得太深" in faults(one(tmp_path, "a.zip", content))[0]


@pytest.mark.parametrize(
    "text",
    [
        "sha256:" + "0123456789abcdef" * 4,
        "610626001203 4 600550",
        '<path d="M 12345678.5 610626190001010010.25"/>',
        f"{identity(right=False)}",
        "1483228800000",
        "20170714",
    ],
)
def test_other_long_numbers_are_no_findings(tmp_path, text):
    assert faults(one(tmp_path, "a.html", text), "12345678") == []


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("甲乙丙", True),
        ("甲乙", False),
        ("1234567", False),
        ("12345678", True),
        ("H0001", False),
        ("H00001", True),
    ],
)
def test_values_too_short_are_counted_and_not_searched(tmp_path, value, found):
    one(tmp_path, "a.html", f"<p>访{value}谈 {value} </p>")
    result = scan_personal(tmp_path, {KIND: {value}}, LIMITS)
    assert (len(result.faults), result.searched, result.passed) == (found, found, not found)
    assert searchable(folded(value), LIMITS) == found


@given(st.text("AB12甲-&<\\%é", min_size=1, max_size=12), st.sampled_from(["html", "json", "csv"]))
def test_a_value_however_it_is_made_is_found_in_its_own_files(tmp_path_factory, value, ending):
    text = {"html": f"<p>{html.escape(value)}</p>", "json": json.dumps([value]), "csv": f"a,{value}\n"}[
        ending
    ]
    site = one(tmp_path_factory.mktemp("site"), f"a.{ending}", text)
    result = scan_personal(site, {KIND: {value}}, LIMITS)
    assert len(result.faults) == result.searched


def test_the_cost_does_not_grow_with_the_values(tmp_path):
    one(tmp_path, "a.csv", "\n".join(f"H{i:07},x" for i in range(2000)))
    values = {KIND: {f"G{i:07}" for i in range(200_000)}}
    found = scan_personal(tmp_path, values, LIMITS)
    assert (found.faults, found.searched) == ([], 200_000)


def test_digits_in_what_a_theme_brings_are_no_number_but_a_value_is_found_there_too(tmp_path):
    one(tmp_path, "_static/vendor/fonts/a.ttf", f"\1{mobile()}\2 {CANARY}")
    assert scan_personal(tmp_path, {}, {}).faults == []
    assert len(scan_personal(tmp_path, {KIND: {CANARY}}, LIMITS).faults) == 1
    one(tmp_path, "_static/a.ttf", mobile())
    assert len(scan_personal(tmp_path, {}, {}).faults) == 1
