"""What the course hears from the activities, and from the units, below it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from activities import events
from activities.queries.attempts import makers_of, makers_of_each
from activities.words import points_in_words
from blendedu.journal.services.notices import Message, tell, tell_each
from blendedu.kit.prepared import prepared
from blendedu.people.events import unit_moved
from blendedu.people.models import User
from courses.models import RunOffer
from courses.services import framework

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from activities.models import Attempt
    from blendedu.people.models import Unit


def _owners(attempt: Attempt) -> list[User]:
    if attempt.user is not None:
        return [attempt.user]
    return list(User.objects.filter(pk__in=makers_of(attempt), is_active=True))


def _page(attempt: Attempt) -> str:
    place = _places.first(attempt.offer_id)
    return reverse("courses:activity", args=place) if place else ""


@prepared
def _places(offer: int) -> QuerySet[RunOffer, tuple[str, int]]:
    return RunOffer.objects.filter(offer=offer).values_list("run__course__code", "pk")


@receiver(events.attempt_graded)
def tell_the_result(attempt: Attempt, at: datetime, **_kwargs: Any) -> None:  # Any: what signals pass along
    tell(
        _owners(attempt),
        cause=f"attempt-graded:{attempt.pk}",
        title=_("Your result: %(title)s") % {"title": attempt.offer.activity.title},
        body=_("%(points)s of %(max)s points.")
        % {"points": points_in_words(attempt.points), "max": points_in_words(attempt.max_points)},
        url=_page(attempt),
        at=at,
    )


@receiver(events.attempt_released)
def tell_of_feedback(attempts: Sequence[Attempt], at: datetime, **_kwargs: Any) -> None:  # Any: what signals pass along
    # COST: a cohort hears of it at once; two queries and one statement, whatever their number.
    makers = makers_of_each(attempts)
    people = User.objects.in_bulk({maker for each in makers.values() for maker in each})
    titles = {
        language: _feedback_title(attempts[0], language) for language in {each.language for each in people.values()}
    }
    url = _page(attempts[0])
    tell_each(
        [
            Message(people[maker], f"attempt-released:{attempt.pk}", titles[people[maker].language], url=url)
            for attempt in attempts
            for maker in makers[attempt.pk]
            if attempt.user_id is not None or people[maker].is_active
        ],
        at=at,
    )


def _feedback_title(attempt: Attempt, language: str) -> str:
    # A worker has no language of its own, and a lecturer's is not the student's.
    with translation.override(language or settings.LANGUAGE_CODE):
        return _("New feedback: %(title)s") % {"title": attempt.offer.activity.title}


@receiver(unit_moved)
def resolve_what_it_inherits(unit: Unit, **_kwargs: Any) -> None:  # Any: what signals pass along
    framework.resolve_unit(unit.pk)
