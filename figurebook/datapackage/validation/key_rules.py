"""Keys of a table's text: no row twice, and nothing that points at a row there is not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from figurebook.datapackage.validation.table_rows import TableRows, filled


def repeated(rows: TableRows) -> Iterator[tuple[tuple[str, ...], np.ndarray, dict[int, int]]]:
    """Rows whose key, or whose value in a column without repetition, stands in a row above.

    For each key with such rows: its columns, the rows (one mark a row), and for each of these, by position,
    the position of the first. Cells at fault are not compared; mark those found before asking for the next.
    """
    unique = [(f["name"],) for f in rows.fields if f.get("constraints", {}).get("unique")]
    for columns in dict.fromkeys([*unique, tuple(rows.key)] if rows.key else unique):
        judged = ~np.logical_or.reduce([rows.bad[c] for c in columns])
        judged &= ~np.logical_and.reduce([rows.empty(c) for c in columns])
        codes = _together(rows, columns)
        twice = np.zeros(len(codes), dtype=bool)
        twice[judged] = pd.Series(codes[judged]).duplicated().to_numpy()
        if twice.any():
            places = np.flatnonzero(judged)
            kept, at = np.unique(codes[places], return_index=True)
            firsts = dict(zip(kept.tolist(), places[at].tolist(), strict=True))
            yield columns, twice, {i: firsts[codes[i]] for i in np.flatnonzero(twice).tolist()}


def _together(rows: TableRows, columns: tuple[str, ...]) -> np.ndarray:
    """One number a row, equal where the values of all the columns are; 01 and 1 are one integer."""
    codes = [
        rows.factorized(c)[0]
        if c not in rows.numbers
        else np.where(rows.empty(c), -1, pd.factorize(rows.numbers[c])[0])
        for c in columns
    ]
    return (
        codes[0]
        if len(codes) == 1
        else pd.DataFrame(dict(enumerate(codes))).groupby(list(range(len(codes)))).ngroup().to_numpy()
    )


def dangling_rows(
    rows: TableRows, columns: tuple[str, ...], frame: pd.DataFrame, wanted: tuple[str, ...]
) -> np.ndarray:
    """The rows that point at nothing in ``frame``; an empty pointer points at nothing and may."""
    known = values(frame, wanted)
    judged = ~np.logical_or.reduce([rows.bad[c] for c in columns])
    if len(columns) == 1:
        codes, texts = rows.factorized(columns[0])
        lost = np.array([(text,) not in known for text in texts], dtype=bool)
        return np.append(lost, False)[codes] & judged
    pointers = zip(*(filled(rows.frame[c]) for c in columns), strict=True)
    return np.array([any(p) and p not in known for p in pointers], dtype=bool) & judged


def values(frame: pd.DataFrame, columns: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The distinct values of the columns, an empty cell being ``""``, without those that are all empty."""
    rows = set(zip(*(filled(frame[c]) for c in columns), strict=True))
    return rows - {("",) * len(columns)}
