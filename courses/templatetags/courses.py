"""What the pages of a course look up in what they were given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

if TYPE_CHECKING:
    from collections.abc import Container

    from courses.queries.review import Thread, Threads

register = template.Library()


@register.filter
def contains(rights: Container[str], right: str) -> bool:
    """Whether a right is among those that the person has."""
    return right in rights


@register.filter
def pinned(threads: Threads, rule: str) -> tuple[Thread, ...]:
    """The threads on a hint."""
    return threads.get(("hint", rule), ())
