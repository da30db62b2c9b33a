"""What a notebook shows: tables that screen readers can use, charts whose bytes depend on data only."""

import re
import warnings
from html.parser import HTMLParser
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from helpers import own_register, write_csv
from helpers_project import committed_notebooks, load_notebook, source
from matplotlib import font_manager

from wuqi import notebook as nb
from wuqi.tables import ROOT, Tables

COLOURS = ("BLUE", "VERMILION", "GREEN", "GREY", "INK")
READABLE = 4.5  # WCAG 2, level AA, for text


class Parsed(HTMLParser):
    """The tags of a table with their attributes, and its texts."""

    def __init__(self, markup: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.texts: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.texts.append(data.strip())

    def all(self, tag: str) -> list[dict]:
        return [given for name, given in self.tags if name == tag]


def html_of(title, columns, rows) -> Parsed:
    return Parsed(nb.Shown(title, columns, rows)._repr_html_())


def test_a_table_has_a_caption_and_scopes():
    page = html_of("Title", ["a", "b"], [["x", 1], ["y", 2]])
    assert len(page.all("caption")) == 1
    assert page.texts.index("Title") < page.texts.index("a")
    assert [given.get("scope") for given in page.all("th")] == ["col", "col"]
    assert len(page.all("tr")) == 3
    assert len(page.all("td")) == 4


def test_what_looks_like_markup_is_shown_not_obeyed():
    evil = '<script src="x">&</script>'
    page = html_of(evil, [evil], [[evil]])
    assert page.all("script") == []
    assert page.texts.count(evil) == 3


def test_columns_of_numbers_are_aligned_and_others_are_not():
    page = html_of("t", ["int", "float", "numpy", "gaps", "text", "mixed", "empty"],
                   [[1, 1.5, np.int64(3), None, "x", 1, None], [2, 2.5, np.float64(4), 7, "y", "z", pd.NA]])
    expected = ["number", "number", "number", "number", None, None, None]
    assert [given.get("class") for given in page.all("th")] == expected
    assert [given.get("class") for given in page.all("td")] == expected * 2


@pytest.mark.parametrize(("value", "shown"), [
    (None, "—"), (pd.NA, "—"), (float("nan"), "—"), (True, "是"), (False, "否"), (0, "0"),
    (13540, "13,540"), (np.int64(5115), "5,115"), (13.9, "13.9"), (2.0, "2"), (1234.567, "1,234.57"),
    (0.004, "0"), ("", ""), ("91", "91"), (-4507, "-4,507"),
])
def test_a_cell_as_readers_see_it(value, shown):
    assert nb.plain_cell(value) == shown


def test_the_plain_form_has_the_same_cells():
    shown = nb.Shown("Title", ["a", "b"], [["x", 13540], [None, 2.5]])
    assert repr(shown).splitlines() == ["Title", "a | b", "x | 13,540", "— | 2.5"]


def test_a_frame_is_shown_with_its_columns():
    frame = pd.DataFrame({"name": ["x"], "count": pd.array([None], dtype="Int64")})
    assert repr(nb.show("t", frame)).splitlines() == ["t", "name | count", "x | —"]


def test_checks_name_exactly_those_that_fail():
    assert repr(nb.checks({"first": True, "second": np.True_})).count("通过") == 2
    with pytest.raises(AssertionError) as caught:
        nb.checks({"good": True, "bad": False, "worse": np.False_})
    assert "bad" in str(caught.value)
    assert "worse" in str(caught.value)
    assert "good" not in str(caught.value)


def test_explain_keeps_the_three_axes_apart(tables: Tables):
    shown = nb.explain(tables, "poverty.persons", "staffing.villages")
    assert shown.columns[-3:] == ["结果", "依据", "旁证"]
    assert [row[-3:] for row in shown.rows] == [["复算一致", "本书重构", "不一致"],
                                                ["复算一致", "公开发布", "一致"]]
    assert len(nb.explain(tables).rows) == 30


def test_an_unknown_figure_is_refused_with_its_neighbours(tables: Tables):
    with pytest.raises(KeyError, match=r"poverty\.persons"):
        nb.explain(tables, "poverty.person")


def test_sources_tell_the_basis_and_the_rows(tables: Tables):
    (row,) = nb.sources(tables, "poor_households").rows
    assert row[0] == "poor_households"
    assert row[2] == 5115
    assert row[3] == "本书重构"


def test_an_overlay_is_what_a_notebook_reads(tmp_path: Path, monkeypatch):
    write_csv(tmp_path / "weak_branches.csv", own_register("weak_branches"))
    monkeypatch.setenv(nb.OVERLAY, str(tmp_path))
    assert nb.tables().basis("weak_branches") == "recorded"
    monkeypatch.delenv(nb.OVERLAY)
    assert nb.tables().basis("weak_branches") == "reconstructed"


def chart(alt: str = "alt", title: str = "标题") -> nb.Chart:
    figure, ax = nb.axes(title, "x", "y")
    ax.bar([1, 2], [3, -4])
    return nb.Chart(figure, alt)


def test_a_chart_is_the_same_bytes_every_time():
    assert chart().svg == chart().svg
    assert chart().svg != chart(title="题标").svg


def test_a_chart_carries_its_alternative_text_and_no_date():
    made = chart("5 < 6 & “甲”")
    assert re.findall("<title>(.*?)</title>", made.svg) == ["5 &lt; 6 &amp; “甲”"]
    assert "date" not in made.svg
    assert "matplotlib v" not in made.svg.lower()
    assert made._repr_mimebundle_() == {"image/svg+xml": made.svg, "text/plain": made.alt}


def test_the_font_is_the_bundled_file():
    chart()
    found = font_manager.findfont("Noto Sans SC", fallback_to_default=False)
    assert Path(found).resolve() == nb.font_file().resolve()
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
            chart(title=text[i:i + 25])


def test_no_glyph_of_the_charts_is_missing():
    text = texts_of_notebooks()
    assert "脱" in text
    draw(text)


def test_a_missing_glyph_would_be_seen():
    with pytest.raises(UserWarning, match="missing from font"):
        draw("\u0f40")  # Tibetan, which the bundled font does not hold


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def against_white(colour: str) -> float:
    return 1.05 / (luminance(colour) + 0.05)


def test_the_contrast_formula():
    assert against_white("#000000") == pytest.approx(21)
    assert against_white("#777777") == pytest.approx(4.48, abs=0.01)  # known to fall just short


@pytest.mark.parametrize("name", COLOURS)
def test_colours_are_readable_and_their_comments_true(name):
    code = (ROOT / "wuqi" / "notebook.py").read_text(encoding="utf-8")
    (written,) = re.findall(rf'^{name} = "#\w+"  # ([\d.]+) : 1', code, re.MULTILINE)
    measured = against_white(getattr(nb, name))
    assert measured >= READABLE
    assert float(written) == pytest.approx(measured, abs=0.1)


def test_colours_in_the_style_sheet_are_as_written_there():
    sheet = (ROOT / "book" / "_static" / "book.css").read_text(encoding="utf-8")
    written = re.findall(r"(#[0-9a-f]{6}) (\d+\.\d+)", sheet.split("*/")[0])
    assert len(written) >= 3
    for colour, ratio in written:
        assert float(ratio) == pytest.approx(against_white(colour), abs=0.1)
        assert float(ratio) >= READABLE


def test_a_column_of_sentences_is_marked_and_one_of_words_is_not():
    """A phone gives sentences room only where the page says that they are some."""
    page = nb.Shown("t", ["短", "长"], [["词", "这一格里写的是一整句话，要读"], ["词", "短"]])._repr_html_()
    assert page.count('class="sentence"') == 0
    long = "这一格里写的是一整句话，要一字一句地读"
    page = nb.Shown("t", ["短", "长"], [["词", long], ["词", "短"]])._repr_html_()
    assert page.count('<th scope="col" class="sentence">') == 1
    assert page.count('<td class="sentence">') == 2
