"""Review: a lecturer asks, the DigiCoach approves or asks for changes; comments on a design."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from blendedu.journal.services.entries import record
from blendedu.journal.services.notices import tell
from blendedu.people.models import User
from courses.mentions import mentioned
from courses.models import Comment, Design, ReviewRequest
from courses.queries.review import judged as judgement_of
from courses.queries.review import review_page
from courses.queries.threads import people_to_ask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from courses.models import Course
    from courses.smallness import Smallness

TWICE = timedelta(minutes=1)
SMALL_LINES_TOLD = 30


class NoCoach(Exception):
    """The course has no DigiCoach who could review it."""


class NothingToReview(Exception):
    """The design is empty."""


class NotReviewable(Exception):
    """The design is not in the state that this needs: somebody was first."""


class NotSmall(Exception):
    """The change needs a review; `small` says why."""

    def __init__(self, small: Smallness | None) -> None:
        super().__init__()
        self.small = small


class StaleReview(Exception):
    """The request was answered or withdrawn meanwhile."""


def _page(course: Course) -> str:
    return reverse("courses:review", args=[course.code])


def _staff_but(course: Course, person: User) -> list[User]:
    staff = list(course.lecturers.exclude(pk=person.pk))
    if course.coach is not None and course.coach != person and course.coach not in staff:
        staff.append(course.coach)
    return staff


@transaction.atomic
def ask_review(design: Design, *, by: User, note: str, at: datetime) -> ReviewRequest:
    """Ask the DigiCoach to review a draft; it cannot be changed until there is an answer, or it is withdrawn.

    Raises NoCoach, NothingToReview, NotReviewable (two lecturers who ask at once make one request).
    """
    course = design.course
    if course.coach is None:
        raise NoCoach
    if not design.placements.exists():
        raise NothingToReview
    claimed = Design.objects.filter(pk=design.pk, state=Design.State.DRAFT).update(state=Design.State.IN_REVIEW)
    if not claimed:
        raise NotReviewable
    design.refresh_from_db(fields=["state", "plan_version"])
    try:
        with transaction.atomic():
            asked = ReviewRequest.objects.create(
                design=design, note=note, asked_by=by, asked_at=at, plan_version=design.plan_version
            )
    except IntegrityError:
        raise NotReviewable from None
    record("review-asked", subject="design", subject_id=design.pk, actor=by, at=at, about=str(design))
    tell(
        [course.coach],
        cause=f"review-asked:{asked.pk}",
        title=_("%(name)s asks you to review %(course)s") % {"name": by.name, "course": course.title},
        body=note,
        url=_page(course),
        at=at,
    )
    return asked


@transaction.atomic
def withdraw(asked: ReviewRequest, *, by: User, at: datetime) -> None:
    """Take a request back, so that the design can be changed again. Raises StaleReview."""
    _answer(asked, state=ReviewRequest.State.WITHDRAWN, by=by, at=at)
    Design.objects.filter(pk=asked.design_id).update(state=Design.State.DRAFT)
    record("review-withdrawn", subject="design", subject_id=asked.design_id, actor=by, at=at)


@transaction.atomic
def decide(
    asked: ReviewRequest, *, by: User, approve: bool, answer: str, judged: Mapping[str, object], at: datetime
) -> None:
    """Approve a design or ask for changes; both sides are told, and what the decision was based on is kept.

    `judged` is what stood on the page: the loads and every finding with its source and version. Raises StaleReview.
    """
    state = ReviewRequest.State.APPROVED if approve else ReviewRequest.State.CHANGES
    _answer(asked, state=state, by=by, at=at, answer=answer, judged=dict(judged))
    design = asked.design
    if approve:
        Design.objects.filter(pk=design.pk).update(state=Design.State.APPROVED, approved_at=at, approved_by=by)
    else:
        Design.objects.filter(pk=design.pk).update(state=Design.State.DRAFT)
    record(f"review-{state}", subject="design", subject_id=design.pk, actor=by, at=at, about=str(design))
    words = _("%(course)s is approved") if approve else _("Changes are asked for in %(course)s")
    tell(
        _staff_but(design.course, by),
        cause=f"review-decided:{asked.pk}",
        title=words % {"course": design.course.title},
        body=answer,
        url=_page(design.course),
        at=at,
    )


@transaction.atomic
def publish_small(design: Design, *, by: User, version: int, at: datetime) -> ReviewRequest:
    """Approve a draft without the DigiCoach, because what changed is small by the institution's rule.

    `version` is the version of the plan that stood on the page. The DigiCoach is told, with the list of what changed.
    Raises NotSmall, and NotReviewable when the draft was changed, sent to review or published meanwhile.
    """
    if design.plan_version != version:
        raise NotReviewable
    page = review_page(design)
    if page.small is None or not page.small.is_small:
        raise NotSmall(page.small)
    # RACE: two tabs, or an edit in between: the version of the plan that was weighed is the one that is approved.
    drafts = Design.objects.filter(pk=design.pk, state=Design.State.DRAFT, plan_version=page.plan.version)
    if not drafts.update(state=Design.State.APPROVED, approved_at=at, approved_by=by):
        raise NotReviewable
    small = {"minutes": page.small.minutes, "of": page.small.approved_minutes, "allowed": page.small.allowed_percent}
    published = ReviewRequest.objects.create(
        design=design,
        state=ReviewRequest.State.APPROVED,
        small=True,
        asked_by=by,
        asked_at=at,
        decided_by=by,
        decided_at=at,
        plan_version=page.plan.version,
        judged=judgement_of(page, design) | {"small": small},
    )
    record("review-small", subject="design", subject_id=design.pk, actor=by, at=at, about=str(design), details=small)
    said = {"name": by.name, "course": design.course.title, "number": design.number}
    lines = [f"- {line.title}: {line.detail}" if line.detail else f"- {line.title}" for line in page.lines]
    tell(
        _staff_but(design.course, by),
        cause=f"review-small:{published.pk}",
        title=_("%(name)s published a small change of %(course)s") % said,
        body="\n".join([_("Version %(number)s changes:") % said, *lines[:SMALL_LINES_TOLD]]),
        url=_page(design.course),
        at=at,
    )
    return published


def _answer(asked: ReviewRequest, *, state: str, by: User, at: datetime, **fields: object) -> None:
    # RACE: a withdrawal and an approval at once; the first one wins and the second is told.
    waiting = ReviewRequest.objects.filter(pk=asked.pk, state=ReviewRequest.State.ASKED)
    if not waiting.update(state=state, decided_by=by, decided_at=at, **fields):
        raise StaleReview
    asked.state = state


@transaction.atomic
def add_comment(
    design: Design, *, author: User, pin: str, pin_key: str, text: str, parent: Comment | None, at: datetime
) -> Comment:
    """Say something about a design, an activity, a week or a hint; the others who work on it are told.

    The same words of the same person at the same place within the minute are one comment.
    """
    thread = (parent.parent or parent) if parent else None
    # RACE: two clicks send the form twice; the row of the author puts them in order, and the second finds the first.
    User.objects.select_for_update(no_key=True).get(pk=author.pk)
    same = Comment.objects.filter(design=design, author=author, parent=thread, text=text, created_at__gt=at - TWICE)
    twin = (same if thread else same.filter(pin=pin, pin_key=pin_key)).first()
    if twin is not None:
        return twin
    comment = Comment.objects.create(
        course=design.course,
        design=design,
        pin=thread.pin if thread else pin,
        pin_key=thread.pin_key if thread else pin_key,
        parent=thread,
        author=author,
        text=text,
        created_at=at,
    )
    if thread is not None and thread.resolved_at is not None:
        Comment.objects.filter(pk=thread.pk).update(resolved_at=None, resolved_by=None)
    _tell_of(comment, author=author, at=at)
    return comment


def _tell_of(comment: Comment, *, author: User, at: datetime) -> None:
    """Each person is told once: whoever is mentioned of that, the others of the comment."""
    design = comment.design
    people = {person.pk: person for person in people_to_ask(design.course) if person.pk != author.pk}
    named = [people[pk] for pk in mentioned(comment.text, {pk: person.name for pk, person in people.items()})]
    comment.mentions.set(named)
    others = _staff_but(design.course, author)
    if comment.parent_id is not None:
        # Who has spoken in a thread hears its answers, also a director who has nothing else to do with the course.
        said_by = Comment.objects.filter(Q(pk=comment.parent_id) | Q(parent=comment.parent_id)).values("author")
        others += [person for person in User.objects.filter(pk__in=said_by, is_active=True) if person.pk in people]
    unnamed = {person.pk: person for person in others if person not in named}
    said = {"name": author.name, "course": design.course.title}
    where = f"{_page(design.course)}?design={design.number}#comment-{comment.pk}"
    for persons, title in (
        (named, _("%(name)s mentions you in %(course)s")),
        (list(unnamed.values()), _("%(name)s commented on %(course)s")),
    ):
        # One cause for both: a person who would be in both lists is still told once.
        cause = f"comment:{comment.pk}"
        tell(persons, cause=cause, title=title % said, body=comment.text[:300], url=where, at=at)


@transaction.atomic
def settle(comment: Comment, *, by: User, settled: bool, at: datetime) -> None:
    """Mark a thread as settled, or open it again."""
    Comment.objects.filter(pk=comment.parent_id or comment.pk).update(
        resolved_at=at if settled else None, resolved_by=by if settled else None
    )
