"""What can be done to a programme."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from blendedu.journal.services.entries import record
from programmes.models import OutcomeAim, Programme, ProgrammeOutcome
from programmes.queries.map import aims_in, fingerprint

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Course

OUTCOMES_MAX = 40


@transaction.atomic
def change_ceiling(programme: Programme, *, hours: int, actor: User, at: datetime) -> None:
    """Set how many hours a week of parallel courses may ask; the earlier number stays in the journal."""
    before = programme.week_hours_max
    # RACE: whoever saves second writes over a number that they have not seen; both are in the journal with their name.
    Programme.objects.filter(pk=programme.pk).update(week_hours_max=hours)
    record(
        "programme-ceiling-changed",
        subject="programme",
        subject_id=programme.pk,
        actor=actor,
        at=at,
        about=programme.title,
        details={"before": before, "after": hours},
    )


class StaleAims(Exception):
    """Somebody else changed these links, or this outcome, since the page was drawn."""


class AimRefused(Exception):
    """This cannot be kept; the text says why, for people."""


def add_outcome(programme: Programme, *, text: str, actor: User, at: datetime) -> ProgrammeOutcome:
    """Add an outcome at the end."""
    with transaction.atomic():
        # RACE: of two who add at once, the row of the programme lets one go after the other.
        Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
        last = ProgrammeOutcome.objects.filter(programme=programme).aggregate(last=Max("number"))["last"] or 0
        if last >= OUTCOMES_MAX:
            raise AimRefused(_("A programme has at most %(most)s outcomes.") % {"most": OUTCOMES_MAX})
        outcome = ProgrammeOutcome.objects.create(programme=programme, number=last + 1, text=text)
        _tell(programme, "programme-outcome-added", actor, at, {"number": outcome.number, "after": text})
    return outcome


@transaction.atomic
def edit_outcome(programme: Programme, pk: int, *, text: str, was: str, actor: User, at: datetime) -> None:
    """Change the words of an outcome. `was` is what stood there; raises StaleAims when it is something else now."""
    rows = ProgrammeOutcome.objects.filter(programme=programme, pk=pk, text=was)
    if not rows.update(text=text):
        raise StaleAims
    _tell(programme, "programme-outcome-edited", actor, at, {"before": was, "after": text})


@transaction.atomic
def remove_outcome(programme: Programme, pk: int, *, actor: User, at: datetime) -> None:
    """Take an outcome out, with the links to it; the journal keeps both. Raises StaleAims when it is gone already."""
    outcome = ProgrammeOutcome.objects.filter(programme=programme, pk=pk).first()
    if outcome is None:
        raise StaleAims
    aims = [
        [course, str(key), treatment]
        for course, key, treatment in outcome.aims.values_list("course__code", "outcome_key", "treatment")
    ]
    said = {"number": outcome.number, "before": outcome.text, "aims": aims}
    outcome.delete()
    _tell(programme, "programme-outcome-removed", actor, at, said)


@transaction.atomic
def set_aims(
    programme: Programme, course: Course, wanted: Mapping[tuple[int, str], str], *, seen: str, actor: User, at: datetime
) -> int:
    """Say what the outcomes of a course work towards; returns how many links are different now.

    `wanted` names outcomes of the programme and keys of the course, "" for no link; what it does not name stays.
    `seen` is the fingerprint of the links that the page showed: raises StaleAims. Raises AimRefused.
    """
    # RACE: two who save at once; the row of the programme lets the second see what the first has written.
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    before = aims_in(programme, course)
    if fingerprint(before) != seen:
        raise StaleAims
    outcomes = set(ProgrammeOutcome.objects.filter(programme=programme).values_list("pk", flat=True))
    if {outcome for outcome, _key in wanted} - outcomes:
        raise AimRefused(_("The programme has no such outcome any more."))
    different = {place: treatment for place, treatment in wanted.items() if before.get(place, "") != treatment}
    for (outcome, key), treatment in different.items():
        rows = OutcomeAim.objects.filter(programme_outcome=outcome, course=course, outcome_key=key)
        if not treatment:
            rows.delete()
        elif (outcome, key) in before:
            rows.update(treatment=treatment)
        else:
            OutcomeAim.objects.create(programme_outcome_id=outcome, course=course, outcome_key=key, treatment=treatment)
    if different:
        changes = [[outcome, key, before.get((outcome, key), ""), now] for (outcome, key), now in different.items()]
        _tell(programme, "programme-aims-set", actor, at, {"course": course.code, "changes": changes})
    return len(different)


def _tell(programme: Programme, verb: str, actor: User, at: datetime, details: Mapping[str, object]) -> None:
    record(
        verb,
        subject="programme",
        subject_id=programme.pk,
        actor=actor,
        at=at,
        about=programme.title,
        details=dict(details),
    )
