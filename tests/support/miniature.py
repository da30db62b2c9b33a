"""Build a second, small county, as the book explains for another county's book.

The county's parts, also its package, lie in ``tests/miniature/``; the program is the installed one. The text
and its six figures are made up, about a place that does not exist （示例县）.
"""

import re
import shutil
from pathlib import Path

from support.project import MADE, ROOT

MINIATURE = ROOT / "tests" / "miniature"
TEXT = MINIATURE / "text.txt"
_AS_IT_IS = ("book/_static", "book/_extra")
_SETTINGS = {
    "title": "六个数字",
    "author": "练习组",
    "figurebook_county": "example_county.county:COUNTY",
}  # the lines of _config.yml that a county replaces


def make_miniature(folder: Path) -> Path:
    """The miniature's project in ``folder``, before its first command: nothing sealed, no notebook run."""
    for part in _AS_IT_IS:
        shutil.copytree(ROOT / part, folder / part, ignore=MADE)
    for part in ("data", "book", "notebooks", "example_county"):
        shutil.copytree(MINIATURE / part, folder / part, dirs_exist_ok=True, ignore=MADE)
    shutil.copy(MINIATURE / "CITATION.cff", folder)
    settings = (ROOT / "_config.yml").read_text(encoding="utf-8")
    for name, value in _SETTINGS.items():
        settings, found = re.subn(rf"(?m)^{name}: .*$", f"{name}: {value}", settings)
        assert found == 1, f"_config.yml has not one line {name}"
    (folder / "_config.yml").write_text(settings, encoding="utf-8")
    return folder
