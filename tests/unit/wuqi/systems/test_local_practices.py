"""S07: the six units that the interview names, each tied to a system, and nothing filled in."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import examples

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems import local_practices as model

T = Tables.load()
NAMED = ["庙沟镇", "长官庙镇", "周湾镇", "白豹镇", "财政局", "全鑫超市"]
CODES = {"庙沟镇": "610626108", "长官庙镇": "610626104", "周湾镇": "610626102", "白豹镇": "610626103"}


LABELS = {
    "庙沟镇": "党建引领促果业",
    "周湾镇": "党员小课堂",
    "长官庙镇": "党群联建",
    "全鑫超市": "以党建促创业",
    "财政局": "双积",
    "白豹镇": "三述职两评议一落实",
}


def practice(holder, label="", **change):
    kind = "township" if holder in CODES else "department"
    return {
        "holder": holder,
        "kind": kind,
        "township_code": CODES.get(holder),
        "label": LABELS.get(holder, "例") if label == "" else label,
        **change,
    }


def tie(source, target="S05"):
    return {"source": source, "target": target, "label": "例", "undefined": None}


SIX, TIES = [practice(h) for h in NAMED], [tie(h) for h in NAMED]


@pytest.mark.parametrize(
    ("practices", "tied", "rule", "named"),
    [
        (SIX[1:], TIES, "S07.named", "庙沟镇"),
        (
            [*SIX, practice("铁边城镇", kind="township", township_code="610626101")],
            TIES,
            "S07.named",
            "铁边城镇",
        ),
        ([*SIX, practice("")], TIES, "S07.named", "例"),
        ([], TIES, "S07.named", "全鑫超市"),
        ([practice(pd.NA, "例"), *SIX], TIES, "value", "例"),
        ([practice("庙沟镇", None), *SIX[1:]], TIES, "value", "庙沟镇"),
        ([*SIX, practice("庙沟镇")], TIES, "twice", "庙沟镇"),
        ([practice("庙沟镇", kind="village"), *SIX[1:]], TIES, "value", "village"),
        ([*SIX, practice("庙沟镇", "百名干部抓百点", kind="department")], TIES, "value", "department"),
        ([practice("庙沟镇", township_code="610626999"), *SIX[1:]], TIES, "unknown", "610626999"),
        ([practice("庙沟镇", township_code=pd.NA), *SIX[1:]], TIES, "unknown", "庙沟镇"),
        ([practice("庙沟镇", township_code="610626102"), *SIX[1:]], TIES, "value", "610626102"),
        ([*SIX, practice("庙沟镇", "例：编的")], TIES, "S07.named", "例：编的"),
        ([practice("庙沟镇", "双积"), *SIX[1:]], TIES, "S07.named", "双积"),
        ([practice("庙沟镇", "党建引领促果业 "), *SIX[1:]], TIES, "S07.named", "庙沟镇"),
        ([{"holder": "庙沟镇"}], TIES, "value", "label"),
        ([{}], TIES, "value", "holder"),
        (SIX, [*TIES, {"source": "庙沟镇"}], "value", "target"),
        (SIX, TIES[1:], "S07.tied", "庙沟镇"),
        (SIX, [], "S07.tied", "全鑫超市"),
        (SIX, [*TIES, tie("铁边城镇")], "unknown", "铁边城镇"),
        (SIX, [*TIES, tie("庙沟镇", "S99")], "unknown", "S99"),
        (SIX, [*TIES, tie("庙沟镇", "S07")], "value", "S07"),
        (SIX, [*TIES, tie("庙沟镇")], "twice", "庙沟镇"),
    ],
)
def test_hostile_rows_are_refused_by_the_rule_that_forbids_them(practices, tied, rule, named):
    with pytest.raises(RuleError) as refusal:
        model.catalogue(T, practices, tied)
    assert refusal.value.rule == rule
    assert named in refusal.value.detail


@pytest.mark.parametrize(
    ("term", "rule"),
    [
        ("百名干部抓百点", "S07.listed"),
        ("双向引领", "S07.listed"),
        ("双积", "S07.listed"),
        ("三述职两评议一落实", "S07.listed"),
        ("", "unknown"),
        ("四抓 ", "unknown"),
        ("党员小课堂", "unknown"),
    ],
)
def test_what_the_interview_does_not_list_is_not_filled_in(term, rule):
    with pytest.raises(RuleError) as refusal:
        model.example(T).parts_of(term)
    assert refusal.value.rule == rule


def test_what_it_lists_is_counted():
    assert model.example(T).parts_of("四抓") == 4


@examples(60)
@given(st.permutations(SIX), st.permutations(TIES))
def test_the_order_of_the_rows_makes_no_difference(practices, tied):
    mixed, straight = model.catalogue(T, practices, tied), model.catalogue(T, SIX, TIES)
    for view in model.VIEWS:
        show = getattr(model, view)
        pd.testing.assert_frame_equal(show(mixed), show(straight))


@examples(60)
@given(st.sets(st.sampled_from(NAMED)), st.sets(st.sampled_from(NAMED)))
def test_a_catalogue_is_made_exactly_when_all_six_are_there_and_tied(there, tied):
    def make():
        return model.catalogue(
            T, [p for p in SIX if p["holder"] in there], [t for t in TIES if t["source"] in tied]
        )

    if there == tied == set(NAMED):
        assert list(make().names) == NAMED
    else:
        with pytest.raises(RuleError) as refusal:
            make()
        assert refusal.value.rule == ("S07.tied" if there == set(NAMED) else "S07.named")


def test_what_the_views_say_of_the_book_s_own_catalogue():
    book = model.example(T)
    assert model.listed(book)["单位"].drop_duplicates().tolist() == NAMED
    assert model.listed(book)["类别"].value_counts().to_dict() == {"乡镇": 6, "企业": 2, "县直部门": 1}
    tied = model.exemplified(book).set_index("单位")
    assert tied.loc["白豹镇", ["制度", "谁的读法"]].tolist() == ["S11 制度保障", "访谈"]
    assert (tied["谁的读法"] == "本书").sum() == 5
    assert model.by_system(book).set_index("制度")["典型个数"].to_dict() == {
        "S03 抓关键人": 1,
        "S05 四创建四争当": 3,
        "S11 制度保障": 1,
        "S18 党支部积星、党员积分": 1,
    }
    numbers = model.numbers(book).set_index("名称")
    assert set(numbers["列出的各项"]) == {"没有列出"}
    assert numbers.loc["三述职两评议一落实", "名称里的数字"] == "3、2、1"
