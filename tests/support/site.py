"""Small real Sphinx builds, to see one extension of the book at work."""

from dataclasses import dataclass
from pathlib import Path

from support.project import ROOT, python


@dataclass
class Built:
    """What a build returned, what it warned of, and where the pages are."""

    returncode: int
    warnings: str
    out: Path

    def page(self, name: str = "index") -> str:
        return (self.out / f"{name}.html").read_text(encoding="utf-8")


def sphinx(folder: Path, *extensions: str, config: str = "", **pages: str) -> Built:
    """Build MyST pages (``index="# Title …"``) with these extensions; warnings fail it, as in the book."""
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
