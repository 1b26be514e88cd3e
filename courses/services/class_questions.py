"""Questions that students want answered in a session."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from blendedu.people.models import User
from courses.models import ClassQuestion

if TYPE_CHECKING:
    from courses.models import RunOffer


@transaction.atomic
def ask(run_offer: RunOffer, *, author: User, text: str, at: datetime) -> ClassQuestion:
    """Keep a question for class. The same words of the same student are one question."""
    # RACE: a double click sends the form twice, at once; the author's own row puts the clicks in order.
    User.objects.select_for_update(no_key=True).get(pk=author.pk)
    same = ClassQuestion.objects.filter(run_offer=run_offer, author=author, text=text).first()
    return same or ClassQuestion.objects.create(run_offer=run_offer, author=author, text=text, asked_at=at)
