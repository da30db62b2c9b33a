"""What is no day, no name or no text is refused by every book of procedures, by name, and changes nothing."""

from datetime import date, datetime

import pandas as pd
import pytest

from figurebook.datapackage.tables import Tables
from figurebook.systems.rules import RuleError
from wuqi.systems import error_tolerance, four_creations, institutions, personnel, promotion_demotion

T = Tables.load()
DAY = date(2016, 3, 1)
BRANCHES = pd.DataFrame([["B1", "610626001001", 30]], columns=["id", "village_code", "members"])


def nominations():
    rules = four_creations.rules(T)
    return four_creations.nominations(rules, four_creations.matrix(T), {"O1": ("organisation", "rural")})


# A book, and the first step that it takes of one subject.
BOOKS = {
    "S05": (nominations, "O1", "nominate", {"field": "rural", "type": "发展型党组织"}),
    "S08": (lambda: personnel.weak_branches(T), "W01", "find", {"before": "例"}),
    "S11": (
        lambda: institutions.Round(institutions.rules(T), BRANCHES).procedure,
        "B1",
        "report",
        {"slot": 1, "present": 20},
    ),
    "S13": (lambda: error_tolerance.cases(error_tolerance.rules(T)), "C1", "apply", {"reasons": "例"}),
    "S14": (lambda: promotion_demotion.records(promotion_demotion.rules(T)), "R1", "commit", {}),
}
DAYS = [None, "2016-01-01", datetime(2016, 1, 1), float("nan"), 20160101, pd.NaT, date(1999, 12, 31)]
NAMES = [None, "", " ", ["P1"], {}, 1, True, float("nan"), "C1\n", "Ｐ１", "\u200b"]
VALUES = [None, True, 1.5, ["例"], {}, date(2016, 1, 1), float("nan")]


@pytest.mark.parametrize("system", BOOKS)
def test_the_step_itself_is_taken(system):
    make, subject, action, told = BOOKS[system]
    book = make()
    book.apply(DAY, subject, action, **told)
    assert [e.subject for e in book.history] == [subject]


@pytest.mark.parametrize("place", ["on", "subject", "action"])
@pytest.mark.parametrize("system", BOOKS)
def test_what_is_no_day_and_no_name_is_refused(system, place):
    make, subject, action, told = BOOKS[system]
    book = make()
    for hostile in DAYS if place == "on" else NAMES:
        given = {"on": DAY, "subject": subject, "action": action, place: hostile}
        with pytest.raises(RuleError) as refusal:
            book.apply(*given.values(), **told)
        assert refusal.value.rule == "value", hostile
    assert (len(book.history), book.subjects) == (0, ())


@pytest.mark.parametrize(
    ("system", "detail"), [(s, d) for s, (*_, told) in BOOKS.items() for d in (*told, "unheard-of")]
)
def test_a_detail_that_is_no_text_or_number_is_refused(system, detail):
    make, subject, action, told = BOOKS[system]
    book = make()
    for hostile in VALUES:
        with pytest.raises(RuleError) as refusal:
            book.apply(DAY, subject, action, **told | {detail: hostile})
        assert refusal.value.rule == "value" or refusal.value.rule.startswith(system), hostile
    assert (len(book.history), book.subjects) == (0, ())


@pytest.mark.parametrize(
    ("system", "walk", "action"),
    [
        ("S05", [("review", {"meetings": 1, "promises": 1, "rectified": 1})], "decline"),
        ("S08", [("put-right", {"after": "例"})], "return"),
        ("S13", [("check", {"found": ""}), ("hear", {}), ("assess", {"found": ""})], "hold"),
        ("S14", [(step, {}) for step in ("supervise", "report", "review", "assess")], "conclude"),
    ],
)
def test_nothing_written_is_no_reason(system, walk, action):
    make, subject, first, told = BOOKS[system]
    book = make()
    for step, details in [(first, told), *walk]:
        book.apply(DAY, subject, step, **details)
    before = book.history.digest()
    for nothing in (None, ["例"], 1, True, "", " 　", "\u200b"):
        with pytest.raises(RuleError) as refusal:
            book.apply(DAY, subject, action, reasons=nothing)
        assert refusal.value.rule == f"{system}.reasons", nothing
    assert book.history.digest() == before
    book.apply(DAY, subject, action, reasons="例")
