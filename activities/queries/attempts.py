"""Attempts and their answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from activities.models import Answer, Attempt
from activities.models import Paper as PaperRow
from activities.questions import Entry as AnswerEntry
from activities.questions import Paper, fold
from blendedu.kit.prepared import prepared
from blendedu.people.models import Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from activities.models import Offer
    from activities.questions import Json
    from blendedu.people.models import Group, User


@lru_cache(maxsize=512)
def paper(paper_id: int, digest: str) -> Paper:
    """The parsed paper. A paper is never changed, so it is read once per process; the digest guards a reused id."""
    row = PaperRow.objects.get(pk=paper_id, digest=digest)
    return Paper.from_json(row.content)


def attempts_of(offer: Offer, *, user: User | None = None, group: Group | None = None) -> QuerySet[Attempt]:
    """The attempts of a student or a group at an offer, first to last, with the name of the paper of each."""
    owner = {"group": group} if group is not None else {"user": user}
    rows = Attempt.objects.filter(offer=offer, **owner).select_related("paper").order_by("number")
    return rows.defer("paper__content")  # COST: `paper` below has it parsed, once per process


def own_attempts(offer: Offer, user: User) -> list[Attempt]:
    """The attempts of a student alone, as `attempts_of` gives them; one query."""
    return _own(offer.pk, user.pk)


@prepared
def _own(offer: int, user: int) -> QuerySet[Attempt]:
    rows = Attempt.objects.filter(offer=offer, user=user).select_related("paper").order_by("number")
    return rows.defer("paper__content")


def makers_of(attempt: Attempt) -> list[int]:
    """Whose work this is: a student's own, or of those who were in the group when it was handed in; one query.

    Before that, the group as it is now.
    """
    if attempt.user_id is not None:
        return [attempt.user_id]
    made = Attempt.makers.through.objects.filter(attempt=attempt.pk).values_list("user_id", flat=True)
    return list(made) or list(Membership.objects.filter(group=attempt.group_id).values_list("user_id", flat=True))


Result = tuple[Decimal | None, Decimal | None]  # points, of how many


def best_results(attempt: Attempt, makers: Iterable[int]) -> dict[int, Result]:
    """The best released result of each maker of this attempt at its offer, with whatever group; one query."""
    released = Attempt.objects.filter(offer=attempt.offer_id, released_at__isnull=False).order_by("number")
    columns = ("points", "max_points")
    results: list[tuple[int, Decimal | None, Decimal | None]]
    if attempt.user_id is not None:
        results = list(released.filter(user=attempt.user_id).values_list("user_id", *columns))
    else:
        results = list(released.filter(makers__in=list(makers)).values_list("makers", *columns))
    best: dict[int, Result] = dict.fromkeys(makers, (attempt.points, attempt.max_points))
    for maker, points, max_points in results:
        if maker in best and (points or 0) > (best[maker][0] or 0):
            best[maker] = (points, max_points)
    return best


def made_by(user: int) -> Q:
    """A condition on attempts that were handed in by a group of which this person was a member then."""
    return Q(Exists(Attempt.makers.through.objects.filter(attempt=OuterRef("pk"), user=user)))


@dataclass(frozen=True, slots=True)
class Standing:
    """What is saved of an attempt: the answers that count, the last revision of the log, and when it was written."""

    answers: Mapping[str, Json]
    revision: int = 0
    saved_at: datetime | None = None


def standing_of(attempt: Attempt) -> Standing:
    """The log of an attempt, folded: the last line per question counts. One query."""
    log = _lines(attempt.pk)
    if not log:
        return Standing({})
    answers = fold(AnswerEntry(revision, question, value) for revision, question, value, _at in log)
    return Standing(answers, revision=log[-1][0], saved_at=log[-1][3])


@prepared
def _lines(attempt: int) -> QuerySet[Answer, tuple[int, str, Json, datetime]]:
    rows = Answer.objects.filter(attempt=attempt).order_by("revision")
    return rows.values_list("revision", "question", "value", "saved_at")


def answers_of(attempt: Attempt) -> dict[str, Json]:
    """The answers that count."""
    return dict(standing_of(attempt).answers)


def begun_on_earlier(activity_ids: Iterable[int], contents: Mapping[str, Mapping[str, Json]]) -> Counter[str]:
    """Per question, how many attempts were begun on other words of it than these; one query.

    `activity_ids`, a list or a query, are the activity and those that it was copied from; a question keeps its key in
    every copy.
    """
    begun: Counter[str] = Counter()
    rows = PaperRow.objects.filter(activity__in=activity_ids).annotate(begun=Count("attempts"))
    for row in rows.filter(begun__gt=0):
        for asked in row.content["questions"]:
            key = asked["key"]
            if key in contents and contents[key] != asked:
                begun[key] += row.begun
    return begun
