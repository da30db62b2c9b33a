"""Of a record no notebook shows a small count, nor what gives it away, nor a row about somebody."""

import re
from pathlib import Path

import pandas as pd
import pytest
from support.attack import LEAST, WIDTH, attacked
from support.canaries import LIMITS
from support.notebooks import run
from support.project import DATA

from figurebook.datapackage.tables import Tables
from figurebook.notebooks import api as nb
from figurebook.office.lay_over import load_with
from figurebook.privacy.hidden_value import Hidden, lengths

SMALL = f"不足 {LIMITS['small-count']}，不显示"
BESIDE, TOO_SMALL = "为免反推，不显示", "数太小，不显示"
MARKS = {SMALL: "primary", BESIDE: "secondary", TOO_SMALL: "withheld"}
PEOPLE = ["户数", "人数"]


def changed(folder: Path) -> None:
    """Registers with small groups: large households, few above the line, few members in a field."""
    poor = pd.read_csv(DATA / "registers/poor_households.csv", dtype={"village_code": str})
    poor["persons"] = [9, 7, 6, *(1 + i % 4 for i in range(len(poor) - 3))]
    poor["income_2015"] = [600_123, 600_456, 600_789, *(100_017 + 13 * i for i in range(len(poor) - 3))]
    poor["income_2016"] = poor["income_2015"] + 777
    poor.to_csv(folder / "poor_households.csv", index=False)
    members = pd.read_csv(DATA / "registers/model_members.csv")
    fields = ["agency"] * 3 + ["community"] * 12 + ["nonpublic"] * 40
    members["field"] = fields + ["rural"] * (len(members) - len(fields))
    members.to_csv(folder / "model_members.csv", index=False)
    branches = pd.read_csv(DATA / "registers/branches.csv", dtype={"village_code": str})
    branches = branches.head(20)  # of which the first and the fourteenth stop at the same step
    branches = branches.assign(members=[4 if n % 13 == 0 else 50 for n in range(20)])
    branches.to_csv(folder / "branches.csv", index=False)
    appointments = pd.read_csv(DATA / "registers/appointments.csv")
    appointments.iloc[::-1].assign(kind="promoted").to_csv(folder / "appointments.csv", index=False)


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    changed(folder)
    return folder


@pytest.fixture(scope="module")
def recorded(office) -> Tables:
    return load_with(office)


def withstands(shown: list, total: int) -> None:
    """Counts as shown, some of them marks, that add up to a public total."""
    values = {i: n for i, n in enumerate(shown) if not isinstance(n, Hidden)} | {"total": total}
    marks = {i: MARKS[n] for i, n in enumerate(shown) if isinstance(n, Hidden)}
    assert not [n for n in values.values() if 0 < n < LEAST]
    for low, high in attacked(values, marks, [(list(range(len(shown))), "total")]).values():
        assert high - low >= WIDTH - 1e-6


def test_a_reconstruction_is_shown_as_it_is(tables):
    frame = pd.DataFrame({"a": ["x", "y"], "n": [1, 700]})
    assert nb.with_hidden_counts(tables, frame, "poor_households", counts=frame[["n"]]) is frame
    assert nb.rows_of(tables, frame, "poor_households", keep=[]) is frame
    assert nb.rounded_column(tables, frame, "n", "poor_households") is frame


def test_a_record_of_something_else_changes_nothing(recorded):
    frame = pd.DataFrame({"a": ["x", "y"], "n": [1, 700]})
    assert nb.with_hidden_counts(recorded, frame, "organisations", counts=frame[["n"]]) is frame


def test_small_counts_go_with_a_companion_and_what_stands_beside_them(recorded):
    frame = pd.DataFrame({"户数": [3, 40, 90, 0], "人数": [12, 100, 200, 0], "平均": [1.5, 2, 3, None]})
    shown = nb.with_hidden_counts(recorded, frame, "poor_households", counts=frame[PEOPLE], also=["平均"])
    assert shown["户数"].to_list() == [SMALL, BESIDE, 90, 0]
    assert shown["人数"].to_list() == [BESIDE, BESIDE, 200, 0]
    assert shown["平均"].to_list()[:3] == [BESIDE, BESIDE, 3]
    assert frame["户数"].to_list() == [3, 40, 90, 0]


def test_a_part_is_hidden_when_it_or_its_rest_is_small(recorded):
    frame = pd.DataFrame({"户数": [100, 4, 95, 50, 0]})
    shown = nb.with_hidden_counts(recorded, frame, "poor_households", counts=frame[["户数"]], of=[100])
    assert shown["户数"].to_list() == [100, SMALL, BESIDE, 50, 0]


def test_counts_that_fall_hide_their_steps(recorded):
    def shown(*counts):
        frame = pd.DataFrame({"n": counts})
        hidden = nb.with_hidden_counts(recorded, frame, "branches", counts=frame[["n"]], falling=True)
        return hidden["n"].to_list()

    assert shown(500, 500, 450, 400) == [500, 500, 450, 400]
    # 500 - 497 is small, so that step goes with the one after it, and with it 497 alone is hidden.
    assert shown(500, 497, 450, 400) == [500, BESIDE, 450, 400]
    assert shown(500, 450, 448, 400) == [500, 450, BESIDE, 400]
    assert shown(12, 8, 7) == [12, BESIDE, BESIDE]


def test_only_the_rows_that_count_people_are_judged(recorded):
    frame = pd.DataFrame({"n": [3, 5, 3, 60]})
    shown = nb.with_hidden_counts(
        recorded, frame, "model_members", counts=frame[["n"]], rows=[False, False, True, True]
    )
    assert shown["n"].to_list() == [3, 5, SMALL, BESIDE]


def test_values_of_single_households_are_rounded_or_hidden(recorded, tables, monkeypatch):
    frame = pd.DataFrame({"值": [2707.26, 56.94]})
    assert nb.rounded_column(recorded, frame, "值", "poor_households")["值"].to_list() == [2700, 57]
    monkeypatch.setattr("figurebook.privacy.small_counts.SHARE", 1000)
    assert set(nb.rounded_column(recorded, frame, "值", "poor_households")["值"]) == {TOO_SMALL}


def test_a_hidden_bar_is_marked_and_not_drawn():
    values = [12, Hidden(SMALL)]
    frame = pd.DataFrame({"n": pd.Series(values, dtype=object)})
    figure = nb.bars("x", ["a", "b"], values)
    assert [p.get_width() for p in figure.axes[0].patches] == [12, 0]
    assert [t.get_text() for t in figure.axes[0].texts] == ["12", SMALL]
    assert SMALL in nb.Chart(figure, "x", data=frame, sources=[]).svg
    assert lengths(values) == [12, 0]
    with pytest.raises(ValueError, match="条形的长度不在数据里"):
        nb.Chart(figure, "x", data=frame.assign(n=12), sources=[])


def test_words_and_tables_say_that_something_is_hidden():
    frame = pd.DataFrame({"n": [Hidden(SMALL), 1200.5]}, dtype=object)
    assert nb.each(frame, "{n:,.0f} 户") == f"{SMALL} 户；1,200 户"
    page = nb.show("x", frame)._repr_html_()
    assert SMALL in page
    assert '<th scope="col" class="number">' in page


def test_the_poverty_notebook_hides_the_largest_households(office, recorded, monkeypatch):
    variables, shown = run("08-poverty.ipynb", monkeypatch, str(office))
    assert list(variables["sizes"]["登记（实际登记）"]) == [TOO_SMALL] * 6
    assert TOO_SMALL in shown["08-21"].svg
    assert TOO_SMALL in shown["08-21"].alt
    # The number of persons is public too; grant the mean of those of six and more besides.
    persons = recorded.poor_households.frame["persons"]
    weights = {i: i + 1 for i in range(5)} | {5: persons[persons >= 6].mean()}
    found = attacked(
        {"total": len(persons)},
        dict.fromkeys(weights, "withheld"),
        [(list(weights), "total")],
        weighted=(weights, persons.sum()),
    )
    assert min(high - low for low, high in found.values()) >= WIDTH


def test_the_poverty_system_shows_no_household_and_no_small_group(office, recorded, monkeypatch):
    variables, shown = run("systems/s16-poverty.ipynb", monkeypatch, str(office))
    wholes = variables["level"].loc[0, PEOPLE]
    register = recorded.poor_households.frame
    assert list(wholes) == [len(register), register["persons"].sum()]
    for frame in (variables["level"], variables["below"]):
        for column, whole in zip(PEOPLE, wholes, strict=True):
            for part in frame[column]:
                rest = Hidden(BESIDE) if isinstance(part, Hidden) else whole - part
                withstands([part, rest], whole)
    assert variables["level"].loc[1, "2016 年（元）"] == BESIDE
    assert BESIDE in shown["c17"].svg
    everything = "".join(repr(s) + getattr(s, "svg", "") for s in shown.values())
    for income in recorded.poor_households.frame["income_2016"].head(4):
        assert f"{income:,}" not in everything
        assert str(income / 100) not in everything
    assert re.findall(r"不超过 \| ([\d,.]+)", everything) == ["1,100", "1,300", "1,600"]


def test_members_by_field_and_branches_by_step_cannot_be_computed_back(office, recorded, monkeypatch):
    variables, shown = run("systems/s05-four-creations.ipynb", monkeypatch, str(office))
    people = variables["counted"].query("类别 == '党员'")["已认定"]
    assert SMALL in list(people)
    withstands(list(people), len(recorded.model_members.frame))
    assert SMALL in shown["c12"].svg
    variables, shown = run("systems/s11-institutions.ipynb", monkeypatch, str(office))
    assert SMALL in list(variables["standing"]["党员数"])
    withstands(list(variables["standing"]["党员数"]), recorded.branches.frame["members"].sum())
    assert "present" not in repr(shown["c06"])
    shares = variables["shares"]["到场人次"]
    assert [isinstance(n, Hidden) for n in shares] == [False, False, True, True, True, False]
    assert BESIDE in shown["c13"].svg


def test_the_register_of_appointments_shows_running_numbers_only(office, monkeypatch):
    _, shown = run("systems/s17-selection.ipynb", monkeypatch, str(office))
    assert "promoted" not in repr(shown["c05"])
    assert "逐行的内容不显示" in repr(shown["c05"])
