"""Show the six parts of the overall approach with their systems: ``{system-map}``.

Each system stands with the number of its figures. The lists are nested, so that they read in order without
styles. ``book.css`` lays them out (``ul.system-map``).
"""

from __future__ import annotations

import pandas as pd
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from figurebook.site.build_state import tables
from figurebook.site.pages.systems import system_link
from wuqi.systems.overall_approach import Approach, example

OURS = "本书归类"
NOTHING = "访谈只提到名称，没有对应的制度"


class SystemMap(SphinxDirective):
    """One list item for each part, in the interview's order, with its systems as links."""

    def run(self) -> list[nodes.Node]:
        map_ = example(tables())
        return [nodes.bullet_list("", *(_part(map_, p) for p in map_.parts), classes=["system-map"])]


def _part(map_: Approach, part: str) -> nodes.list_item:
    tied = sorted(map_.graph[part].items())
    text = f"{len(tied)} 项制度" if tied else NOTHING
    item = nodes.list_item(
        "", nodes.paragraph("", "", nodes.strong("", part, classes=["part"]), _small(text))
    )
    if tied:
        item += nodes.bullet_list("", *(_system(map_, s, tie) for s, tie in tied))
    return item


def _system(map_: Approach, system: str, tie: dict) -> nodes.list_item:
    counted = len(map_.figures[system])
    text = f"{counted} 个数字" if counted else "没有数字"
    if not pd.isna(tie["undefined"]):
        text += f" · {OURS}"
    return nodes.list_item("", nodes.paragraph("", "", system_link(system), _small(text)))


def _small(text: str) -> nodes.inline:
    return nodes.inline("", text, classes=["told"])


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("system-map", SystemMap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
