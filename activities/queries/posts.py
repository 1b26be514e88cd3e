"""What was said in discussions and put on share boards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch

from activities.models import Post

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from activities.models import Offer
    from blendedu.people.models import User


def threads_of(offer: Offer) -> QuerySet[Post]:
    """The threads, newest first, each with its replies in order; two queries for any number."""
    replies = Post.objects.select_related("author").order_by("created_at", "pk")
    threads = Post.objects.filter(offer=offer, parent__isnull=True).select_related("author")
    return threads.prefetch_related(Prefetch("replies", queryset=replies)).order_by("-created_at", "-pk")


def nothing() -> QuerySet[Post]:
    """What somebody sees who must first contribute."""
    return Post.objects.none()


def has_posted(offer: Offer, user: User) -> bool:
    """Whether this person has something on the board or in the discussion."""
    return Post.objects.filter(offer=offer, author=user, removed_at__isnull=True).exists()


def authors_count(offer: Offer) -> int:
    """How many students have contributed."""
    mine = Post.objects.filter(offer=offer, removed_at__isnull=True, author__memberships__cohort=offer.cohort_id)
    return mine.values("author").distinct().count()
