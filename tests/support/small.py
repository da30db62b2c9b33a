"""Make books of a page or two, so that tests can build them often.

They need real commands and real Sphinx, but few seconds.
"""

import shutil
from pathlib import Path

from figurebook.site import EXTENSIONS
from support.project import copy_project, replace_once

PAGE = "book/home.md"
BASE = "https://example.org/thirty/"
_PAGES_FROM_TABLES = {
    "look.bundle",
    "look.charts",
    "pages.dictionary",
    "pages.figure_pages",
    "pages.register",
    "pages.systems",
    "pages.takeaways",
    "search.index",
}


def small_project(to: Path) -> Path:
    """The project with one page, no notebooks and no pages made from tables."""
    copy_project(to)
    for part in ("book/systems", "notebooks"):
        shutil.rmtree(to / part)
    for page in (to / "book").glob("*.md"):
        page.unlink()
    (to / "notebooks").mkdir()
    (to / "book" / "_toc.yml").write_text("format: jb-book\nroot: book/home\n", encoding="utf-8")
    _leave_out(to, _PAGES_FROM_TABLES)
    write_page(to, "first")
    return to


def _leave_out(project: Path, extensions: set[str]) -> None:
    """Load the program's extensions one by one, without these and without the county's own."""
    assert set(EXTENSIONS) >= extensions
    kept = "".join(f"      - figurebook.site.{name}\n" for name in EXTENSIONS if name not in extensions)
    replace_once(project / "_config.yml", "      - figurebook.site\n", kept)


def write_page(project: Path, text: str) -> None:
    (project / PAGE).write_text(f"# One page\n\n{text}\n", encoding="utf-8")


def small_book(to: Path, notebook: str) -> Path:
    """The project with a home page, the register, one notebook and all pages from tables."""
    copy_project(to, notebooks=(notebook[:2],))
    for part in (to / "book").iterdir():
        if part.name == "systems":
            shutil.rmtree(part)
        elif part.suffix == ".md":
            part.unlink()
    (to / "book" / "_toc.yml").write_text(
        "format: jb-book\nroot: book/home\nchapters:\n  - file: book/register\n"
        f"  - file: notebooks/{notebook}\n",
        encoding="utf-8",
    )
    (to / "book" / "home.md").write_text(
        "# 题\n\n```{differences}\n```\n\n```{glance}\n```\n", encoding="utf-8"
    )
    (to / "book" / "register.md").write_text("# 登记\n\n```{register}\n```\n", encoding="utf-8")
    return to


def plain_book(to: Path, notebook: str) -> Path:
    """The same book, with nothing from tables but the register and what the notebook shows."""
    small_book(to, notebook)
    _leave_out(to, _PAGES_FROM_TABLES - {"look.charts", "pages.register"})
    return to


def based_book(to: Path) -> Path:
    """A small book whose configuration names the address of the published site."""
    small_book(to, "04-weak-branches")
    replace_once(to / "_config.yml", "html:\n", f"html:\n  baseurl: {BASE.rstrip('/')}\n")
    return to
