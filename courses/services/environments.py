"""The three questions on learning environments, answered per course."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from activities.models import Environment
from blendedu.journal.services.entries import record
from courses.models import EnvironmentAnswers

if TYPE_CHECKING:
    from blendedu.people.models import User
    from courses.models import Course


class StaleAnswers(Exception):
    """Somebody else answered since the page was drawn."""


@transaction.atomic
def answer_environments(
    course: Course,
    *,
    used: str,
    wanted: Sequence[str],
    why_not: str,
    connected: str,
    version: int,
    by: User,
    at: datetime,
) -> None:
    """Keep the answers. `version` is the one that the page was drawn from; raises StaleAnswers if it is not that any
    more."""
    said = {
        "used": used.strip(),
        "wanted": [environment for environment in Environment.values if environment in wanted],
        "why_not": why_not.strip(),
        "connected": connected.strip(),
        "changed_at": at,
        "changed_by": by,
    }
    # RACE: one UPDATE compares and sets; of two first answers the database takes one.
    kept = EnvironmentAnswers.objects.filter(course=course, version=version)
    if not kept.update(version=F("version") + 1, **said):
        if version != 0:
            raise StaleAnswers
        try:
            with transaction.atomic():
                EnvironmentAnswers.objects.create(course=course, version=1, **said)
        except IntegrityError:
            raise StaleAnswers from None
    record("environments-answered", subject="course", subject_id=course.pk, actor=by, at=at, about=course.title)
