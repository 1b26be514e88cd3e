"""What a board stands on: its weeks and its outcomes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils.translation import gettext as _

from courses.models import WEEKS_MAX, Outcome, Placement, Week
from courses.queries.plan import levels_of
from courses.services.plan.changing import BadPlace, PlanRefused, changing
from courses.services.plan.places import APART, cell_of, room_in

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Design
    from courses.services.plan.changing import Changed

WEEK_TITLE_MAX = 120
OUTCOME_TEXT_MAX = 300
OUTCOMES_MAX = 40
LEVELS = range(1, 7)


def add_week(design: Design, *, title: str = "", by: User, version: int, at: datetime) -> Changed:
    """Add a week at the end."""
    with changing(design, by=by, at=at, version=version) as change:
        last = Week.objects.filter(design=design).aggregate(last=Max("number"))["last"] or 0
        if last >= WEEKS_MAX:
            raise PlanRefused(_("A design has at most %(most)s weeks.") % {"most": WEEKS_MAX})
        week = Week.objects.create(design=design, number=last + 1, title=_week_title(title))
        change.made(week)
        change.verb = "week-added"
        change.label = _("adding week %(number)s") % {"number": week.number}
    return change.result


def edit_week(
    design: Design, number: int, *, title: str, teaching: bool | None = None, by: User, version: int, at: datetime
) -> Changed:
    """Give a week a title, or another one; say whether there is class in it (None: as it was)."""
    with changing(design, by=by, at=at, version=version) as change:
        week = _week(design, number)
        kind = week.teaching if teaching is None else teaching
        change.verb = "week-renamed" if kind == week.teaching else "week-edited"
        label = _("renaming week %(number)s") if kind == week.teaching else _("editing week %(number)s")
        change.patch(week, title=_week_title(title), teaching=kind)
        change.label = label % {"number": number}
    return change.result


def remove_week(design: Design, number: int, *, by: User, version: int, at: datetime) -> Changed:
    """Take a week out. Its cards go to the shelf, and later weeks move up by one."""
    with changing(design, by=by, at=at, version=version) as change:
        week = _week(design, number)
        end = room_in(change, cell_of(design, None, Placement.Moment.BEFORE), None)
        for place, placement in enumerate(list(Placement.objects.filter(week=week).order_by("position", "pk"))):
            change.patch(placement, week_id=None, position=end + place * APART)
        change.remove(week)
        # One by one and upwards: two weeks never have the same number, not even in between.
        for later in Week.objects.filter(design=design, number__gt=number).order_by("number"):
            change.patch(later, number=later.number - 1)
        change.verb = "week-removed"
        change.label = _("removing week %(number)s") % {"number": number}
    return change.result


def add_outcome(design: Design, *, text: str, level: int | None, by: User, version: int, at: datetime) -> Changed:
    """Add an outcome at the end."""
    with changing(design, by=by, at=at, version=version) as change:
        last = Outcome.objects.filter(design=design).aggregate(last=Max("number"))["last"] or 0
        if last >= OUTCOMES_MAX:
            raise PlanRefused(_("A design has at most %(most)s outcomes.") % {"most": OUTCOMES_MAX})
        outcome = Outcome.objects.create(design=design, number=last + 1, text=_outcome_text(text), level=_level(level))
        change.made(outcome)
        change.verb = "outcome-added"
        change.label = _("adding LO%(number)s") % {"number": outcome.number}
    return change.result


def edit_outcome(
    design: Design, pk: int, *, text: str, level: int | None, by: User, version: int, at: datetime
) -> Changed:
    """Change the words or the level of an outcome."""
    with changing(design, by=by, at=at, version=version) as change:
        outcome = _outcome(design, pk)
        change.patch(outcome, text=_outcome_text(text), level=_level(level))
        change.verb = "outcome-edited"
        change.label = _("editing LO%(number)s") % {"number": outcome.number}
    return change.result


def remove_outcome(design: Design, pk: int, *, by: User, version: int, at: datetime) -> Changed:
    """Take an outcome out, also off the activities that served it. The others keep their numbers."""
    with changing(design, by=by, at=at, version=version) as change:
        outcome = _outcome(design, pk)
        for placement in list(outcome.placements.order_by("pk")):
            before = levels_of(placement)
            change.set_outcomes(placement, before, {each: level for each, level in before.items() if each != pk})
        number = outcome.number
        change.remove(outcome)
        change.verb = "outcome-removed"
        change.label = _("removing LO%(number)s") % {"number": number}
    return change.result


def _week(design: Design, number: int) -> Week:
    week = Week.objects.filter(design=design, number=number).first()
    if week is None:
        raise BadPlace(_("This design has no week %(number)s.") % {"number": number})
    return week


def _outcome(design: Design, pk: int) -> Outcome:
    outcome = Outcome.objects.filter(design=design, pk=pk).first()
    if outcome is None:
        raise BadPlace(_("This design has no such outcome."))
    return outcome


def _week_title(title: str) -> str:
    title = " ".join(title.split())
    if len(title) > WEEK_TITLE_MAX:
        raise PlanRefused(_("The title of a week has at most %(most)s characters.") % {"most": WEEK_TITLE_MAX})
    return title


def _outcome_text(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise PlanRefused(_("Say what students can do at the end."))
    if len(text) > OUTCOME_TEXT_MAX:
        raise PlanRefused(_("An outcome has at most %(most)s characters.") % {"most": OUTCOME_TEXT_MAX})
    return text


def _level(level: int | None) -> int | None:
    if level is not None and level not in LEVELS:
        raise PlanRefused(_("A level is a number from 1 (remember) to 6 (create)."))
    return level
