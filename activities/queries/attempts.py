"""Attempts and their answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
    """Whose work this is: a student's own, or of those who were in the group when it was handed in.

    Before that, the group as it is now.
    """
    return makers_of_each([attempt])[attempt.pk]


def makers_of_each(attempts: Iterable[Attempt]) -> dict[int, list[int]]:
    """Whose work each attempt is, by its number, as `makers_of` says; two queries at most, none without groups."""
    makers: dict[int, list[int]] = {}
    groups: dict[int, int | None] = {}
    for attempt in attempts:
        makers[attempt.pk] = [] if attempt.user_id is None else [attempt.user_id]
        if attempt.user_id is None:
            groups[attempt.pk] = attempt.group_id
    if groups:
        made = Attempt.makers.through.objects.filter(attempt__in=list(groups)).order_by("user_id")
        for attempt_id, user_id in made.values_list("attempt_id", "user_id"):
            makers[attempt_id].append(user_id)
    going_on = {group_id for pk, group_id in groups.items() if not makers[pk]}
    if going_on:
        members: dict[int | None, list[int]] = {}
        rows = Membership.objects.filter(group__in=going_on).order_by("user_id")
        for group_id, user_id in rows.values_list("group_id", "user_id"):
            members.setdefault(group_id, []).append(user_id)
        makers |= {pk: members.get(group_id, []) for pk, group_id in groups.items() if not makers[pk]}
    return makers


Result = tuple[Decimal | None, Decimal | None]  # points, of how many


def best_results(attempts: Sequence[Attempt], makers: Mapping[int, Sequence[int]]) -> dict[int, Result]:
    """The best released result of each maker of these attempts at their offer; two queries at most.

    All attempts are at one offer. A student's own attempts and those of whatever group count apart from each other.
    """
    best: dict[int, Result] = {}
    columns = ("points", "max_points")
    released = Attempt.objects.filter(offer=attempts[0].offer_id, released_at__isnull=False).order_by("number")
    alone = [attempt.user_id for attempt in attempts if attempt.user_id is not None]
    together = {maker for attempt in attempts if attempt.user_id is None for maker in makers[attempt.pk]}
    results = [(maker, each.points, each.max_points) for each in attempts for maker in makers[each.pk]]
    if alone:
        results += released.filter(user__in=alone).values_list("user_id", *columns)
    if together:
        results += released.filter(makers__in=together).values_list("makers", *columns)
    for maker, points, max_points in results:
        if maker not in best or (points or 0) > (best[maker][0] or 0):
            best[maker] = (points, max_points)
    return best


def made_by(user: int) -> Q:
    """A condition on attempts that were handed in by a group of which this person was a member then."""
    return Q(Exists(Attempt.makers.through.objects.filter(attempt=OuterRef("pk"), user=user)))


def readable_by(user: int) -> Q:
    """A condition on attempts that this student may read: their own, what they handed in with a group, and what the
    group that they are in now has in the works.

    Whoever joins a group sees what it hands in from then on; what was handed in before they came is not theirs, nor are
    its points and feedback. Where nobody wrote down who made it, the group as it is now did, as in `makers_of`.
    """
    made = Attempt.makers.through.objects.filter(attempt=OuterRef("pk"))
    in_group = Exists(Membership.objects.filter(group=OuterRef("group"), user=user))
    return Q(user=user) | made_by(user) | (Q(in_group) & (Q(state=Attempt.State.OPEN) | ~Q(Exists(made))))


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
