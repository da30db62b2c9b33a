"""Check that a number fits exactly: int64, or a decimal of fifteen digits.

A ``number`` field that is to be summed says ``decimals: N``, the most digits after the point. Its column
holds floats. Among decimals of at most fifteen digits only one is so near its float. So what was written can
be had back from it.
"""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, InvalidOperation

import pandas as pd

from figurebook.datapackage.problems import Problem

LARGEST_INTEGER = 2**63 - 1
DIGITS = 15
LARGEST_DECIMAL = 10**DIGITS - 1  # without its point
_EXACT = Context(prec=2 * DIGITS, traps=[Inexact, InvalidOperation])


def unfit(cell: str, field: dict) -> str:
    """Say why an integer or a number of ``decimals`` cannot be held, or ""."""
    if field["type"] == "integer":
        return "这个整数超过 64 位，请核对。" if abs(Decimal(cell)) > LARGEST_INTEGER else ""
    too_long = f"连小数不能多于 {DIGITS} 位，请核对。"
    try:
        written = _EXACT.quantize(Decimal(cell), Decimal(1).scaleb(-field["decimals"]))
    except Inexact:
        return f"小数不能多于 {field['decimals']} 位，请核对。"
    except InvalidOperation:
        return too_long
    is_held = written.is_finite() and len(written.as_tuple().digits) <= DIGITS
    return "" if is_held else too_long


def unfit_numbers(frame: pd.DataFrame, schema: dict, file: str) -> list[Problem]:
    """Report each cell that its column cannot hold exactly.

    Such a number is beyond int64, or beyond ``decimals``.
    """
    problems = []
    for spec in schema["fields"]:
        cells, column = frame[spec["name"]], spec["name"]
        if spec["type"] == "integer":  # short ones, which are nearly all, need no look
            cells = cells[(cells.str.len() > DIGITS).fillna(False)]
        elif "decimals" not in spec:
            continue
        problems += [
            Problem(file, "constraint", why, row=row, column=column, value=cell)
            for row, cell in zip(cells.index + 2, cells, strict=True)
            if not pd.isna(cell) and (why := unfit(cell, spec))
        ]
    return problems
