"""The article is paraphrased, not reprinted: no tracked file shares a sentence's worth of it."""

import csv
import functools
import io
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.project import ROOT

LENGTH = 12
NAMES = ["乡镇流动党员管理服务中心"]  # an institution has one name
REMAINS = 2  # a term cut off by the end of a run
HAN = re.compile("[\u3400-\u9fff]")
ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def characters(text: str) -> str:
    """The Chinese characters alone: punctuation, markup and line breaks do not hide a sentence."""
    return "".join(HAN.findall(ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), text)))


@functools.cache
def shingles(article: str) -> set[str]:
    article = characters(article)
    return {article[i : i + LENGTH] for i in range(len(article) - LENGTH + 1)}


def borrowed(text: str, article: str, terms: list[str]) -> list[str]:
    """Runs of LENGTH or more characters that both texts have, unless made of ``terms``."""
    text, known = characters(text), shingles(article)
    runs, end = [], -1
    for i in range(len(text) - LENGTH + 1):
        if text[i : i + LENGTH] in known:
            if i > end - LENGTH + 1:
                runs.append([i, i])
            end = runs[-1][1] = i + LENGTH
    names = re.compile("|".join(map(re.escape, sorted(terms, key=len, reverse=True))) or "(?!)")
    return [text[a:b] for a, b in runs if len(names.sub("", text[a:b])) > REMAINS]


def strings(value) -> Iterator[str]:
    """The strings of a JSON value; a list of strings is one text, as notebooks write it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(v, str) for v in value):
        yield "".join(value)
    elif isinstance(value, (dict, list)):
        for v in value.values() if isinstance(value, dict) else value:
            yield from strings(v)


def passages(path: Path) -> list[str]:
    """The texts a file holds: cells and strings apart, since their order is no wording."""
    text = path.read_bytes().decode("utf-8", errors="ignore")
    if path.suffix in {".json", ".ipynb"}:
        return list(strings(json.loads(text)))
    if path.suffix == ".csv":
        return [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    return [text]


@pytest.fixture(scope="module")
def terms(tables) -> list[str]:
    """What may be repeated: the names of the mechanisms and of their parts."""
    parts = [p for listed in tables.systems.frame["parts"].dropna() for p in listed.split("、")]
    return [characters(t) for t in (*NAMES, *tables.terms.frame["term"], *tables.parts.frame["part"], *parts)]


def test_no_tracked_file_borrows_from_the_article(interview, terms):
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    paths = [ROOT / name for name in listed.decode().split("\0") if name]
    assert ROOT / "data" / "interview" / "figures.csv" in paths
    found = {
        str(p.relative_to(ROOT)): runs
        for p in paths
        if p.is_file() and (runs := [r for text in passages(p) for r in borrowed(text, interview, terms)])
    }
    assert found == {}


def test_the_article_would_be_found_in_itself(interview, terms):
    for start in range(0, len(interview) - 200, 200):
        assert borrowed("引文\n" + interview[start : start + 200], interview, terms)


ARTICLE = "阅览室每逢周末开放到晚上九点，馆员轮流值守，并替读者把借出的图书逐本登记在册。"
QUOTE = "馆员轮流值守，并替读者把借出的"  # 14 characters


@pytest.mark.parametrize(
    "text",
    [
        QUOTE,
        f"文中说“{QUOTE}”等等",
        QUOTE.replace("，", "**\n> "),
        "馆员轮流值守并替读者把借",
        QUOTE.encode("unicode_escape").decode(),
        "馆员 轮流 值守 2016 并替 <b>读者</b> 把 借出的",
    ],
    ids=["bare", "inside", "with markup", "twelve", "escaped", "with other things between"],
)
def test_the_finder_finds_a_borrowed_run(text):
    [run] = borrowed(text, ARTICLE, [])
    assert run in characters(ARTICLE)
    assert len(run) in {12, 14}


@pytest.mark.parametrize(
    "text",
    ["", "馆员轮流值守并替读者把", "馆员轮流值守，代读者把借出的图书登记", "晚上九点馆员", "abc 2016"],
    ids=["empty", "eleven", "reworded", "short", "no Chinese"],
)
def test_the_finder_leaves_other_texts_alone(text):
    assert borrowed(text, ARTICLE, []) == []


def test_the_finder_excuses_terms_and_nothing_beside_them():
    assert borrowed(QUOTE, ARTICLE, ["馆员轮流值守", "并替读者把借出的"]) == []
    assert borrowed("九点" + QUOTE, ARTICLE, ["馆员轮流值守", "并替读者把借出的"]) == []
    assert borrowed(QUOTE, ARTICLE, ["馆员轮流值守"]) == [characters(QUOTE)]
    assert borrowed(QUOTE, ARTICLE, ["馆员轮流值守", "替读者把借"]) == [characters(QUOTE)]


def test_the_finder_tells_two_runs_apart():
    text = "阅览室每逢周末开放到晚上九点。另一处又写：替读者把借出的图书逐本登记"
    assert borrowed(text, ARTICLE, []) == ["阅览室每逢周末开放到晚上九点", "替读者把借出的图书逐本登记"]


def test_a_passage_is_a_cell_or_a_string_and_a_notebook_s_lines_are_one(tmp_path):
    half, rest = QUOTE[:7], QUOTE[7:]
    apart, together = tmp_path / "a.json", tmp_path / "b.ipynb"
    apart.write_text(json.dumps({"title": half, "more": {"text": rest}}), encoding="utf-8")
    together.write_text(json.dumps({"cells": [{"source": [half, rest], "n": 1}]}), encoding="utf-8")
    (tmp_path / "c.csv").write_text(f"{half},{rest}\n{QUOTE},x\n", encoding="utf-8")
    (tmp_path / "d.md").write_text(f"{half}\n{rest}\n", encoding="utf-8")
    found = {
        p.name: [r for text in passages(p) for r in borrowed(text, ARTICLE, [])]
        for p in sorted(tmp_path.iterdir())
    }
    run = characters(QUOTE)
    assert found == {"a.json": [], "b.ipynb": [run], "c.csv": [run], "d.md": [run]}
