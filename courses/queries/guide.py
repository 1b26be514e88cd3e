"""What a course guide says: the weeks of a run with their offers, the outcomes and who teaches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from courses.facts import MOMENT_ORDER
from courses.models import Alignment, RunOffer, RunWeek, Week

if TYPE_CHECKING:
    from collections.abc import Mapping

    from courses.models import Outcome, Run


@dataclass(frozen=True, slots=True)
class GuideWeek:
    """A week of a run with all that it offers, in the order in which students meet it."""

    number: int
    title: str
    monday: date | None
    rows: tuple[RunOffer, ...]

    @property
    def sunday(self) -> date | None:
        return self.monday + timedelta(days=6) if self.monday else None

    @property
    def minutes(self) -> int:
        return sum(row.offer.activity.minutes or 0 for row in self.rows)

    @property
    def low(self) -> int:
        """The least that all of it may take."""
        return sum(row.offer.activity.minutes_range[0] for row in self.rows)

    @property
    def high(self) -> int:
        """The most that all of it may take."""
        return sum(row.offer.activity.minutes_range[1] for row in self.rows)

    def minutes_at(self, timing: str) -> int:
        """The minutes together ("sync"), or in own time ("async")."""
        return sum(row.offer.activity.minutes or 0 for row in self.rows if row.offer.activity.timing == timing)


@dataclass(frozen=True, slots=True)
class Guide:
    """All of it. `why` names the outcomes that a placement serves: "LO1"."""

    run: Run
    lecturers: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    weeks: tuple[GuideWeek, ...]
    why: Mapping[int, tuple[str, ...]]


def guide_of(run: Run) -> Guide:
    """Read the guide of a run; six queries, whatever it holds."""
    mondays = dict(RunWeek.objects.filter(run=run).values_list("number", "monday"))
    titles = dict(Week.objects.filter(design=run.design_id).values_list("number", "title"))
    held = RunOffer.objects.filter(run=run, offer__withdrawn_at=None)
    offers = list(held.select_related("offer__activity").order_by())
    offers.sort(key=lambda row: (row.week_number, MOMENT_ORDER[row.moment], row.position, row.pk))
    why: dict[int, tuple[str, ...]] = {}
    aligned = Alignment.objects.filter(placement__run_offers__run=run).order_by("outcome__number")
    for placement, number in aligned.values_list("placement_id", "outcome__number"):
        why[placement] = (*why.get(placement, ()), f"LO{number}")
    return Guide(
        run=run,
        lecturers=tuple(run.course.lecturers.order_by("name").values_list("name", flat=True)),
        outcomes=tuple(run.design.outcomes.order_by("number")),
        weeks=tuple(
            GuideWeek(
                number,
                titles.get(number, ""),
                mondays.get(number),
                tuple(row for row in offers if row.week_number == number),
            )
            for number in sorted({*mondays, *titles, *(row.week_number for row in offers)})
        ),
        why=why,
    )
