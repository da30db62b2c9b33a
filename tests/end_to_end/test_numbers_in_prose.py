"""A figure is changed in the registry: every page that states it follows, and none keeps the old value."""

import html
import re
from pathlib import Path

import pytest
from support.project import copy_project, replace_once, wuqi

FIGURE, OLD, NEW = "demonstration.sites", "346", "9,347"  # neither occurs by chance


def texts(site: Path) -> dict[str, str]:
    """What each page says: its text, and the attributes that readers hear or see.

    The contents list is left out: it is the same on every page, and has every figure.
    """
    found = {}
    for path in sorted(site.rglob("*.html")):
        page = path.read_text(encoding="utf-8")
        heard = re.findall(r'(?:content|data-card|aria-label|title|alt)="([^"]*)"', page)
        page = re.sub(r'<nav class="bd-links.*?</nav>', " ", page, flags=re.DOTALL)
        body = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
        found[path.relative_to(site).as_posix()] = html.unescape(body + " ".join(heard))
    return found


def saying(site: Path, value: str) -> set[str]:
    """The pages on which a value stands as a whole number."""
    number = re.compile(rf"(?<![\d,.a-f]){re.escape(value)}(?![\d,.]*\d)")
    return {name for name, text in texts(site).items() if number.search(text)}


COINCIDENCE = {"notebooks/systems/s12-incentives.html"}  # a made-up unit's score is the same number


@pytest.fixture(scope="module")
def changed(tmp_path_factory) -> Path:
    """The site made after one cell of the registry was changed."""
    project = copy_project(tmp_path_factory.mktemp("changed"))
    registry, plain = project / "data" / "interview" / "figures.csv", NEW.replace(",", "")
    replace_once(registry, f",{OLD},个,", f",{plain},个,")
    for command in ("registers", "seal", "book"):
        run = wuqi(project, command)
        assert run.returncode == 0, run.stdout + run.stderr
    return project / "_build" / "html"


def test_every_page_that_states_a_figure_follows_the_registry(site, changed):
    before = saying(site, OLD) - COINCIDENCE
    assert {
        "index.html",
        "book/interview.html",
        "book/register.html",
        "figures/demonstration-sites.html",
        "notebooks/03-demonstration.html",
    } <= before
    # The search page's example is the first figure that is written with a thousands separator.
    assert saying(changed, NEW) == before | {"search.html"}
    assert saying(changed, OLD) == COINCIDENCE


def test_what_is_derived_from_it_follows(site, changed):
    assert "3.8 个" in texts(site)["figures/demonstration-sites.html"]
    assert "102.7 个" in texts(changed)["figures/demonstration-sites.html"]


def test_a_value_left_behind_would_be_seen(changed, tmp_path):
    (tmp_path / "a.html").write_text(f"<p>{OLD} 个</p>", encoding="utf-8")
    (tmp_path / "b.html").write_text(f'<p data-card="甲|{OLD} 个">乙</p>', encoding="utf-8")
    (tmp_path / "c.html").write_text(f"<p>1{OLD} {OLD}.5 {OLD},000</p>", encoding="utf-8")
    assert saying(tmp_path, OLD) == {"a.html", "b.html"}
