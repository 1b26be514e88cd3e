"""Percentages that add up to 100 as they are shown (largest remainder). Pure."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

Key = TypeVar("Key")


def percentages(amounts: Sequence[int], *, of: int = 100) -> tuple[int, ...]:
    """Divide `of` over the amounts in whole numbers, each as near to its exact part as the sum allows.

    What rounding leaves over goes to the largest remainders; among equals to the larger amount, then to the earlier
    one, so that the same numbers always give the same picture. Nothing at all gives zeros.
    """
    if any(amount < 0 for amount in amounts):
        raise ValueError("A share of a negative amount means nothing.")
    total = sum(amounts)
    if not total:
        return (0,) * len(amounts)
    whole = [amount * of // total for amount in amounts]
    left = of - sum(whole)
    order = sorted(range(len(amounts)), key=lambda i: (-(amounts[i] * of % total), -amounts[i], i))
    for i in order[:left]:
        whole[i] += 1
    return tuple(whole)


def share_of(amounts: Mapping[Key, int], *, of: int = 100) -> dict[Key, int]:
    """The same for named amounts, in their order."""
    return dict(zip(amounts, percentages(tuple(amounts.values()), of=of), strict=True))
