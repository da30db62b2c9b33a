"""Numerals are read as they are written, and none is passed over."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from figurebook.interview.numerals import chinese_value, find_numerals

ONES = "零一二三四五六七八九"
SEPARATORS = ",.\uff0c\uff0e"
NUMERAL_CHARACTERS = set("0123456789０１２３４５６７８９零〇○一二两双三四五六七八九十百千万亿半")


def thousands(n: int) -> str:
    """1 to 9999 in words; a 零 stands for any run of empty places between others."""
    words, gap = "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, size)
        if digit:
            words += ("零" if gap and words else "") + ONES[digit] + name
            gap = False
        else:
            gap = True
    return words


def spelled(n: int) -> str:
    """A whole number below 10^12 as it is written in Chinese: 10203 is 一万零二百零三."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if n >= size:
            high, low = divmod(n, size)
            joint = "零" if 0 < low < size // 10 else ""
            return spelled(high) + name + joint + (spelled(low) if low else "")
    return thousands(n) or "零"


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (0, "零"),
        (10, "一十"),
        (105, "一百零五"),
        (13540, "一万三千五百四十"),
        (10**9, "一十亿"),
        (100_020_003, "一亿零二万零三"),
        (20_000_000, "二千万"),
        (1_000_000, "一百万"),
    ],
)
def test_the_writer_of_this_test_writes_chinese(n, words):
    assert spelled(n) == words


@given(st.integers(0, 10**9) | st.integers(0, 99_999))
@example(0)
@example(10**9)
@example(100_000_001)
def test_whole_numbers_in_words_are_read_back(n):
    words = spelled(n)
    assert chinese_value(words) == n
    [numeral] = find_numerals(f"共{words}册")
    assert (numeral.text, numeral.value, numeral.start, numeral.chinese) == (words, n, 1, True)
    if words.startswith("一十"):
        assert chinese_value(words[1:]) == n, "十二 for 一十二"
    assert chinese_value(words.replace("二千", "两千").replace("二百", "两百").replace("二万", "两万")) == n


@pytest.mark.parametrize(
    ("words", "n"),
    [("一万亿", 10**12), ("二万三千亿零五", 23_000 * 10**8 + 5), ("亿", 10**8), ("万", 10**4), ("百", 100)],
)
def test_numbers_beyond_and_bare_units(words, n):
    assert chinese_value(words) == n


@given(st.integers(1000, 9999))
def test_years_are_read_digit_by_digit(year):
    assert chinese_value("".join(ONES[int(d)] for d in str(year))) == year
    assert chinese_value("".join(("〇" + ONES[1:])[int(d)] for d in str(year))) == year


@given(
    st.integers(0, 10**7),
    st.sampled_from(
        [("", 1), ("十", 10), ("百", 100), ("千", 1000), ("万", 10**4), ("亿", 10**8), ("百万", 10**6)]
    ),
)
def test_arabic_digits_half_and_full_width_with_what_multiplies_them(n, multiplier):
    word, factor = multiplier
    for digits in (str(n), f"{n:,}", str(n).translate({48 + d: 0xFF10 + d for d in range(10)})):
        [numeral] = find_numerals(f"约{digits}{word}元")
        assert (numeral.text, numeral.value) == (digits + word, n * factor)
        assert not numeral.chinese


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("13.9", "13.9"),
        ("１３\uff0e９", "13.9"),
        ("1.5万", "15000"),
        ("13,540", "13540"),
        ("13\uff0c540", "13540"),
        ("１３\uff0c５４０", "13540"),
    ],
)
def test_points_and_separators(text, value):
    [numeral] = find_numerals(f"是{text}。")
    assert (numeral.text, numeral.value) == (text, Decimal(value))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("56,184", ["56,184"]),
        ("56,1840", ["56", "1840"]),
        ("2016年91个", ["2016", "91"]),
        ("三述职两评议一落实", ["三", "两", "一"]),
        ("4000多名", ["4000"]),
        ("半年", ["半"]),
        ("无", []),
    ],
)
def test_numerals_end_where_they_end(text, parts):
    assert [n.text for n in find_numerals(text)] == parts


def test_characters_that_spell_no_number_have_no_value():
    assert chinese_value("半") is None
    assert [n.value for n in find_numerals("一半")] == [None]


@given(st.text(st.sampled_from([*sorted(NUMERAL_CHARACTERS), *SEPARATORS, *"年人。多a\n第%"])) | st.text())
@example("5" * 40)
@example("１２,３４５.６万亿")
def test_every_numeral_character_of_any_text_is_covered_once(text):
    numerals = find_numerals(text)
    covered = [i for n in numerals for i in range(n.start, n.end)]
    assert covered == sorted(set(covered))
    assert {i for i, c in enumerate(text) if c in NUMERAL_CHARACTERS} <= set(covered)
    assert all(text[i] in NUMERAL_CHARACTERS | set(SEPARATORS) for i in covered)
    assert all(text[n.start : n.end] == n.text for n in numerals)
