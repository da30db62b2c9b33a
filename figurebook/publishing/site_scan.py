"""Scan a built site for remote requests, local paths and charts without alternative text.

A request to another host is a fault, and so is a CDN address even as an unused string. The others are a path
of the machine that built the site, a chart without alternative text, and Markdown marks that were not
understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

_LOADS = {"src", "srcset", "poster", "data", "href", "xlink:href"}
_LINKS = {"a", "area"}  # followed only after a click
_REMOTE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_FILE_NAME = re.compile(r"\S+\.(?:svg|png|jpe?g|gif|webp)", re.IGNORECASE)
_CSS_REMOTE = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])(?:https?:)?//""", re.IGNORECASE)
_CDN = re.compile(r"unpkg\.com|jsdelivr|cdnjs|googleapis|gstatic|//cdn\.", re.IGNORECASE)
_VERBATIM = {"pre", "code", "script", "style"}


def scan(site: Path, forbidden: Iterable[str] = ()) -> list[str]:
    """Every fault of the site, as ``file: fault``; ``forbidden`` strings are faults too."""
    faults = []
    for path in sorted(site.rglob("*")):
        if path.suffix not in {".html", ".css", ".js", ".json", ".svg", ".ipynb", ".yaml", ".csv"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        page_faults = [f"含有本机路径 {f}" for f in forbidden if f and f != "/" and f in text]
        if path.suffix in {".html", ".svg"}:
            page_faults += _page(text)
        elif path.suffix == ".css" and _CSS_REMOTE.search(text):
            page_faults.append("样式表要从别处取文件")
        faults += [f"{path.relative_to(site)}：{fault}" for fault in page_faults]
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
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self._verbatim = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in _LINKS and (tag, values.get("rel")) != ("link", "canonical"):
            targets = [
                t
                for name in sorted(_LOADS & values.keys())
                for t in (values[name].split(",") if name == "srcset" else [values[name]])
            ]
            self.faults += [f"<{tag}> 要从别处取 {t.strip()}" for t in targets if _REMOTE.match(t)]
        if _CSS_REMOTE.search(values.get("style", "")):
            self.faults.append(f"<{tag}> 的样式要从别处取文件")
        if tag == "img" and not values.get("alt", "").strip():
            self.faults.append(f"图 {values.get('src')} 没有替代文字")
        elif tag == "img" and _FILE_NAME.fullmatch(values["alt"].strip()):
            self.faults.append(f"图 {values.get('src')} 的替代文字是文件名")
        self._verbatim += tag in _VERBATIM

    handle_startendtag = handle_starttag  # in HTML <script/> opens, and </script> is still to come

    def handle_endtag(self, tag: str) -> None:
        self._verbatim = max(0, self._verbatim - (tag in _VERBATIM))

    def handle_data(self, data: str) -> None:
        if not self._verbatim and "**" in data:
            self.faults.append(f"有没被识别的 ** 记号：{data.strip()[:40]}")
        elif self.lasttag == "style" and _CSS_REMOTE.search(data):
            self.faults.append("<style> 要从别处取文件")
