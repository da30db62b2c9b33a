"""Replace personal values by running numbers, before any later step sees a table.

This is done to a column marked ``personal`` in the package, and to every foreign key that points at one.
Equal values get equal numbers, in the order of the file that holds the key. Nothing is derived from a value
(no hash that could be tried out). The list that would lead back is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from figurebook.office.office_tables import OfficeTable

Place = tuple[str, str]  # table, column


def pseudonymised(office_tables: dict[str, OfficeTable], package: dict) -> dict[str, OfficeTable]:
    """The tables with running numbers in their personal columns.

    Missing cells stay missing. What was written in such a cell is forgotten too (``OfficeTable.written``).
    Tables without personal columns are handed on as they are.
    """
    codes = {
        root: _numbers(root, places, office_tables)
        for root, places in _groups(office_tables, package).items()
    }
    changed = dict(office_tables)
    for (name, column), root in _roots(office_tables, package).items():
        table = changed[name]
        cells = [codes[root].get(value) for value in table.frame[column]]  # None for a missing one
        frame = table.frame.assign(**{column: pd.Series(cells, table.frame.index, dtype=object)})
        written = {place: text for place, text in table.written.items() if place[1] != column}
        changed[name] = replace(table, frame=frame, written=written)
    return changed


def personal_values(office_tables: dict[str, OfficeTable], package: dict) -> dict[str, set[str]]:
    """The values that must not be found anywhere, by ``table.column``.

    They are the values as read and as written.
    """
    values = {}
    for name, column in _roots(office_tables, package):
        table = office_tables[name]
        written = {text for (_, where), text in table.written.items() if where == column}
        values[f"{name}.{column}"] = (set(table.frame[column].dropna()) | written) - {""}
    return values


def personal_columns(package: dict) -> dict[Place, Place]:
    """Every personal column of the package, with the key of its values.

    That key is the column itself, mostly.
    """
    fields = [(r["name"], f) for r in package["resources"] if "schema" in r for f in r["schema"]["fields"]]
    marked = {(name, f["name"]) for name, f in fields if f.get("personal")}
    keys = _foreign_keys(package)
    roots = {(name, f["name"]): _root((name, f["name"]), keys) for name, f in fields}
    return {place: root for place, root in roots.items() if place in marked or root in marked}


def _roots(office_tables: dict[str, OfficeTable], package: dict) -> dict[Place, Place]:
    return {
        place: root
        for place, root in personal_columns(package).items()
        if place[0] in office_tables and place[1] in office_tables[place[0]].frame
    }


def _groups(office_tables: dict[str, OfficeTable], package: dict) -> dict[Place, list[Place]]:
    groups: dict[Place, list[Place]] = {}
    for place, root in _roots(office_tables, package).items():
        groups.setdefault(root, []).append(place)
    return {root: sorted(places, key=lambda p: (p != root, p)) for root, places in groups.items()}


def _numbers(root: Place, places: list[Place], office_tables: dict[str, OfficeTable]) -> dict[str, str]:
    """Give each value its number, the key's own column first."""
    column = pd.concat([office_tables[name].frame[column] for name, column in places], ignore_index=True)
    values = column.dropna().unique()
    prefix = _prefix(root[0], values)
    width = len(str(len(values)))
    return {value: f"{prefix}{i:0{width}}" for i, value in enumerate(values, 1)}


def _prefix(table: str, values: Collection[str]) -> str:
    """Initials of the table, lengthened until no value begins so.

    Otherwise a number might be a person's own.
    """
    prefix = "".join(word[0] for word in table.split("_")).upper()
    begun = {v[: len(table) + 3].upper() for v in values}
    while any(v.startswith(prefix) for v in begun):
        prefix += "X"
        if len(prefix) > len(table):
            begun = {v.upper() for v in values}
    return prefix


def _foreign_keys(package: dict) -> dict[Place, Place]:
    return {
        (r["name"], column): (key["reference"]["resource"] or r["name"], target)
        for r in package["resources"]
        for key in r.get("schema", {}).get("foreignKeys", [])
        for column, target in zip(key["fields"], key["reference"]["fields"], strict=True)
    }


def _root(place: Place, keys: dict[Place, Place]) -> Place:
    seen = set()
    while place in keys and place not in seen:
        seen.add(place)
        place = keys[place]
    return place
