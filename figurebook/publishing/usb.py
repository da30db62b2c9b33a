"""Pack the site into one ZIP for Windows, to be opened without a network.

Readers unpack it and open ``index.html``. Every Windows must be able to unpack the names, and every memory
stick to store them. A path may have 150 characters in all: 60 of them are left to the folder it is unpacked
into, 90 are ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from figurebook import project, zip_archive
from figurebook.datapackage.tables import package_name
from figurebook.progress import Progress, silent
from figurebook.publishing import book, site_record
from figurebook.publishing.safe_write import locked
from figurebook.site.citation import imprint

LONGEST, ROOM = 150, 60  # characters of a path, and how many of them are for the folder of the user
README = "README.txt"
START = "index.html"
_LEFT_OUT = {".buildinfo", ".nojekyll", "objects.inv", site_record.NAME}  # for builders and servers only
_PLAIN = re.compile(r"[A-Za-z0-9._/-]+")  # neither refused by Windows nor changed in an address
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_TEXT = """{title}：{subtitle}
版本 {version}（{date}）

一、先解压。在这个压缩包上点右键，选“全部解压缩”（Extract All）；不要在压缩包里面直接打开。
文件夹的路径最好不超过 {room} 个字符，例如放在桌面或 U 盘根目录下。

二、打开解压出来的文件夹里的 index.html，用 Edge、Chrome 或 Firefox 都可以。

三、不用安装，不用联网。要拷给别人，请拷整个文件夹或这个压缩包，不要只拷其中几个文件。

许可：{license}
"""


def usual_place() -> Path:
    """The default path of the ZIP, with the data package's name."""
    return project.root() / "_build" / f"{package_name()}-usb.zip"


def make(
    out: Path, overlay: Path | None = None, say: Callable[[str], None] = print, progress: Progress = silent
) -> None:
    """Pack the site into ``out``; build it first if its inputs have changed.

    Raises PublishError when it cannot be done. An older ZIP then stays.
    """
    with book.in_place(out, say) as target:
        site = target.parent / "site" if overlay else book.place()
        book.publish(overlay, site, say=say, progress=progress)
        about, made = imprint()
        with locked(site, say):  # another build would change the site while it is read
            pack(site, target, readme(about), made)


def pack(site: Path, target: Path, text: bytes, made: date) -> None:
    """Write the ZIP of ``site`` with ``text`` as its README.

    The bytes are the same for the same site and date. Raises PublishError naming every file that breaks a
    rule.
    """
    files = {p.relative_to(site).as_posix(): p for p in site.rglob("*") if p.is_file()}
    files = {name: path for name, path in files.items() if path.name not in _LEFT_OUT}
    faults = broken_rules([*files, README])
    if START not in files:
        faults.append(f"{START}：没有这个文件，打不开")
    if faults:
        raise book.PublishError("站点里有不能放进 U 盘版的文件，没有做成：\n" + "\n".join(faults))
    zip_archive.write(target, {**files, README: text}, made)


def broken_rules(names: Iterable[str]) -> list[str]:
    """One line for each path, with ``/``, that Windows or a stick cannot store."""
    faults: list[str] = []
    seen: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        if why := _fault(name):
            faults.append(f"{name}：{why}")
        for spelled in (name, *_folders(name)):
            other = seen.setdefault(spelled.rstrip("/").lower(), spelled)
            if other != spelled or spelled in taken:
                faults.append(f"{name}：与 {other} 同名，或只有大小写不同")
                break
        taken.add(name)
    return faults


def _folders(name: str) -> list[str]:
    """The folders of a path, each with a ``/`` at its end, unlike a file."""
    parts = name.split("/")
    return ["/".join(parts[:i]) + "/" for i in range(1, len(parts))]


def _fault(name: str) -> str | None:
    if not _PLAIN.fullmatch(name):
        return "名字里只能有英文字母、数字、点、横线和下划线"
    if len(name) > LONGEST - ROOM:
        return f"路径有 {len(name)} 个字符，最多 {LONGEST - ROOM} 个"
    for part in name.split("/"):
        if not part or part.endswith("."):
            return "文件或文件夹的名字不能是空的，也不能以点结尾"
        if _RESERVED.fullmatch(part):
            return f"{part} 是 Windows 留用的名字"
    return None


def readme(about: dict[str, str]) -> bytes:
    """The README of the ZIP as the oldest Windows editor reads it: BOM and CRLF."""
    return _TEXT.format(**about, room=ROOM).replace("\n", "\r\n").encode("utf-8-sig")
