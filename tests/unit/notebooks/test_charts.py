"""Charts whose bytes depend on their data only, and which carry that data."""

import json
import re
import warnings
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import font_manager
from support.charts import DATA, SOURCES, chart
from support.project import ROOT, committed_notebooks, every_notebook, load_notebook, source

from figurebook.datapackage.bases import BASES
from figurebook.notebooks import charts
from figurebook.site.look import svg


def test_a_chart_is_the_same_bytes_every_time():
    assert chart().svg == chart().svg
    assert chart().svg != chart(title="题标").svg


def test_a_chart_carries_its_alternative_text_and_no_date():
    made = chart("5 < 6 & “甲”")
    assert re.findall("<title>(.*?)</title>", made.svg) == ["5 &lt; 6 &amp; “甲”"]
    assert "dc:date" not in made.svg
    assert "matplotlib v" not in made.svg.lower()


def test_jupyter_gets_the_svg_and_a_light_background_for_it():
    made = chart()
    data, metadata = made._repr_mimebundle_()
    assert data == {"image/svg+xml": made.svg, "text/plain": made.alt}
    assert metadata == {"image/svg+xml": {"needs_background": "light"}}


def test_a_chart_carries_its_data_and_where_it_is_from():
    data = pd.DataFrame(
        {
            "a <&> b": ["]]>", None],
            "n": pd.array([3, None], dtype="Int64"),
            "x": [4.0, 1 / 3],
            "yes": [True, np.True_],
        }
    )
    told = svg.about(chart(data=data).svg)
    assert told == {
        "title": "标题",
        "sources": SOURCES,
        "columns": ["a <&> b", "n", "x", "yes"],
        "rows": [["]]>", 3, 4, True], [None, None, 0.3333333333, True]],
    }


@given(st.one_of(st.text(), st.integers(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False)))
def test_a_cell_survives_json_to_ten_digits(cell):
    kept = json.loads(json.dumps(charts._exact(cell)))
    assert kept == (pytest.approx(cell, rel=1e-9, abs=0) if isinstance(cell, float) else cell)


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ValueError, match="JSON compliant"):
        chart(data=pd.DataFrame({"n": [3.0, 4.0, float("inf")]}))


def test_a_bar_that_is_not_in_the_data_is_refused():
    with pytest.raises(ValueError, match=r"4\.0"):
        chart(data=DATA.assign(个数=[3, 5]))


def test_stacked_and_scaled_bars_are_held_against_the_data_too():
    data = pd.DataFrame({"a": [0.1, 0.2], "b": [0.3, 1 / 3]})
    figure, ax = charts.axes("t", "", "")
    ax.bar([1, 2], data["a"])
    ax.bar([1, 2], data["b"], bottom=data["a"])
    assert svg.about(charts.Chart(figure, "alt", data=data, sources=SOURCES).svg)["columns"] == ["a", "b"]
    with pytest.raises(ValueError, match=r"0\.3333333333"):
        charts.Chart(figure, "alt", data=data.head(1), sources=SOURCES)


def test_the_first_bar_is_on_top_and_the_order_is_kept():
    (ax,) = charts.bars("t", ["first", "second"], [3, 4]).axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["first", "second"]
    assert ax.yaxis_inverted()
    assert [text.get_text() for text in ax.texts] == ["3", "4"]


def test_the_font_is_the_bundled_file():
    chart()
    found = font_manager.findfont("Noto Sans SC", fallback_to_default=False)
    assert Path(found).resolve() == charts.font_file().resolve()
    assert mpl.rcParams["font.family"] == ["Noto Sans SC"]
    with pytest.raises(ValueError, match="Failed to find font"):
        font_manager.findfont("No Such Sans", fallback_to_default=False)


def texts_of_notebooks() -> str:
    """All that a chart of the book could write: code, printed results, and every cell of a table."""
    found = set()
    for path in committed_notebooks():
        for cell in load_notebook(path)["cells"]:
            if cell["cell_type"] == "code":
                found |= set(source(cell))
                for made in cell["outputs"]:
                    found |= set("".join(made.get("data", {}).get("text/plain", [])))
    for path in (ROOT / "data").rglob("*.csv"):
        found |= set(path.read_text(encoding="utf-8"))
    return "".join(sorted(c for c in found if c.isprintable() and c not in "$\\"))


def draw(text: str) -> None:
    """Draw all characters, a few a time, so that the layout has room; a warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for i in range(0, len(text), 25):
            chart(title=text[i : i + 25])


def test_no_glyph_of_the_charts_is_missing():
    text = texts_of_notebooks()
    assert "脱" in text
    draw(text)


def test_a_missing_glyph_would_be_seen():
    with pytest.raises(UserWarning, match="missing from font"):
        draw("\u0f40")  # Tibetan, which the bundled font does not hold


ILLUSTRATIVE = [{**SOURCES[0], "basis": BASES["illustrative"][0]}]
EXAMPLES = {"s03", "s04", "s05", "s06", "s08", "s11", "s12", "s13", "s14", "s15", "s18"}


@pytest.mark.parametrize(
    ("sources", "example", "mark"),
    [
        (ILLUSTRATIVE, False, "示意"),
        ([*SOURCES, *ILLUSTRATIVE], False, "示意"),
        (ILLUSTRATIVE, True, "例表"),
        ([{**SOURCES[0], "basis": BASES["recorded"][0]}], True, "例表"),
        ([{**SOURCES[0], "basis": BASES["published"][0]}], False, ""),
        ([{**SOURCES[0], "basis": BASES["recorded"][0]}], False, ""),
    ],
)
def test_what_was_made_up_says_so_in_title_text_and_drawing(sources, example, mark):
    figure = charts.bars("题", ["甲", "乙"], [3, 4])
    made = charts.Chart(figure, "条形图", data=DATA, sources=sources, example=example)
    assert svg.about(made.svg)["title"] == (f"{mark}：题" if mark else "题")
    assert made.alt == (f"{mark}：条形图" if mark else "条形图")
    assert drawn_marks(made.svg) == ([mark] if mark else [])


def drawn_marks(text: str) -> list[str]:
    """The marks across a drawing: matplotlib notes the words of each text beside its paths."""
    return re.findall("<!-- (示意|例表) -->", text)


def committed_charts() -> list[tuple[str, str, str]]:
    """Every chart of the notebooks: file, code, SVG."""
    return [
        (path.stem, source(cell), "".join(output["data"]["image/svg+xml"]))
        for path in every_notebook()
        for cell in load_notebook(path)["cells"]
        for output in cell.get("outputs", [])
        if "image/svg+xml" in output.get("data", {})
    ]


def test_every_chart_of_the_book_has_the_mark_of_its_rows():
    found = committed_charts()
    assert len(found) >= 28
    for name, code, text in found:
        about = svg.about(text)
        is_made_up = any(s["basis"] == BASES["illustrative"][0] for s in about["sources"])
        mark = "例表" if "example=True" in code else "示意" if is_made_up else ""
        assert about["title"].startswith(f"{mark}：") == bool(mark), name
        assert set(drawn_marks(text)) == ({mark} if mark else set()), name


def test_every_chart_of_example_rows_is_called_one():
    """An office may put rules of its own in place of ours: the rows of the example stay an example."""
    called = {name[:3] for name, code, _ in committed_charts() if "example=True" in code}
    assert called == EXAMPLES
