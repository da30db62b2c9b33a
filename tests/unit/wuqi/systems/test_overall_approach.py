"""S01: every system hangs on a part, and nothing hangs on what is not there."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import examples
from support.tables import figure_ids

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems import overall_approach as model

T = Tables.load()
PARTS = ("党建引领", "基础先行", "产业支撑", "民生改善", "文明提升", "法治保障")
SYSTEMS = T.systems.frame["id"].tolist()[1:]


def row(source, target):
    return {"source": source, "target": target, "label": "例", "undefined": None}


def rows(pairs):
    return [row(*pair) for pair in pairs]


ALL = rows((PARTS[0], s) for s in SYSTEMS)


@pytest.mark.parametrize(
    ("broken", "rule", "named"),
    [
        ([*ALL, row("生态建设", "S02")], "unknown", "生态建设"),
        ([*ALL, row("", "S02")], "unknown", "S02"),
        ([*ALL, row(None, "S02")], "unknown", "S02"),
        ([*ALL, row(pd.NA, "S02")], "unknown", "S02"),
        ([*ALL, row("党建引领 ", "S02")], "unknown", "S02"),
        ([*ALL, row("产业支撑", "S99")], "unknown", "S99"),
        ([*ALL, row("产业支撑", "三个清单")], "unknown", "三个清单"),
        ([*ALL, row("产业支撑", "s04")], "unknown", "s04"),
        ([*ALL, row("产业支撑", pd.NA)], "unknown", "产业支撑"),
        ([*ALL, row("党建引领", "S01")], "value", "S01"),
        ([*ALL, row("党建引领", "S04")], "twice", "S04"),
        ([*ALL, {"source": "党建引领"}], "value", "target"),
        ([{}], "value", "source"),
        ([*ALL, {k: v for k, v in row("产业支撑", "S02").items() if k != "undefined"}], "value", "undefined"),
        (ALL[:-1], "S01.hangs", f"{SYSTEMS[-1]} "),
        (ALL[1:], "S01.hangs", "S02 三级联动"),
        ([], "S01.hangs", "S16 抓党建促脱贫"),
    ],
)
def test_hostile_rows_are_refused_by_the_rule_that_forbids_them(broken, rule, named):
    with pytest.raises(RuleError) as refusal:
        model.approach(T, broken)
    assert refusal.value.rule == rule
    assert named in refusal.value.detail


PAIRS = st.sets(st.tuples(st.sampled_from(PARTS), st.sampled_from(SYSTEMS)), max_size=60)


@given(PAIRS)
def test_a_map_is_made_exactly_when_every_system_hangs_somewhere(pairs):
    loose = sorted(set(SYSTEMS) - {s for _, s in pairs})
    if loose:
        with pytest.raises(RuleError) as refusal:
            model.approach(T, rows(pairs))
        assert [d.split()[0] for d in refusal.value.detail.split("、") if d[0] == "S"] == loose
    else:
        assert set(model.approach(T, rows(pairs)).graph.edges) == pairs


@examples(60)
@given(PAIRS)
def test_the_views_count_what_hangs_and_leave_out_no_part_and_no_system(pairs):
    pairs = pairs | {(PARTS[0], s) for s in SYSTEMS}
    map_ = model.approach(T, rows(sorted(pairs)))
    assert len(model.hangings(map_)) == len(pairs)
    counted = model.by_parts(map_)
    assert sorted(c[:3] for c in counted["制度"]) == SYSTEMS
    assert counted["部分个数"].sum() == model.per_part(map_)["制度个数"].sum() == len(pairs)
    assert counted["部分个数"].is_monotonic_decreasing
    used = {p for p, _ in pairs}
    assert model.empty(map_)["部分"].tolist() == [p for p in PARTS if p not in used]


def test_what_the_views_say_of_the_book_s_own_map():
    map_ = model.example(T)
    assert map_.parts == PARTS
    per_part = model.per_part(map_).set_index("部分")
    assert per_part.loc["党建引领"].tolist() == [len(SYSTEMS), len(figure_ids())]
    assert per_part.loc["民生改善"].tolist() == [4, 7 + 0 + 4 + 4]
    assert model.empty(map_)["部分"].tolist() == ["文明提升", "法治保障"]
    assert model.by_parts(map_)["制度"].iloc[0] == "S10 服务保障"
    hung = model.hangings(map_).set_index(["部分", "制度"])["谁的读法"]
    assert hung["党建引领", "S02 三级联动"] == "访谈"
    assert set(hung.drop("党建引领", level=0)) == {"本书"}
