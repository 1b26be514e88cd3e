"""Runs of a course: where they stand, what they offer, and what a run of a design would be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from activities.contract import Collects, Made
from activities.models import Attempt, Attendance, Offer, Post, Progress
from activities.queries.made import made_by, made_columns, missing_of
from blendedu.people.models import Cohort, Group, Holiday, Membership
from blendedu.people.queries import terms_for
from courses import calendar
from courses.facts import MOMENTS
from courses.models import Design, Placement, Run, RunOffer, RunWeek, Week

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from activities.models import Activity
    from blendedu.people.models import Term, Unit
    from courses.calendar import Closing, TeachingWeek, Window
    from courses.models import Course

_MOMENT_ORDER = {moment: order for order, moment in enumerate(MOMENTS)}


# --- Where runs stand ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run is on a day: coming, running (in a week, or in a pause after one) or ended."""

    state: str  # coming, running, ended
    week: int = 0
    weeks: int = 0
    paused: bool = False  # between two teaching weeks


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list of a course."""

    run: Run
    standing: Standing
    students: int


def standing_on(today: date, *, starts_on: date, ends_on: date, mondays: Sequence[date]) -> Standing:
    """Where a run with these teaching weeks is today."""
    weeks = len(mondays)
    if today < min([starts_on, *mondays[:1]]):
        return Standing("coming", 0, weeks)
    if today > ends_on:
        return Standing("ended", weeks, weeks)
    begun = [monday for monday in mondays if monday <= today]
    if not begun:
        return Standing("running", 0, weeks, paused=True)
    return Standing("running", len(begun), weeks, paused=(today - begun[-1]).days > calendar.SUNDAY)


def runs_of(course: Course, today: date) -> list[RunLine]:
    """The runs of a course, newest first, with where they stand and how many students they have; three queries."""
    runs = list(Run.objects.filter(course=course).select_related("cohort", "design").order_by("-starts_on", "-pk"))
    students = dict(
        Membership.objects.filter(cohort__in=[run.cohort_id for run in runs])
        .values_list("cohort_id")
        .annotate(count=Count("pk"))
    )
    mondays: dict[int, list[date]] = {}
    for run_id, monday in RunWeek.objects.filter(run__in=runs).order_by("monday").values_list("run_id", "monday"):
        mondays.setdefault(run_id, []).append(monday)
    return [
        RunLine(run, standing_of(run, mondays.get(run.pk, []), today), students.get(run.cohort_id, 0)) for run in runs
    ]


def standing_of(run: Run, mondays: Sequence[date], today: date) -> Standing:
    """Where this run is today."""
    return standing_on(today, starts_on=run.starts_on, ends_on=run.ends_on, mondays=mondays)


def approved_designs(course: Course) -> list[Design]:
    """The designs of a course that can be run, newest first."""
    return list(Design.objects.filter(course=course, state=Design.State.APPROVED).order_by("-number"))


# --- Calendar -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Calendar:
    """The terms that hold for a unit, and all their days without teaching."""

    terms: tuple[Term, ...]
    holidays: tuple[calendar.Holiday, ...]


def calendar_of(unit: Unit) -> Calendar:
    """Terms and holidays of a unit; two queries."""
    terms = tuple(terms_for(unit))
    spans = {(holiday.starts_on, holiday.ends_on, holiday.name) for term in terms for holiday in term.holidays.all()}
    return Calendar(terms, tuple(calendar.Holiday(*span) for span in sorted(spans)))


def holidays_of(unit: Unit) -> tuple[calendar.Holiday, ...]:
    """The days without teaching of a unit and of everything above it; one query."""
    above = [int(part) for part in unit.path.strip("/").split("/") if part]
    spans = Holiday.objects.filter(term__unit_id__in=above).values_list("starts_on", "ends_on", "name").distinct()
    return tuple(calendar.Holiday(*span) for span in spans.order_by("starts_on", "ends_on", "name"))


# --- What a run of a design would be ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlannedOffer:
    """An offer that a run would make."""

    placement: Placement
    window: Window
    room: str = ""
    link: str = ""
    made: Made = field(default_factory=Made)

    @property
    def activity(self) -> Activity:
        return self.placement.activity

    @property
    def missing(self) -> tuple[str, ...]:
        """What is planned here and not built yet, in words."""
        return missing_of(self.activity, self.made)

    @property
    def clock_words(self) -> str:
        """What to tell the lecturer when the clocks change at one of its times."""
        clock = self.window.opens.clock or self.window.due.clock
        return _(calendar.CLOCK_WORDS[clock]) if clock else ""


@dataclass(frozen=True, slots=True)
class PlannedRunWeek:
    """A week of the design on the calendar, with what it offers."""

    number: int
    title: str
    week: TeachingWeek
    offers: tuple[PlannedOffer, ...]

    @property
    def monday(self) -> date:
        return self.week.monday

    @property
    def flagged(self) -> tuple[PlannedOffer, ...]:
        """What is done together on a holiday."""
        return tuple(offer for offer in self.offers if offer.window.holiday)


def planned_run(
    design: Design, *, starts_on: date, holidays: Sequence[Closing], zone: tzinfo
) -> tuple[PlannedRunWeek, ...]:
    """Lay a design over the calendar: every week with its Monday, every activity with its window; two queries."""
    weeks = list(Week.objects.filter(design=design).order_by("number"))
    placed: dict[int | None, list[Placement]] = {}
    rows = Placement.objects.filter(design=design, week__isnull=False).select_related("activity")
    rows = rows.annotate(**made_columns("activity"))
    for placement in sorted(rows, key=lambda row: (_MOMENT_ORDER[row.moment], row.position, row.pk)):
        placed.setdefault(placement.week_id, []).append(placement)
    planned = []
    for week, taught in zip(weeks, calendar.teaching_weeks(starts_on, len(weeks), holidays), strict=True):
        here = placed.get(week.pk, [])
        windows = windows_of(here, taught.monday, zone, holidays)
        offers = tuple(
            PlannedOffer(placement, windows[placement.pk], *place_of(placement.activity), made_by(placement))
            for placement in here
        )
        planned.append(PlannedRunWeek(week.number, week.title, taught, offers))
    return tuple(planned)


def windows_of(
    placements: Iterable[Placement], monday: date, zone: tzinfo, holidays: Sequence[Closing]
) -> dict[int, Window]:
    """When everything in a week opens and is due, by the number of its placement."""
    slots = [
        _slot(placement)
        for placement in sorted(placements, key=lambda row: (_MOMENT_ORDER[row.moment], row.position, row.pk))
    ]
    return calendar.windows_of_week(slots, monday, zone, holidays)


def _slot(placement: Placement) -> calendar.Slot:
    activity = placement.activity
    weekday, starts = _own_time(activity) if activity.type.timed else (None, None)
    # Whatever happens together has no window of its own, also where it was placed before or after.
    moment = "together" if activity.type.timed else placement.moment
    return calendar.Slot(placement.pk, moment, weekday, starts, activity.minutes)


def _own_time(activity: Activity) -> tuple[int | None, time | None]:
    """The day and time that its configuration gives; a broken one gives none, and the calendar takes its own."""
    weekday, starts = activity.config.get("weekday"), activity.config.get("starts")
    defaults = activity.type.config_class()
    weekday = weekday if weekday is not None else getattr(defaults, "weekday", None)
    starts = starts if starts is not None else getattr(defaults, "starts", None)
    try:
        at = time.fromisoformat(str(starts))
    except ValueError:
        at = None
    return (weekday if isinstance(weekday, int) and 0 <= weekday <= calendar.SUNDAY else None), at


def place_of(activity: Activity) -> tuple[str, str]:
    """The room and the link that a session has in its design."""
    if not activity.type.timed:
        return "", ""
    return str(activity.config.get("room") or "")[:80], str(activity.config.get("link") or "")[:400]


# --- The page of a run --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counts:
    """How far the students of a run are with one offer, and what waits for its lecturer."""

    started: int = 0
    submitted: int = 0
    done: int = 0
    waiting: int = 0  # handed in, without released feedback


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer on the page of a run."""

    run_offer: RunOffer
    counts: Counts
    students: int

    @property
    def offer(self) -> Offer:
        return self.run_offer.offer

    @property
    def activity(self) -> Activity:
        return self.run_offer.offer.activity

    @property
    def collects_attempts(self) -> bool:
        return self.activity.type.collects == Collects.ATTEMPTS

    @property
    def not_started(self) -> int:
        return max(0, self.students - self.counts.started - self.counts.submitted - self.counts.done)


@dataclass(frozen=True, slots=True)
class RunWeekLine:
    """A week on the page of a run; `skipped` names the holidays for which whole weeks were left out before it."""

    number: int
    title: str
    monday: date
    skipped: tuple[str, ...]
    is_now: bool
    lines: tuple[OfferLine, ...]

    @property
    def sunday(self) -> date:
        return calendar.TeachingWeek(self.number, self.monday).sunday


@dataclass(frozen=True, slots=True)
class Ground:
    """What a change of a run is summed from: its offers, its weeks, the holidays, and whether it has groups.

    A page that has read them already hands them on.
    """

    rows: Sequence[Any]  # Any: RunOffers with has_work, withdrawn ones too
    mondays: Mapping[int, date]
    holidays: Sequence[calendar.Holiday]
    students: int
    groups: int


def ground_of(run: Run) -> Ground:
    """Read it; four queries."""
    mondays = dict(RunWeek.objects.filter(run=run).order_by("number").values_list("number", "monday"))
    return Ground(rows_with_work(run), mondays, holidays_of(run.course.unit), *_sizes(run))


def rows_with_work(run: Run, *, since: datetime | None = None) -> list[Any]:  # Any: RunOffers with has_work
    """Everything that a run offers, withdrawn or not, each with whether students have left anything there; one query.

    With `since` only what they left after that moment is work.
    """
    offer = OuterRef("offer")
    attempts, posts = Attempt.objects.filter(offer=offer), Post.objects.filter(offer=offer)
    sheets, progress = Attendance.objects.filter(offer=offer), Progress.objects.filter(offer=offer)
    if since is not None:
        attempts = attempts.filter(Q(started_at__gt=since) | Q(submitted_at__gt=since))
        posts, sheets = posts.filter(created_at__gt=since), sheets.filter(noted_at__gt=since)
        progress = progress.filter(updated_at__gt=since)
    has_work = Exists(progress) | Exists(attempts) | Exists(posts) | Exists(sheets)
    rows = RunOffer.objects.filter(run=run).select_related("offer__activity", "placement")
    return list(rows.annotate(has_work=has_work).order_by("pk"))


@dataclass(frozen=True, slots=True)
class RunView:
    """Everything that the page of a run shows."""

    run: Run
    standing: Standing
    students: int
    groups: int
    weeks: tuple[RunWeekLine, ...]
    ground: Ground

    @property
    def not_built(self) -> int:
        """How many offers are planned and not built; a session without a place is one."""
        offers = [line.offer for week in self.weeks for line in week.lines]
        return sum(not (offer.room or offer.link) if offer.activity.type.timed else not offer.built for offer in offers)


def run_view(run: Run, *, today: date, counted: bool) -> RunView:
    """The weeks of a run with their offers; `counted` adds how far students are, for those who may know."""
    rows = rows_with_work(run)
    lines = _in_order(row for row in rows if row.offer.withdrawn_at is None)
    students, groups = _sizes(run)
    counts = counts_of([line.offer_id for line in lines]) if counted else {}
    title = Week.objects.filter(design=run.design_id, number=OuterRef("number")).values("title")[:1]
    weeks = list(RunWeek.objects.filter(run=run).order_by("number").values_list("number", "monday", Subquery(title)))
    mondays = [monday for _number, monday, _title in weeks]
    standing = standing_of(run, mondays, today)
    holidays = holidays_of(run.course.unit)
    by_week: dict[int, list[OfferLine]] = {}
    for line in lines:
        shown = OfferLine(line, counts.get(line.offer_id, Counts()), students)
        by_week.setdefault(line.week_number, []).append(shown)
    return RunView(
        run=run,
        standing=standing,
        students=students,
        groups=groups,
        weeks=tuple(
            RunWeekLine(
                number=number,
                title=week_title or "",
                monday=monday,
                skipped=_skipped(mondays[place - 1] if place else None, monday, holidays),
                is_now=standing.state == "running" and place + 1 == standing.week and not standing.paused,
                lines=tuple(by_week.get(number, ())),
            )
            for place, (number, monday, week_title) in enumerate(weeks)
        ),
        ground=Ground(rows, {number: monday for number, monday, _title in weeks}, holidays, students, groups),
    )


def _sizes(run: Run) -> tuple[int, int]:
    """How many students and groups the cohort has; one query, and no product of the two."""
    members = Membership.objects.filter(cohort=OuterRef("pk")).order_by().values("cohort").annotate(count=Count("pk"))
    groups = Group.objects.filter(cohort=OuterRef("pk")).order_by().values("cohort").annotate(count=Count("pk"))
    found = Cohort.objects.filter(pk=run.cohort_id).values_list(
        Subquery(members.values("count")), Subquery(groups.values("count"))
    )
    students, teams = found.get()
    return students or 0, teams or 0


def _skipped(before: date | None, monday: date, holidays: Iterable[Closing]) -> tuple[str, ...]:
    """The holidays in the weeks between two teaching weeks."""
    if before is None:
        return ()
    return tuple(
        holiday.name
        for holiday in holidays
        if holiday.ends_on >= before + calendar.ONE_WEEK
        and holiday.starts_on < monday
        and monday - before > calendar.ONE_WEEK
    )


def offers_of(run: Run) -> list[RunOffer]:
    """The offers of a run with their activities, in the order in which students meet them; one query."""
    return _in_order(RunOffer.objects.filter(run=run, offer__withdrawn_at=None).select_related("offer__activity"))


def _in_order(rows: Iterable[RunOffer]) -> list[RunOffer]:
    return sorted(rows, key=lambda row: (row.week_number, _MOMENT_ORDER[row.moment], row.position, row.pk))


def counts_of(offer_ids: Sequence[int]) -> Mapping[int, Counts]:
    """How far students are with these offers; two queries, whatever their number."""
    far: dict[int, dict[str, int]] = {}
    rows = Progress.objects.filter(offer__in=offer_ids).values_list("offer_id", "state").annotate(count=Count("pk"))
    for offer_id, state, count in rows:
        far.setdefault(offer_id, {})[state] = count
    waiting = dict(
        latest_attempts()
        .filter(offer__in=offer_ids, released_at__isnull=True)
        .exclude(state=Attempt.State.OPEN)
        .values_list("offer_id")
        .annotate(count=Count("pk"))
    )
    return {
        offer_id: Counts(
            started=far.get(offer_id, {}).get(Progress.State.STARTED, 0),
            submitted=far.get(offer_id, {}).get(Progress.State.SUBMITTED, 0),
            done=far.get(offer_id, {}).get(Progress.State.DONE, 0),
            waiting=waiting.get(offer_id, 0),
        )
        for offer_id in {*far, *waiting}
    }


def latest_attempts() -> QuerySet[Attempt]:
    """Of every student and group the last attempt that was handed in: what feedback is given on."""
    later = Attempt.objects.filter(offer=OuterRef("offer"), number__gt=OuterRef("number")).exclude(
        state=Attempt.State.OPEN
    )
    same_owner = Q(user=OuterRef("user")) | Q(group=OuterRef("group"))
    return Attempt.objects.exclude(Exists(later.filter(same_owner)))


@dataclass(frozen=True, slots=True)
class Effect:
    """Whom a change of a window touches."""

    students: int
    begun: int  # have work that is not handed in
    handed_in: int
    late: int
    played: int  # have begun without an attempt: a clip, a discussion


def effect_of(offer: Offer) -> Effect:
    """Who has begun and who has handed in at this offer; three queries."""
    attempts = Attempt.objects.filter(offer=offer).aggregate(
        begun=Count("pk", filter=Q(state=Attempt.State.OPEN)),
        handed_in=Count("pk", filter=~Q(state=Attempt.State.OPEN)),
        late=Count("pk", filter=~Q(state=Attempt.State.OPEN) & Q(late=True)),
    )
    return Effect(
        students=Membership.objects.filter(cohort=offer.cohort_id).count(),
        played=Progress.objects.filter(offer=offer).count(),
        **attempts,
    )


def window_seen(offer: Offer) -> str:
    """The window and the place of an offer as one line: a form carries it, and is refused once it is not so."""
    times: list[datetime | None] = [offer.opens_at, offer.due_at, offer.closes_at]
    # One moment is one text: what a form says is in the time of the institution, what is stored in UTC.
    said = [at.astimezone(UTC).isoformat() if at else "" for at in times]
    return "|".join([*said, offer.room, offer.link, offer.recording])
