"""Identity and mobile numbers are told from other long numbers."""

import hashlib
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.canaries import identity, mobile

from figurebook.privacy.folding import folded
from figurebook.privacy.id_numbers import IDENTITY, MOBILE, check_digit, kinds, may_be_identity


def test_the_check_digit_is_that_of_iso_7064():
    # By the standard's own congruence: the weighted sum over all eighteen leaves 1 on division by 11.
    for sequence in range(40):
        number = identity(sequence)
        values = [10 if c == "X" else int(c) for c in number]
        assert sum(v * pow(2, 17 - i, 11) for i, v in enumerate(values)) % 11 == 1
        assert check_digit(number[:17]) == number[17]


@pytest.mark.parametrize("form", ["{}", "编号{}号", "{0}", "id={};", "（{}）", "x-{}", "{}。"])
@pytest.mark.parametrize(("make", "kind"), [(identity, IDENTITY), (mobile, MOBILE)])
def test_a_number_is_found_wherever_it_stands(form, make, kind):
    assert kinds(form.format(make())) == [kind]


def test_a_number_is_found_as_people_group_it():
    number, phone = identity(), mobile()
    assert kinds(f"{number[:6]} {number[6:14]}-{number[14:]}") == [IDENTITY]
    assert kinds(f"+86 {phone[:3]}-{phone[3:7]} {phone[7:]}") == [MOBILE]
    assert kinds(next(n for n in map(identity, range(99)) if n[17] == "X").lower()) == [IDENTITY]


@given(st.integers(0, 999))
def test_a_wrong_check_digit_is_no_identity_number(sequence):
    assert kinds(identity(sequence)) == [IDENTITY]
    assert kinds(identity(sequence, right=False)) == []


@pytest.mark.parametrize("form", ["1{}", "{}0", "a{}", "{}f", "0.{}", "{}.5"])
@pytest.mark.parametrize("make", [identity, mobile])
def test_a_part_of_a_longer_number_digest_or_coordinate_is_none(form, make):
    assert kinds(form.format(make())) == []


@pytest.mark.parametrize("prefix", [100, 120, 141, 142, 154, 160, 163, 179])
def test_a_prefix_that_is_not_given_out_is_no_mobile_number(prefix):
    assert kinds(mobile(prefix)) == []


def spaced(number: str, *lengths: int, by: str = " ") -> str:
    """The number in groups of these lengths."""
    places = [sum(lengths[:i]) for i in range(len(lengths) + 1)]
    return by.join(number[a:b] for a, b in pairwise(places))


@pytest.mark.parametrize("form", ["SFZ{}", "{}f", "Tel{}转", "1 {}", "2017-01-01 {}", "{}, {}"])
@pytest.mark.parametrize(("make", "kind"), [(identity, IDENTITY), (mobile, MOBILE)])
def test_in_a_cell_letters_and_other_digits_hide_nothing(form, make, kind):
    assert kinds(form.format(make(), make()), loose=True) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        spaced(mobile(), 3, 4, 4, by="."),
        spaced(mobile(), 3, 2, 3, 3),
        spaced(mobile(), 3, 8, by="-"),
        spaced(mobile(), *[1] * 11),
        f"+86{mobile()}",
        f"0086 {mobile()}",
        f"86.{mobile()}",
    ],
)
def test_in_a_cell_a_mobile_number_is_found_in_any_groups(text):
    assert kinds(text, loose=True) == [MOBILE]


@pytest.mark.parametrize("by", [" ", "-", "."])
def test_in_a_cell_an_identity_number_is_found_in_any_groups(by):
    assert kinds(spaced(identity(), 3, 3, 4, 4, 4, by=by), loose=True) == [IDENTITY]
    assert IDENTITY in kinds(spaced(identity(), *[1] * 18, by=by), loose=True)
    assert IDENTITY not in kinds(spaced(identity(right=False), 3, 3, 4, 4, 4, by=by), loose=True)


@pytest.mark.parametrize(
    "text",
    [
        "1380000.0000",
        "13800000000.5",
        "0.13800000000",
        "13 800 000 000",
        "13,800,000,000",
        "610626001203",
        "130102001001",
        "130102001 12",
        "130102001001.0",
        "2016-07-31 2016-08-31",
        "2016.07.31-2016.12.31",
        "12000 3000",
        "1" + mobile(),
        mobile() + "0",
    ],
)
def test_amounts_codes_and_dates_are_no_numbers_of_persons(text):
    assert kinds(text, loose=True) == []
    assert kinds(text) == []


def test_what_is_published_is_searched_strictly():
    """A digest may hold eleven digits between letters by chance."""
    digest = next(
        d
        for n in range(10**6)
        if re.search("[a-f]1[38][0-9]{9}[a-f]", d := hashlib.sha256(str(n).encode()).hexdigest())
    )
    assert kinds(digest) == []
    for text in (f"a{identity()}f", f"a{mobile()}f", spaced(mobile(), 3, 4, 4, by=".")):
        assert kinds(text) == []


def test_an_impossible_date_is_no_identity_number():
    first = f"{0:06}{19001301}{0:03}"
    assert kinds(first + check_digit(first)) == []


WRITINGS = [
    lambda n: n,
    lambda n: " ".join(n),
    lambda n: "".join(f"&#{ord(c)};" for c in n),
    lambda n: "".join(f"%{ord(c):02x}" for c in n),
    lambda n: "".join(f"\\u{ord(c):04x}" for c in n),
    lambda n: "".join(chr(ord(c) + 0xFEE0) for c in n),
    lambda n: "\u200b".join(n),
]


@given(st.integers(0, 999), st.sampled_from(WRITINGS), st.lists(st.integers().map(str)))
def test_the_quick_look_passes_over_no_identity_number(sequence, writing, others):
    written = writing(identity(sequence))
    assert IDENTITY in kinds(folded(written), loose=True)
    assert may_be_identity([*others, written])


@given(st.sets(st.integers(-(10**15), 10**16).map(str)))
def test_the_quick_look_ends_at_numbers_too_short(numbers):
    assert not may_be_identity(numbers)
