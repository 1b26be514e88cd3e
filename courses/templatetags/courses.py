"""What the pages of a course look up in what they were given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext as _

from courses.cascade import WHY_WORDS, Why

if TYPE_CHECKING:
    from collections.abc import Container

    from courses.queries.readiness import Draft
    from courses.queries.threads import Thread, Threads

register = template.Library()


@register.filter
def contains(rights: Container[str], right: str) -> bool:
    """Whether a right is among those that the person has."""
    return right in rights


@register.filter
def pinned(threads: Threads, rule: str) -> tuple[Thread, ...]:
    """The threads on a hint."""
    return threads.get(("hint", rule), ())


@register.filter
def place_in(draft: Draft, key: str) -> int | None:
    """The number of the card with this key in the version that is in the works."""
    return draft.places.get(key)


@register.filter
def why_word(why: str) -> str:
    """Why an offer keeps its dates, in words."""
    words = WHY_WORDS.get(Why(why))
    return _(words) if words else ""
