"""Rules and histories in readers' words: no code is left that a reader would have to look up."""

import json
import re
from datetime import date

import pandas as pd
import pytest
from support.project import ROOT

from figurebook import project
from figurebook.county import County, HistoryWords
from figurebook.datapackage.tables import Tables
from figurebook.systems.history import History
from figurebook.systems.notebook_views import refused
from figurebook.systems.rule_tables import CODE, ORIGIN, entries, readable_rules
from figurebook.systems.rules import GENERAL, Rules, rule_tables
from wuqi.systems import promotion_demotion
from wuqi.systems.three_lists import model

SYSTEMS = Tables.load().systems.frame["id"].tolist()
_LATIN = re.compile(r"[A-Za-z]{2}")


@pytest.mark.parametrize("system", SYSTEMS)
def test_codes_stand_in_their_own_column_only(tables, system):
    found = readable_rules(tables, system)
    assert found
    for title, frame in found:
        for column in frame.columns.difference([CODE, ORIGIN]):
            told = [str(v) for v in frame[column] if _LATIN.search(str(v)) and not pd.isna(v)]
            assert not told, (title, column)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_rule_is_there_with_its_origin(tables, system):
    told, kept = readable_rules(tables, system), rule_tables(tables, system)
    for (_, frame), (_, rows) in zip(told, kept, strict=True):
        assert frame.iloc[:, 0].tolist() == rows["label"].tolist()
        assert [o == "访谈" for o in frame[ORIGIN]] == rows["undefined"].isna().tolist()
        assert all(i in o for i, o in zip(rows["undefined"], frame[ORIGIN], strict=True) if not pd.isna(i))


def test_only_what_is_a_rule_is_shown_as_one_wherever_it_lies(tables):
    """The points that the interview leaves open have a column of systems and lie beside the rules."""
    assert tables.resource("undefined")["path"].startswith("rules/")
    for system in SYSTEMS:
        assert {r["role"] for r, _ in rule_tables(tables, system)} == {"rules"}
        assert "undefined" not in [r["name"] for r, _ in rule_tables(tables, system)]


def test_states_and_conditions_of_a_transition_are_called_by_their_labels(tables):
    moves = dict(readable_rules(tables, "S04"))["状态的变动"]
    close = moves[moves[CODE] == "close"].iloc[0]
    assert (close["从"], close["到"]) == ("已核验", "已销号")
    assert close["条件"] == "已经销号的不能再销号；须有责任单位；须有任务，且全部核验"


def test_numbers_stay_numbers(tables):
    numbers = dict(readable_rules(tables, "S04"))["数值"]
    assert numbers["取值"].tolist() == tables.parameters.frame.query("system == 'S04'")["value"].tolist()


def test_a_number_without_a_unit_is_told_without_separators(tables):
    rows = dict(readable_rules(tables, "S06"))["数值"].set_index(CODE)["取值"]
    assert rows["order"] == "2016"
    assert rows["teams"] == 3


def test_details_are_called_what_the_system_calls_them(tables):
    history = History()
    history.append(date(2016, 1, 4), "P001", "assign", {"unit": "例01"})
    history.append(date(2016, 1, 5), "P001", "verify", {"task": "T1", "by": "例02"})
    shown = entries(history, Rules.load(tables, "S04"))["内容"]
    assert shown.tolist() == ["责任单位：例01", "任务：T1；核验者：例02"]
    history = History()
    history.append(date(2016, 1, 4), "W01", "find", {"before": "例"})
    history.append(date(2016, 1, 5), "W01", "check", {"by": "例"})
    shown = entries(history, Rules.load(tables, "S08"))["内容"]
    assert shown.tolist() == ["原状：例", "由谁核查：例"]


def test_the_words_for_codes_are_the_county_s(tables, monkeypatch):
    history = History()
    history.append(date(2016, 1, 4), "W01", "find", {"before": "例"})
    monkeypatch.setattr(project, "county", lambda: County(tuple))
    with pytest.raises(KeyError, match="before"):
        entries(history, Rules.load(tables, "S08"))
    words = HistoryWords({}, {"before": "从前"}, {"S04": {"before": "别的"}})
    monkeypatch.setattr(project, "county", lambda: County(tuple, history_words=lambda: words))
    assert entries(history, Rules.load(tables, "S08"))["内容"].tolist() == ["从前：例"]


def test_an_indicator_in_a_subject_is_called_by_its_label(tables):
    history = History()
    indicators = tables.indicators.frame.query("system == 'S15'").set_index("name")["label"]
    history.append(date(2016, 1, 4), f"例01 {indicators.index[0]}", "score", {"points": 60})
    assert entries(history, Rules.load(tables, "S15"))["编号"].tolist() == [f"例01 {indicators.iloc[0]}"]


def test_a_subject_is_called_what_it_is_said_to_be_called(tables):
    history = History()
    history.append(date(2017, 1, 4), "visit-village-1", "score", {"points": 60})
    history.append(date(2017, 1, 4), "visit-village-2", "score", {"points": 60})
    shown = entries(history, Rules.load(tables, "S06"), {"visit-village-1": "暗访村，例001"})
    assert shown["编号"].tolist() == ["暗访村，例001", "visit-village-2"]


@pytest.mark.parametrize("rule", GENERAL)
def test_a_general_rule_is_called_by_words_where_a_refusal_is_shown(tables, rule):
    def refuse():
        raise Rules.load(tables, "S14").refusal(rule, "例")

    ((name, label, detail),) = refused(refuse).rows
    assert name.startswith("通用规则：")
    assert not _LATIN.search(name)
    assert (label, detail) == (GENERAL[rule], "例")


def test_a_rule_of_a_system_is_called_by_what_stands_on_its_page(tables):
    def refuse():
        raise Rules.load(tables, "S14").refusal("order")

    assert refused(refuse).rows[0][0] == "S14.order"


def test_entries_are_told_in_words_and_without_what_is_empty(tables):
    history = History()
    history.append(date(2016, 1, 4), "P001", "register", {"source": "province", "problem": "例", "due": ""})
    shown = entries(history, Rules.load(tables, model.SYSTEM))
    assert shown.to_numpy().tolist() == [[1, "2016-01-04", "P001", "登记", "来源：省督查通报；问题：例"]]


def test_an_action_that_has_no_word_is_an_error_and_not_shown_as_a_code(tables):
    history = History()
    history.append(date(2016, 1, 4), "R01", "invented", {})
    with pytest.raises(KeyError, match="invented"):
        entries(history, Rules.load(tables, promotion_demotion.SYSTEM))


REFUSING = [
    "systems/s03-key-people",
    "systems/s06-inspection",
    "systems/s09-funding",
    "systems/s12-incentives",
    "systems/s14-promotion-demotion",
    "systems/s15-target-responsibility",
]


@pytest.mark.parametrize("name", REFUSING)
def test_no_refusal_in_a_notebook_shows_a_code_of_the_tables(tables, name):
    """The first column may name a rule of the system by its code, and nothing else does."""
    cells = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    codes = {row["name"] for t in ("criteria", "indicators", "awards") for row in tables.rows(t)}
    codes |= {"committee=", "helper=", "hours=", "visit-", "first_secretary", *GENERAL}
    shown = [
        line
        for c in cells
        if c["cell_type"] == "code"
        for o in c["outputs"]
        for line in "".join(o.get("data", {}).get("text/plain", "")).splitlines()
    ]
    refusals = [line for n, line in enumerate(shown) if n > 1 and shown[n - 2] == "被拒绝"]
    assert refusals
    assert {c for c in codes for line in refusals if c in line.split(" | ", 1)[1]} == set()
    assert not {line.split(" | ")[0] for line in refusals} & set(GENERAL)
