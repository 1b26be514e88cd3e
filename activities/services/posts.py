"""Saying something, and taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from activities import uploads
from activities.models import Post, Progress
from activities.services.progress import note_progress

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile  # Any below: bytes or text, as the parser made it

    from activities.models import Offer
    from blendedu.people.models import User


class NoSuchPost(LookupError):
    """No contribution to this offer has this number, or it is not this person's."""


@transaction.atomic
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
    thread, so that threads stay two deep. Raises NoSuchPost for a foreign parent.
    """
    parent = None
    if parent_id is not None:
        parent = Post.objects.filter(pk=parent_id, offer=offer).first()
        if parent is None:
            raise NoSuchPost
        parent = parent.parent or parent
    # RACE: a double click sends the form twice; people do not write the same sentence twice in a row.
    twin = Post.objects.filter(
        offer=offer, author=author, parent=parent, title=title, text=text, link=link, removed_at__isnull=True
    ).last()
    if twin is not None and (at - twin.created_at).total_seconds() < 60:
        return twin
    made = Post.objects.create(
        offer=offer,
        author=author,
        parent=parent,
        title=title,
        text=text,
        link=link,
        file=file or "",
        file_name=(file.name or "") if file else "",
        file_size=(file.size or 0) if file else 0,
        file_type=uploads.content_type_of(file.name or "") if file else "",
        created_at=at,
    )
    if counts:
        _count(offer, author, wanted, at)
    return made


def set_removed(offer: Offer, post_id: int, *, by: User, may_any: bool, removed: bool, at: datetime) -> Post:
    """Take a contribution away or put it back; its replies stay. Raises NoSuchPost."""
    rows = Post.objects.filter(pk=post_id, offer=offer)
    if not may_any:
        rows = rows.filter(author=by)
    if not rows.update(removed_at=at if removed else None):
        raise NoSuchPost
    return rows.get()


def _count(offer: Offer, author: User, wanted: int, at: datetime) -> None:
    said = Post.objects.filter(offer=offer, author=author, removed_at__isnull=True).count()
    done = said >= wanted
    state = Progress.State.DONE if done else Progress.State.STARTED
    share = 100 if done else round(100 * said / wanted)
    note_progress(offer.pk, [author.pk], state=state, share=share, at=at)
