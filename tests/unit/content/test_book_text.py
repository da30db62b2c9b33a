"""The prose of the book: no value typed by hand, full-width punctuation, one paragraph a line.

Each rule is a function from a text to its breaches, tried on sentences that break it as well.
"""

import ast
import csv
import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from support.project import DATA, ROOT, committed_notebooks, load_notebook, source
from support.tables import read_rows

from figurebook.datapackage.tables import Tables
from figurebook.figures.definitions import derived_quantities
from figurebook.interview.numerals import find_numerals

HAN = "\u3400-\u9fff"
WIDE = HAN + "\u3001\u3002\uff0c\uff1a\uff1b\uff01\uff1f\uff08\uff09\u201c\u201d\u300a\u300b\u2026"
HOLE = "\0"  # stands where code, a role or an address was
MEASURES = {"个": "个", "户": "户", "名": "人", "人": "人", "元": "元", "%": "%", "％": "%"}
# Escaped, for punctuation tools: 多余, 万, 个户名人元 and the full-width per cent sign.
_AFTER = re.compile(r"\s*[\u591a\u4f59]?\s*(\u4e07)?\s*([\u4e2a\u6237\u540d\u4eba\u5143%\uff05])")


def prose(text: str) -> str:
    """A page without what is not prose; the lines stay where they are."""
    text = re.sub(r"(?m)^(```+)(\{)?.*\n([\s\S]*?)^\1\s*$", _unfenced, text)
    text = re.sub(r"(?m)^(?:```+|:::+).*$|^:[\w-]+:.*$|^\([\w-]+\)=$", "", text)
    text = re.sub(r"(\{[\w-]+\})?(`+)[^`\n]+?\2", HOLE, text)
    text = re.sub(r"\]\([^)\s]*\)", f"]{HOLE}", text)
    text = re.sub(r"<[^<>\n]+>|https?://[\w./?=&%#~-]+", HOLE, text)
    return text.replace("*", "")


def _unfenced(block: re.Match) -> str:
    """A directive without its fences; nothing of a listing but its lines."""
    return f"\n{block[3]}\n" if block[2] else "\n" * block[0].count("\n")


def pages() -> dict[str, str]:
    """The Markdown that is published: the pages and the notebooks' cells."""
    found = {f"book/{p.name}": p.read_text(encoding="utf-8") for p in sorted((ROOT / "book").glob("*.md"))}
    for path in committed_notebooks():
        cells = [source(c) for c in load_notebook(path)["cells"] if c["cell_type"] == "markdown"]
        found[f"notebooks/{path.name}"] = "\n\n".join(cells)
    return found


def templates() -> dict[str, str]:
    """The text of the templates: what stands between tags, with a hole for each value and statement."""
    unseen = r"(?s)<style.*?</style>|<script.*?</script>|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]+>"
    return {
        p.name: re.sub(unseen, HOLE, p.read_text(encoding="utf-8"))
        for p in sorted((ROOT / "figurebook" / "site").rglob("*.html"))
    }


def other_texts() -> dict[str, str]:
    """Text that readers meet elsewhere: the project's own pages."""
    return {p.name: p.read_text(encoding="utf-8") for p in sorted(ROOT.glob("*.md"))}


def cells_of_tables() -> Iterator[tuple[str, str]]:
    for path in sorted(DATA.rglob("*.csv")):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))):
            yield from ((path.name, cell) for cell in row)
    for path in sorted(DATA.rglob("*.json")):
        yield from ((path.name, text) for text in strings(json.loads(path.read_text(encoding="utf-8"))))


def strings(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def messages() -> Iterator[tuple[str, str]]:
    """The strings of the code, without docstrings and patterns: what commands and pages say."""
    for path in sorted(p for name in ("figurebook", "wuqi") for p in (ROOT / name).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documentation = {
            id(n.body[0].value)
            for n in ast.walk(tree)
            if isinstance(n, (ast.Module, ast.ClassDef, ast.FunctionDef))
            and n.body
            and isinstance(n.body[0], ast.Expr)
        }
        patterns = {
            id(part)
            for n in ast.walk(tree)
            if isinstance(n, ast.Call) and n.args and ast.unparse(n.func).startswith("re.")
            for part in ast.walk(n.args[0])
        }
        for node in ast.walk(tree):
            said = getattr(node, "value", None)
            if isinstance(said, str) and re.search(r"\w", said) and id(node) not in documentation | patterns:
                yield path.name, said


def registered() -> set[tuple[Decimal, str]]:
    """Every figure's value with the kind of its measure word, read without the code under test."""
    head, *rows = read_rows(DATA / "interview" / "figures.csv")
    value, unit = head.index("value"), head.index("unit")
    return {(Decimal(r[value]), MEASURES[r[unit]]) for r in rows}


def derived_values() -> set[tuple[Decimal, str]]:
    """The same of what is derived from the figures, as the pages print it."""
    return {
        (Decimal(d.text.split()[0].replace(",", "")), MEASURES[d.unit])
        for d in derived_quantities(Tables.load()).values()
    }


def typed_values(text: str) -> list[str]:
    """The registered values that stand in a text as numerals, with a little of what follows."""
    known, clean = registered() | derived_values(), prose(text)
    found = []
    for numeral in find_numerals(clean):
        percent = re.search(r"百分之$", clean[: numeral.start])
        match = _AFTER.match(clean, numeral.end)
        bare = numeral.text in ("\u4e07", "\u4ebf")  # 万 and 亿 belong to the digits before them
        if numeral.value is None or bare or not (match or percent):
            continue
        value = numeral.value * (10**4 if match and match[1] else 1)
        if (value, "%" if percent else MEASURES[match[2]]) in known:
            found.append(clean[numeral.start : numeral.end + 8].split("\n")[0])
    return found


def half_width(text: str) -> list[str]:
    """Half-width punctuation beside a Chinese character, and brackets of which one is half-width."""
    hits = [
        text[max(0, m.start() - 6) : m.end() + 6]
        for m in re.finditer(rf"(?<=[{WIDE}])[,:;!?()]|[,:;!?()](?=[{WIDE}])", text)
    ]
    opened: list[tuple[str, int]] = []
    for m in re.finditer("[()\uff08\uff09]|\n\n", text):
        if m[0] == "\n\n":
            opened.clear()
        elif m[0] in "(\uff08":
            opened.append((m[0], m.start()))
        elif opened and opened.pop()[0] + m[0] not in ("()", "\uff08\uff09"):
            hits.append(text[max(0, m.start() - 10) : m.end()])
    return hits


def broken_paragraphs(text: str) -> list[str]:
    """Line breaks within a paragraph between Chinese characters: browsers make blanks of them."""
    return re.findall(rf"[{WIDE}{HOLE}]\n *[{WIDE}{HOLE}][^\n]{{0,8}}", prose(text))


@pytest.mark.parametrize("name", pages() | templates())
def test_no_registered_value_is_typed_by_hand(name):
    assert typed_values((pages() | templates())[name]) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "贫困人口 13,540 人。",
        "贫困人口13540人。",
        "一万三千五百四十人",
        "贫困户五千一百一十五户",
        "培训经费 100 万元",
        "每年100万元",
        "一百万元",
        "1,000,000 元",
        "增长 13.9%",
        "增长 13.9 %",
        "增长13.9％",
        "增长百分之13.9",
        "党员 4,000 多名",
        "四千多名党员",
        "党员4000余人",
        "九十一个村",
        "全县 91 个村",
        "**91** 个村",
        "| 村 | 91 个 |",
        "- 新提拔四十一名",
        "每人每天 50 元",
        "每人每天五十元",
        "户均 2.65 人",
        "合计 273 万元",
        "```{note}\n全县 91 个村。\n```",
        "```{words} BASES\n```\n\n全县 91 个村。\n\n```{words} RESULTS\n```",
        ":::{note}\n全县 91 个村。\n:::",
    ],
)
def test_a_typed_value_would_be_found(sentence):
    assert len(typed_values(f"开头。\n\n{sentence}\n")) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "三十个数字",
        "{num}`staffing.villages`村",
        "`91 个`",
        "```\n91 个村\n```",
        "```sh\necho 91 个\n```",
        "2016 年",
        "第 91 页",
        "92 个村",
        "贫困人口 13,541 人",
        "91 户",
        "[91](x.md)",
        "见 [页](91个.md)",
    ],
)
def test_what_is_no_typed_value_is_let_be(sentence):
    assert typed_values(f"开头。\n\n{sentence}\n") == []


@pytest.mark.parametrize("name", pages() | other_texts() | templates())
def test_punctuation_beside_chinese_is_full_width(name):
    assert half_width(prose((pages() | other_texts() | templates())[name])) == []


def test_the_templates_have_text_to_look_at():
    assert "据访谈" in templates()["figure.html"]
    assert "{{" not in "".join(templates().values())


def test_punctuation_in_the_data_is_full_width():
    texts = list(cells_of_tables())
    assert len(texts) > 1000
    assert [(name, hit) for name, text in texts for hit in half_width(text)] == []


def test_punctuation_in_what_the_code_says_is_full_width():
    texts = list(messages())
    assert any("用法不对" in text for _, text in texts)
    assert [(name, hit) for name, text in texts for hit in half_width(text)] == []


@pytest.mark.parametrize("mark", list(",:;!?()"))
@pytest.mark.parametrize("place", ["甲{}", "{}甲", "**甲**{} x", "甲{}`code`"])
def test_half_width_punctuation_would_be_found(mark, place):
    assert half_width(prose("前文。\n\n" + place.format(mark))) != []


@pytest.mark.parametrize("text", ["MIT(`LICENSE`\uff09", "\uff08`a`)", "\u7532\uff08\u4e59) x"])
def test_mixed_brackets_would_be_found(text):
    assert half_width(prose(text)) != []


@pytest.mark.parametrize(
    "text",
    [
        "甲，乙：丙（丁）。",
        "`\u7532,\u4e59`",
        "[甲](x.md)",
        "English, with: (all) of it!",
        "{num}`a.b`，甲",
        "13,540 人",
        "9:30",
        "(own-tables)=",
        "见 <https://a.b/?c>",
    ],
)
def test_other_punctuation_is_let_be(text):
    assert half_width(prose(text)) == []


@pytest.mark.parametrize("name", pages() | other_texts())
def test_a_paragraph_is_one_line(name):
    assert broken_paragraphs((pages() | other_texts())[name]) == []


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("甲乙\n丙丁", True),
        ("甲乙，\n丙丁", True),
        ("- 甲乙\n  丙丁", True),
        ("{num}`a`\n丙丁", True),
        ("甲乙\n\n丙丁", False),
        ("甲\n- 乙", False),
        ("# 甲\n\n乙", False),
        ("| 甲 |\n| 乙 |", False),
        ("```\n甲\n乙\n```", False),
    ],
)
def test_a_broken_paragraph_would_be_found(text, broken):
    assert bool(broken_paragraphs(text)) is broken


@pytest.mark.parametrize("path", sorted((ROOT / "book").glob("*.md")), ids=lambda p: p.stem)
def test_a_page_says_what_it_covers(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line.startswith("本页涉及")]
    assert len(told) == (0 if path.stem == "home" else 1)
    assert path.stem == "home" or lines.index(told[0]) < 5
