"""Report a points book as text and as JSON, for ``python -m wuqi points``."""

from __future__ import annotations

import pandas as pd

from figurebook.notebooks.api import plain_cell
from wuqi.systems.stars_and_points import model

KEYS = {
    "周期": "period",
    "支部": "branch",
    "党员": "member",
    "次数": "times",
    "计入次数": "counted",
    "积分": "points",
    "名次": "rank",
    "同名次几人": "sharing",
    "星": "stars",
    "编号": "id",
    "日期": "date",
    "表": "sheet",
    "行": "row",
    "规则": "says",
    "拒绝的是": "detail",
    "动作": "action",
    "原记录": "event",
    "原次数": "recorded",
    "其后次数": "times_then",
    "理由": "reason",
}
_VIEWS = ("points", "ranking", "stars", "rejected", "corrections")


def as_json(book: model.PointsBook) -> dict:
    """``counts``, ``ties`` and each view, its rows as mappings with the English keys of ``KEYS``.

    A refused entry has the name of the ``rule`` besides its text.
    """
    views = {v: getattr(model, v)(book).rename(columns=KEYS).to_dict("records") for v in _VIEWS}
    for row, (_, error) in zip(views["rejected"], book.rejected, strict=True):
        row["rule"] = error.rule
    return {
        "system": model.SYSTEM,
        "counts": _counts(book),
        "ties": ties(book).rename(columns=KEYS).to_dict("records"),
        **views,
    }


def as_text(book: model.PointsBook) -> str:
    """Each view under its title, one line per row; then ties and sums.

    Tabs stand between cells.
    """
    parts = [_table(model.VIEWS[v], getattr(model, v)(book)) for v in _VIEWS]
    c = _counts(book)
    return "\n\n".join(
        [
            *parts,
            _table("并列", ties(book)),
            (
                f"计入 {c['events']} 条记录，{c['changes']} 条申诉与更正；被拒绝 {c['rejected']} 条。"
                "规则都是本书或本单位的，不是该县的规定。"
            ),
        ]
    )


def ties(book: model.PointsBook) -> pd.DataFrame:
    """One row for each member or branch that shares a rank; branches have no member."""
    columns = ["周期", "支部", "党员", "积分", "名次", "同名次几人"]
    both = [model.ranking(book)[columns], model.stars(book).assign(党员="")[columns]]
    return pd.concat([frame[frame["同名次几人"] > 1] for frame in both], ignore_index=True)


def _counts(book: model.PointsBook) -> dict[str, int]:
    return {"events": len(book.events), "changes": len(book.changes.history), "rejected": len(book.rejected)}


def _table(title: str, frame: pd.DataFrame) -> str:
    lines = ["\t".join(frame.columns)] if len(frame) else ["（没有）"]
    rows = ("\t".join(" ".join(plain_cell(c).split()) for c in r) for r in frame.itertuples(index=False))
    return "\n".join([title, *lines, *rows])
