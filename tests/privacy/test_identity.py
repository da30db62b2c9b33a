"""Identity and mobile numbers are told from other long numbers."""

import pytest
from helpers_canaries import identity, mobile
from hypothesis import given
from hypothesis import strategies as st

from wuqi.privacy.identity import IDENTITY, MOBILE, check_digit, kinds


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


def test_an_impossible_date_is_no_identity_number():
    first = f"{0:06}{19001301}{0:03}"
    assert kinds(first + check_digit(first)) == []
