"""Turn a chart's SVG into one that may stand within a page.

Within a page a style sheet in the SVG would reach the whole page, and two charts' ids would clash. Colours
can follow the page's theme. Elements and attributes that charts do not need are refused, because a script in
such an SVG would run.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from figurebook.errors import FigurebookError
from figurebook.notebooks.charts import PALETTE

_ELEMENTS = {"svg", "defs", "clipPath", "g", "path", "rect", "use"}
_ATTRIBUTES = {"clip-path", "d", "height", "href", "id", "style", "transform", "width", "x", "y"}
_DESCRIPTION = "{http://purl.org/dc/elements/1.1/}description"
_NAMES = {colour.lower(): name for name, colour in PALETTE.items()}
_PAINT = re.compile(r"(?<![-\w])(fill|stroke):\s*([^;]+)")
_REFERENCE = re.compile(r"(url\(#|^#)(?=\w)")
_REFERRED = re.compile(r"""(?:url\(|href=["'])#(\w[^)"']*)""")


class ForeignError(FigurebookError):
    """Something in an SVG that does not belong in a chart of the book."""


def alt(text: str) -> str:
    """The chart's alternative text; "" without one."""
    return (ET.fromstring(text).findtext("{*}title") or "").strip()


def about(text: str) -> dict:
    """The data about the chart that ``notebooks.charts.Chart`` put in; {} without it.

    The keys are ``title``, ``sources``, ``columns`` and ``rows``.
    """
    try:
        description = json.loads(ET.fromstring(text).findtext(f".//{_DESCRIPTION}") or "{}")
    except json.JSONDecodeError:
        return {}
    return description if isinstance(description, dict) else {}


def inline(text: str, prefix: str) -> str:
    """The SVG as an element of a page, its ids beginning with ``prefix``.

    ForeignError for an element, attribute or colour that no chart of ours has.
    """
    root = ET.fromstring(text)
    for parent in list(root.iter()):
        for child in list(parent):
            if _name(child.tag) in {"title", "metadata", "style"}:
                parent.remove(child)
    named = set(_REFERRED.findall(text))
    for node in root.iter():
        node.tag, node.text, node.tail = _allowed_name(node.tag, _ELEMENTS), None, None
        if node is not root:
            node.attrib = dict(_attributes(node, prefix, named))
    # The attributes that the style sheet gave to everything, and those that the page needs.
    root.attrib = {
        "viewBox": root.get("viewBox", ""),
        "role": "img",
        "aria-label": alt(text),
        "stroke-linejoin": "round",
        "stroke-linecap": "butt",
    }
    return ET.tostring(root, encoding="unicode")


def _attributes(node: ET.Element, prefix: str, named: set[str]) -> Iterator[tuple[str, str]]:
    for name, value in node.attrib.items():
        name = _allowed_name(name, _ATTRIBUTES)
        if name == "id":
            if value not in named:
                continue
            value = prefix + value
        elif name == "style":
            value = _PAINT.sub(_themed, value)
        if name == "href" and not value.startswith("#"):
            raise ForeignError(f"指向别处：{value}")
        yield name, _REFERENCE.sub(rf"\g<1>{prefix}", value)


def _themed(paint: re.Match) -> str:
    what, colour = paint[1], paint[2].strip().lower()
    if colour == "none":
        return paint[0]
    if colour not in _NAMES:
        raise ForeignError(f"调色板外的颜色 {colour}")
    return f"{what}: var(--chart-{_NAMES[colour]}, {colour})"


def _allowed_name(name: str, allowed: set[str]) -> str:
    if _name(name) not in allowed:
        raise ForeignError(f"不认得 {_name(name)}")
    return _name(name)


def _name(qualified: str) -> str:
    return qualified.rpartition("}")[2]
