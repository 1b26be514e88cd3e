"""Runs: opening one from an approved design, and moving what it offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Offer
from activities.services.windows import follow_window
from blendedu.journal.models import Entry
from blendedu.journal.services.entries import record
from blendedu.journal.services.notices import tell
from blendedu.kit.templatetags.kit import day_time, full_day
from blendedu.people.models import Cohort, Group, User
from courses.models import Course, Design, Run, RunOffer, RunWeek
from courses.queries.readiness import is_built
from courses.queries.runs import planned_run, window_seen
from courses.services.people import Enrolled, enrol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from courses.calendar import Closing
    from courses.services.people import Listed

OPENED = "run.opened"


class RunRefused(Exception):
    """The run cannot be opened; the text says why, in words for the lecturer."""


class NotApproved(RunRefused):
    """Only a design that the DigiCoach approved is run."""


class AlreadyOpened(Exception):
    """This form was sent before, or the cohort follows the course already; `run` is the one that there is."""

    def __init__(self, run: Run) -> None:
        self.run = run
        super().__init__(str(run))


class StaleWindow(Exception):
    """Somebody else moved this offer since the page was drawn."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A new run, and whom it enrolled."""

    run: Run
    enrolled: Enrolled


@transaction.atomic
def open_run_for(
    design: Design,
    *,
    cohort: Cohort | None,
    cohort_name: str = "",
    students: Sequence[Listed] = (),
    name: str,
    starts_on: date,
    holidays: Sequence[Closing],
    token: str,
    by: User,
    at: datetime,
) -> Opened:
    """Open a run for an existing cohort or a new one made from a class list: all of it, or nothing.

    `token` is the page's own: sending the same page again answers AlreadyOpened with the run that it made.
    """
    # RACE: two clicks on "Open the run": the second waits here, and then finds what the first has written.
    Course.objects.select_for_update().get(pk=design.course_id)
    _refuse_twice(design, token)
    if cohort is None:
        cohort = Cohort.objects.create(unit_id=design.course.unit_id, name=cohort_name)
    enrolled = enrol(cohort, students, by=by, at=at) if students else Enrolled(0, 0, 0)
    run = open_run(design, cohort=cohort, name=name, starts_on=starts_on, holidays=holidays, at=at, by=by, token=token)
    return Opened(run, enrolled)


def _refuse_twice(design: Design, token: str) -> None:
    if not token:
        return
    entry = Entry.objects.filter(
        subject="course", subject_id=design.course_id, verb=OPENED, details__token=token
    ).first()
    run = Run.objects.filter(pk=entry.details["run"]).first() if entry else None
    if run is not None:
        raise AlreadyOpened(run)


@transaction.atomic
def open_run(
    design: Design,
    *,
    cohort: Cohort,
    name: str,
    starts_on: date,
    holidays: Sequence[Closing],
    at: datetime,
    by: User,
    token: str = "",
) -> Run:
    """Teach an approved design to a cohort from a date: its weeks, an offer of every activity, and a notice.

    Weeks in which every weekday is a holiday are skipped. Raises NotApproved, RunRefused, and AlreadyOpened when the
    cohort follows this course already. The number of queries does not depend on the size of the design or the cohort.
    """
    # RACE: approved a moment ago is not approved now; the row is read again under the lock of the course.
    Course.objects.select_for_update().get(pk=design.course_id)
    if Design.objects.filter(pk=design.pk).values_list("state", flat=True).first() != Design.State.APPROVED:
        raise NotApproved(_("Only an approved design can be run. Ask the DigiCoach to review it."))
    twice = Run.objects.filter(course=design.course_id, cohort=cohort).first()
    if twice is not None:
        raise AlreadyOpened(twice)
    weeks = planned_run(design, starts_on=starts_on, holidays=holidays, zone=timezone.get_default_timezone())
    if not weeks:
        raise RunRefused(_("This design has no weeks yet."))
    run = Run.objects.create(
        course_id=design.course_id,
        design=design,
        cohort=cohort,
        name=name,
        starts_on=starts_on,
        ends_on=weeks[-1].week.sunday,
        opened_at=at,
    )
    RunWeek.objects.bulk_create(RunWeek(run=run, number=week.number, monday=week.monday) for week in weeks)
    planned = [(week.number, offer) for week in weeks for offer in week.offers]
    has_groups = Group.objects.filter(cohort=cohort).exists()
    offers = Offer.objects.bulk_create(
        Offer(
            activity_id=offer.placement.activity_id,
            cohort=cohort,
            opens_at=offer.window.opens_at,
            due_at=offer.window.due_at,
            room=offer.room,
            link=offer.link,
            built=is_built(offer.activity, offer.made, has_groups=has_groups),
        )
        for _number, offer in planned
    )
    RunOffer.objects.bulk_create(
        RunOffer(
            run=run,
            offer=made,
            placement=offer.placement,
            week_number=number,
            moment=offer.placement.moment,
            position=offer.placement.position,
        )
        for made, (number, offer) in zip(offers, planned, strict=True)
    )
    record(
        OPENED,
        subject="course",
        subject_id=design.course_id,
        actor=by,
        at=at,
        about=name,
        details={"run": run.pk, "design": design.pk, "cohort": cohort.pk, "token": token},
    )
    _tell_students(run, design.course, at=at)
    return run


def _tell_students(run: Run, course: Course, *, at: datetime) -> None:
    students = list(User.objects.filter(memberships__cohort=run.cohort_id, is_active=True))
    begins = _("It begins on %(day)s.") % {"day": full_day(run.starts_on)}
    first_time = _("This is your first course here: choose “Forgot your password?” when you sign in, to set one.")
    for newcomers in (True, False):
        tell(
            # Whoever cannot sign in yet is told how; they are told once, because the cause is the same.
            [student for student in students if student.has_usable_password() != newcomers],
            cause=f"run-opened:{run.pk}",
            title=_("You follow %(course)s") % {"course": course.title},
            body=f"{begins} {first_time}" if newcomers else begins,
            url=reverse("courses:week"),
            at=at,
        )


@transaction.atomic
def move_offer(
    run_offer: RunOffer,
    *,
    opens_at: datetime,
    due_at: datetime,
    closes_at: datetime | None,
    room: str,
    link: str,
    recording: str,
    seen: str,
    by: User,
    at: datetime,
) -> bool:
    """Give an offer another window or place; students are told once, with the new date. Answers whether it changed.

    `seen` is what the lecturer saw (queries.runs.window_seen). Raises StaleWindow when it is not so any more.
    """
    # RACE: without the key, or whoever hands in at this moment waits for this row, and this for theirs.
    offer = (
        Offer.objects.select_for_update(no_key=True, of=("self",)).select_related("activity").get(pk=run_offer.offer_id)
    )
    stands = window_seen(offer)
    before = {"opens": offer.opens_at, "due": offer.due_at, "closes": offer.closes_at}
    place_before = (offer.room, offer.link)
    offer.opens_at, offer.due_at, offer.closes_at = opens_at, due_at, closes_at
    offer.room, offer.link, offer.recording = room, link, recording
    if window_seen(offer) == stands:
        return stands != seen  # the second of two clicks finds it as it was asked for
    if stands != seen:
        raise StaleWindow
    offer.save(update_fields=["opens_at", "due_at", "closes_at", "room", "link", "recording"])
    follow_window(offer, closed_before=before["closes"], at=at)
    record(
        "offer.moved",
        subject="offer",
        subject_id=offer.pk,
        actor=by,
        at=at,
        about=offer.activity.title,
        details={
            "before": {key: value.isoformat() if value else None for key, value in before.items()},
            "after": window_seen(offer),
        },
    )
    news = _news(offer, before=before, place_before=place_before)
    if news:
        tell(
            User.objects.filter(memberships__cohort=offer.cohort_id, is_active=True),
            # A date may move there and back again: each move is a cause of its own.
            cause=f"offer-moved:{offer.pk}:{at:%Y%m%d%H%M%S%f}",
            title=news[0],
            body=" ".join(news[1:]),
            url=reverse("courses:activity", args=[run_offer.run.course.code, run_offer.pk]),
            at=at,
        )
    return True


def _news(offer: Offer, *, before: dict[str, datetime | None], place_before: tuple[str, str]) -> tuple[str, ...]:
    """What students are told of a change: title, then sentences; nothing when it does not concern them."""
    facts = {"title": offer.activity.title, "due": day_time(offer.due_at), "starts": day_time(offer.opens_at)}
    place: tuple[str, ...] = ()
    if (offer.room, offer.link) != place_before and (offer.room or offer.link):
        place = (_("Place: %(place)s.") % {"place": offer.room or _("online")},)
    if offer.activity.type.timed:
        if before["opens"] != offer.opens_at:
            old = _("It was on %(before)s.") % {"before": day_time(before["opens"])}
            return (_("New time: %(title)s, %(starts)s") % facts, old, *place)
        return (_("New place: %(title)s") % facts, *place) if place else ()
    if before["due"] != offer.due_at:
        old = _("It was due on %(before)s.") % {"before": day_time(before["due"])}
        return (_("New date: %(title)s, due %(due)s") % facts, old)
    return ()
