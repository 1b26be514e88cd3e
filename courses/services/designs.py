"""Designs: the first one of a course, and the next version of one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from blendedu.journal.services.entries import record
from courses.balance import loads
from courses.models import WEEKS_MAX, Design, Outcome, Placement, Week
from courses.queries.plan import plan_of

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Course


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


def next_version(design: Design, *, by: User, at: datetime) -> Design:
    """A draft that begins as this design was. Raises DraftExists.

    Weeks, outcomes and placements are copied, activities are shared until one is edited (copy on write). Placements
    keep their keys, so that the two versions can be compared.
    """
    with transaction.atomic():
        draft = _new_draft(design.course, based_on=design, by=by, at=at)
        weeks = {week.pk: Week(design=draft, number=week.number, title=week.title) for week in design.weeks.all()}
        Week.objects.bulk_create(weeks.values())
        outcomes = {
            outcome.pk: Outcome(design=draft, number=outcome.number, text=outcome.text, level=outcome.level)
            for outcome in design.outcomes.all()
        }
        Outcome.objects.bulk_create(outcomes.values())
        placements = {
            placement.pk: Placement(
                design=draft,
                key=placement.key,
                activity_id=placement.activity_id,
                week=weeks[placement.week_id] if placement.week_id else None,
                moment=placement.moment,
                position=placement.position,
            )
            for placement in design.placements.order_by("pk")
        }
        Placement.objects.bulk_create(placements.values())
        links = Placement.outcomes.through
        links.objects.bulk_create(
            links(placement_id=placements[placement].pk, outcome_id=outcomes[outcome].pk)
            for placement, outcome in links.objects.filter(placement__design=design).values_list(
                "placement_id", "outcome_id"
            )
        )
        draft.load = loads(plan_of(draft))
        draft.save(update_fields=["load"])
        record(
            "design-made",
            subject="design",
            subject_id=draft.pk,
            actor=by,
            at=at,
            about=str(draft),
            details={"based_on": design.pk},
        )
    return draft


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
