"""Draw charts in one style, as SVG that carries its data.

The bytes depend on the data only. Text is paths in one bundled font, so charts look alike everywhere.
The colours are those of Okabe and Ito, which people without colour vision can distinguish. The light
ones are darkened until they stand out on white. ``figurebook/site/theme/static/charts.css`` has their
contrasts and the colours of the dark theme.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.util import find_spec
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from figurebook.datapackage.bases import BASES
from figurebook.figures.vocabulary import word
from figurebook.privacy.hidden_value import Hidden, lengths, value_or_dash

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, GREY = "#1A1A1A", "#595959"  # text, axes
BLUE, VERMILION, PURPLE = "#0072B2", "#B34700", "#8E4585"
SKY, ORANGE = "#3C9BD4", "#BF8700"  # too light for text
PAPER = "#FFFFFF"  # the page: the gap between the parts of a bar
PALETTE = {
    "ink": INK,
    "grey": GREY,
    "blue": BLUE,
    "vermilion": VERMILION,
    "purple": PURPLE,
    "sky": SKY,
    "orange": ORANGE,
    "paper": PAPER,
}
# On a phone a chart is about 340 px wide, so one inch is about 70 px and text of 10.5 points 10 px.
WIDTH = 4.8
TEXT = 10.5
MADE_UP, EXAMPLE = "示意", "例表"
_MARK_SIZE = 44


class Chart:
    """A matplotlib figure as SVG, with description, data and origins in its metadata.

    ``data`` is the frame that was drawn. ``sources`` is the result of ``figurebook.notebooks.api.origins``
    for its tables. A chart of tables that the book made up has 示意 in its title and across the drawing. One
    of the example rows of a system has 例表 (``example``). Raises ValueError when a bar was drawn whose
    length is not in the data.
    """

    def __init__(
        self, figure: Figure, alt: str, *, data: pd.DataFrame, sources: list[dict], example: bool = False
    ):
        if mark := EXAMPLE if example else made_up(sources):
            _stamp(figure, mark)
            alt = alt if alt.startswith(mark) else f"{mark}：{alt}"
        rows = [[_exact(x) for x in row] for row in data.itertuples(index=False)]
        data_lengths = {float(x) for row in rows for x in row if isinstance(x, (int, float))}
        if any(isinstance(value_or_dash(x), Hidden) for row in data.itertuples(index=False) for x in row):
            data_lengths.add(0.0)  # a bar that is marked and not drawn
        if strange := [x for x in _lengths(figure) if x not in data_lengths]:
            raise ValueError(f"有条形的长度不在数据里：{'、'.join(map(str, strange))}")
        about = {
            "title": figure.get_suptitle(),
            "sources": sources,
            "columns": list(map(str, data.columns)),
            "rows": rows,
        }
        self.alt = alt
        out = io.BytesIO()
        description = json.dumps(about, ensure_ascii=False, allow_nan=False)
        figure.savefig(
            out,
            format="svg",
            metadata={"Title": alt, "Description": description, "Date": None, "Creator": None},
        )
        self.svg = out.getvalue().decode()

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict]]:
        # The background is transparent; Jupyter's dark theme puts a light one behind it.
        return (
            {"image/svg+xml": self.svg, "text/plain": self.alt},
            {"image/svg+xml": {"needs_background": "light"}},
        )


def made_up(sources: list[dict]) -> str:
    """The mark of a chart by the bases of its tables: ``示意`` if one was made up, else empty."""
    return MADE_UP if any(s["basis"] == word(BASES, "illustrative") for s in sources) else ""


def _stamp(figure: Figure, mark: str) -> None:
    """Put the mark into the title and across the bars and lines, so that no picture of it loses the mark."""
    figure.suptitle(f"{mark}：{figure.get_suptitle()}", x=0.01, ha="left")
    for ax in figure.axes:
        ax.text(
            0.5,
            0.5,
            mark,
            transform=ax.transAxes,
            ha="center",
            va="center",
            fontsize=_MARK_SIZE,
            color=GREY,
            alpha=0.3,
            zorder=10,
            in_layout=False,
        )


def axes(title: str, xlabel: str, ylabel: str, *, height: float = 3.0) -> tuple[Figure, Axes]:
    """A figure and its axes in the book's style; ``height`` in inches.

    The vertical axis is named above it: Chinese is not read sideways.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams.update(_style())
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    ax = figure.subplots()
    figure.suptitle(title, x=0.01, ha="left")  # not the axes' own: a title may be as wide as the figure
    ax.set_xlabel(xlabel)
    ax.set_title(ylabel, loc="left")
    return figure, ax


def bars(
    title: str,
    labels: Iterable[str],
    values: Iterable[float],
    *,
    form: str | Callable = "{:,.0f}",
    color: str | Sequence[str] = BLUE,
) -> Figure:
    """A figure of horizontal bars, the first on top, each labelled with its value.

    ``form`` writes a value. ``color`` is one colour, or one for each bar.
    """
    labels, values = list(labels), [value_or_dash(v) for v in values]
    figure, ax = axes(title, "", "", height=0.6 + 0.3 * len(labels))
    drawn = ax.barh(range(len(labels)), lengths(values), 0.7, color=color)
    ax.set_yticks(range(len(labels)), labels)
    write = form if callable(form) else form.format
    ax.bar_label(drawn, [v if isinstance(v, Hidden) else write(v) for v in values], padding=3)
    ax.invert_yaxis()
    ax.margins(x=0.12)
    only_labels(ax)
    return figure


def mark_hidden(ax: Axes, places: Iterable[float], values: Iterable) -> None:
    """Write the reason over the place of each upright bar that is hidden."""
    for place, value in zip(places, values, strict=True):
        if isinstance(value, Hidden):
            ax.annotate(
                value, (place, 0), (0, 3), textcoords="offset points", ha="center", va="bottom", rotation=90
            )


def only_labels(ax: Axes) -> None:
    """Take away the horizontal axis and the ticks of bars that bear their values."""
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="y", length=0)


def font_file() -> Path:
    """The bundled Noto Sans SC, by path: a system font must never stand in unnoticed."""
    spec = find_spec("zhplot")
    assert spec is not None  # it is installed with the program
    assert spec.submodule_search_locations
    return next(Path(spec.submodule_search_locations[0]).rglob("NotoSansSC-Regular.ttf"))


@cache
def _style() -> dict:
    from matplotlib import font_manager

    font_manager.fontManager.addfont(font_file())
    return {
        "font.family": ["Noto Sans SC"],
        "axes.unicode_minus": False,
        "svg.hashsalt": "thirty",
        "svg.fonttype": "path",
        "font.size": TEXT,
        "figure.titlesize": 12,
        "axes.titlesize": TEXT,
        "axes.labelsize": TEXT,
        "xtick.labelsize": TEXT,
        "ytick.labelsize": TEXT,
        "legend.fontsize": TEXT,
        "legend.frameon": False,
        "text.color": INK,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.edgecolor": GREY,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "axes.prop_cycle": f"cycler('color', {[BLUE, VERMILION, PURPLE, GREY]})",
    }


def _exact(cell: Any) -> str | int | float | bool | None:
    """A cell for JSON; ten digits, because processors differ in the last ones."""
    if cell is None or cell is pd.NA or cell != cell:
        return None
    if isinstance(cell, bool):
        return cell
    if not isinstance(cell, Real):
        return str(cell)
    return _ten_digits(cell)


def _ten_digits(value: Real) -> int | float:
    if isinstance(value, Integral):
        return int(value)
    number = float(f"{value:.10g}")
    return int(float(value)) if number.is_integer() else number


def _lengths(figure: Figure) -> list[float]:
    """The lengths of all bars."""
    from matplotlib.container import BarContainer

    return [
        float(_ten_digits(x))
        for ax in figure.axes
        for c in ax.containers
        if isinstance(c, BarContainer)
        for x in np.asarray(c.datavalues)
    ]
