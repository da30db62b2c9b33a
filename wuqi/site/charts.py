"""Gives each chart the alternative text that its SVG carries in ``<title>``.

Without it the built page says the image's file name. A notebook chart without a title is a warning,
and warnings fail the build.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


def describe(app, doctree) -> None:
    for image in doctree.findall(nodes.image):
        if image.get("alt") or not image["uri"].endswith(".svg"):
            continue
        match = _TITLE.search((Path(app.srcdir) / image["uri"].lstrip("/")).read_text(encoding="utf-8"))
        if match:
            image["alt"] = html.unescape(match.group(1))
        else:
            logger.warning("图没有替代文字，请用 nb.Chart（figure, alt=…）", location=image)


def setup(app):
    app.connect("doctree-read", describe)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
