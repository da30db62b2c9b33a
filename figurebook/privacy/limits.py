"""Read the privacy limits, a table that an office can set for itself.

Source: ``settings/privacy.csv``.
"""

from __future__ import annotations

import pandas as pd

from figurebook.datapackage.problems import Problem, TablesError
from figurebook.datapackage.tables import Tables

LIMITS = "privacy"  # the table


def limits(tables: Tables) -> dict[str, int]:
    """Every limit by its id.

    TablesError when one is missing or they contradict one another.
    """
    return limits_of(tables.privacy.frame, tables.privacy.schema)


def schema_of(package: dict) -> dict:
    """The table's schema; TablesError where the package has none.

    Without limits nothing is put in.
    """
    for resource in package["resources"]:
        if resource["name"] == LIMITS:
            return resource["schema"]
    raise TablesError(
        [
            Problem(
                LIMITS,
                "missing-file",
                "数据包里没有隐私保护的界限。换入登记表之前，"
                "请把 data/settings 里的 privacy.csv 和 privacy.yaml 放回，并写进 "
                "data/package.yaml 的 tables。",
            )
        ]
    )


def limits_of(frame: pd.DataFrame, schema: dict, file: str = LIMITS) -> dict[str, int]:
    """The limits in the rows of the table; errors as in ``limits``.

    The values may still be text.
    """
    values = {row.id: int(row.value) for row in frame.itertuples()}
    named = {f["name"]: f for f in schema["fields"]}["id"]["constraints"]["enum"]
    problems = [
        Problem(file, "constraint", f"缺少 {name} 一行，请补上。") for name in named if name not in values
    ]
    if not problems and values["interval"] > values["small-count"] - 2:
        problems = [
            Problem(
                file,
                "constraint",
                "不足界限的数在 1 与界限减 1 之间，"
                "可能范围至多是界限减 2：请改小 interval，或改大 small-count。",
            )
        ]
    if problems:
        raise TablesError(problems)
    return values
