"""Which texts of an address or a hidden field are the number of a row."""

import pytest

from blendedu.kit.numbers import number_in


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("0012", 12), ("9" * 15, 999_999_999_999_999)])
def test_plain_digits_are_a_number(text, number):
    assert number_in(text) == number


@pytest.mark.parametrize("text", ["", " 7", "-1", "1.5", "²", "٣", "7\x00", "0x7", "9" * 16, "9" * 5000])
def test_everything_else_is_none(text):
    assert number_in(text) is None
