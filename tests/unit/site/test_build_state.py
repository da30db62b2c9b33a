"""How a verdict shows: the three axes, each with a shape, a word and a kind of colour."""

from figurebook.datapackage.bases import BASES
from figurebook.figures.vocabulary import RELATIONS, RESULTS
from figurebook.site.build_state import _MARKS, derived, page_name, verdict_axes, verdicts


def test_every_value_of_every_axis_has_a_mark_and_marks_differ_within_an_axis():
    assert set(_MARKS) == {*RESULTS, *BASES, *RELATIONS}
    for axis in (RESULTS, RELATIONS):
        shapes = {_MARKS[value] for value in axis}
        assert len(shapes) == len(axis) - ("holds" in axis)  # reproduced and holds are both a yes


def test_what_proves_nothing_never_looks_like_what_does():
    assert _MARKS["illustrative"] == _MARKS["stated"]
    assert _MARKS["published"] == _MARKS["recorded"]
    assert _MARKS["published"] != _MARKS["illustrative"]


def test_a_contradiction_has_the_colour_of_its_own():
    assert {value for value, (_, kind) in _MARKS.items() if kind == "no"} == {"differs", "unlike"}


def test_axes_are_said_in_order_with_their_meaning():
    told = verdict_axes(verdicts()["poverty.persons"])
    assert [(a["name"], a["word"]) for a in told] == [
        ("旁证", "不同"),
        ("依据", "本书自编（示意）"),
        ("复算", "相等"),
    ]
    assert all(len(a["means"]) > 5 for a in told)
    # What had to come out is pale, and says why.
    assert [(a["kind"], a["aside"]) for a in told] == [
        ("no", ""),
        ("open", ""),
        ("open", "按总数编成，相等是必然的"),
    ]
    assert verdict_axes(verdicts()["staffing.villages"])[2]["kind"] == "yes"


def test_an_address_is_the_id_with_hyphens():
    assert page_name("services.county_stations") == "figures/services-county-stations"


def test_derived_quantities_rest_on_figures_there_are():
    assert derived()
    assert all(set(d.figures) <= set(verdicts()) for d in derived().values())
