"""What publishing a later version, or a shift in the calendar, would do to a run; and what was published before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from activities.models import Progress
from activities.queries.made import made_by, made_columns
from courses import cascade
from courses.cascade import Cascade, Content, Fate, Line, Offered, Shift, Wanted
from courses.models import Design, Placement, Publication, Week
from courses.queries.readiness import is_built, is_group_task
from courses.queries.runs import Ground, ground_of, place_of, rows_with_work, windows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from activities.models import Activity
    from courses.models import Run

UNDO_WITHIN = timedelta(hours=24)
NAMED_AT_MOST = 8
SHOWN_AT_MOST = 20


# --- What there is and what is wanted -------------------------------------------------------------------------------


def offered_of(run: Run, *, since: datetime | None = None) -> list[Offered]:
    """Everything that a run offers, as the cascade reads it; one query. See queries.runs.rows_with_work."""
    return [_offered(row) for row in rows_with_work(run, since=since)]


def _offered(row: Any) -> Offered:  # Any: a RunOffer with has_work
    offer = row.offer
    return Offered(
        key=str(row.placement.key),
        run_offer=row.pk,
        offer=offer.pk,
        place=cascade.Place(
            week=row.week_number,
            moment=row.moment,
            position=row.position,
            opens_at=offer.opens_at,
            due_at=offer.due_at,
            closes_at=offer.closes_at,
            room=offer.room,
            link=offer.link,
        ),
        content=_content(row.placement_id, offer.activity, built=offer.built),
        has_work=row.has_work,
        withdrawn=offer.withdrawn_at is not None,
    )


def _content(placement: int, activity: Activity, *, built: bool) -> Content:
    return Content(
        placement=placement,
        activity=activity.pk,
        title=activity.title,
        kind=activity.type_key,
        as_group=is_group_task(activity),
        timed=activity.type.timed,
        built=built,
        feedback_by=activity.feedback_by,
        feedback_days=activity.feedback_days,
    )


# --- A change -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """What would be done to a run: by a later version of its design, or by a shift."""

    run: Run
    design: Design
    cascade: Cascade
    students: int
    shift: Shift | None = None

    @property
    def seen(self) -> str:
        """What the preview carries: a change of the run, of the design or of the effect makes it another."""
        return f"{self.run.design_id}.{self.design.pk}.{self.design.plan_version}.{self.cascade.digest()}"


def change_to(
    run: Run, design: Design, *, at: datetime, extend: Collection[str] = (), ground: Ground | None = None
) -> Change:
    """What following this design would do to a run; six queries, whatever it holds, less what is handed in."""
    zone = timezone.get_default_timezone()
    ground = ground or ground_of(run)
    weeks: int | None = getattr(design, "week_count", None)
    if weeks is None:
        weeks = Week.objects.filter(design=design).count()
    will = cascade.mondays_for(weeks, ground.mondays, ground.holidays)
    wanted = _wanted((run.design_id, design.pk), {**ground.mondays, **will}, ground)
    return Change(
        run,
        design,
        cascade.cascade(
            [_offered(row) for row in ground.rows],
            before=wanted[run.design_id],
            after=wanted[design.pk],
            at=at,
            zone=zone,
            holidays=_spans(ground.holidays),
            mondays_were=ground.mondays,
            mondays_will=will,
            extend=extend,
        ),
        ground.students,
    )


def change_by(run: Run, shift: Shift, *, at: datetime, extend: Collection[str] = ()) -> Change:
    """What a shift would do to a run; four queries. Raises cascade.BadShift."""
    zone = timezone.get_default_timezone()
    ground = ground_of(run)
    now = [_offered(row) for row in ground.rows]
    wanted, will = cascade.shifted(now, shift, mondays=ground.mondays, holidays=ground.holidays, zone=zone)
    said = {each.key: Wanted(each.place, each.content) for each in now if not each.withdrawn}
    return Change(
        run,
        run.design,
        cascade.cascade(
            now,
            before=said,
            after=wanted,
            at=at,
            zone=zone,
            holidays=_spans(ground.holidays),
            mondays_were=ground.mondays,
            mondays_will=will,
            extend=extend,
        ),
        ground.students,
        shift,
    )


def _spans(holidays: Sequence[Any]) -> list[tuple[date, date]]:  # Any: Holiday rows or facts
    return [(holiday.starts_on, holiday.ends_on) for holiday in holidays]


def _wanted(designs: Collection[int], mondays: Mapping[int, date], ground: Ground) -> dict[int, dict[str, Wanted]]:
    """What these designs would offer on these Mondays, by design and key; one query for all."""
    zone = timezone.get_default_timezone()
    rows = (
        Placement.objects.filter(design__in=designs, week__isnull=False)
        .select_related("activity", "week")
        .annotate(**made_columns("activity"))
        .order_by("position", "pk")
    )
    by_week: dict[tuple[int, int], list[Placement]] = {}
    for row in rows:
        assert row.week is not None
        by_week.setdefault((row.design_id, row.week.number), []).append(row)
    wanted: dict[int, dict[str, Wanted]] = {design: {} for design in designs}
    for (design, number), here in by_week.items():
        windows = windows_of(here, mondays[number], zone, ground.holidays)
        for row in here:
            window = windows[row.pk]
            room, link = place_of(row.activity)
            built = is_built(row.activity, made_by(row), has_groups=bool(ground.groups))
            place = cascade.Place(
                number, row.moment, row.position, window.opens_at, window.due_at, room=room, link=link
            )
            content = _content(row.pk, row.activity, built=built)
            wanted[design][str(row.key)] = Wanted(place, content, window.holiday or "")
    return wanted


# --- Whom it concerns -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AtWork:
    """The students who have begun with an offer."""

    begun: int = 0
    handed_in: int = 0
    names: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.begun + self.handed_in

    @property
    def others(self) -> int:
        """How many more there are than names."""
        return max(0, self.total - len(self.names))


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the cascade, with who has begun."""

    line: Line
    people: AtWork


@dataclass(frozen=True, slots=True)
class Preview:
    """A change before it is made, as its page shows it."""

    change: Change
    students: int
    new: tuple[Shown, ...]
    gone: tuple[Shown, ...]
    moved: tuple[Shown, ...]
    edited: tuple[Shown, ...]
    kept: tuple[Shown, ...]

    @property
    def tells(self) -> bool:
        """Whether students are told: only where something changes for them."""
        return bool(self.new or self.gone or self.moved or self.edited)


def preview_of(change: Change) -> Preview:
    """A change with the people whom it concerns; two queries, however many they are."""
    effect = change.cascade
    listed = [line for line in effect.lines if line.was and (line.fate != Fate.SAME or line.other_content)]
    people = _at_work([line.was.offer for line in listed if line.was])

    def shown(lines: Sequence[Line]) -> tuple[Shown, ...]:
        return tuple(Shown(line, people.get(line.was.offer, AtWork()) if line.was else AtWork()) for line in lines)

    return Preview(
        change=change,
        students=change.students,
        new=shown(effect.of(Fate.NEW)),
        gone=shown(effect.of(Fate.GONE)),
        moved=shown(effect.of(Fate.MOVED)),
        edited=shown(effect.edited),
        kept=shown(effect.of(Fate.KEPT)),
    )


def _at_work(offers: Sequence[int]) -> dict[int, AtWork]:
    """Who has begun at these offers: how many, and the first of them by name; two queries."""
    rows = Progress.objects.filter(offer__in=offers)
    counts: dict[int, dict[str, int]] = {}
    for offer, state, count in rows.order_by().values_list("offer_id", "state").annotate(count=Count("pk")):
        counts.setdefault(offer, {})[state] = count
    names: dict[int, list[str]] = {}
    place = Window(RowNumber(), partition_by=F("offer"), order_by=[F("user__name"), F("user_id")])
    # COST: of two thousand students the first few per offer; the rest is a number.
    for offer, name in (
        rows.annotate(place=place)
        .filter(place__lte=NAMED_AT_MOST)
        .order_by("offer_id", "place")
        .values_list("offer_id", "user__name")
    ):
        names.setdefault(offer, []).append(name)
    return {
        offer: AtWork(
            begun=by_state.get(Progress.State.STARTED, 0),
            handed_in=by_state.get(Progress.State.SUBMITTED, 0) + by_state.get(Progress.State.DONE, 0),
            names=tuple(names.get(offer, ())),
        )
        for offer, by_state in counts.items()
    }


# --- Which version a run follows ------------------------------------------------------------------------------------


def later_designs(run: Run) -> list[Any]:  # Any: Designs with week_count
    """The versions after the one that a run follows, newest first, with their number of weeks; one query."""
    later = Design.objects.filter(course=run.course_id, number__gt=run.design.number)
    return list(later.annotate(week_count=Count("weeks")).order_by("-number"))


def waiting_among(later: Sequence[Design]) -> Design | None:
    """The one that waits to be published: the newest that is approved."""
    return next((design for design in later if design.state == Design.State.APPROVED), None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the page of a run says of later versions."""

    design: Design | None  # approved, and waits
    draft: Design | None  # in the works
    effect: Cascade | None


def waiting_for(run: Run, ground: Ground, *, at: datetime) -> Waiting:
    """Which later version waits for a run and what it would do, and which is in the works; two queries at most."""
    later = later_designs(run)
    design = waiting_among(later)
    draft = next((each for each in later if each.state in (Design.State.DRAFT, Design.State.IN_REVIEW)), None)
    effect = change_to(run, design, at=at, ground=ground).cascade if design else None
    return Waiting(design, draft, effect)


@dataclass(frozen=True, slots=True)
class Published:
    """A change that was made to a run."""

    publication: Publication
    can_undo: bool
    undo_until: datetime

    @property
    def is_shift(self) -> bool:
        return self.publication.old_design_id == self.publication.new_design_id

    @property
    def lines(self) -> list[dict[str, Any]]:  # Any: as the publication keeps them
        return [_with_times(line) for line in self.publication.changes["lines"]]

    @property
    def stayed(self) -> list[dict[str, Any]]:  # Any: as above
        return list(self.publication.changes.get("stayed", ()))


def _with_times(line: dict[str, Any]) -> dict[str, Any]:  # Any: as above
    times = ("opens_at", "due_at", "opened_at", "was_due_at")
    return line | {name: datetime.fromisoformat(line[name]) for name in times if line.get(name)}


def publications_of(run: Run, *, at: datetime) -> list[Published]:
    """What was published to a run, newest first; only the last of them can be taken back, within a day; one query."""
    rows = Publication.objects.filter(run=run).select_related("old_design", "new_design", "published_by", "undone_by")
    found, open_one = [], True
    for row in rows[:SHOWN_AT_MOST]:
        until = row.published_at + UNDO_WITHIN
        can_undo = open_one and row.undone_at is None and at <= until
        found.append(Published(row, can_undo, until))
        open_one = open_one and row.undone_at is not None
    return found
