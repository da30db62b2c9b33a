"""Let Sphinx find the templates of pages that are made at build time."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

FOLDER = Path(__file__).parent.parent / "templates"


def add(_app: Sphinx, config: Config) -> None:
    """Add our folder to those that Sphinx looks through."""
    config.templates_path = [*config.templates_path, str(FOLDER)]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("config-inited", add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
