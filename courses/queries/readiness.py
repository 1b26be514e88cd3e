"""What is planned and not built yet: a quiz without questions, a clip without captions, a group task without groups."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef
from django.utils.translation import gettext as _

from activities.models import Grouping
from activities.queries.made import made_by, made_columns, missing_of
from blendedu.people.models import Group
from courses.facts import MOMENT_ORDER
from courses.models import Design, Placement, RunOffer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from activities.contract import Made
    from activities.models import Activity
    from courses.models import Course, Run


@dataclass(frozen=True, slots=True)
class Gap:
    """An activity that is planned and not built, with what is missing, in words."""

    placement: Placement
    week: int | None
    missing: tuple[str, ...]
    run_offer: RunOffer | None = None

    @property
    def key(self) -> str:
        return str(self.placement.key)

    @property
    def activity(self) -> Activity:
        return self.run_offer.offer.activity if self.run_offer else self.placement.activity

    @property
    def waits(self) -> bool:
        """Whether students cannot begin because of it; a session happens, wherever it is."""
        return not self.activity.type.timed

    @property
    def wants_groups(self) -> bool:
        return self.run_offer is not None and is_group_task(self.activity)


@dataclass(frozen=True, slots=True)
class WeekOfGaps:
    """The gaps of one week."""

    number: int | None
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far a design, or a run, is built."""

    activities: int
    gaps: tuple[Gap, ...]

    @property
    def ready(self) -> int:
        return self.activities - len(self.gaps)

    @property
    def weeks(self) -> tuple[WeekOfGaps, ...]:
        """The gaps by week; what stands on the shelf is never counted."""
        return tuple(WeekOfGaps(week, tuple(gaps)) for week, gaps in groupby(self.gaps, key=lambda gap: gap.week))

    @property
    def keys(self) -> Mapping[str, tuple[str, ...]]:
        """What is missing by the key of the placement, for a board that marks its cards."""
        return {gap.key: gap.missing for gap in self.gaps}


def is_group_task(activity: Activity) -> bool:
    """Whether it is done once for a whole group."""
    return activity.type.per_group and activity.grouping != Grouping.ALONE


def no_groups_words() -> str:
    """What a group task lacks in a cohort without groups."""
    return _("no groups yet")


def is_built(activity: Activity, made: Made, *, has_groups: bool) -> bool:
    """Whether students could begin with it when its time comes."""
    if activity.type.timed:
        return True
    return not missing_of(activity, made) and (has_groups or not is_group_task(activity))


def readiness_of(design: Design) -> Readiness:
    """What of a design is planned and not built, by week; one query, whatever it holds."""
    rows: Iterable[Any] = (  # Any: with the number of the week
        Placement.objects.filter(design=design, week__isnull=False)
        .select_related("activity")
        .annotate(number=F("week__number"), **made_columns("activity"))
    )
    ordered = sorted(rows, key=lambda row: (row.number, MOMENT_ORDER[row.moment], row.position, row.pk))
    found = [(row, missing_of(row.activity, made_by(row))) for row in ordered]
    return Readiness(len(found), tuple(Gap(row, row.number, missing) for row, missing in found if missing))


@dataclass(frozen=True, slots=True)
class Draft:
    """Where something can be built: the version in the works, and the places of its cards by key."""

    design: Design | None
    places: Mapping[str, int]
    built: frozenset[str] = frozenset()  # the keys of what is built there already


def draft_places(course: Course) -> Draft:
    """The draft of a course with the numbers of its placements, so that a gap leads to where it is mended; two queries.

    What is approved is never edited: without a draft, the next version is begun first.
    """
    design = Design.objects.filter(course=course, state=Design.State.DRAFT).first()
    if design is None:
        return Draft(None, {})
    rows = list(Placement.objects.filter(design=design).select_related("activity").annotate(**made_columns("activity")))
    return Draft(
        design,
        {str(row.key): row.pk for row in rows},
        frozenset(str(row.key) for row in rows if not missing_of(row.activity, made_by(row))),
    )


def gap_count(design: Design) -> int:
    """How many activities of a design are not built; one query."""
    return len(readiness_of(design).gaps)


def readiness_of_run(run: Run) -> Readiness:
    """What a run offers and is not built, with the groups and rooms that it has; two queries."""
    rows = _built_rows(RunOffer.objects.filter(run=run, offer__withdrawn_at=None))
    has_groups = Group.objects.filter(cohort=run.cohort_id).exists()
    ordered = sorted(rows, key=lambda row: (row.week_number, MOMENT_ORDER[row.moment], row.position, row.pk))
    gaps = []
    for row in ordered:
        missing = run_missing(row, has_groups=has_groups)
        if missing:
            gaps.append(Gap(row.placement, row.week_number, missing, run_offer=row))
    return Readiness(len(ordered), tuple(gaps))


def run_missing(row: RunOffer, *, has_groups: bool) -> tuple[str, ...]:
    """What an offer lacks in its run. A session is asked for the place that the run gave it, not for the design's."""
    offer = row.offer
    if offer.activity.type.timed:
        return () if offer.room or offer.link else missing_of(offer.activity, made_by(row)) or (_("no place yet"),)
    groups = () if has_groups or not is_group_task(offer.activity) else (no_groups_words(),)
    return missing_of(offer.activity, made_by(row)) + groups


def _built_rows(rows: QuerySet[RunOffer]) -> QuerySet[RunOffer]:
    return rows.select_related("offer__activity", "placement").annotate(**made_columns("offer__activity"))


def waiting_counts(runs: Sequence[Run]) -> dict[int, int]:
    """How many offers of each run wait to be built, by the number of the run; one query."""
    rows = RunOffer.objects.filter(run__in=runs, offer__built=False, offer__withdrawn_at=None)
    return dict(rows.values_list("run_id").annotate(count=Count("pk")))


def opening_unbuilt(*, after: datetime, until: datetime) -> list[RunOffer]:
    """What opens in this stretch of time and is not built, over all courses, in the order of runs and weeks."""
    rows = RunOffer.objects.filter(
        offer__built=False, offer__withdrawn_at=None, offer__opens_at__gt=after, offer__opens_at__lte=until
    )
    return list(
        rows.select_related("offer__activity", "run__course").order_by("run_id", "week_number", "offer__opens_at", "pk")
    )


def group_tasks_of(cohort_id: int) -> list[Any]:  # Any: RunOffers with has_groups
    """The offers of a cohort with what has been made for them, to settle anew whether they are built; one query."""
    rows = RunOffer.objects.filter(run__cohort=cohort_id, offer__withdrawn_at=None)
    has_groups = Exists(Group.objects.filter(cohort=OuterRef("run__cohort")))
    return [row for row in _built_rows(rows.annotate(has_groups=has_groups)) if is_group_task(row.offer.activity)]
