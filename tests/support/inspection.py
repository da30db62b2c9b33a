"""S06's rules and units, and the rules with some of them changed."""

from dataclasses import replace

import pandas as pd

from figurebook.datapackage.tables import Tables
from figurebook.systems.periods import PER_YEAR
from wuqi.systems.inspection import model

TABLES = Tables.load()
RULES = model.rules(TABLES)
UNITS = model.units(TABLES)
CADENCE = ["activity", "label", "unit", "period", "times"]
KINDS = list(PER_YEAR)


def under(cadences=None, indicators=None, **parameters):
    """The rules with other cadences (rows of CADENCE), indicators or parameters."""
    changed = {"parameters": RULES.parameters | {k.replace("_", "-"): v for k, v in parameters.items()}}
    if cadences is not None:
        changed["cadences"] = pd.DataFrame(cadences, columns=CADENCE)
    if indicators is not None:
        changed["indicators"] = pd.DataFrame(indicators, columns=["name", "parent", "label", "weight"])
    return replace(RULES, **changed)


def codes(n: int) -> list[str]:
    return [f"U{i:03}" for i in range(n)]
