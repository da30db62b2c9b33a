"""What the site offers beside its pages, read as a program would read it."""

import csv
import io
import json
import re
from urllib.parse import urldefrag
from xml.etree import ElementTree

import pytest
from support.project import ROOT, wuqi

from figurebook.datapackage.bases import BASES
from figurebook.figures.vocabulary import RELATIONS, RESULTS
from figurebook.site.pages.site_files import COLUMNS, front_door, sitemap


@pytest.fixture(scope="module")
def listed(site) -> dict:
    return json.loads((site / "figures.json").read_text(encoding="utf-8"))


def test_the_figures_are_those_of_verify(listed):
    said = json.loads(wuqi(ROOT, "verify", "--json").stdout)
    assert [{k: f[k] for k in said["figures"][0]} for f in listed["figures"]] == said["figures"]
    assert listed["summary"] == said["summary"]


def test_every_figure_has_its_axes_its_page_and_its_publications(listed, site, tables):
    for figure in listed["figures"]:
        assert figure["result"] in RESULTS
        assert figure["basis"] in BASES
        assert figure["corroboration"] in RELATIONS
        assert (site / figure["page"]).is_file()
        assert bool(figure["published"]) == (figure["corroboration"] != "none_found")
    assert sum(len(f["published"]) for f in listed["figures"]) == len(tables.corroboration.frame)


def test_the_table_opens_in_excel_and_says_the_same(listed, site):
    data = (site / "figures.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 31
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert list(rows[0]) == list(COLUMNS)
    assert [{c: str(f[c]) for c in COLUMNS} for f in listed["figures"]] == rows


def test_the_front_door_is_the_home_page_with_links_that_work_from_the_top(site):
    home = (site / "book" / "home.html").read_text(encoding="utf-8")
    top = (site / "index.html").read_text(encoding="utf-8")
    assert re.sub("<[^>]+>", "", top) == re.sub("<[^>]+>", "", home)
    links = {urldefrag(x)[0].split("?")[0] for x in re.findall(r'(?:href|src|action)="([^"]+)"', top)}
    local = {link for link in links if link and not link.startswith(("http", "data:"))}
    assert len(local) > 50
    assert [link for link in local if not (site / link).is_file()] == []


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ('href="verdicts.html"', 'href="book/verdicts.html"'),
        ('href="../figures/a.html#b"', 'href="figures/a.html#b"'),
        ('src="../_static/site.js?v=1"', 'src="_static/site.js?v=1"'),
        ('action="../search.html"', 'action="search.html"'),
        ('href="#top"', 'href="#top"'),
        ('href="https://a.b/c"', 'href="https://a.b/c"'),
        ('src="data:image/png;base64,x"', 'src="data:image/png;base64,x"'),
        ('href="/x"', 'href="/x"'),
        ('href="../index.html"', 'href="index.html"'),
    ],
)
def test_how_an_address_moves(given, made):
    assert front_door(f"<a {given}>") == f"<a {made}>"


def test_a_map_without_a_base_address_is_relative_and_says_so(site):
    text = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert "No base address" in text
    names = [e.text for e in ElementTree.fromstring(text.encode()).iter() if e.tag.endswith("loc")]
    assert "figures/poverty-persons.html" in names
    assert all((site / n).is_file() for n in names)
    assert len(names) == len(set(names)) > 50


@pytest.mark.parametrize("base", ["https://a.b/c", "https://a.b/c/"])
def test_a_map_with_a_base_address(tmp_path, base):
    (tmp_path / "a.html").touch()
    assert "<loc>https://a.b/c/a.html</loc>" in sitemap(tmp_path, base)


def test_the_404_page_asks_for_nothing(site):
    """Nor does it lead anywhere without a base address: it may be shown at any depth."""
    page = (site / "404.html").read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="([^"]+)"', page) == ["data:,"]
    assert "没有这一页" in page
