"""Every system on the built site: led to, and all that is undefined told."""

import re
from pathlib import Path

from figurebook.datapackage.tables import Tables

SYSTEMS = Tables.load().systems.frame.set_index("id").fillna("")
IDS = list(SYSTEMS.index)


def stem(system: str) -> str:
    return f"{system.lower()}-{SYSTEMS.loc[system, 'slug']}"


def test_the_site_shows_every_undefined_point_on_its_page(site: Path, tables: Tables):
    for row in tables.undefined.frame.itertuples():
        html = (site / "book" / "systems" / f"{stem(row.system)}.html").read_text(encoding="utf-8")
        text = re.sub(r"<[^>]+>", "", html)
        for told in (row.point, row.default, row.reason):
            assert told in text, (row.id, told)


def test_the_home_page_leads_to_each(site: Path):
    home = (site / "index.html").read_text(encoding="utf-8")
    assert [s for s in IDS if f'href="book/systems/{stem(s)}.html"' not in home] == []
