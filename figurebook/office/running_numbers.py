"""Running numbers in place of personal values, before any later step sees a table.

A column marked ``personal`` in the package, and every foreign key that points at one, is replaced: equal
values get equal numbers, in the order of the file that holds the key. Nothing is derived from a value
(no hash that could be tried out), and the list that would lead back is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from figurebook.office.office_tables import OfficeTable

Place = tuple[str, str]  # table, column


def pseudonymised(given: dict[str, OfficeTable], package: dict) -> dict[str, OfficeTable]:
    """The tables with their personal columns as running numbers; missing cells stay missing.

    What was written in such a cell is forgotten too (``OfficeTable.written``). Tables without personal
    columns are handed on as they are.
    """
    codes = {root: _numbers(root, places, given) for root, places in _groups(given, package).items()}
    changed = dict(given)
    for (name, column), root in _roots(given, package).items():
        table = changed[name]
        cells = [codes[root].get(value) for value in table.frame[column]]  # None for a missing one
        frame = table.frame.assign(**{column: pd.Series(cells, table.frame.index, dtype=object)})
        written = {place: text for place, text in table.written.items() if place[1] != column}
        changed[name] = replace(table, frame=frame, written=written)
    return changed


def personal_values(given: dict[str, OfficeTable], package: dict) -> dict[str, set[str]]:
    """What must not be found anywhere, by ``table.column``: the values as read and as written."""
    values = {}
    for name, column in _roots(given, package):
        table = given[name]
        written = {text for (_, where), text in table.written.items() if where == column}
        values[f"{name}.{column}"] = (set(table.frame[column].dropna()) | written) - {""}
    return values


def personal_columns(package: dict) -> dict[Place, Place]:
    """Every personal column of the package, with the key that its values come from (itself, mostly)."""
    fields = [(r["name"], f) for r in package["resources"] if "schema" in r for f in r["schema"]["fields"]]
    marked = {(name, f["name"]) for name, f in fields if f.get("personal")}
    keys = _foreign_keys(package)
    roots = {(name, f["name"]): _root((name, f["name"]), keys) for name, f in fields}
    return {place: root for place, root in roots.items() if place in marked or root in marked}


def _roots(given: dict[str, OfficeTable], package: dict) -> dict[Place, Place]:
    return {
        place: root
        for place, root in personal_columns(package).items()
        if place[0] in given and place[1] in given[place[0]].frame
    }


def _groups(given: dict[str, OfficeTable], package: dict) -> dict[Place, list[Place]]:
    groups: dict[Place, list[Place]] = {}
    for place, root in _roots(given, package).items():
        groups.setdefault(root, []).append(place)
    return {root: sorted(places, key=lambda p: (p != root, p)) for root, places in groups.items()}


def _numbers(root: Place, places: list[Place], given: dict[str, OfficeTable]) -> dict[str, str]:
    """Value to number, the key's own column first."""
    column = pd.concat([given[name].frame[column] for name, column in places], ignore_index=True)
    values = column.dropna().unique()
    prefix = _prefix(root[0], values)
    width = len(str(len(values)))
    return {value: f"{prefix}{i:0{width}}" for i, value in enumerate(values, 1)}


def _prefix(table: str, values: Collection[str]) -> str:
    """Initials of the table; lengthened until no value begins so, lest a number be someone's own."""
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
