"""Make the files to take away with the site: ``files/s04-ledger.xlsx``.

``{takeaways} S04`` lists the files of a system. The county's definitions (``figurebook.county.System``) name
a system's own files. Every system with rules has them as a workbook.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from figurebook import project
from figurebook.site.build_state import systems, tables
from figurebook.systems import rules_workbook

FOLDER = "files"
RULES = "规则与没有说明的（供查看和讨论）"


@cache
def files_of(system: str) -> dict[str, tuple[str, bytes]]:
    """``{file name: (title, content)}`` of a system, its own files before its rules."""
    own = project.county().systems().get(system)
    files = {}
    if own and own.make:
        made = own.make(tables())
        files = {file: (title, made[file]) for file, title in own.files.items()}
    rules = rules_workbook.make(tables(), system)
    return files | ({f"{system.lower()}-rules.xlsx": (RULES, rules)} if rules else {})


class Takeaways(SphinxDirective):
    """Links to a system's files, each with its title and size."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        items = nodes.bullet_list()
        up = "../" * self.env.docname.count("/")
        for name, (title, content) in files_of(self.arguments[0]).items():
            link = nodes.reference("", title, refuri=f"{up}{FOLDER}/{name}")
            size = f"（{name}，{max(1, len(content) // 1024):,} kB）"
            items += nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(size)))
        return [items]


def write(app: Sphinx, error: Exception | None) -> None:
    """Put every system's files into the site."""
    if error is None:
        folder = Path(app.outdir) / FOLDER
        for system in systems():
            for name, (_, content) in files_of(system).items():
                folder.mkdir(exist_ok=True)
                (folder / name).write_bytes(content)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("takeaways", Takeaways)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
