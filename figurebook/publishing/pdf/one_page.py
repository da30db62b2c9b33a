"""Gather the articles of the built site into one HTML file.

Every id gets its page's name and so is unique. Every link between pages becomes a link within the file,
followed by a place for the page number it leads to. Parts that only work on a screen are taken out, folded
parts are unfolded. Nothing is laid out here: see ``printing``.
"""

from __future__ import annotations

import html
import posixpath
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import AttributeValueList

from figurebook import project
from figurebook.datapackage.tables import Tables
from figurebook.errors import FigurebookError
from figurebook.figures.registry import load_figures
from figurebook.site.build_state import page_name

REGISTER = "book/register"  # the figures' own pages come after this one
_ON_SCREEN_ONLY = (
    "script, noscript, template, button, form, input, iframe, .headerlink, .toctree-wrapper, .single-page"
)
_FOLDED = ("toggle", "toggle-hidden", "toggle-details__container")
_REFERRING = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")
_LOADING = ("src", "href", "xlink:href", "poster", "data")
_JOINT = re.compile(r"(?<=[\w)])([._/?&=-])(?=\w)")  # where a long name or address may be broken
_SHORT = 12  # Latin letters
_LONG = re.compile(r"[!-~]{12,}")
_URL = re.compile(r"""url\(\s*(["']?)#([^"')]+)\1\s*\)""")


class GatherError(FigurebookError):
    """A site that cannot become one file; the message names the page and the reason."""


@dataclass(frozen=True)
class Entry:
    """A page of the site.

    ``name`` has no suffix. ``part`` is the part that the page opens, or None. ``depth`` is 1 or 2.
    """

    name: str
    part: str | None = None
    depth: int = 1

    @property
    def anchor(self) -> str:
        """The page's id in the one file; its id ``y`` becomes ``anchor--y``."""
        return self.name.replace("/", "-")


def figure_pages() -> list[str]:
    """The names of the figures' own pages, in the registry's order."""
    return [page_name(i) for i in load_figures(Tables.load())]


def reading_order(site: Path, toc: Path | None = None, figures: Iterable[str] | None = None) -> list[Entry]:
    """The pages in the order of the table of contents, the project's or ``toc``.

    After the register come the figures' own pages, as far as they exist. They are those of ``figures``, or of
    the whole registry if it is None.
    """
    figures = figure_pages() if figures is None else figures
    toc = toc or project.root() / "book" / "_toc.yml"
    tree = yaml.safe_load(toc.read_text(encoding="utf-8"))
    entries = [Entry(tree["root"])]
    for part in tree.get("parts", [tree]):
        names = list(_files(part.get("chapters", [])))
        entries += [Entry(name, part.get("caption") if i == 0 else None) for i, name in enumerate(names)]
    if missing := [e.name for e in entries if not (site / f"{e.name}.html").is_file()]:
        raise GatherError(f"站点里没有目录所列的页：{'、'.join(missing)}")
    after = next((i for i, e in enumerate(entries) if e.name == REGISTER), len(entries) - 1) + 1
    entries[after:after] = [Entry(f, depth=2) for f in figures if (site / f"{f}.html").is_file()]
    return entries


def _files(chapters: list[dict]) -> Iterator[str]:
    for chapter in chapters:
        yield chapter["file"]
        yield from _files(chapter.get("sections", []))


def gather(
    site: Path,
    entries: list[Entry],
    about: Mapping[str, str],
    styles: Iterable[Path] = (),
    font: Path | None = None,
) -> str:
    """One HTML file of ``entries``, to be opened from anywhere on this machine.

    ``about`` has the texts of the title page: ``title``, ``subtitle``, ``abstract``, ``version``, ``date``,
    ``author`` and ``license``. ``styles`` follow the site's own style sheets. ``font`` is the font file.
    """
    anchors = {e.name: e.anchor for e in entries}
    sheets: dict[str, None] = {}
    articles = []
    for entry in entries:
        page = BeautifulSoup((site / f"{entry.name}.html").read_text(encoding="utf-8"), "html.parser")
        for link in page.select("link[rel~=stylesheet][href]"):
            sheets[_absolute(site, entry, str(link["href"]))] = None
        articles.append(_article(page, site, entry, anchors))
    titles = [_title(a) for a in articles]
    for article, entry in zip(articles, entries, strict=True):
        if entry.depth == 1:
            article["class"] = AttributeValueList([*article["class"], "chapter"])
        else:
            article["class"] = AttributeValueList([*article["class"], "sheet"])
            _one_level_down(article)
    _check_targets(articles)
    face = f"@font-face {{ font-family: 'Book'; src: url('{font.as_uri()}'); }}\n" if font else ""
    addresses = [*sheets, *(p.resolve().as_uri() for p in styles)]
    head = [f'<link rel="stylesheet" href="{html.escape(a)}">' for a in addresses]
    return "\n".join(
        (
            '<!DOCTYPE html>\n<html lang="zh-CN" data-theme="light" data-mode="light">',
            '<head><meta charset="utf-8">',
            f"<title>{html.escape(about['title'])}</title>",
            *head,
            f"<style>{face}{_running_titles(about['title'], entries, titles)}</style></head>\n<body>",
            _title_page(about),
            _contents(entries, titles),
            *map(str, articles),
            "</body></html>\n",
        )
    )


def _leave_out_code(page: BeautifulSoup, article: Tag, entry: Entry) -> None:
    """Print no folded code; below the title stands where it can be read."""
    cells = article.select("details.code")
    for cell in cells:
        cell.decompose()
    if cells and article.h1:
        address = page.new_tag("p", attrs={"class": "code-address"})
        address.string = f"代码没有印，在网站上的同一页：{entry.name}.html。"
        article.h1.insert_after(address)


def _article(page: BeautifulSoup, site: Path, entry: Entry, anchors: dict[str, str]) -> Tag:
    articles = page.select("article.bd-article")
    if len(articles) != 1 or not articles[0].h1:
        raise GatherError(f"{entry.name}.html：没有找到正文（article.bd-article）和它的标题（h1）。")
    article = articles[0]
    for element in article.select(_ON_SCREEN_ONLY):
        element.decompose()
    _leave_out_code(page, article, entry)
    for element in article.find_all("details"):
        element["open"] = ""
    for element in article.find_all(True):
        element["class"] = AttributeValueList(c for c in element.get("class") or () if c not in _FOLDED)
        if not element["class"]:
            del element["class"]
        _prefix_ids(element, entry.anchor)
        if element.name == "a":
            _relink(element, site, entry, anchors)
        else:
            _reload(element, site, entry)
    for table in article.find_all("table"):
        _mark_short_columns(table)
        for cell in table.find_all(["td", "th"]):
            _let_break(cell)
    article["id"] = entry.anchor
    return article


def _mark_short_columns(table: Tag) -> None:
    """Mark the columns of dates and single words, to keep each on one line."""
    rows = [row.find_all(["td", "th"], recursive=False) for row in table.find_all("tr")]
    for column in zip(*rows, strict=False):
        if all(_width(c.get_text(strip=True)) <= _SHORT and not c.get("colspan") for c in column):
            for cell in column:
                cell["class"] = [*cell.get("class", []), "short"]


def _width(text: str) -> int:
    """The width of a text in Latin letters; a Chinese character counts two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _let_break(cell: Tag) -> None:
    """Let long names and addresses break at their joints, so that columns can be narrower."""
    for text in cell.find_all(string=_LONG):
        pieces = _JOINT.sub("\\1\0", text).split("\0")
        if len(pieces) > 1:
            breaks = [BeautifulSoup("", "html.parser").new_tag("wbr") for _ in pieces[1:]]
            pairs = zip(map(NavigableString, pieces[1:]), breaks, strict=True)
            text.replace_with(pieces[0], *(x for piece, gap in pairs for x in (gap, piece)))


def _prefix_ids(element: Tag, anchor: str) -> None:
    if element.get("id"):
        element["id"] = f"{anchor}--{element['id']}"
    for name in _REFERRING:
        if name in element.attrs:
            references = element[name]
            ids = references.split() if isinstance(references, str) else references
            element[name] = " ".join(f"{anchor}--{i}" for i in ids)
    for name, value in element.attrs.items():
        if isinstance(value, str) and "url(" in value:
            element[name] = _URL.sub(rf"url(#{anchor}--\2)", value)
    if element.name == "style" and element.string:
        element.string = _URL.sub(rf"url(#{anchor}--\2)", element.string)


def _relink(link: Tag, site: Path, entry: Entry, anchors: dict[str, str]) -> None:
    """Lead a link to its place in the file, or print its web address."""
    if link.find_parent("svg"):
        link.attrs = {k: v for k, v in link.attrs.items() if not k.endswith("href")}
        return
    address = str(link.get("href", ""))
    if urlsplit(address).scheme:
        if address.startswith(("http:", "https:")) and address not in link.get_text():
            link.insert_after(_span(f"（{address}）", "address"))
        return
    path, _, fragment = address.partition("#")
    name = _resolve(entry, path).removesuffix(".html") if path else entry.name
    name = next(iter(anchors)) if name == "index" else name
    if name not in anchors or not address:
        del link["href"]  # a download or the search page: not in a printed book
        link.name = "span"
        return
    target = f"{anchors[name]}--{unquote(fragment)}" if fragment else anchors[name]
    link["href"] = f"#{target}"
    if name != entry.name:
        if number := link.select_one(".num"):  # within the number, so that both stay on one line
            number.append(_span("", "page-number short", target))
        else:
            link.insert_after(_span("", "page-number", target))


def _reload(element: Tag, site: Path, entry: Entry) -> None:
    """Lead a loaded address to the file in the site; refuse addresses of other hosts."""
    for name in _LOADING:
        address = str(element.get(name, ""))
        if not address or address.startswith("data:"):
            continue
        if address.startswith("#"):
            element[name] = f"#{entry.anchor}--{address[1:]}"
        else:
            element[name] = _absolute(site, entry, address)


def _absolute(site: Path, entry: Entry, address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        raise GatherError(f"{entry.name}.html：要从别处取 {address}。")
    path = site / _resolve(entry, parts.path)
    if not path.is_file():
        raise GatherError(f"{entry.name}.html：要用的文件 {address} 不在站点里。")
    return path.resolve().as_uri()


def _resolve(entry: Entry, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(entry.name), unquote(path)))


def _one_level_down(article: Tag) -> None:
    """Lower every heading by one level: a figure's page belongs to the register's chapter."""
    for heading in article.find_all(re.compile("^h[1-5]$")):
        heading.name = f"h{int(heading.name[1]) + 1}"


def _title(article: Tag) -> str:
    assert article.h1 is not None  # every page has one
    return article.h1.get_text(" ", strip=True)


def _check_targets(articles: list[Tag]) -> None:
    counts = Counter(str(e["id"]) for a in articles for e in (a, *a.find_all(id=True)))
    if twice := sorted(i for i, times in counts.items() if times > 1):
        raise GatherError(f"同一个编号（id）用了两次：{'、'.join(twice)}")
    dead = [
        f"{a['id']} → {link['href']}"
        for a in articles
        for link in a.find_all("a", href=True)
        if (address := str(link["href"])).startswith("#") and address[1:] not in counts
    ]
    if dead:
        raise GatherError(f"链接没有去处：{'；'.join(dead)}")


def _span(text: str, classes: str, target: str | None = None) -> Tag:
    span = BeautifulSoup("", "html.parser").new_tag("span", attrs={"class": classes})
    span.string = text
    if target:
        span["data-target"] = target
    return span


def _running_titles(book: str, entries: list[Entry], titles: list[str]) -> str:
    """Styles that put the book's and the chapter's title at the head of each page.

    Each chapter has a named page of its own.
    """
    rules, name = [f'@page {{ @top-left {{ content: "{_in_css(book)}"; }} }}'], ""
    for i, (entry, title) in enumerate(zip(entries, titles, strict=True)):
        if entry.depth == 1:
            name = f"chapter-{i}"
            rules.append(f'@page {name} {{ @top-right {{ content: "{_in_css(title)}"; }} }}')
        rules.append(f"#{entry.anchor} {{ page: {name}; }}")
    return "\n".join(rules)


def _in_css(text: str) -> str:
    """A text as it stands in quotation marks, in a style sheet within HTML."""
    return re.sub(r'(["\\<])', lambda m: f"\\{ord(m[1]):x} ", text)


def _title_page(about: Mapping[str, str]) -> str:
    escaped = {k: html.escape(v) for k, v in about.items()}
    return (
        '<section class="title-page">'
        f'<p class="title">{escaped["title"]}</p><p class="subtitle">{escaped["subtitle"]}</p>'
        f'<p class="abstract">{escaped["abstract"]}</p>'
        f'<p class="imprint">{escaped["author"]}<br>版本 {escaped["version"]}（{escaped["date"]}）<br>'
        f"许可：{escaped['license']}</p></section>"
    )


def _contents(entries: list[Entry], titles: list[str]) -> str:
    lines = []
    for entry, title in zip(entries, titles, strict=True):
        if entry.part:
            lines.append(f'<p class="part">{html.escape(entry.part)}</p>')
        number = _span("", "page-number plain", entry.anchor)
        lines.append(
            f'<p class="depth-{entry.depth}"><a href="#{entry.anchor}">{html.escape(title)}</a>'
            f'<span class="leader"></span>{number}</p>'
        )
    note = "正文里的链接后面括号内的数、数字右上角箭头后的数，都是所指之处在本书中的页码。"
    return f'<nav class="toc"><h1>目录</h1>{"".join(lines)}<p class="note">{note}</p></nav>'
