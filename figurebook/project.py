"""Find the project's folder and load the county that it names.

A project is a folder with ``_config.yml`` and ``data``. Its ``_config.yml`` names the county once:
``figurebook_county: county.county:COUNTY``, a module and the object in it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path

from figurebook.county import County
from figurebook.errors import FigurebookError

VARIABLE = "FIGUREBOOK_PROJECT"  # says where the project is; set for child processes
SETTING = "figurebook_county"
SETTINGS = "_config.yml"
PROGRAM = "figurebook"


class ProjectError(FigurebookError):
    """There is no project here, or it does not say which county it is about."""


def root() -> Path:
    """The project's folder: ``FIGUREBOOK_PROJECT``, else the first folder upwards that is a project."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / SETTINGS).is_file() and (folder / "data").is_dir():
            return folder
    raise ProjectError(
        f"这里（{here}）和上面的文件夹里都没有书：没有 {SETTINGS} 和 data。"
        f"请到书的文件夹里运行，或用环境变量 {VARIABLE} 指出它在哪里。"
    )


def data() -> Path:
    """The folder of the project's data package."""
    return root() / "data"


def county() -> County:
    """The county of the project; ProjectError when ``_config.yml`` names none that can be loaded."""
    return _county(root())


def package() -> str:
    """The name of the county's package, which its commands are called by."""
    return _named(root())[0].split(".")[0]


def packages() -> list[Path]:
    """The folders of the two packages: the program's and the county's.

    The county's package lies in the project. A program that lies in the project is the one that the
    project's commands run.
    """
    own = root() / PROGRAM
    return [own if own.is_dir() else Path(__file__).resolve().parent, root() / package()]


def modules() -> dict[str, Path]:
    """The file on disk of every module of the two packages, by dotted name."""
    return {
        ".".join(path.relative_to(folder.parent).with_suffix("").parts).removesuffix(".__init__"): path
        for folder in packages()
        for path in sorted(folder.rglob("*.py"))
    }


def command(words: str) -> str:
    """The command line of this project's command: ``seal`` → ``python -m county seal``."""
    return f"python -m {package()} {words}"


def environment(**more: str) -> dict[str, str]:
    """The environment of a child process on the same project, with ``more`` added."""
    folder = str(root())
    paths = [folder, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, VARIABLE: folder, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), **more}


def make_county_importable() -> None:
    """Let a notebook import the county's package, wherever its kernel runs.

    Where there is no project nothing happens: the error comes when its tables are asked for.
    """
    with suppress(ProjectError):
        _make_importable(root())


def _make_importable(folder: Path) -> None:
    if str(folder) not in sys.path:  # the county's package lies in the project
        sys.path.insert(0, str(folder))


@cache
def _county(folder: Path) -> County:
    module, name = _named(folder)
    _make_importable(folder)
    try:
        county = getattr(import_module(module), name)
    except (ModuleNotFoundError, AttributeError) as error:
        if isinstance(error, ModuleNotFoundError) and not module.startswith(error.name or "-"):
            raise  # the county's own mistake, which its author must see whole
        setting = f"{SETTINGS} 的 {SETTING} 写的是 {module}:{name}"
        raise ProjectError(f"{setting}，没有找到它（{error}）。") from None
    if not isinstance(county, County):
        raise ProjectError(f"{SETTINGS} 的 {SETTING} 写的是 {module}:{name}，它不是 County。")
    return county


@cache
def _named(folder: Path) -> tuple[str, str]:
    import yaml  # costs time, and --help needs no county

    path = folder / SETTINGS
    try:
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ProjectError(f"{SETTINGS} 读不出：{error}") from None
    setting = settings.get(SETTING) if isinstance(settings, dict) else None
    module, colon, name = str(setting or "").partition(":")
    if not (module and colon and name):
        raise ProjectError(
            f"{SETTINGS} 里没有写 {SETTING}，或写法不对：要写模块，半角冒号，再写对象的名称，"
            f"如 {SETTING}: county.county:COUNTY。"
        )
    return module, name
