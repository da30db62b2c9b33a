"""However a value is written, it comes out as one form; and what is too short to search for is told."""

import html
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figurebook.privacy.folding import folded, searchable, tokens

LIMITS = {"scan-han": 3, "scan-digits": 6, "scan-other": 4}
VALUE = st.text("AB12甲乙-&<é\"' ", max_size=12)  # nothing that is an escape already


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Ｈ００１", "h001"),
        ("H\u200b0\u00ad01", "h001"),
        ("H\u061c0\u206a0\ufff91", "h001"),
        ("&#72;001", "h001"),
        ("\\u0048001", "h001"),
        ("\\x48001", "h001"),
        ("\\u{48}001", "h001"),
        ("%48001", "h001"),
        ("&amp;#72;001", "h001"),
        ("a\\nb", "a b"),
        ("\\u{110000}", " "),
        ("\\u{10ffff}", "\U0010ffff"),
        ("50%", "50%"),
        ("a&b", "a&b"),
    ],
)
def test_an_escape_is_undone(written, form):
    assert folded(written) == form


@given(VALUE)
def test_a_value_is_the_same_in_html_json_and_an_address(value):
    in_json = json.dumps(value)[1:-1]
    for written in (html.escape(value), in_json, quote(value), html.escape(in_json)):
        assert folded(written) == folded(value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("h001-3", ["h001", "3"]),
        ("甲乙 12", ["甲", "乙", "12"]),
        ("108.123456", ["108.123456"]),
        ("a,b", ["a", ",", "b"]),
        ("", []),
    ],
)
def test_tokens_are_runs_and_single_characters(text, found):
    assert tokens(text) == found


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("甲乙", False),
        ("甲乙丙", True),
        ("\U00020000乙丙", True),
        ("12345", False),
        ("123456", True),
        ("123-456", True),
        ("a12", False),
        ("a123", True),
        ("---------", False),
        ("", False),
    ],
)
def test_a_short_value_is_not_searched_for(text, enough):
    assert searchable(text, LIMITS) is enough
