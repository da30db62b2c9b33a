"""The program holds no word of this county: no place, no person, no term of its interview, in any file."""

import json
import re
from pathlib import Path

import pytest
from support.project import DATA, ROOT, contents
from support.tables import read_rows

PLACES = {"wuqi", "吴起", "延安", "陕西"}
SHORTEST = 3  # characters; a shorter part of a system (村, 社区, 考核) is anybody's word


def column(table: str, *names: str, **where: str) -> set[str]:
    head, *rows = read_rows(DATA / f"{table}.csv")
    kept = [r for r in (dict(zip(head, row, strict=True)) for row in rows) if where.items() <= r.items()]
    return {row[name] for row in kept for name in names}


def county_words() -> set[str]:
    """The county's names and the terms of its text, in lower case, read from its tables."""
    source = json.loads((DATA / "interview" / "source.json").read_text(encoding="utf-8"))
    terms = column("interview/systems", "term") | column("interview/terms", "term", kind="name")
    parts = column("interview/parts", "part")
    parts |= {part for cell in column("interview/systems", "parts") for part in cell.split("、")}
    slugs = {slug for slug in column("interview/systems", "slug") if "-" in slug}
    divisions = column("published/divisions_2016", "name", "township_name")
    codes = {code[:6] for code in column("published/divisions_2016", "code")}
    found = PLACES | {*source["reporters"], source["column"]} | terms | codes
    found |= {part for part in parts if len(part) >= SHORTEST}
    found |= slugs | {slug.replace("-", "_") for slug in slugs}
    found |= divisions | {re.sub("(居委会|委会|办事处)$", "", name) for name in divisions}
    return {word.lower() for word in found - {""}}


def county_words_in(folder: Path) -> dict[str, list[str]]:
    """``{file: words of the county in it}``, of every file whatever its kind; a file's name counts too."""
    words = county_words()
    texts = {
        name: f"{name}\n{bytes_.decode(errors='replace')}".lower()
        for name, bytes_ in contents(folder).items()
    }
    return {name: hits for name, text in texts.items() if (hits := sorted(w for w in words if w in text))}


def test_the_program_holds_no_word_of_the_county():
    assert county_words_in(ROOT / "figurebook") == {}


def test_the_words_are_those_of_the_tables():
    words = county_words()
    assert len(words) > 250
    assert {"庙沟镇", "张坪村", "吴起街道", "610626", "三个清单", "三级联动", "四抓", "责任清单"} <= words
    assert {"three-lists", "three_lists", "全鑫超市"} <= words
    assert words.isdisjoint({"村", "社区", "考核", "一个"})
    title = json.loads((DATA / "interview" / "source.json").read_text(encoding="utf-8"))["title"]
    assert "吴起县" in title


@pytest.mark.parametrize("word", ["Wuqi", "吴起", "张坪村", "三个清单", "three_lists", "610626"])
@pytest.mark.parametrize(
    "name",
    [
        "cli/main.py",
        "site/templates/figure.html",
        "site/theme/static/book.css",
        "site/theme/static/book.js",
        "site/theme/theme.toml",
        "new/file.bin",
    ],
)
def test_a_word_of_the_county_is_found_in_any_kind_of_file(tmp_path, name, word):
    ours = ROOT / "figurebook" / name
    before = ours.read_bytes() if ours.is_file() else b"\xff"
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_bytes(before + word.encode())
    assert word.lower() in county_words_in(tmp_path)[name]


def test_a_word_of_the_county_is_found_in_the_name_of_a_file(tmp_path):
    (tmp_path / "three_lists.py").write_bytes(b"")
    assert county_words_in(tmp_path) == {"three_lists.py": ["three_lists"]}
