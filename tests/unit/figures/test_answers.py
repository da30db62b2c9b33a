"""One sentence answers whether a figure can be checked, whatever is known of it."""

import itertools
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from figurebook.datapackage.bases import BASES
from figurebook.figures.answers import answer
from figurebook.figures.evidence import Evidence
from figurebook.figures.registry import load_figures
from figurebook.figures.verdicts import Verdict, verify
from figurebook.figures.vocabulary import INDEPENDENCE, REASONS, RESULTS

CASES = [("same", ""), ("unlike", ""), *(("related", reason) for reason in REASONS), ("none_found", "")]


def piece(relation: str, reason: str, independence: str) -> Evidence:
    return Evidence(
        "x/1", "x.y", "ponds", "水塘", Decimal(90), "口", "exact", "2015", relation, reason, None, "",
        "题名", "某报", "2016-01-01", "published", None, independence,
    )  # fmt: skip


@pytest.fixture(scope="module")
def verdict(tables) -> Verdict:
    figure = load_figures(tables)["staffing.villages"]
    return Verdict(figure, Fraction(91), "reproduced", "illustrative", ())


def answers(verdict: Verdict) -> dict[tuple[str, ...], str]:
    """The sentence of every combination of relation, reason, independence, basis and result."""
    found = {}
    for (relation, reason), independence, basis, result in itertools.product(
        CASES, INDEPENDENCE, BASES, RESULTS
    ):
        evidence = () if relation == "none_found" else (piece(relation, reason, independence),)
        computed = None if result == "not_computed" else Fraction(91)
        known = replace(verdict, evidence=evidence, basis=basis, result=result, computed=computed)
        found[relation, reason, independence, basis, result] = answer(known)
    return found


def test_every_combination_has_one_sentence_of_its_own_kind(verdict):
    for case, text in answers(verdict).items():
        relation, reason, independence, _basis, result = case
        assert text.endswith("。"), case
        assert text.count("。") == 1, case
        assert len(text) <= 130, case
        assert ("没有找到，本书" in text or "在编者查过的出版物里没有找到" in text) == (
            relation == "none_found"
        ), case
        assert ("本书算不出" in text) == (result == "not_computed"), case
        assert ("与访谈不等" in text) == (result == "differs"), case
        assert ("与访谈不同" in text) == (relation == "unlike"), case
        assert ("独立于该县" in text) == (relation in ("same", "unlike") and independence == "independent"), (
            case
        )
        assert ("另一件事" in text) == (reason == "another_thing"), case
        assert ("界限之内" in text) == (reason == "bound"), case
        assert ("不算另一个来源" in text) == (reason == "equation"), case


def test_a_table_of_ours_is_never_said_to_bear_the_figure_out(verdict):
    for (_, _, _, basis, result), text in answers(verdict).items():
        if basis in ("illustrative", "stated") and result in ("reproduced", "holds"):
            assert not re.search("相等|相合", text)
        if basis in ("recorded", "published") and result == "reproduced":
            assert "与访谈相等" in text


def test_with_an_office_s_register_nobody_is_said_to_be_alone(verdict):
    alone = [case for case, text in answers(verdict).items() if "只有访谈" in text]
    assert alone
    assert "recorded" not in {basis for _, _, _, basis, _ in alone}


def test_the_thirty_sentences_say_what_the_design_says(tables):
    found = {v.figure.id: answer(v) for v in verify(tables)}
    assert found["demonstration.sites"] == "只有访谈说过；在编者查过的出版物里没有找到，本书无从检验。"
    assert "只有访谈说过" in found["staffing.villages"]
    assert "数的不是同一件事" in found["staffing.villages"]
    assert "12,622 人（2014-12-31）、约 12,000 人（2015）" in found["poverty.persons"]
    assert found["poverty.income"] == found["poverty.growth"]  # one equation
    assert "40 元" in found["services.daily_allowance"]
    assert len(found) == 30
