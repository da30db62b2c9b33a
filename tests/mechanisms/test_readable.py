"""Rules and histories in readers' words: no code is left that a reader would have to look up."""

import re
from datetime import date

import pandas as pd
import pytest

from wuqi.mechanisms import promotion_demotion, three_lists
from wuqi.mechanisms.shared.history import History
from wuqi.mechanisms.shared.readable import CODE, ORIGIN, entries, readable_rules
from wuqi.mechanisms.shared.rules import Rules, rule_tables
from wuqi.tables import Tables

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


def test_states_and_conditions_of_a_transition_are_called_by_their_labels(tables):
    moves = dict(readable_rules(tables, "S04"))["状态的变动"]
    close = moves[moves[CODE] == "close"].iloc[0]
    assert (close["从"], close["到"]) == ("已核验", "已销号")
    assert close["条件"] == "已经销号的不能再销号；须有责任单位；须有任务，且全部核验"


def test_numbers_stay_numbers(tables):
    numbers = dict(readable_rules(tables, "S04"))["数值"]
    assert numbers["取值"].tolist() == tables.parameters.frame.query("system == 'S04'")["value"].tolist()


def test_entries_are_told_in_words_and_without_what_is_empty(tables):
    history = History()
    history.append(date(2016, 1, 4), "P001", "register", {"source": "province", "problem": "例", "due": ""})
    shown = entries(history, Rules.load(tables, three_lists.SYSTEM))
    assert shown.to_numpy().tolist() == [[1, "2016-01-04", "P001", "登记", "来源：省督查通报；问题：例"]]


def test_an_action_that_has_no_word_is_an_error_and_not_shown_as_a_code(tables):
    history = History()
    history.append(date(2016, 1, 4), "R01", "invented", {})
    with pytest.raises(KeyError, match="invented"):
        entries(history, Rules.load(tables, promotion_demotion.SYSTEM))
