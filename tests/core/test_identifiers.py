"""Identifiers with check digits: what is right passes in one form, every slip of a finger is found."""

import pytest
from hypothesis import assume, given, strategies as st

from zijing.core.errors import Invalid
from zijing.core.identifiers import (
    CITIZEN_CHECKS,
    CREDIT_ALPHABET,
    check_citizen_id,
    check_credit_code,
    check_phone,
)

CITIZEN = "11010519491231002X"
CREDIT = ("91350100M000100Y43", "11370881004339597L")


@pytest.mark.parametrize("written", [CITIZEN, " 11010519491231002x ", "１１０１０５１９４９１２３１００２Ｘ"])
def test_a_citizen_id_has_one_form(written):
    assert check_citizen_id(written) == CITIZEN


@pytest.mark.parametrize("code", CREDIT)
def test_a_credit_code_of_the_standard_passes(code):
    assert check_credit_code(code.lower()) == code


@pytest.mark.parametrize(
    "written",
    ["", "110105194912310021", "110105194902310021", "11010519491231002", "01010519491231002X", "一", "1" * 18],
)
def test_what_is_no_citizen_id_is_refused_without_repeating_it(written):
    with pytest.raises(Invalid) as refused:
        check_citizen_id(written)
    assert not written or written not in str(refused.value).replace("18", "")


@given(at=st.integers(0, 17), other=st.sampled_from("0123456789X"))
def test_one_wrong_digit_of_a_citizen_id_is_found(at, other):
    assume(CITIZEN[at] != other)
    with pytest.raises(Invalid):
        check_citizen_id(CITIZEN[:at] + other + CITIZEN[at + 1 :])


@given(code=st.sampled_from(CREDIT), at=st.integers(0, 16))
def test_two_neighbours_swapped_in_a_credit_code_are_found(code, at):
    assume(code[at] != code[at + 1])
    with pytest.raises(Invalid):
        check_credit_code(code[:at] + code[at + 1] + code[at] + code[at + 2 :])


@given(code=st.sampled_from(CREDIT), at=st.integers(0, 17), other=st.sampled_from(CREDIT_ALPHABET))
def test_one_wrong_character_of_a_credit_code_is_found(code, at, other):
    assume(code[at] != other)
    with pytest.raises(Invalid):
        check_credit_code(code[:at] + other + code[at + 1 :])


def test_the_letters_left_out_are_refused():
    for letter in "IOSVZ":
        with pytest.raises(Invalid):
            check_credit_code(CREDIT[0][:-1] + letter)
    assert len(CITIZEN_CHECKS) == 11


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("13812345678", "13812345678"), ("+86 138 1234 5678", "13812345678"), ("１３８-１２３４-５６７８", "13812345678"),
        ("0371-64000000", "0371-64000000"), ("(010) 8888 8888", "010-88888888"), ("02112345678", None),
        ("12812345678", None), ("1381234567", None), ("64000000", None), ("", None), ("13812345678;", None),
    ],
)  # fmt: skip
def test_a_telephone_number_has_one_form(written, form):
    if form:
        assert check_phone(written) == form == check_phone(form)
    else:
        with pytest.raises(Invalid):
            check_phone(written)
