"""Attempts and their answers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from activities.models import Answer, Attempt
from activities.models import Paper as PaperRow
from activities.questions import Entry as AnswerEntry
from activities.questions import Paper, fold

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from activities.models import Offer
    from blendedu.people.models import Group, User


@lru_cache(maxsize=512)
def paper(paper_id: int, digest: str) -> Paper:
    """The parsed paper. A paper is never changed, so it is read once per process; the digest guards a reused id."""
    row = PaperRow.objects.get(pk=paper_id, digest=digest)
    return Paper.from_json(row.content)


def attempts_of(offer: Offer, *, user: User | None = None, group: Group | None = None) -> QuerySet[Attempt]:
    """The attempts of a student or a group at an offer, first to last."""
    owner = {"group": group} if group is not None else {"user": user}
    return Attempt.objects.filter(offer=offer, **owner).select_related("paper").order_by("number")


def answers_of(attempt: Attempt) -> dict[str, object]:
    """The answers that count: the last line of the log per question."""
    lines = Answer.objects.filter(attempt=attempt).order_by("revision").values_list("revision", "question", "value")
    return dict(fold(AnswerEntry(revision, question, value) for revision, question, value in lines))


def last_revision(attempt: Attempt) -> int:
    """The number of the last line in the log; 0 when it is empty."""
    last = Answer.objects.filter(attempt=attempt).order_by("-revision").values_list("revision", flat=True).first()
    return last or 0
