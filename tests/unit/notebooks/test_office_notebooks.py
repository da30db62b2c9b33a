"""Tables of an office that are valid, though not like ours: the notebooks about them still run."""

from pathlib import Path

import pandas as pd
import pytest
from support.canaries import LIMITS
from support.notebooks import run
from support.project import DATA

from figurebook.privacy.hidden_value import Hidden

SMALL = f"不足 {LIMITS['small-count']}，不显示"


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(
        DATA / f"registers/{name}.csv", dtype=dict.fromkeys(["code", "village_code", "township_code"], str)
    )


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Path:
    """Branches of one member, weak villages named, two sites in a village, all but three uninsured."""
    folder, villages = tmp_path_factory.mktemp("office"), read("villages")["code"]
    branches = read("branches").assign(members=[1 + n % 3 for n in range(91)])
    weak = read("weak_branches").assign(village_code=list(villages[:11]))
    facilities = read("service_facilities")
    again = facilities.query("kind == 'activity_site'").head(1).assign(id="X1")
    made = {
        "branches": branches,
        "weak_branches": weak,
        "service_facilities": pd.concat([facilities, again]),
        "first_secretaries": read("first_secretaries").assign(insured=[n < 3 for n in range(91)]),
    }
    for name, frame in made.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return folder


def test_branches_of_few_members_make_a_round(office, monkeypatch):
    variables, _ = run("systems/s11-institutions.ipynb", monkeypatch, str(office))
    assert len(variables["book"].branches) == 91


def test_an_office_may_name_its_weak_villages_and_none_is_shown(office, monkeypatch):
    _, shown = run("04-weak-branches.ipynb", monkeypatch, str(office))
    told = "".join(repr(s) for s in shown.values())
    assert "没有指认任何村" not in told
    assert not [c for c in read("villages")["code"] if c in told]


def test_the_reconstruction_names_no_weak_village(monkeypatch):
    _, shown = run("04-weak-branches.ipynb", monkeypatch, "")
    assert "自编的表没有指认任何村 | 通过" in "".join(repr(s) for s in shown.values())


def test_two_sites_in_a_village_are_two_sites_and_one_village(office, monkeypatch):
    variables, _ = run("06-services.ipynb", monkeypatch, str(office))
    sites = variables["coverage"].set_index("设施").loc["维修的活动阵地"]
    assert sites.tolist()[:3] == [57, 56, 91]
    assert sites["占比（%）"] == 56 / 91 * 100


def test_few_insured_first_secretaries_are_not_shown(office, monkeypatch):
    variables, _ = run("systems/s10-services.ipynb", monkeypatch, str(office))
    shown = variables["people"]["个数"].tolist()
    assert [isinstance(n, Hidden) for n in shown] == [False, True, False]
    assert shown == [91, SMALL, 0]


@pytest.mark.parametrize("recorded", ["", "organisations", "model_members"])
def test_a_chart_does_not_say_of_a_record_that_it_was_dealt_out(recorded, monkeypatch, tmp_path):
    if recorded:
        read(recorded).iloc[:-1].to_csv(tmp_path / f"{recorded}.csv", index=False)
    variables, _ = run("systems/s05-four-creations.ipynb", monkeypatch, str(tmp_path) if recorded else "")
    assert ("平均分" in variables["alt"]) == (not recorded)
    assert "发展型党组织 14 个" in variables["alt"]
