"""How templates say what policy demands and what a verdict found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from institution import policy, words

if TYPE_CHECKING:
    from courses.words import Quantity
    from institution.policy import Demand, Verdict

register = template.Library()


@register.filter
def spoken(quantity: Quantity | None) -> str:
    """A quantity or a sentence, in the reader's language."""
    return words.spoken(quantity) if quantity is not None else ""


@register.filter
def in_words(demand: Demand) -> str:
    """What a rule asks."""
    return words.spoken(policy.in_words(demand))


@register.filter
def value_in(verdict: Verdict, demand: Demand) -> str:
    """The figure of a course, in the unit of the rule."""
    return words.spoken(policy.shown(demand, verdict.value)) if verdict.value is not None else "–"
