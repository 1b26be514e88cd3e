"""Saying something, and taking it back."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from activities import uploads
from activities.models import Post, Progress
from activities.services.progress import note_progress
from activities.services.storing import stored
from blendedu.people.models import User

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile  # Any below: bytes or text, as the parser made it

    from activities.models import Offer

TWIN_WITHIN = timedelta(minutes=1)


class NoSuchPost(LookupError):
    """No contribution to this offer has this number, or this person may not touch it."""


def add_post(
    offer: Offer,
    *,
    author: User,
    parent_id: int | None,
    title: str,
    text: str,
    wanted: int,
    counts: bool,
    at: datetime,
    link: str = "",
    file: UploadedFile[Any] | None = None,
) -> Post:
    """Add a contribution. The same words of the same person under the same parent within the minute are one.

    `wanted` is how many make the activity done; `counts` is false for lecturers. A reply to a reply stands under the
    thread, so that threads stay two deep. Raises NoSuchPost for a foreign parent, or one that was taken back.
    """
    made = Post(
        offer=offer,
        author=author,
        title=title,
        text=text,
        link=link,
        file_name=(file.name or "") if file else "",
        file_size=(file.size or 0) if file else 0,
        file_type=uploads.content_type_of(file.name or "") if file else "",
        created_at=at,
        by_lecturer=not counts,
    )
    with stored(made.file, file) if file else nullcontext(), transaction.atomic():
        # RACE: a double click sends the form twice, at once. The author's own row puts the clicks in order; nobody
        # else waits for it.
        User.objects.select_for_update(no_key=True).filter(pk=author.pk).first()
        made.parent = _thread(offer, parent_id) if parent_id is not None else None
        twin = _twin(made, at)
        if twin is None:
            made.save(force_insert=True)
            if counts:
                _count(offer, author, wanted, at)
    if twin is not None:
        made.file.delete(save=False)
        return twin
    return made


def _twin(post: Post, at: datetime) -> Post | None:
    same = {name: getattr(post, name) for name in ("parent", "title", "text", "link", "file_name", "file_size")}
    rows = Post.objects.filter(offer=post.offer, author=post.author, removed_at__isnull=True, **same)
    return rows.filter(created_at__gt=at - TWIN_WITHIN).last()


def _thread(offer: Offer, parent_id: int) -> Post:
    parent = Post.objects.select_related("parent").filter(pk=parent_id, offer=offer, removed_at__isnull=True).first()
    if parent is None:
        raise NoSuchPost
    return parent.parent or parent


@transaction.atomic
def set_removed(
    offer: Offer, post_id: int, *, by: User, may_any: bool, removed: bool, wanted: int, at: datetime
) -> Post:
    """Take a contribution away or put it back; its replies stay, and what its author has done is counted again.

    `may_any` is for lecturers: what they took away, its author cannot put back. Raises NoSuchPost.
    """
    rows = Post.objects.filter(pk=post_id, offer=offer)
    if not may_any:
        rows = rows.filter(author=by).filter(Q(removed_by__isnull=True) | Q(removed_by=by))
    post = rows.select_related("author").first()
    if post is None:
        raise NoSuchPost
    rows.filter(removed_at__isnull=removed).update(
        removed_at=at if removed else None, removed_by=by if removed else None
    )
    if not post.by_lecturer:
        _count(offer, post.author, wanted, at)
    return post


def _count(offer: Offer, author: User, wanted: int, at: datetime) -> None:
    said = Post.objects.filter(offer=offer, author=author, removed_at__isnull=True).count()
    done = said >= wanted
    # Whoever is done stays done since then, however much more they say.
    if done and Progress.objects.filter(offer=offer, user=author, state=Progress.State.DONE).exists():
        return
    state = Progress.State.DONE if done else Progress.State.STARTED
    share = 100 if done else round(100 * said / wanted)
    note_progress(offer.pk, [author.pk], state=state, share=share, at=at)
