"""Write a line for each figure that differs or is not computed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from figurebook.datapackage.tables import Tables
from figurebook.figures.verdicts import HOLDING, Verdict, computed_text

_TAG_OR_BLANK = re.compile(r"<[^>]*>|\s")


def difference_lines(verdicts: Iterable[Verdict], tables: Tables) -> list[str]:
    """A line for each figure that differs or is not computed.

    It is in the words of the pages.
    """
    return [_line(v, tables) for v in verdicts if v.result not in HOLDING]


def mentions_differences(home: str, verdicts: Iterable[Verdict]) -> bool:
    """Whether a home page says how many figures do not come out.

    It looks for the sentence that ``{differences}`` writes.
    """
    wrong = sum(v.result not in HOLDING for v in verdicts)
    return not wrong or f"有{wrong}个数字与访谈所述不等或算不出" in _TAG_OR_BLANK.sub("", home)


def _line(verdict: Verdict, tables: Tables) -> str:
    figure = verdict.figure
    title = tables.resource(figure.table)["title"] if figure.table in tables.names else figure.table
    outcome = f"算不出：{verdict.reason}" if verdict.computed is None else f"算得 {computed_text(verdict)}"
    return f"{figure.label_zh}（{figure.id}）：所述 {figure.text}，{outcome}（表 {title}）"
