"""What is said of figures that do not come out, and how a home page is seen to say it."""

from fractions import Fraction

import pytest
from support.tables import verdicts_of

from figurebook import project
from figurebook.county import County
from figurebook.datapackage.problems import TablesError
from figurebook.figures import definitions, differences
from figurebook.figures.measures import Count
from figurebook.figures.verdicts import Verdict

BOX = '<div class="caution"><p><b>按这里的表，有\n {} 个数字与访谈所述不等或算不出。</b></p></div>'


@pytest.fixture
def villages(tables):
    """The verdict on the villages, with whatever result a test gives it."""
    figure = verdicts_of(tables)["staffing.villages"].figure

    def verdict(result: str, computed: Fraction | None = None, reason: str = "") -> Verdict:
        return Verdict(figure, computed, result, "published", (), reason)

    return verdict


def test_only_what_does_not_hold_is_told(tables, villages):
    assert differences.difference_lines(verdicts_of(tables).values(), tables) == []
    found = [villages("differs", Fraction(181, 2)), villages("not_computed", reason="没有行")]
    assert differences.difference_lines(found, tables) == [
        "配备“两委”班子的村（staffing.villages）：所述 91 个，算得 90.5 个（表 行政村）",
        "配备“两委”班子的村（staffing.villages）：所述 91 个，算不出：没有行（表 行政村）",
    ]


@pytest.mark.parametrize(
    ("results", "home", "told"),
    [
        (["differs"], BOX.format(1), True),
        (["differs"] * 2, BOX.format(2), True),
        (["differs"], "<p>一切都好</p>", False),
        (["differs"] * 2, BOX.format(1), False),
        (["differs", "not_computed"], BOX.format(2), True),
        (["not_computed"], "<p>一切都好</p>", False),
        (["reproduced", "holds"], "<p>一切都好</p>", True),
    ],
)
def test_a_home_page_tells_of_as_many_as_do_not_come_out(villages, results, home, told):
    verdicts = [villages(r, None if r == "not_computed" else Fraction(1)) for r in results]
    assert differences.mentions_differences(home, verdicts) is told


def test_a_computation_without_a_registered_figure_is_named(tables, monkeypatch):
    definitions.refuse_definition_problems(tables)
    known = [("staffing.vilages", Count("villages")), ("staffing.villages", Count("villages"))]
    monkeypatch.setattr(project, "county", lambda: County(lambda: known))
    with pytest.raises(TablesError, match=r"“staffing\.vilages”") as caught:
        definitions.refuse_definition_problems(tables)
    assert len(caught.value.problems) == 1


def test_a_measure_that_reads_another_table_than_is_registered_is_named(tables):
    [problem] = definitions.definition_problems([("staffing.villages", Count("branches"))], (), tables)
    assert problem.value == "staffing.villages"
    assert "登记说这个数字据表 villages，算法读的是 branches" in str(problem)
