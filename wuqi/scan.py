"""Reads a built site for what must never be published.

A request to another host, a CDN address even as an unused string, a path of the machine that built
it, a chart without alternative text, Markdown marks that were not understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

_LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src",
          "audio": "src", "embed": "src", "object": "data", "link": "href"}
_REMOTE = re.compile(r"^(?:https?:)?//", re.IGNORECASE)
_CSS_REMOTE = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])(?:https?:)?//""", re.IGNORECASE)
_CDN = re.compile(r"unpkg\.com|jsdelivr|cdnjs|googleapis|gstatic|//cdn\.", re.IGNORECASE)
_VERBATIM = {"pre", "code", "script", "style"}


def scan(site: Path, forbidden: Iterable[str] = ()) -> list[str]:
    """Every fault of the site at ``site``, as ``file: what``; ``forbidden`` strings are faults too."""
    faults = []
    for path in sorted(site.rglob("*")):
        if path.suffix not in {".html", ".css", ".js", ".json", ".svg"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found = [f"含有本机路径 {f}" for f in forbidden if f and f != "/" and f in text]
        if path.suffix == ".html":
            found += _page(text)
        elif path.suffix == ".css" and _CSS_REMOTE.search(text):
            found.append("样式表要从别处取文件")
        faults += [f"{path.relative_to(site)}：{fault}" for fault in found]
    if not (site / "index.html").is_file():
        faults.append("index.html：没有首页")
    return faults


def _page(text: str) -> list[str]:
    page = _Page()
    page.feed(text)
    if match := _CDN.search(text):
        page.faults.append(f"含有外部内容网络的地址 {match.group()}")
    return page.faults


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.faults: list[str] = []
        self._verbatim = 0

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        target = given.get(_LOADS.get(tag, ""), "") or ""
        canonical = tag == "link" and given.get("rel") == "canonical"
        if _REMOTE.match(target) and not canonical:
            self.faults.append(f"<{tag}> 要从别处取 {target}")
        if tag == "img" and not (given.get("alt") or "").strip():
            self.faults.append(f"图 {target} 没有替代文字")
        elif tag == "img" and "_images/" in given["alt"]:
            self.faults.append(f"图 {target} 的替代文字是文件名")
        self._verbatim += tag in _VERBATIM

    def handle_endtag(self, tag):
        self._verbatim -= tag in _VERBATIM

    def handle_data(self, data):
        if not self._verbatim and "**" in data:
            self.faults.append(f"有没被识别的 ** 记号：{data.strip()[:40]}")
