"""Run small real Sphinx builds, to test one extension of the book."""

from dataclasses import dataclass
from pathlib import Path

from support.project import ROOT, python


@dataclass
class Built:
    """The result of a build: exit code, warnings and the folder of its pages."""

    returncode: int
    warnings: str
    out: Path

    def page(self, name: str = "index") -> str:
        return (self.out / f"{name}.html").read_text(encoding="utf-8")


def sphinx(folder: Path, *extensions: str, config: str = "", **pages: str) -> Built:
    """Build MyST pages (``index="# Title …"``) with these extensions.

    Warnings fail the build, as in the book.
    """
    source, out = folder / "source", folder / "out"
    source.mkdir(parents=True)
    names = ["myst_parser", *extensions]
    (source / "conf.py").write_text(
        f"extensions = {names!r}\nlanguage = 'zh_CN'\n{config}\n", encoding="utf-8"
    )
    for name, text in pages.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / f"{name}.md").write_text(text, encoding="utf-8")
    run = python(ROOT, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", source, out)
    return Built(run.returncode, run.stderr, out)
