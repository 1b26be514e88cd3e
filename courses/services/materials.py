"""Files that belong to an activity of a design: a clip, its captions, texts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from activities import captions, jobs, recordings, uploads
from activities.models import Activity, Material
from activities.services.storing import stored
from blendedu.journal.services.entries import record
from blendedu.journal.services.jobs import enqueue
from courses.models import Placement
from courses.queries.materials import ACCEPTED, MOST, extensions_for
from courses.services.plan import keep_load, own_activity

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile  # Any with it: bytes or text, as the parser made it
    from django.db.models import QuerySet

    from blendedu.people.models import User

UNDO_SECONDS = 24 * 3600
SWEEP_AFTER = timedelta(days=3)  # when nobody can put a removed file back any more
_SALT = "courses.materials.removed"


class TooMany(Exception):
    """The activity holds as many files of this kind as it takes."""


class _There(Exception):
    """This very file is there already: the form was sent twice."""

    def __init__(self, material: Material) -> None:
        self.material = material
        super().__init__(material.name)


class NoSuchMaterial(LookupError):
    """The activity has no such file, or it cannot be put back any more."""


def check_file(kind: str, file: UploadedFile[Any], *, max_bytes: int) -> str:
    """The cleaned name of a file that can be put with an activity as this kind. Raises uploads.BadFile."""
    head = file.read(uploads.HEAD)
    file.seek(0)
    name = uploads.check(file.name or "", file.size or 0, head, accepted=ACCEPTED[kind], max_bytes=max_bytes)
    if uploads.extension_of(name) not in extensions_for(kind):
        raise uploads.BadFile("wrong_type", name=name, extensions=", ".join(extensions_for(kind)))
    if kind == Material.Kind.CAPTIONS:
        captions.check(name, file.read())
        file.seek(0)
    return name


def put_material(
    placement: Placement,
    *,
    kind: str,
    file: UploadedFile[Any],
    name: str,
    language: str = "",
    seconds: int | None = None,
    by: User,
    at: datetime,
) -> Material:
    """Put a file with the activity of a draft; a clip, or captions in the same language, replace what was there.

    An activity that other versions share is copied first. `seconds` is what the lecturer says; a clip that tells its
    own length is believed more. The same text sent twice, by a double click, is one. Raises TooMany, and NotEditable in
    any design but a draft.
    """
    material = Material(
        kind=kind,
        name=name,
        size=file.size or 0,
        content_type=uploads.content_type_of(name),
        language=language,
    )
    try:
        with stored(material.file, file), transaction.atomic():
            material.activity = _own(placement, by=by, at=at)
            there = Material.objects.filter(activity=material.activity, kind=kind)
            # The stored files stay for a while: an older version may name them, and so may a page that is open.
            if kind == Material.Kind.CLIP:
                there.delete()
            elif kind == Material.Kind.CAPTIONS:
                there.filter(language=language).delete()
            else:
                _refuse_twin(there.filter(name=name, size=material.size), material)
            if there.count() >= MOST[kind]:
                raise TooMany
            material.save(force_insert=True)
            _follow(placement, material.activity, seconds=_length(material) or seconds)
            enqueue(jobs.LEFTOVERS, 0, at=at, due_at=at + SWEEP_AFTER)
            _journal("material-put", placement, name, by=by, at=at)
    except _There as there_is:
        return there_is.material
    return material


def _refuse_twin(alike: QuerySet[Material], material: Material) -> None:
    """Raises _There when one of these holds the same bytes; what was just stored goes again with it."""
    for twin in alike:
        with default_storage.open(twin.file.name or "") as old, default_storage.open(material.file.name or "") as new:
            if old.read() == new.read():
                raise _There(twin)


def _length(material: Material) -> int | None:
    if material.kind != Material.Kind.CLIP:
        return None
    with default_storage.open(material.file.name or "") as file:
        return recordings.seconds_of(file)  # type: ignore[arg-type]  # Django's File reads and seeks like any other


@transaction.atomic
def remove_material(placement: Placement, material_id: int, *, by: User, at: datetime) -> tuple[str, str]:
    """Take a file away; answers its name and what put_back needs. Raises NoSuchMaterial, NotEditable.

    The number may be that of the shared activity: in its copy the same stored file is meant.
    """
    wanted = Material.objects.filter(pk=material_id, activity=placement.activity_id).first()
    if wanted is None:
        raise NoSuchMaterial
    activity = _own(placement, by=by, at=at)
    material = Material.objects.filter(activity=activity, kind=wanted.kind, file=wanted.file.name).first()
    if material is None:
        raise NoSuchMaterial
    token = signing.dumps({name: _plain(getattr(material, name)) for name in _KEPT} | {"to": placement.pk}, salt=_SALT)
    material.delete()
    enqueue(jobs.LEFTOVERS, 0, at=at, due_at=at + SWEEP_AFTER)
    _follow(placement, activity, seconds=None)
    _journal("material-removed", placement, material.name, by=by, at=at)
    return material.name, token


@transaction.atomic
def put_back(placement: Placement, token: str, *, by: User, at: datetime) -> Material:
    """Undo the removal of a file, within a day. Raises NoSuchMaterial, TooMany, NotEditable."""
    try:
        kept: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=UNDO_SECONDS)  # Any: as JSON holds it
    except signing.BadSignature:
        raise NoSuchMaterial from None
    if kept.pop("to") != placement.pk or not default_storage.exists(kept["file"]):
        raise NoSuchMaterial
    activity = _own(placement, by=by, at=at)
    there = Material.objects.filter(activity=activity, kind=kept["kind"])
    again = there.filter(file=kept["file"]).first()
    if again is not None:
        return again
    if there.count() >= MOST[kept["kind"]]:
        raise TooMany
    material = Material.objects.create(activity=activity, **kept)
    _follow(placement, activity, seconds=None)
    _journal("material-put", placement, material.name, by=by, at=at)
    return material


_KEPT = ("kind", "file", "name", "size", "content_type", "language")


def _plain(value: Any) -> str | int:  # Any: a column of a material
    return value if isinstance(value, int) else str(value)


def _own(placement: Placement, *, by: User, at: datetime) -> Activity:
    activity = own_activity(placement, by=by, at=at)
    # RACE: two lecturers who change the files of one activity at once come one after the other.
    return Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)


def _follow(placement: Placement, activity: Activity, *, seconds: int | None) -> None:
    """Let the settings say what is there, and the balance and hints with them."""
    kinds = set(Material.objects.filter(activity=activity).values_list("kind", flat=True))
    activity.config = activity.type.with_files(activity.config, kinds, seconds)
    activity.save(update_fields=["config"])
    keep_load(placement.design)


def _journal(verb: str, placement: Placement, name: str, *, by: User, at: datetime) -> None:
    record(
        verb,
        subject="design",
        subject_id=placement.design_id,
        actor=by,
        at=at,
        about=_("%(file)s of “%(title)s”") % {"file": name, "title": placement.activity.title},
        details={"placement": placement.pk},
    )
