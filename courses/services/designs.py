"""Designs: the first one of a course, and the next version of one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from blendedu.journal.services.entries import record
from courses.balance import loads
from courses.models import WEEKS_MAX, Alignment, Design, Link, Outcome, Placement, Week
from courses.queries.plan import plan_of
from courses.services.plan.inserting import NO_FILES, Files, put_outline
from courses.services.steps import Recorder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blendedu.people.models import User
    from courses.models import Course
    from courses.outline import Outline


class DraftExists(Exception):
    """The course has a version in the works already; there is only one at a time."""


class BadWeeks(ValueError):
    """A design cannot have this number of weeks."""


def create_design(course: Course, weeks: int, *, by: User | None, at: datetime) -> Design:
    """A new, empty design of a course, with so many weeks. Raises DraftExists and BadWeeks."""
    if not 1 <= weeks <= WEEKS_MAX:
        raise BadWeeks(_("Give a number of weeks from 1 to %(most)s.") % {"most": WEEKS_MAX})
    with transaction.atomic():
        design = _new_draft(course, based_on=None, by=by, at=at)
        Week.objects.bulk_create(Week(design=design, number=number) for number in range(1, weeks + 1))
        design.load = loads(plan_of(design))
        design.save(update_fields=["load"])
        record("design-made", subject="design", subject_id=design.pk, actor=by, at=at, about=str(design))
    return design


def begin_from(
    course: Course,
    outline: Outline,
    *,
    by: User,
    at: datetime,
    copied_from: Design | None = None,
    files: Files = NO_FILES,
) -> Design:
    """A draft that begins as an outline says: an import, a pattern. `files` as in `insert_outline`.

    Raises DraftExists, PlanRefused.
    """
    with transaction.atomic():
        draft = _new_draft(course, based_on=None, by=by, at=at)
        put_outline(Recorder(draft), draft, outline, keep_keys=True, files=files)
        draft.load = loads(plan_of(draft))
        draft.save(update_fields=["load"])
        record(
            "design-made",
            subject="design",
            subject_id=draft.pk,
            actor=by,
            at=at,
            about=str(draft),
            details={"copied_from": copied_from.pk} if copied_from else {},
        )
    return draft


def copy_design(
    source: Design, *, to: Course, shift: int = 0, weeks: int | None = None, by: User, at: datetime
) -> Design:
    """A draft of a course that begins as a design of this or another course was, some weeks later or earlier.

    Activities are shared until one is edited, as in a next version, so questions and files come along without being
    copied. What falls outside of the weeks waits on the shelf. Raises DraftExists, BadWeeks.
    """
    same = source.course_id == to.pk
    there = {week.number: week for week in source.weeks.all()}
    count = weeks or max(1, max(there, default=0) + shift)
    if not 1 <= count <= WEEKS_MAX:
        raise BadWeeks(_("Give a number of weeks from 1 to %(most)s.") % {"most": WEEKS_MAX})
    with transaction.atomic():
        draft = _new_draft(to, based_on=source if same else None, by=by, at=at)
        made = {
            number: _shifted_week(draft, number, there.get(number - shift), same=same) for number in range(1, count + 1)
        }
        _fill(draft, source, made, shift=shift, by=by, at=at, details={"copied_from": source.pk})
    return draft


def _shifted_week(draft: Design, number: int, old: Week | None, *, same: bool) -> Week:
    if old is None:
        return Week(design=draft, number=number)
    return Week(design=draft, key=_key(old.key, same=same), number=number, title=old.title, teaching=old.teaching)


def _key(key: UUID, *, same: bool) -> UUID:
    # A key points within one course: what compares versions, or looks at a programme, must not meet two courses.
    return key if same else uuid4()


def next_version(design: Design, *, by: User, at: datetime) -> Design:
    """A draft that begins as this design was. Raises DraftExists.

    Weeks, outcomes and placements are copied, activities are shared until one is edited (copy on write). Placements
    keep their keys, so that the two versions can be compared.
    """
    with transaction.atomic():
        draft = _new_draft(design.course, based_on=design, by=by, at=at)
        made = {week.number: _shifted_week(draft, week.number, week, same=True) for week in design.weeks.all()}
        _fill(draft, design, made, by=by, at=at, details={"based_on": design.pk})
    return draft


def _fill(
    draft: Design,
    source: Design,
    weeks: Mapping[int, Week],
    *,
    shift: int = 0,
    by: User,
    at: datetime,
    details: dict[str, int],
) -> None:
    """Copy all that stands in a design into an empty draft with these weeks; what has no week there is shelved."""
    same = source.course_id == draft.course_id
    Week.objects.bulk_create(weeks.values())
    outcomes = {
        old.pk: Outcome(design=draft, key=_key(old.key, same=same), number=old.number, text=old.text, level=old.level)
        for old in source.outcomes.all()
    }
    Outcome.objects.bulk_create(outcomes.values())
    placements = {
        old.pk: Placement(
            design=draft,
            key=_key(old.key, same=same),
            activity_id=old.activity_id,
            week=weeks.get(old.week.number + shift) if old.week else None,
            moment=old.moment,
            position=old.position,
        )
        for old in source.placements.select_related("week").order_by("pk")
    }
    Placement.objects.bulk_create(placements.values())
    Alignment.objects.bulk_create(
        Alignment(placement=placements[old.placement_id], outcome=outcomes[old.outcome_id], level=old.level)
        for old in Alignment.objects.filter(placement__design=source).order_by("pk")
    )
    Link.objects.bulk_create(
        Link(design=draft, source=placements[old.source_id], target=placements[old.target_id], note=old.note)
        for old in source.links.order_by("pk")
    )
    draft.load = loads(plan_of(draft))
    draft.save(update_fields=["load"])
    record(
        "design-made", subject="design", subject_id=draft.pk, actor=by, at=at, about=str(draft), details=dict(details)
    )


def _new_draft(course: Course, *, based_on: Design | None, by: User | None, at: datetime) -> Design:
    last = Design.objects.filter(course=course).aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            return Design.objects.create(
                course=course,
                number=last + 1,
                based_on=based_on,
                changed_at=at,
                changed_by=by,
            )
    except IntegrityError:
        # RACE: the database knows one draft per course and one design per number; two clicks make one.
        raise DraftExists from None
