"""What was said in discussions and put on share boards, as one person may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef, Prefetch, Q

from activities.models import Post
from activities.seats import may_write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from activities.contract import Seat
    from activities.models import Offer
    from blendedu.people.models import User


@dataclass(frozen=True, slots=True)
class Said:
    """A contribution, and what the person who looks at it may do with it."""

    post: Post
    is_mine: bool
    is_shown: bool  # its words; of one that was taken back, others see only that there was one
    may_remove: bool
    may_put_back: bool
    replies: tuple[Said, ...] = ()

    @property
    def is_removed(self) -> bool:
        return self.post.removed_at is not None

    @property
    def removed_by_lecturer(self) -> bool:
        return self.is_removed and self.post.removed_by_id not in {None, self.post.author_id}

    @property
    def host(self) -> str:
        """Where its link leads, in letters that cannot be mistaken for others."""
        host = urlsplit(self.post.link).hostname or ""
        try:
            return host.encode("idna").decode("ascii")
        except UnicodeError:
            return host.encode("ascii", "backslashreplace").decode("ascii")


def threads_of(seat: Seat) -> QuerySet[Post]:
    """The threads that this person may see, newest first, each with its replies; two queries for any number.

    One that was taken back stays where others have answered it, and for whoever can put it back.
    """
    live = Post.objects.filter(parent=OuterRef("pk"), removed_at__isnull=True)
    rows = Post.objects.filter(offer=seat.offer, parent__isnull=True).select_related("author")
    if not seat.can_teach:
        rows = rows.filter(Q(removed_at__isnull=True) | Q(author=seat.user) | Exists(live))
    replies = Post.objects.select_related("author").order_by("created_at", "pk")
    if not seat.can_teach:
        replies = replies.filter(Q(removed_at__isnull=True) | Q(author=seat.user))
    return rows.prefetch_related(Prefetch("replies", queryset=replies)).order_by("-created_at", "-pk")


def openings_of(seat: Seat) -> QuerySet[Post]:
    """The threads that lecturers began: what students answer before they see each other; two queries."""
    return threads_of(seat).filter(by_lecturer=True, removed_at__isnull=True)


def cards_of(seat: Seat) -> QuerySet[Post]:
    """What is on a share board, newest first; one query."""
    rows = Post.objects.filter(offer=seat.offer, parent__isnull=True).select_related("author")
    if not seat.can_teach:
        rows = rows.filter(Q(removed_at__isnull=True) | Q(author=seat.user))
    return rows.order_by("-created_at", "-pk")


def as_seen(posts: Iterable[Post], seat: Seat, *, with_replies: bool = False) -> list[Said]:
    """Each contribution with what this person may do with it."""
    return [_said(post, seat, with_replies=with_replies) for post in posts]


def _said(post: Post, seat: Seat, *, with_replies: bool = False) -> Said:
    is_mine = post.author_id == seat.user.pk
    removed = post.removed_at is not None
    may = seat.can_teach or (is_mine and may_write(seat))
    may_put_back = removed and may and (seat.can_teach or post.removed_by_id in {None, seat.user.pk})
    return Said(
        post=post,
        is_mine=is_mine,
        is_shown=not removed or is_mine or seat.can_teach,
        may_remove=may and not removed,
        may_put_back=may_put_back,
        replies=tuple(as_seen(post.replies.all(), seat)) if with_replies else (),
    )


def own_count(offer: Offer, user: User) -> int:
    """How many contributions of this person stand; one query."""
    return Post.objects.filter(offer=offer, author=user, removed_at__isnull=True).count()


def authors_count(offer: Offer) -> int:
    """How many students have contributed; one query."""
    mine = Post.objects.filter(offer=offer, removed_at__isnull=True, author__memberships__cohort=offer.cohort_id)
    return mine.values("author").distinct().count()
