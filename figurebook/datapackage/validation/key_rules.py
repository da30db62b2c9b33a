"""Find repeated keys, and foreign keys that point at no row."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from figurebook.datapackage.validation.table_rows import TableRows, filled


def repeated(rows: TableRows) -> Iterator[tuple[tuple[str, ...], np.ndarray, dict[int, int]]]:
    """Find rows whose key, or unique value, stands in a row above.

    For each key with such rows, give its columns, the rows and their firsts. The rows are one mark for each
    row; the firsts are, for each of these rows by position, the position of the first. Cells at fault are
    not compared; mark those found before asking for the next.
    """
    unique = [(f["name"],) for f in rows.fields if f.get("constraints", {}).get("unique")]
    for columns in dict.fromkeys([*unique, tuple(rows.key)] if rows.key else unique):
        sound = ~np.logical_or.reduce([rows.bad[c] for c in columns])
        sound &= ~np.logical_and.reduce([rows.empty(c) for c in columns])
        codes = _together(rows, columns)
        twice = np.zeros(len(codes), dtype=bool)
        twice[sound] = pd.Series(codes[sound]).duplicated().to_numpy()
        if twice.any():
            places = np.flatnonzero(sound)
            kept, at = np.unique(codes[places], return_index=True)
            firsts = dict(zip(kept.tolist(), places[at].tolist(), strict=True))
            yield columns, twice, {i: firsts[codes[i]] for i in np.flatnonzero(twice).tolist()}


def _together(rows: TableRows, columns: tuple[str, ...]) -> np.ndarray:
    """One number for each row, equal where all the columns' values are.

    01 and 1 are one integer.
    """
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
    rows: TableRows, columns: tuple[str, ...], frame: pd.DataFrame, target_columns: tuple[str, ...]
) -> np.ndarray:
    """Mark the rows that point at nothing in ``frame``.

    An empty pointer points at nothing and may.
    """
    targets = values(frame, target_columns)
    sound = ~np.logical_or.reduce([rows.bad[c] for c in columns])
    if len(columns) == 1:
        codes, texts = rows.factorized(columns[0])
        lost = np.array([(text,) not in targets for text in texts], dtype=bool)
        return np.append(lost, False)[codes] & sound
    pointers = zip(*(filled(rows.frame[c]) for c in columns), strict=True)
    return np.array([any(p) and p not in targets for p in pointers], dtype=bool) & sound


def values(frame: pd.DataFrame, columns: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The distinct values of the columns, an empty cell as ``""``.

    Those that are all empty are left out.
    """
    rows = set(zip(*(filled(frame[c]) for c in columns), strict=True))
    return rows - {("",) * len(columns)}
