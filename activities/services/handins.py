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
from activities.services.storing import stored

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile  # Any below: bytes or text, as the parser made it

    from blendedu.people.models import User


# SECURITY: files that were taken away stay until the work is handed in, and could fill the disk one by one.
REMOVED_MAX = 20


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
    """Keep a file with an open attempt; the same file sent twice is kept once.

    Raises uploads.BadFile, TooManyFiles, AlreadySubmitted.
    """
    head = file.read(uploads.HEAD)
    file.seek(0)
    name = uploads.check(file.name or "", file.size or 0, head, accepted=accepted, max_bytes=max_bytes)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    made = AttemptFile(
        attempt=attempt,
        name=name,
        size=file.size or 0,
        content_type=uploads.content_type_of(name),
        sha256=digest.hexdigest(),
        uploaded_by=by,
        uploaded_at=at,
    )
    with stored(made.file, file), transaction.atomic():
        _hold(attempt.pk)
        twin = attempt.files.filter(removed_at__isnull=True, name=name, sha256=made.sha256).first()
        if twin is None:
            _refuse_when_full(attempt, files_max)
            made.save(force_insert=True)
    if twin is not None:
        made.file.delete(save=False)
        return twin
    return made


def _hold(attempt_id: int) -> Attempt:
    # RACE: two members of a group, or a file and a hand-in at once; the row of the attempt orders them.
    held = Attempt.objects.select_for_update(no_key=True).filter(pk=attempt_id, state=Attempt.State.OPEN).first()
    if held is None:
        raise AlreadySubmitted(_("This is handed in. Its files cannot be changed any more."))
    return held


def _refuse_when_full(attempt: Attempt, files_max: int) -> None:
    kept = [removed_at is None for removed_at in attempt.files.values_list("removed_at", flat=True)]
    if sum(kept) >= files_max or len(kept) - sum(kept) > REMOVED_MAX:
        raise TooManyFiles


@transaction.atomic
def set_removed(attempt: Attempt, file_id: int, *, removed: bool, files_max: int, at: datetime) -> AttemptFile:
    """Take a file away from open work, or put it back. Raises NoSuchFile, AlreadySubmitted, TooManyFiles."""
    _hold(attempt.pk)
    file = attempt.files.filter(pk=file_id).first()
    if file is None:
        raise NoSuchFile
    if not removed and file.removed_at is not None:
        _refuse_when_full(attempt, files_max)
    file.removed_at = at if removed else None
    file.save(update_fields=["removed_at"])
    return file


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
