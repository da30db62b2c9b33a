"""Each fault is put alone into a small site and must be found; what is allowed must not be."""

from pathlib import Path

import pytest

from figurebook.publishing.site_scan import scan

CLEAN = """<!DOCTYPE html>
<html lang="zh-CN"><head><title>t</title>
<link rel="canonical" href="https://example.org/book/">
<link rel="stylesheet" href="_static/book.css">
<script src="_static/search.js"></script></head>
<body><p>Text with <a href="https://example.org/elsewhere">a link</a> and 2 * 3 * 4.</p>
<img src="_images/chart.svg" alt="Bars: 3 and 4">
<pre><code>**kwargs</code></pre>
<!--SLOT-->
</body></html>
"""
HERE = "/home/somebody/project"  # what the builder's own folder would be


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site without a fault."""
    for name, text in {
        "index.html": CLEAN,
        "sub/page.html": CLEAN,
        "_static/search.js": "let a = 1;\n",
        "_static/book.css": "p { background: url(paper.svg) }\n",
        "_images/chart.svg": "<svg xmlns='http://www.w3.org/2000/svg'><title>t</title></svg>",
        "data.json": "{}",
        "data/table.csv": "a,b\n",
        "data/table.yaml": "title: t\n",
        "sub/page.ipynb": "{}",
        "_static/font.woff2": "//cdn.example.org\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def put(site: Path, markup: str) -> None:
    path = site / "sub" / "page.html"
    path.write_text(CLEAN.replace("<!--SLOT-->", markup), encoding="utf-8")


def faults(site: Path) -> list[tuple[str, str]]:
    """Each fault as the file and the rest."""
    return [tuple(f.split("：", 1)) for f in scan(site, [HERE, "/", ""])]


def test_a_clean_site_has_none(site):
    assert scan(site, [HERE]) == []


REMOTE = ["https://example.org/x", "http://example.org/x", "//example.org/x", "HTTPS://EXAMPLE.ORG/x"]
LOADING = {
    "script": '<script src="{}"></script>',
    "image": '<img alt="a" src="{}">',
    "stylesheet": '<link rel="stylesheet" href="{}">',
    "icon": '<link rel="icon" href="{}">',
    "preload": '<link rel="preload" href="{}">',
    "frame": '<iframe src="{}"></iframe>',
    "video": '<video src="{}"></video>',
    "poster": '<video poster="{}"></video>',
    "source": '<picture><source src="{}"></picture>',
    "srcset": '<img alt="a" src="a.svg" srcset="a.svg 1x, {} 2x">',
    "object": '<object data="{}"></object>',
    "svg image": '<svg><image href="{}"/></svg>',
    "svg use": '<svg><use xlink:href="{}"/></svg>',
    "upper case": '<SCRIPT SRC="{}"></SCRIPT>',
    "self-closing": '<img alt="a" src="{}" />',
    "blank before": '<img alt="a" src=" {}">',
    "track": '<video><track src="{}"></video>',
}


@pytest.mark.parametrize("address", REMOTE)
@pytest.mark.parametrize("name", LOADING)
def test_a_request_to_another_host(site, name, address):
    put(site, LOADING[name].format(address))
    found = faults(site)
    assert [f for f, _ in found] == ["sub/page.html"]
    assert "example.org/x" in found[0][1].lower()


@pytest.mark.parametrize(
    "style",
    [
        "a { background: url(https://example.org/x.png) }",
        'a { background: url("//example.org/x.png") }',
        "a { background: url( 'http://example.org/x.png' ) }",
        '@import "https://example.org/x.css";',
        "@import url(//example.org/x.css);",
    ],
)
@pytest.mark.parametrize("where", ["file", "element", "attribute"])
def test_a_style_that_fetches(site, style, where):
    if where == "file":
        (site / "_static" / "book.css").write_text(style, encoding="utf-8")
        expected = "_static/book.css"
    else:
        if where == "attribute" and style.startswith("@"):
            style = "background: url(//example.org/x)"  # an attribute cannot import
        inner = style.replace('"', "&quot;") if where == "attribute" else style
        put(site, f"<style>{style}</style>" if where == "element" else f'<p style="{inner}">x</p>')
        expected = "sub/page.html"
    assert [f for f, _ in faults(site)] == [expected]


@pytest.mark.parametrize(
    "address",
    [
        "unpkg.com/x",
        "cdn.jsdelivr.net/x",
        "cdnjs.cloudflare.com/x",
        "fonts.googleapis.com/x",
        "fonts.gstatic.com/x",
        "//cdn.example.org/x",
    ],
)
def test_an_address_of_a_delivery_network_even_unused(site, address):
    put(site, f'<script>const unused = "{address}";</script>')
    (found,) = faults(site)
    assert found[0] == "sub/page.html"


@pytest.mark.parametrize(
    "markup",
    ['<img src="a.svg">', '<img src="a.svg" alt="">', '<img src="a.svg" alt="  ">', '<img src="a.svg" alt>'],
)
def test_an_image_without_alternative_text(site, markup):
    put(site, markup)
    (found,) = faults(site)
    assert found[0] == "sub/page.html"
    assert "a.svg" in found[1]


@pytest.mark.parametrize("alt", ["../_images/0f3a9c.svg", "_images/chart.svg", "chart.svg", "chart.PNG"])
def test_an_alternative_text_that_is_a_file_name(site, alt):
    put(site, f'<img src="../_images/chart.svg" alt="{alt}">')
    (found,) = faults(site)
    assert found[0] == "sub/page.html"
    assert "chart.svg" in found[1]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>plain **bold** plain</p>",
        "<p>“**bold**”</p>",
        "<p><a href='x'>**bold**</a></p>",
        "<pre>a</pre><p>**after code**</p>",
        "<script src='a.js'/></script><p>**after script**</p>",
    ],
)
def test_marks_that_were_not_understood(site, markup):
    put(site, markup)
    assert [f for f, _ in faults(site)] == ["sub/page.html"]


@pytest.mark.parametrize(
    "markup",
    [
        "<pre>2 ** 3</pre>",
        "<code>**x</code>",
        "<p>2 * 3</p>",
        "<pre><code><span>**</span></code></pre>",
        "<script>a ** b</script>",
    ],
)
def test_marks_in_code_are_code(site, markup):
    put(site, markup)
    assert faults(site) == []


@pytest.mark.parametrize(
    "name",
    [
        "sub/page.html",
        "sub/page.ipynb",
        "_static/search.js",
        "_static/book.css",
        "data.json",
        "data/table.csv",
        "data/table.yaml",
        "_images/chart.svg",
    ],
)
def test_a_path_of_the_machine(site, name):
    path = site / name
    path.write_text(path.read_text(encoding="utf-8") + f"\n/* {HERE}/book */\n", encoding="utf-8")
    (found,) = faults(site)
    assert found[0] == name
    assert HERE in found[1]


def test_a_picture_that_loads_from_elsewhere(site):
    (site / "_images" / "chart.svg").write_text(
        "<svg><image xlink:href='https://example.org/x.png'/></svg>", encoding="utf-8"
    )
    (found,) = faults(site)
    assert found[0] == "_images/chart.svg"


def test_no_home_page(site):
    (site / "index.html").unlink()
    (found,) = faults(site)
    assert found[0] == "index.html"


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="https://example.org/">out</a>',
        '<a href="//example.org/">out</a>',
        '<link rel="canonical" href="https://example.org/">',
        '<img src="a.svg" alt="A chart of 3 files">',
        '<img alt="a" src="data:image/svg+xml;base64,//8AAA">',
        "<p>See https://example.org/.</p>",
        '<svg><use xlink:href="#mark"/></svg>',
        '<area href="https://example.org/">',
        "<p>a</code></p>",
    ],
)
def test_what_fetches_nothing_is_allowed(site, markup):
    put(site, markup)
    assert faults(site) == []


def test_every_fault_of_every_page_is_named(site):
    put(site, '<img src="a.svg"><script src="//example.org/x"></script>')
    (site / "index.html").write_text("<p>**</p>", encoding="utf-8")
    assert sorted(f for f, _ in faults(site)) == ["index.html", "sub/page.html", "sub/page.html"]
