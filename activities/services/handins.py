"""Work in progress: files and text that are kept before they are handed in."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from activities import uploads
from activities.models import Attempt, AttemptFile
from activities.services.attempts import AlreadySubmitted, StaleAnswers

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile  # Any below: bytes or text, as the parser made it

    from activities.models import Offer
    from blendedu.people.models import Group, User


class TooManyFiles(Exception):
    """The work holds as many files as are taken."""


class NoSuchFile(LookupError):
    """No file of this student's or group's open work has this number."""


def add_file(
    attempt: Attempt,
    file: UploadedFile[Any],
    *,
    by: User,
    at: datetime,
    accepted: tuple[str, ...],
    max_bytes: int,
    files_max: int,
) -> AttemptFile:
    """Keep a file with an open attempt. Raises uploads.BadFile, TooManyFiles, AlreadySubmitted.

    The bytes are on disk before the row is written: a crash in between leaves a file that nothing names, never a name
    without a file.
    """
    head = file.read(uploads.HEAD)
    file.seek(0)
    name = uploads.check(file.name or "", file.size or 0, head, accepted=accepted, max_bytes=max_bytes)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    with transaction.atomic():
        # RACE: two members of a group, or a file and a hand-in at once; the row of the attempt orders them.
        held = Attempt.objects.select_for_update(no_key=True).filter(pk=attempt.pk, state=Attempt.State.OPEN).first()
        if held is None:
            raise AlreadySubmitted(_("This is handed in. Nothing can be added any more."))
        if held.files.filter(removed_at__isnull=True).count() >= files_max:
            raise TooManyFiles
        return AttemptFile.objects.create(
            attempt=attempt,
            file=file,
            name=name,
            size=file.size or 0,
            content_type=uploads.content_type_of(name),
            sha256=digest.hexdigest(),
            uploaded_by=by,
            uploaded_at=at,
        )


def set_removed(
    offer: Offer, file_id: int, *, user: User, group: Group | None, removed: bool, at: datetime
) -> AttemptFile:
    """Take a file away from open work, or put it back. Raises NoSuchFile."""
    owner = {"attempt__group": group} if group is not None else {"attempt__user": user}
    mine = AttemptFile.objects.filter(pk=file_id, attempt__offer=offer, attempt__state=Attempt.State.OPEN, **owner)
    if not mine.update(removed_at=at if removed else None):
        raise NoSuchFile
    return mine.get()


def save_text(attempt: Attempt, *, text: str, revision: int, at: datetime) -> int:
    """Keep the text of open work; answers its new revision.

    Raises StaleAnswers when it was changed since the page was drawn, AlreadySubmitted when it is handed in.
    """
    saved = Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.OPEN, revision=revision).update(
        text=text, revision=F("revision") + 1
    )
    if saved:
        return revision + 1
    fresh = Attempt.objects.get(pk=attempt.pk)
    if fresh.state != Attempt.State.OPEN:
        raise AlreadySubmitted(_("This is handed in. Nothing can be changed any more."))
    raise StaleAnswers(fresh.revision, {"text": fresh.text})
