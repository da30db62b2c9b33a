"""The book's Sphinx extensions, each in small; the built pages are looked at in ``browser/``."""

import pytest
from docutils import nodes

from wuqi.site import dictionary
from wuqi.site.build import table
from wuqi.site.search import ChinesePairs
from wuqi.site.verdicts import in_words, label, verdicts


@pytest.mark.parametrize(("cell", "shown"), [(12.093, "12.093"), (3791.5, "3,791.5"), (4507.0, "4,507"),
                                             ("610626", "610626"), (None, "—"), (float("nan"), "—")])
def test_a_published_number_keeps_its_digits(cell, shown):
    assert dictionary._exact(cell) == shown


def test_a_verdict_in_words_says_all_three_axes():
    told = in_words(verdicts()["poverty.persons"])
    assert [word in told for word in ("复算一致", "本书重构", "不一致")] == [True] * 3
    assert label("services.county_stations") == "fig-services-county-stations"


def test_every_pair_and_every_character_of_a_chinese_run_is_a_term():
    terms = ChinesePairs({}).split("三个清单,ledger 台账")
    assert {"三", "三个", "个清", "清单", "台账", "ledger"} <= set(terms)
    assert "单台" not in terms
    assert ChinesePairs({}).word_filter("账")
    assert not ChinesePairs({}).word_filter("a")


def test_a_table_marks_its_columns_of_sentences():
    made = table(("词", "句"), [("短", "这一格里写的是一整句话，要一字一句地读"), ("短", "短")])
    marked = [entry["classes"] for entry in made.findall(nodes.entry)]
    assert marked == [[], ["sentence"]] * 3
