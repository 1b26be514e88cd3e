"""Percentages add up to 100 as they are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blendedu.kit.shares import percentages, share_of

amounts = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=12)


@given(amounts)
def test_shares_add_up_and_stay_within_one_of_the_exact_part(given_amounts: list[int]) -> None:
    shown = percentages(given_amounts)

    total = sum(given_amounts)
    assert sum(shown) == (100 if total else 0)
    assert all(
        abs(share * total - amount * 100) < total or not total
        for share, amount in zip(shown, given_amounts, strict=True)
    )


@given(amounts)
def test_a_larger_amount_never_gets_a_smaller_share(given_amounts: list[int]) -> None:
    shown = percentages(given_amounts)

    pairs = sorted(zip(given_amounts, shown, strict=True))
    assert [share for _, share in pairs] == sorted(shown)


def test_equal_remainders_go_to_the_earlier_one() -> None:
    assert percentages([1, 1, 1]) == (34, 33, 33)


def test_nothing_gives_zeros() -> None:
    assert percentages([0, 0]) == (0, 0)
    assert percentages([]) == ()


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        percentages([5, -1])


def test_named_amounts_keep_their_names_and_order() -> None:
    assert share_of({"digital": 178, "physical": 90}) == {"digital": 66, "physical": 34}
