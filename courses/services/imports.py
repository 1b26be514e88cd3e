"""Imports: what was read waits to be looked at, and is taken once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import Material
from activities.services.storing import NotStored, stored
from activities.uploads import clean_name
from blendedu.journal.services.entries import record
from blendedu.journal.services.jobs import enqueue
from courses import jobs
from courses.exchange import reading
from courses.exchange.package import Packed, member_of
from courses.models import Design, DesignImport
from courses.services import designs
from courses.services.plan import PlanRefused, insert_outline
from courses.services.plan.inserting import NO_FILES, Files

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.exchange.reading import Read
    from courses.models import Course

KEPT_UNTAKEN = timedelta(days=14)
FOLDER = "imports"  # of the storage: ZIPs that wait to be taken
NEW, ADD, REPLACE = "new", "add", "replace"


class AlreadyTaken(Exception):
    """This import was taken before; taking it twice would put everything there twice."""


def propose(
    course: Course, name: str, read: Read, *, source: File[Any] | None = None, by: User, at: datetime
) -> DesignImport:
    """Keep what was read, to be looked at; the design is not touched. What nobody takes is forgotten in two weeks.

    Files that come along wait in `source`, the ZIP that was sent. Raises NotStored.
    """
    with _kept(source if read.has_files else None) as package, transaction.atomic():
        imported = DesignImport.objects.create(
            course=course,
            name=name[: reading.NAME_MAX],
            format=read.format,
            proposal={**read.stored, "package": package} if package else read.stored,
            report=[remark.to_json() for remark in read.proposal.remarks],
            made_at=at,
            made_by=by,
        )
        enqueue(jobs.IMPORTS, imported.pk, at=at, due_at=at + KEPT_UNTAKEN)
    return imported


@contextmanager
def _kept(source: File[Any] | None) -> Iterator[str]:
    """Keep a ZIP on the disk as long as a row names it; answers under which name. Raises NotStored."""
    if source is None:
        yield ""
        return
    source.seek(0)
    try:
        name = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", source)
    except OSError as error:
        raise NotStored(clean_name(source.name or "")) from error
    try:
        yield name
    except BaseException:
        default_storage.delete(name)
        raise


@transaction.atomic
def set_columns(imported: DesignImport, columns: Sequence[str], *, has_header: bool) -> None:
    """Read a table again with columns as a person says. Raises AlreadyTaken."""
    stored = reading.with_columns(imported.proposal, columns, has_header=has_header)
    report = [remark.to_json() for remark in reading.proposal_of(stored).remarks]
    # RACE: what was taken a moment ago keeps the report of what was taken.
    open_ones = DesignImport.objects.filter(pk=imported.pk, taken_at=None)
    if not open_ones.update(proposal=stored, report=report):
        raise AlreadyTaken
    imported.proposal, imported.report = stored, report


def take(
    imported: DesignImport,
    *,
    how: str,
    design: Design | None,
    first_week: int,
    version: int | None,
    by: User,
    at: datetime,
) -> Design:
    """Take what was read: as a new design, into the open draft, or in its place. One step, and once.

    Raises AlreadyTaken, DraftExists, PlanRefused, StalePlan, NotStored; then nothing is written, and no file is left.
    """
    if imported.taken_at is not None:
        raise AlreadyTaken
    with ExitStack() as stack:
        files = _unpacked(imported, stack)
        return _take(imported, files, how=how, design=design, first_week=first_week, version=version, by=by, at=at)


def _unpacked(imported: DesignImport, stack: ExitStack) -> Files:
    """The files of an import, stored, by the key of their activity; they go again when it is not taken."""
    packed = [Packed(**said) for said in imported.proposal.get("files", ())]
    if not packed:
        return NO_FILES
    try:
        source = stack.enter_context(default_storage.open(imported.proposal["package"]))
    except FileNotFoundError:
        if DesignImport.objects.filter(pk=imported.pk, taken_at=None).exists():
            raise PlanRefused(_("The files of this import are not here any more. Choose the ZIP again.")) from None
        raise AlreadyTaken from None
    files: dict[str, list[Material]] = {}
    there: dict[str, str] = {}
    for each in packed:
        material = Material(
            kind=each.kind,
            name=each.name,
            size=each.size,
            content_type=each.content_type,
            language=each.language,
            file=there.get(each.path, ""),
        )
        if each.path not in there:
            with member_of(source, each.path) as member:
                stack.enter_context(stored(material.file, File(member, name=each.name)))
            there[each.path] = material.file.name or ""
        files.setdefault(each.activity, []).append(material)
    return files


@transaction.atomic
def _take(
    imported: DesignImport,
    files: Files,
    *,
    how: str,
    design: Design | None,
    first_week: int,
    version: int | None,
    by: User,
    at: datetime,
) -> Design:
    # RACE: of two clicks one takes; a refusal further down gives it back, with everything else.
    claimed = DesignImport.objects.filter(pk=imported.pk, taken_at=None)
    if not claimed.update(taken_at=at):
        raise AlreadyTaken
    proposal = reading.proposal_of(imported.proposal)
    if proposal.outline is None:
        raise PlanRefused(proposal.problems[0].text)
    if how == NEW:
        taken = designs.begin_from(imported.course, proposal.outline, by=by, at=at, files=files)
    elif design is None:
        raise PlanRefused(_("There is no draft to take it into. Start a new design with it."))
    else:
        label = _("import of “%(name)s”") % {"name": _short(imported.name)}
        taken = insert_outline(
            design,
            proposal.outline,
            first_week=1 if how == REPLACE else first_week,
            replace=how == REPLACE,
            keep_keys=True,
            label=label,
            by=by,
            version=version,
            at=at,
            files=files,
        ).design
    DesignImport.objects.filter(pk=imported.pk).update(
        design=taken, report=[remark.to_json() for remark in proposal.remarks]
    )
    record(
        "import-taken",
        subject="design",
        subject_id=taken.pk,
        actor=by,
        at=at,
        about=imported.name,
        details={"import": imported.pk, "how": how, "files": sum(map(len, files.values()))},
    )
    if package := imported.proposal.get("package"):
        transaction.on_commit(lambda: default_storage.delete(package))
    return taken


def forget(pk: int) -> None:
    """Forget an import that nobody took, with the ZIP that waited for it. Safe to run twice."""
    imported = DesignImport.objects.filter(pk=pk, taken_at=None).first()
    if imported is None:
        return
    package = imported.proposal.get("package")
    DesignImport.objects.filter(pk=pk, taken_at=None).delete()
    if package and not DesignImport.objects.filter(pk=pk).exists():
        default_storage.delete(package)


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:59] + "…"
