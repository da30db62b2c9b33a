"""What the models take is what a workbook gives back."""

from datetime import date, datetime

import pytest

from figurebook.spreadsheets.writing.cell_limits import LONGEST, has_text, holds_day, holds_name, holds_text


@pytest.mark.parametrize(
    ("text", "as_text", "as_name"),
    [
        ("例", True, True),
        ("P-1", True, True),
        ("甲　乙", True, False),
        ("甲\n乙", True, False),
        ("Ｐ１", True, False),
        ("甲\u200b乙", True, False),
        ("=1", True, True),
        ("x" * LONGEST, True, True),
        ("x" * (LONGEST + 1), False, False),
        ("", False, False),
        (" 甲", False, False),
        ("甲\n", False, False),
        ("\u200b", False, False),
        ("\u200b \u200b", False, False),
        ("甲\x00", False, False),
        ("甲\r乙", False, False),
        ("\ud800", False, False),
        ("甲\uffff", False, False),
        (3, False, False),
        (None, False, False),
    ],
)
def test_texts_and_names(text, as_text, as_name):
    assert (holds_text(text), holds_name(text)) == (as_text, as_name)


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2000, 1, 1), True),
        (date.max, True),
        (date(1999, 12, 31), False),
        (datetime(2016, 1, 1), False),
        ("2016-01-01", False),
        (None, False),
    ],
)
def test_days(day, held):
    assert holds_day(day) is held


@pytest.mark.parametrize(
    ("value", "wrote"),
    [
        ("例", True),
        (" 例\n", True),
        ("x" * (LONGEST + 1), True),
        ("", False),
        (" 　\n", False),
        ("\u200b", False),
        (None, False),
        (["例"], False),
        (1, False),
        (True, False),
    ],
)
def test_whether_somebody_wrote_something(value, wrote):
    assert has_text(value) is wrote
