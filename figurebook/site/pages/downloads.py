"""Hand out the book's own data package, notebooks and source with the site.

``{downloads}`` lists them, and the foot of a notebook's page leads to the notebook. In every page a path in
``code`` that is a file of the site becomes a link to it.

A site with an office's tables hands out none of them: no row of these tables may leave the office, and a
package without them would not be whole. ``{downloads}`` then says so.
"""

from __future__ import annotations

import io
import posixpath
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from figurebook import project, zip_archive
from figurebook.datapackage.seals import DESCRIPTOR, listed_files
from figurebook.datapackage.tables import package_name
from figurebook.site import source_archive
from figurebook.site.build_state import has_office_tables, tables
from figurebook.site.citation import imprint

DATA = "data"
_NOTEBOOK = ".ipynb"
_WITHHELD = (
    "这个站点换入了单位自己的登记表，所以这里不提供数据、笔记和源码的下载：换入的表，一行也不放进下载的文件。"
)
_NO_SOURCE = "没有源码的压缩包：做这个站点的文件夹不是 git 检出，或者没有装 git。"


class Downloads(SphinxDirective):
    """Links to the data package, its descriptor and the source, or why there are none."""

    def run(self) -> list[nodes.Node]:
        if has_office_tables():
            return [nodes.paragraph("", _WITHHELD, classes=["downloads"])]
        up = "../" * self.env.docname.count("/")
        commit = _commit()
        items = [
            [
                nodes.Text("数据包："),
                *_link(up, f"{package_name()}-data.zip"),
                nodes.Text("，全部的表和说明；解压后在 "),
                nodes.literal("", DATA),
                nodes.Text(" 文件夹里，用 "),
                nodes.literal("", f"frictionless validate {DATA}/{DESCRIPTOR}"),
                nodes.Text(" 可以校验"),
            ],
            [nodes.Text("只要说明："), nodes.literal("", f"{DATA}/{DESCRIPTOR}")],
            [
                nodes.Text("源码："),
                *_link(up, f"{package_name()}-source.zip"),
                nodes.Text("，提交 "),
                nodes.literal("", commit),
                nodes.Text("；没有提交的改动不在里面"),
            ]
            if commit
            else [nodes.Text(_NO_SOURCE)],
        ]
        if any(Path(self.env.doc2path(page)).suffix == _NOTEBOOK for page in self.env.found_docs):
            items.append([nodes.Text("笔记：每本的文件在它的页末")])
        lines = [nodes.list_item("", nodes.paragraph("", "", *item)) for item in items]
        return [nodes.bullet_list("", *lines, classes=["downloads"])]


@cache
def archives() -> dict[str, bytes]:
    """The ZIPs by their names: that of the data, and that of the source where there is one."""
    name, (_, made) = package_name(), imprint()
    packed = io.BytesIO()
    zip_archive.write(packed, _data(), made)
    source = {}
    if commit := _commit():
        source[f"{name}-source.zip"] = source_archive.archive(project.root(), commit, name, made)
    return {f"{name}-data.zip": packed.getvalue()} | source


@cache
def _commit() -> str | None:
    return source_archive.commit(project.root())


@cache
def _data() -> dict[str, Path]:
    """The files of the data package, by their place in the site."""
    return {f"{DATA}/{name}": project.data() / name for name in sorted(listed_files(tables().package))}


def _notebooks(app: Sphinx) -> dict[str, Path]:
    """The notebooks that are pages, by their place in the site."""
    paths = {page: Path(app.env.doc2path(page)) for page in app.env.found_docs}
    return {f"{page}{_NOTEBOOK}": path for page, path in paths.items() if path.suffix == _NOTEBOOK}


def _link(up: str, name: str) -> list[nodes.Node]:
    """A link to an archive, with its size."""
    size = f"（{max(1, len(archives()[name]) // 1000):,} kB）"
    return [nodes.reference("", name, refuri=up + name), nodes.Text(size)]


def link_paths(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Make a link of every path in ``code`` that is a file of the site."""
    if app.builder.format != "html":
        return
    files = {"index.html"}.union(() if has_office_tables() else (*_data(), *_notebooks(app)))
    for literal in list(doctree.findall(nodes.literal)):
        if literal.astext() in files and isinstance(literal.parent, nodes.paragraph):
            address = posixpath.relpath(literal.astext(), posixpath.dirname(page) or ".")
            link = nodes.reference("", "", refuri=address)
            literal.replace_self(link)
            link += literal


def offer_notebook(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None
) -> None:
    """Give a notebook's page the name of its own file."""
    name = f"{page}{_NOTEBOOK}"
    if not has_office_tables() and name in _notebooks(app):
        context["notebook_file"] = posixpath.basename(name)


def write(app: Sphinx, error: Exception | None) -> None:
    """Put the files into the site, each as it is in the project."""
    if error or has_office_tables() or app.builder.format != "html":
        return
    site = Path(app.outdir)
    for name, path in {**_data(), **_notebooks(app)}.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(path.read_bytes())
    for name, content in archives().items():
        (site / name).write_bytes(content)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("downloads", Downloads)
    app.connect("doctree-resolved", link_paths)
    app.connect("html-page-context", offer_notebook)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
