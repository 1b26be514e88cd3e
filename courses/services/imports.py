"""Imports: what was read waits to be looked at, and is taken once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from blendedu.journal.services.entries import record
from blendedu.journal.services.jobs import enqueue
from courses import jobs
from courses.exchange import reading
from courses.models import Design, DesignImport
from courses.services import designs
from courses.services.plan import PlanRefused, insert_outline

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.exchange.reading import Read
    from courses.models import Course

KEPT_UNTAKEN = timedelta(days=14)
NEW, ADD, REPLACE = "new", "add", "replace"


class AlreadyTaken(Exception):
    """This import was taken before; taking it twice would put everything there twice."""


@transaction.atomic
def propose(course: Course, name: str, read: Read, *, by: User, at: datetime) -> DesignImport:
    """Keep what was read, to be looked at; the design is not touched. What nobody takes is forgotten in two weeks."""
    imported = DesignImport.objects.create(
        course=course,
        name=name[: reading.NAME_MAX],
        format=read.format,
        proposal=read.stored,
        report=[remark.to_json() for remark in read.proposal.remarks],
        made_at=at,
        made_by=by,
    )
    enqueue(jobs.IMPORTS, imported.pk, at=at, due_at=at + KEPT_UNTAKEN)
    return imported


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


@transaction.atomic
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

    Raises AlreadyTaken, DraftExists, PlanRefused, StalePlan; then nothing is written.
    """
    # RACE: of two clicks one takes; a refusal further down gives it back, with everything else.
    claimed = DesignImport.objects.filter(pk=imported.pk, taken_at=None)
    if not claimed.update(taken_at=at):
        raise AlreadyTaken
    proposal = reading.proposal_of(imported.proposal)
    if proposal.outline is None:
        raise PlanRefused(proposal.problems[0].text)
    if how == NEW:
        taken = designs.begin_from(imported.course, proposal.outline, by=by, at=at)
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
        details={"import": imported.pk, "how": how},
    )
    return taken


def forget(pk: int) -> None:
    """Forget an import that nobody took. Safe to run twice."""
    DesignImport.objects.filter(pk=pk, taken_at=None).delete()


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:59] + "…"
